"""The catalogue of indicators: the list, one indicator, keeping its source."""

from functools import cached_property
from typing import Any

import django_filters
from django.contrib import messages
from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisis.enums import Frequency
from crisis.models import Area, Indicator, IndicatorUnit
from crisis.sources import services
from crisis.sources.charts import series_chart
from crisis.sources.forms import SourceForm
from crisis.sources.models import FeedSeries, IndicatorSource, SuspectValue
from crisis.sources.selectors import catalogue, freshness
from crisis.sources.templatetags.sources import fresh_state
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import display
from portal.kernel.errors import Refusal
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods

_DIRECTION = {1: gettext_lazy("높을수록 나쁨"), -1: gettext_lazy("낮을수록 나쁨")}


class IndicatorFilters(ListFilters):
    q = django_filters.CharFilter(label=gettext_lazy("코드나 이름"), method="named")
    frequency = django_filters.ChoiceFilter(
        label=gettext_lazy("주기"), choices=Frequency.choices, empty_label=gettext_lazy("모두")
    )

    def named(self, rows: QuerySet[Indicator], name: str, written: str) -> QuerySet[Indicator]:
        return rows.filter(Q(code__iexact=written) | Q(name_ko__icontains=written) | Q(name_en__icontains=written))


class IndicatorList(ListPage):
    """Every indicator with its source and how far it has come. The state is the page's, not the file's."""

    name = "indicators"
    title = gettext_lazy("지표 목록")
    template = "sources/indicator_list.html"
    default_sort = "code"
    filters = IndicatorFilters
    empty_text = gettext_lazy("기준정보를 적재하면 지표가 보입니다.")
    columns = (
        ListColumn(
            "code", gettext_lazy("코드"), sort=("code",), text=True, fixed=True, width=12,
            link=lambda row: reverse("sources:indicator", args=[row.code]),
        ),
        ListColumn("name", gettext_lazy("이름"), sort=("name_ko",), text=True, width=30),
        ListColumn("unit", gettext_lazy("단위"), text=True, width=8),
        ListColumn("frequency", gettext_lazy("주기"), value=lambda row: str(row.get_frequency_display()), width=8),
        ListColumn("direction", gettext_lazy("방향"), value=lambda row: str(_DIRECTION[row.direction]), width=14),
        ListColumn("legal_item", gettext_lazy("법적 근거"), sort=("legal_item",), text=True, width=20),
        ListColumn("publisher", gettext_lazy("공표 기관"), sort=("publisher",), text=True, width=24),
        ListColumn("owner", gettext_lazy("담당 기관"), value=lambda row: row.owner or "", text=True, width=20),
        ListColumn("lag_days", gettext_lazy("시차(일)"), sort=("lag_days",), css="num", width=8),
        ListColumn(
            "last_period", gettext_lazy("마지막 기간"), sort=("last_period",), width=12,
            show=lambda row: display.period(row.last_period),
        ),
        ListColumn(
            "state", gettext_lazy("상태"), value=lambda row: row.fresh.word if row.fresh else "",
            show=lambda row: fresh_state(row.fresh.state) if row.fresh else display.MISSING,
        ),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        return catalogue.catalogue(self.scope)

    @cached_property
    def page(self) -> Page[Any]:
        """The page's rows, each with its `fresh`. Four queries more than any list."""
        page = super().page
        found = freshness([row.code for row in page])
        for row in page:
            row.fresh = found.get(row.code)
        return page

    def write(self, target: Any, format: str, said: Any = None) -> int:
        """In a file the state is left out: it holds for one day only."""
        self.chosen = [column for column in self.chosen if column.key != "state"]
        return super().write(target, format, said)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def indicators(request: PortalRequest) -> HttpResponseBase:
    """The catalogue; POST asks for a long export."""
    return IndicatorList.of(request).respond(request)


@needs(Capability.VIEW)
@methods()
def indicator(request: PortalRequest, code: str) -> HttpResponse:
    """One indicator: what it is, where it comes from, where it is missing. `?sido=` opens a 시·도, `?area=` a chart."""
    found = get_object_or_404(catalogue.catalogue(request.scope), code=code)
    level, places = catalogue.coverage(request.scope, found)
    opened = next((region for region in places if region.code == request.GET.get("sido")), None)
    if request.GET.get("sido") and opened is None:
        raise Http404(request.GET["sido"])
    area = _area(request, found, places)
    series = FeedSeries.objects.filter(indicator=found).select_related("feed__owner").first()
    frequency = series.feed.frequency if series else found.frequency
    own = freshness([code], [area.pk]).get(code) if area else None
    chart = None
    if area:
        points = catalogue.series(area, found, frequency)
        breaks = catalogue.breaks(found)
        chart = series_chart(found, [(area, points)], frequency=frequency, breaks=breaks, fresh=own)
    context = {
        "indicator": found,
        "direction": _DIRECTION[found.direction],
        "source": IndicatorSource.objects.filter(indicator=found).select_related("owner").first(),
        "series": series,
        "fresh": freshness([code]).get(code),
        "units": IndicatorUnit.objects.filter(indicator=found).order_by("unit"),
        "uses": catalogue.uses(found),
        "level": dict(Area._meta.get_field("level").flatchoices)[level],
        "provinces": catalogue.provinces(places),
        "opened": opened,
        "places": places[opened] if opened else [],
        "area": area,
        "own": own,
        "chart": chart,
        "waiting": SuspectValue.objects.visible_to(request.scope).waiting().filter(indicator=found).count(),
        "may_keep": request.scope.can(Capability.MANAGE_SOURCES),
    }
    return render(request, "sources/indicator_detail.html", context)


def _area(request: PortalRequest, found: Indicator, places: dict[Any, list[catalogue.Place]]) -> Area | None:
    """The area asked for; without one the first of the reader's that has figures."""
    if code := request.GET.get("area"):
        return get_object_or_404(Area.objects.visible_to(request.scope), code=code)
    return next((place.area for row in places.values() for place in row if place.last), None)


@needs(Capability.MANAGE_SOURCES)
@methods(writes=("POST",))
def indicator_edit(request: PortalRequest, code: str) -> HttpResponse:
    """Keep what is known of the indicator's source."""
    found = get_object_or_404(Indicator.objects.visible_to(request.scope), code=code)
    form = SourceForm(request.POST or None, instance=IndicatorSource.objects.filter(indicator=found).first())
    if request.method == "POST" and form.is_valid():
        try:
            services.change_source(indicator=found, facts=form.cleaned_data, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(name)s의 출처를 저장했습니다.") % {"name": found.name})
            return redirect("sources:indicator", code=code)
    return render(request, "sources/indicator_form.html", {"indicator": found, "form": form})
