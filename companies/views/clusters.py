"""Pages about clusters: where SMEs gather, of which kind, how far built."""

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.enums import ClusterKind
from companies.models import Cluster
from portal.directory.access import needs
from portal.directory.enums import Capability, RegionLevel
from portal.directory.models import Region
from portal.directory.templatetags.directory import validity
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods

#: How far a complex is built, as its source says it.
STATUSES = {
    "COMPLETE": gettext_lazy("완료"),
    "DEVELOPING": gettext_lazy("조성 중"),
    "UNDEVELOPED": gettext_lazy("미개발"),
}


def status_word(cluster: Cluster) -> str:
    return str(STATUSES.get(cluster.status, cluster.status))


class ClusterFilters(ListFilters):
    q = django_filters.CharFilter(method="named", label=gettext_lazy("이름·코드"))
    kind = django_filters.ChoiceFilter(choices=ClusterKind.choices, label=gettext_lazy("종류"))
    region = django_filters.ModelChoiceFilter(
        method="within", label=gettext_lazy("시·도"), queryset=Region.objects.none()
    )
    status = django_filters.ChoiceFilter(choices=list(STATUSES.items()), label=gettext_lazy("조성 상태"))

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        provinces = Region.objects.visible_to(self.scope).of_level(RegionLevel.SIDO).select_related("parent")
        self.filters["region"].queryset = provinces.order_by("code")

    def named(self, queryset: QuerySet[Cluster], name: str, value: str) -> QuerySet[Cluster]:
        text = value.strip()
        return queryset.filter(Q(name_ko__icontains=text) | Q(name_en__icontains=text) | Q(code__istartswith=text))

    def within(self, queryset: QuerySet[Cluster], name: str, value: Region) -> QuerySet[Cluster]:
        return queryset.filter(Q(region=value) | Q(region__parent=value))


class ClusterList(ListPage):
    name = "clusters"
    title = gettext_lazy("밀집지역")
    template = "companies/cluster_list.html"
    default_sort = "code"
    filters = ClusterFilters
    empty_text = gettext_lazy("관할 지역에 등록된 밀집지역이 없습니다.")
    columns = (
        ListColumn("code", gettext_lazy("코드"), sort=("code",), text=True, fixed=True),
        ListColumn(
            "name", gettext_lazy("이름"), value=lambda row: row.name, sort=("name_ko",), width=32,
            link=lambda row: reverse("companies:cluster", args=[row.code]),
        ),
        ListColumn("kind", gettext_lazy("종류"), value=lambda row: str(row.get_kind_display()), sort=("kind",)),
        ListColumn(
            "region", gettext_lazy("시·군·구"), value=lambda row: row.region.full_name, sort=("region__code",), width=24
        ),
        ListColumn("status", gettext_lazy("조성 상태"), value=status_word, sort=("status",)),
        ListColumn("parent", gettext_lazy("본단지"), value=lambda row: row.parent.name if row.parent else None),
        ListColumn("legal_item", gettext_lazy("근거"), sort=("legal_item",), shown=False),
        ListColumn("effective", gettext_lazy("유효 기간"), value=lambda row: validity(row.effective), shown=False),
        ListColumn("source", gettext_lazy("출처"), shown=False, width=40),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Cluster]:
        return Cluster.objects.visible_to(self.scope).select_related("region__parent", "parent")


@needs(Capability.VIEW)
@methods(writes=("POST",))
def clusters(request: PortalRequest) -> HttpResponseBase:
    """The clusters of the reader's regions."""
    return ClusterList.of(request).respond(request)


@needs(Capability.VIEW)
@methods()
def cluster(request: PortalRequest, code: str) -> HttpResponse:
    """One cluster: kind, place, ground in law, source, and the parts that are counted with it."""
    visible = Cluster.objects.visible_to(request.scope)
    found = get_object_or_404(visible.select_related("region__parent", "parent"), code=code)
    facts = [
        (_("밀집지역 코드"), found.code),
        (_("종류"), found.get_kind_display()),
        (_("조성 상태"), status_word(found)),
        (_("근거"), found.legal_item),
        (_("유효 기간"), validity(found.effective)),
        (_("영문 이름"), found.name_en),
        (_("출처"), found.source),
        (_("비고"), found.note),
    ]
    context = {"cluster": found, "facts": facts, "parts": visible.filter(parent=found).order_by("code")}
    return render(request, "companies/cluster_detail.html", context)
