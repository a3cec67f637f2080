"""`cluster-tenants/` and `regional-industries/`: counts that give no firm away, and what each region is built on."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import DateField, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from companies.enums import ClusterKind
from companies.models import Cluster
from companies.surveys.enums import IndustryKind
from companies.surveys.models import RegionalIndustry
from companies.surveys.selectors import identities, tenant_counts
from companies.surveys.serializers import ClusterTenantRow, RegionalIndustryRow
from portal.directory.models import Region
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import FilterSet, StrictChoices


class _MadeRows(ReadViewSet):
    """A list whose rows are made from a page of instances by `made`."""

    def made(self, page: list[Any]) -> Iterable[dict[str, Any]]:
        raise NotImplementedError

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        names = self.chosen_names()
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([{name: row[name] for name in names} for row in self.made(list(page))])


class ClusterTenantFilter(FilterSet):
    on = filters.DateFilter(method="later", help_text=_("이날의 입주기업. 없으면 오늘"))
    kind = StrictChoices(choices=ClusterKind, help_text=_("종류"))
    region = filters.CharFilter(method="within", help_text=_("시·군·구나 시·도 코드"))

    def later(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset

    def within(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(Q(region__code=value) | Q(region__parent__code=value))

    def prepare(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        day: date = self.value("on", timezone.localdate())
        return queryset.annotate(day=Value(day, DateField()))


@extend_schema_view(
    list=extend_schema(
        summary="밀집지역의 입주기업 수",
        description=(
            "등록된 사업장을 입주 기간으로 센 수입니다. 기업 자료를 볼 수 없는 계정에는 한계보다 작은 수와, 합계로 그 수를 알 수 "
            "있는 다른 수가 null이며 suppressed가 참입니다. 밀집지역 코드 순입니다."
        ),
    )
)
class ClusterTenantViewSet(_MadeRows):
    queryset = Cluster.objects.select_related("region").order_by("code")
    row_class = ClusterTenantRow
    filterset_class = ClusterTenantFilter

    def made(self, page: list[Any]) -> Iterable[dict[str, Any]]:
        if not page:
            return
        counts = tenant_counts(page, self.request.scope, page[0].day)  # type: ignore[attr-defined]
        for cluster in page:
            figures = {
                "tenants": counts.tenants[cluster.pk].value,
                "operating": counts.operating[cluster.pk].value,
                "region_tenants": counts.regions[cluster.region_id].value,
            }
            yield {
                "code": cluster.code,
                "kind": cluster.kind,
                "name_ko": cluster.name_ko,
                "region_scheme": cluster.region.scheme,
                "region": cluster.region.code,
                "on": cluster.day.isoformat(),
                **figures,
                "suppressed": None in figures.values(),
            }


class RegionalIndustryFilter(FilterSet):
    on = filters.DateFilter(method="later", help_text=_("이날 효력이 있는 것만. 없으면 오늘"))
    kind = StrictChoices(choices=IndustryKind, help_text=_("구분"))
    region = filters.CharFilter(
        method="of_region", help_text=_("시·도나 시·군·구 코드. 옛 코드와 새 코드가 함께 통합니다")
    )
    provisional = filters.BooleanFilter(help_text=_("확인 전인 것만"))

    def later(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset

    def of_region(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        places = frozenset[int]().union(*(identities(region) for region in Region.objects.filter(code=value)))
        return queryset.of_regions(places)  # type: ignore[attr-defined]

    def prepare(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        day: date = self.value("on", timezone.localdate())
        return queryset.in_force_on(day)  # type: ignore[attr-defined]


@extend_schema_view(
    list=extend_schema(
        summary="주축산업과 미래 신산업",
        description="지역의 주축산업, 미래 신산업과 여러 지역이 함께하는 미래 신산업. 확인 전인 것은 provisional이 참입니다. 코드 순입니다.",
    )
)
class RegionalIndustryViewSet(_MadeRows):
    queryset = RegionalIndustry.objects.prefetch_related("places__region", "codes__ksic").order_by("code")
    row_class = RegionalIndustryRow
    filterset_class = RegionalIndustryFilter

    def made(self, page: list[Any]) -> Iterable[dict[str, Any]]:
        for one in page:
            yield {
                "code": one.code,
                "kind": one.kind,
                "name_ko": one.name_ko,
                "regions": sorted(place.region.code for place in one.places.all()),
                "ksic": sorted(f"{code.ksic.revision}:{code.ksic.code}" for code in one.codes.all()),
                "valid_from": one.effective.lower and one.effective.lower.isoformat(),
                "valid_before": one.effective.upper and one.effective.upper.isoformat(),
                "provisional": one.provisional,
                "source": one.source,
                "note": one.note,
            }
