"""By what the company list is narrowed."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import CheckboxInput
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from companies import panels, search
from companies.enums import CertificationKind, CompanyKind, CompanySize, OperatingState
from companies.models import Certification, Cluster, Company, Industry, WorkplaceCluster
from companies.search_keys import facet_key, region_key
from companies.workspace.models import Bookmark, SearchKey
from portal.directory.enums import RegionLevel
from portal.directory.models import Region
from portal.kernel.lists import ListFilters

EMPTY = _("모두")
FIRST = ("q", "region", "state", "mine")
"""Filters that stand open; the others are folded away."""


class OnlyFilter(django_filters.BooleanFilter):
    """A box to tick: narrowed when it is on."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=CheckboxInput(), **kwargs)


def grouped_regions(regions: Iterable[Region]) -> list[tuple[str, Any]]:
    """Choices by 시·도: all of it first, then each 시·군·구. Values are `scheme:code`."""
    regions = list(regions)
    groups = []
    for top in (region for region in regions if region.level == RegionLevel.SIDO):
        below = [(f"{part.scheme}:{part.code}", part.name) for part in regions if part.parent_id == top.pk]
        groups.append((top.name, [(f"{top.scheme}:{top.code}", f"{top.name} {_('전체')}"), *below]))
    tops = {region.pk for region in regions if region.level == RegionLevel.SIDO}
    alone = [
        (f"{part.scheme}:{part.code}", part.name)
        for part in regions
        if part.level == RegionLevel.SIGUNGU and part.parent_id not in tops
    ]
    return groups + alone


class CompanyFilters(ListFilters):
    """Exact conditions on the registry; those the search index knows as well are put to it too, for speed alone."""

    q = django_filters.CharFilter(label=_("기업명·초성·번호·생산품"), method="typed")
    region = django_filters.ChoiceFilter(label=_("지역"), method="lying_in", empty_label=EMPTY)
    state = django_filters.ChoiceFilter(label=_("영업 상태"), choices=OperatingState.choices, empty_label=EMPTY)
    mine = OnlyFilter(label=_("관심 기업만"), method="marked")
    firm_size = django_filters.ChoiceFilter(
        label=_("기업 규모"), choices=CompanySize.choices, method="of_size", empty_label=EMPTY
    )
    kind = django_filters.ChoiceFilter(label=_("기업 유형"), choices=CompanyKind.choices, empty_label=EMPTY)
    industry = django_filters.CharFilter(label=_("업종(코드나 이름)"), method="of_industry")
    cluster = django_filters.CharFilter(label=_("밀집지역(코드나 이름)"), method="in_cluster")
    certification = django_filters.ChoiceFilter(
        label=_("인증"), choices=CertificationKind.choices, method="certified", empty_label=EMPTY
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.keys: list[int] = []
        self.hits: search.Hits | None = None
        self.filters["region"].extra["choices"] = grouped_regions(self.regions)
        for facet in panels.facets():
            self.filters[facet.name] = django_filters.ChoiceFilter(
                label=facet.label,
                choices=list(facet.choices(self.scope)),
                method=lambda rows, name, value, facet=facet: facet.narrow(rows, value, self.scope),
                empty_label=EMPTY,
            )
            self.filters[facet.name].parent = self

    @cached_property
    def regions(self) -> list[Region]:
        """The places of the reader's scope as they are today."""
        found = Region.objects.visible_to(self.scope).in_force_on(timezone.localdate())
        return list(found.exclude(level=RegionLevel.NATION).order_by("scheme", "code"))

    def filter_queryset(self, queryset: QuerySet[Company]) -> QuerySet[Company]:
        queryset = super().filter_queryset(queryset)
        if self.keys:
            rows = SearchKey.objects.filter(keys__contains=self.keys)
            queryset = queryset.filter(pk__in=rows.values("company_id"))
        return queryset

    def typed(self, rows: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        self.hits = search.find(value, self.scope)
        return rows.filter(pk__in=self.hits.ids)

    def lying_in(self, rows: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        top = next(region for region in self.regions if f"{region.scheme}:{region.code}" == value)
        below = Region.objects.filter(parent=top).values_list("pk", flat=True)
        self.keys.append(region_key(top.pk))
        return rows.in_region([top.pk, *below])  # type: ignore[attr-defined]

    def of_size(self, rows: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        self.keys.append(facet_key("size", value))
        return rows.filter(size=value)

    def of_industry(self, rows: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        """By a KSIC code with everything below it, or by part of an industry's name."""
        text = value.strip()
        code = Industry.objects.filter(code__iexact=text).order_by("-revision").first()
        if code is not None:
            self.keys.append(facet_key("industry", code.pk))
            return rows
        named = list(Industry.objects.filter(name_ko__icontains=text).values_list("pk", flat=True)[:200])
        keys = [facet_key("industry", pk) for pk in named]
        return rows.filter(pk__in=SearchKey.objects.filter(keys__overlap=keys).values("company_id"))

    def in_cluster(self, rows: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        text = value.strip()
        clusters = Cluster.objects.visible_to(self.scope).filter(Q(code__iexact=text) | Q(name_ko__icontains=text))
        here = WorkplaceCluster.objects.in_force_on(timezone.localdate()).filter(
            cluster__in=list(clusters.values_list("pk", flat=True))
        )
        return rows.filter(pk__in=here.values("workplace__company"))

    def certified(self, rows: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        papers = Certification.objects.in_force_on(timezone.localdate()).filter(company=OuterRef("pk"), kind=value)
        return rows.filter(Exists(papers))

    def marked(self, rows: QuerySet[Company], name: str, value: bool) -> QuerySet[Company]:
        own = Bookmark.objects.filter(owner=self.scope.user_id)
        return rows.filter(pk__in=own.values("company")) if value else rows
