"""Figures: the list, and entering one."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crisis import services
from crisis.forms import CellForm, ValueForm
from crisis.models import Indicator, Observation
from crisis.services.observation_checks import (
    Rulebook,
    Standing,
    standing,
    suspect_change,
    suspect_limits,
    year_before,
)
from crisis.views.observation_list import ObservationList
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import display
from portal.kernel.errors import Refusal
from portal.kernel.exports import plain
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

_MONTHS_SHOWN = 13


@needs(Capability.VIEW)
@methods(writes=("POST",))
def observations(request: PortalRequest) -> HttpResponseBase:
    """Current figures of the reader's areas; POST asks for a long export."""
    return ObservationList.of(request).respond(request, can_enter=request.scope.can(Capability.ENTER_OBSERVATIONS))


@needs(Capability.ENTER_OBSERVATIONS)
@methods(writes=("POST",))
def observation_new(request: PortalRequest) -> HttpResponse:
    """Choose a cell by GET, see what it holds, write its value by POST to the same address."""
    scope = request.scope.within(Capability.ENTER_OBSERVATIONS)
    cell = CellForm(request.GET or None, scope=scope)
    if not cell.is_valid():
        return render(request, "crisis/observation_form.html", {"cell": cell})
    area, indicator, period = (cell.cleaned_data[name] for name in ("area", "indicator", "period"))
    known = standing([(area.pk, indicator.pk, period), (area.pk, indicator.pk, year_before(period))])
    now = known.get((area.pk, indicator.pk, period))
    rulebook = cell.rulebook
    units = [unit for pk, unit in rulebook.factors if pk == indicator.pk]
    form = ValueForm(request.POST or None, units=units, initial=_as_it_stands(now, indicator))
    change = None
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        base = known.get((area.pk, indicator.pk, year_before(period)))
        change = _change(rulebook, indicator, facts["value"], facts["unit"], base)
        if change is not None and not facts["verified"]:
            form.add_error(
                "verified",
                _("일 년 전보다 %(change)s 달라졌습니다. 값과 단위를 확인하고, 맞으면 표시한 뒤 비고를 적어 주세요.")
                % {"change": display.percent(change)},
            )
        else:
            try:
                row = services.enter_observation(
                    area=area, indicator=indicator, period=period, actor=request.user, **facts
                )
            except Refusal as refusal:
                form.add_error(None, refusal.message)
                form.look_again(now.pk if now else 0)
            else:
                messages.success(request, _("%(row)s 값을 저장했습니다.") % {"row": row})
                return redirect(request.get_full_path())
    recent = (
        Observation.objects.current()
        .filter(area=area, indicator=indicator, period__lte=period)
        .order_by("-period")[:_MONTHS_SHOWN]
    )
    context = {"cell": cell, "form": form, "area": area, "indicator": indicator, "period": period, "now": now}
    return render(request, "crisis/observation_form.html", context | {"recent": recent, "change": change})


def _as_it_stands(now: Standing | None, indicator: Indicator) -> dict[str, object]:
    if now is None:
        return {"unit": indicator.unit, "status": "FINAL", "seen": 0}
    value = "미제공" if now.value is None else plain(now.value)
    return {"value": value, "unit": now.unit, "status": now.status, "note": now.note, "seen": now.pk}


def _change(rulebook: Rulebook, indicator: Indicator, value, unit: str, base: Standing | None):  # type: ignore[no-untyped-def]
    """The suspicious change against the year before, in percent; None if there is none."""
    if value is None or base is None or base.value is None:
        return None
    own = value * rulebook.factors[indicator.pk, unit]
    before = base.value * rulebook.factors.get((indicator.pk, base.unit), 1)
    return suspect_change(indicator, own, before, suspect_limits())
