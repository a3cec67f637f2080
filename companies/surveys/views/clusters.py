"""Tenants of clusters: counted for everyone, named for those who may see firms there."""

from functools import cached_property

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from companies.models import Cluster
from companies.surveys.selectors.clusters import TenantCounts, may_see_firms, smallest_shown, tenant_counts, tenants_of
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods

import django_filters  # isort: skip

_SHOWN_TENANTS = 200


class TenantFilters(ListFilters):
    q = django_filters.CharFilter(method="named", label=gettext_lazy("이름·코드"))

    def named(self, queryset: QuerySet[Cluster], name: str, value: str) -> QuerySet[Cluster]:
        return queryset.filter(Q(name_ko__icontains=value.strip()) | Q(code__istartswith=value.strip()))


class TenantList(ListPage):
    """Clusters with their tenants; what is hidden on the page is hidden in the file."""

    name = "cluster-tenants"
    title = gettext_lazy("밀집지역 입주기업")
    template = "surveys/cluster_list.html"
    default_sort = "code"
    filters = TenantFilters
    empty_text = gettext_lazy("관할 지역에 등록된 밀집지역이 없습니다.")

    @cached_property
    def counts(self) -> TenantCounts:
        """Of the page, or of all rows when a file is written."""
        rows = self.page.object_list if self.page_only else self.rows
        return tenant_counts(rows, self.scope, timezone.localdate())

    page_only = True

    def write(self, *args: object, **more: object) -> int:  # type: ignore[override]
        self.page_only = False
        return super().write(*args, **more)  # type: ignore[arg-type]

    @property
    def columns(self) -> tuple[ListColumn, ...]:  # type: ignore[override]
        return (
            ListColumn("code", gettext_lazy("코드"), sort=("code",), text=True, fixed=True),
            ListColumn(
                "name", gettext_lazy("이름"), value=lambda row: row.name, sort=("name_ko",), width=32,
                link=lambda row: reverse("surveys:cluster", args=[row.code]),
            ),
            ListColumn("kind", gettext_lazy("종류"), value=lambda row: str(row.get_kind_display()), sort=("kind",)),
            ListColumn("region", gettext_lazy("시·군·구"), value=lambda row: row.region.full_name, sort=("region__code",)),
            ListColumn(
                "tenants", gettext_lazy("입주기업(사업장)"), css="num", value=lambda row: self._told("tenants", row)
            ),
            ListColumn("operating", gettext_lazy("가동"), css="num", value=lambda row: self._told("operating", row)),
            ListColumn(
                "region_total", gettext_lazy("시·군·구 합계"), css="num", shown=False,
                value=lambda row: _plain(self.counts.regions[row.region_id]),
            ),
        )  # fmt: skip

    def _told(self, which: str, row: Cluster) -> int | str:
        return _plain(getattr(self.counts, which)[row.pk])

    def queryset(self) -> QuerySet[Cluster]:
        return Cluster.objects.visible_to(self.scope).select_related("region__parent")


def _plain(shown: object) -> int | str:
    return shown.text if shown.value is None else shown.value  # type: ignore[attr-defined]


@needs(Capability.VIEW)
@methods(writes=("POST",))
def clusters(request: PortalRequest) -> HttpResponseBase:
    """Clusters of the reader's regions with the number of their tenants."""
    return TenantList.of(request).respond(request, limit=smallest_shown())


@needs(Capability.VIEW)
@methods()
def cluster(request: PortalRequest, code: str) -> HttpResponse:
    """The tenants of one cluster."""
    visible = Cluster.objects.visible_to(request.scope)
    found = get_object_or_404(visible.select_related("region__parent", "parent"), code=code)
    today = timezone.localdate()
    counts = tenant_counts([found], request.scope, today)
    sees = may_see_firms(request.scope, found.region_id)
    context = {
        "cluster": found,
        "tenants": counts.tenants[found.pk].text,
        "operating": counts.operating[found.pk].text,
        "region_total": counts.regions[found.region_id].text,
        "sees": sees,
        "members": tenants_of(found, today)[:_SHOWN_TENANTS] if sees else [],
        "shown": _SHOWN_TENANTS,
        "limit": smallest_shown(),
    }
    return render(request, "surveys/cluster_detail.html", context)
