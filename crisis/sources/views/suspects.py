"""Suspect values: what waits, what was decided; one value with everything needed to judge it."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisis.models import Indicator
from crisis.services.observation_checks import year_before
from crisis.sources import services
from crisis.sources.charts import series_chart
from crisis.sources.enums import SuspectOrigin, SuspectState
from crisis.sources.forms import DecisionForm
from crisis.sources.models import SuspectValue
from crisis.sources.selectors import catalogue, freshness
from crisis.sources.selectors.suspects import evidence
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import display
from portal.kernel.dates import month_text
from portal.kernel.errors import Refusal
from portal.kernel.forms import tell
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods

_WAITING = SuspectState.WAITING
_DEEDS = {"verify": services.verify_suspect, "reject": services.reject_suspect}


class SuspectFilters(ListFilters):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("상태"), choices=SuspectState.choices, empty_label=gettext_lazy("모두")
    )
    indicator = django_filters.ModelChoiceFilter(
        label=gettext_lazy("지표"), queryset=Indicator.objects.order_by("code"), to_field_name="code",
        empty_label=gettext_lazy("모두"),
    )  # fmt: skip
    origin = django_filters.ChoiceFilter(
        label=gettext_lazy("알아낸 때"), choices=SuspectOrigin.choices, empty_label=gettext_lazy("모두")
    )
    area = django_filters.CharFilter(label=gettext_lazy("지역"), field_name="area__name_ko", lookup_expr="icontains")


class SuspectList(ListPage):
    """Suspect values of the reader's areas, newest periods first."""

    name = "suspects"
    title = gettext_lazy("이상값")
    template = "sources/suspect_list.html"
    default_sort = "-period"
    tie = ("area__code", "indicator__code", "pk")
    filters = SuspectFilters
    empty_text = gettext_lazy("일 년 전과 크게 다른 값이 들어오면 여기에서 확인을 기다립니다.")
    columns = (
        ListColumn(
            "area", gettext_lazy("지역"), value=lambda row: row.area.name, sort=("area__name_ko",), fixed=True, width=24,
            link=lambda row: reverse("sources:suspect", args=[row.pk]),
        ),
        ListColumn("area_code", gettext_lazy("지역코드"), value=lambda row: row.area.code, text=True, shown=False),
        ListColumn(
            "indicator", gettext_lazy("지표"), value=lambda row: row.indicator.name, sort=("indicator__code",), width=24
        ),
        ListColumn(
            "period", gettext_lazy("기간"), value=lambda row: month_text(row.period),
            show=lambda row: display.period(row.period), sort=("period",), text=True, width=12,
        ),
        ListColumn("value", gettext_lazy("값"), value=lambda row: row.observation.value, css="num"),
        ListColumn("unit", gettext_lazy("단위"), value=lambda row: row.observation.unit, text=True, width=8),
        ListColumn(
            "change", gettext_lazy("1년 전 대비(%)"), sort=("change",), css="num", show=lambda row: display.percent(row.change)
        ),
        ListColumn("limit", gettext_lazy("기준(%)"), css="num", shown=False),
        ListColumn("origin", gettext_lazy("알아낸 때"), value=lambda row: str(row.get_origin_display()), width=12),
        ListColumn(
            "state", gettext_lazy("상태"), value=lambda row: str(row.get_state_display()), sort=("state",), width=12
        ),
        ListColumn("decided_at", gettext_lazy("확인 일시"), sort=("decided_at",), width=18, shown=False),
        ListColumn(
            "decided_by", gettext_lazy("확인한 사람"), value=lambda row: str(row.decided_by or ""), text=True, shown=False
        ),
        ListColumn("note", gettext_lazy("확인한 내용"), text=True, width=30, shown=False),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        return SuspectValue.objects.visible_to(self.scope).select_related(
            "area", "indicator", "observation", "decided_by"
        )


@needs(Capability.VIEW)
@methods(writes=("POST",))
def suspects(request: PortalRequest) -> HttpResponseBase:
    """The list; POST asks for a long export."""
    verifying = request.scope.within(Capability.VERIFY_OBSERVATIONS)
    waiting = 0 if verifying.is_empty else SuspectValue.objects.waiting().writable_by(verifying).count()
    return SuspectList.of(request).respond(request, waiting=waiting)


@needs(Capability.VIEW, for_writing=Capability.VERIFY_OBSERVATIONS)
@methods(writes=("POST",))
def suspect(request: PortalRequest, pk: int) -> HttpResponse:
    """One value with its history, its neighbours and its source; an officer says what it is."""
    rows = SuspectValue.objects.visible_to(request.scope)
    found = get_object_or_404(rows.select_related("area", "indicator", "decided_by", "run__round"), pk=pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decide = _DEEDS.get(request.POST.get("deed", ""))
        try:
            if decide is None:
                raise Refusal("deed_missing", _("맞는 값인지 틀린 값인지 골라 주세요."))
            decide(suspect=found, note=form.cleaned_data["note"], actor=request.user)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("%(value)s 값을 처리했습니다.") % {"value": found})
            return redirect("sources:suspects")
    context = _told(request, found) | {"suspect": found, "form": form}
    return render(request, "sources/suspect_detail.html", context)


def _told(request: PortalRequest, found: SuspectValue) -> dict[str, Any]:
    indicator, area = found.indicator, found.area
    fresh = freshness([indicator.code], [area.pk]).get(indicator.code)
    frequency = fresh.frequency if fresh else indicator.frequency
    points = catalogue.series(area, indicator, frequency)
    mine = request.scope.within(Capability.VERIFY_OBSERVATIONS)
    decides = found.state == _WAITING and SuspectValue.objects.writable_by(mine).filter(pk=found.pk).exists()
    return {
        "evidence": evidence(found, request.scope),
        "before_period": year_before(found.period),
        "fresh": fresh,
        "chart": series_chart(
            indicator, [(area, points)], frequency=frequency, breaks=catalogue.breaks(indicator), fresh=fresh,
            marked=found.period,
        ),
        "may_decide": decides and not mine.is_empty,
    }  # fmt: skip
