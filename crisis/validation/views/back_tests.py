"""How well a rule set does: back-tests, ratings, outcomes and overrides on one page; panels to test on."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crisis.enums import Stage
from crisis.models import Area
from crisis.validation import services
from crisis.validation.enums import AlarmKind, RatingReason, WorkState
from crisis.validation.forms import BackTestForm, PanelForm
from crisis.validation.models import BackTest, Panel
from crisis.validation.models.backtest import PANEL_FILES
from crisis.validation.selectors.feedback import alarm_outcomes, override_outcomes, rated_precision
from crisis.validation.views.common import rule_set_of
from crisis.validation.words import MEASURES
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import charts
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.VIEW)
@methods()
def measures(request: PortalRequest, version: str) -> HttpResponse:
    """One rule set: its back-tests, what people said of its alarms, what became of them, and of the overrides."""
    found = rule_set_of(request, version)
    tests = list(
        BackTest.objects.filter(rule_set=found).select_related("panel", "started_by", "job").defer("faults")[:50]
    )
    precision = rated_precision(found, request.scope)
    context = {
        "rule_set": found,
        "tests": tests,
        "may_start": request.scope.can(Capability.MANAGE_RULE_SETS),
        "precision": precision,
        "kinds": [
            (kind.label, precision.useful[kind], precision.useless[kind])
            for kind in AlarmKind
            if precision.useful[kind] or precision.useless[kind]
        ],
        "reasons": [
            (RatingReason(reason).label, useful, count)
            for (useful, reason), count in sorted(precision.reasons.items(), key=lambda item: (-item[1], item[0]))
        ],
        "outcomes": alarm_outcomes(found, request.scope),
        "overrides": override_outcomes(found, request.scope),
    }
    return render(request, "validation/measures.html", context)


@needs(Capability.MANAGE_RULE_SETS)
@methods(writes=("POST",))
def back_test_new(request: PortalRequest, version: str) -> HttpResponse:
    """Ask for the measures of a rule set."""
    found = rule_set_of(request, version)
    form = BackTestForm(request.POST or None, rule_set=found, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        act = partial(services.start_back_test, rule_set=found, actor=request.user)
        if made := tried(form, lambda: act(**form.cleaned_data)):
            return redirect("job", pk=made.job_id)
    context = {"form": form, "rule_set": found}
    return render(request, "validation/back_test_new.html", context, status=422 if form.errors else 200)


@needs(Capability.VIEW)
@methods()
def back_test(request: PortalRequest, pk: int) -> HttpResponse:
    """The measures of one back-test, in tables and charts."""
    rows = BackTest.objects.visible_to(request.scope).select_related("rule_set", "panel", "started_by", "job")
    found = get_object_or_404(rows, pk=pk)
    context: dict[str, Any] = {"test": found, "rule_set": found.rule_set, "m": found.measures}
    if found.state == WorkState.DONE:
        context |= {
            "rows": [(label, _figure(found.measures.get(key), unit), note) for key, label, unit, note in MEASURES],
            "stages": [(stage, found.measures["by_stage"][stage]) for stage in Stage.values],
            "chart": _chart(found.measures),
            "chart_rows": found.measures["by_round"],
            "onsets": _onsets(found),
        }
    return render(request, "validation/back_test.html", context)


def _figure(value: Any, unit: str) -> str:
    return "–" if value is None else f"{value}{unit}"


def _chart(measured: dict[str, Any]) -> Any:
    """Shares of areas alarmed and of areas that a crisis followed, by round."""
    alarmed, followed = [], []
    for row in measured["by_round"]:
        alarmed.append((row["round"], 100 * row["alarms"] / row["areas"] if row["areas"] else None))
        followed.append((row["round"], 100 * row["crises"] / row["known"] if row["known"] else None))
    return charts.line_chart(
        [charts.Series(_("경보가 난 지역"), alarmed), charts.Series(_("위기가 뒤따른 지역"), followed)],
        title=_("회차별 경보와 실제 위기"),
        unit="%",
        domain=(0, 10),
    )


def _onsets(found: BackTest) -> list[tuple[str, dict[str, Any]]]:
    """Each onset with the area's name where it is one of ours."""
    listed = found.measures["onset_list"]
    names: dict[str, str] = {}
    if found.panel_id is None:
        names = dict(Area.objects.filter(code__in={one["area"] for one in listed}).values_list("code", "name_ko"))
    return [(names.get(one["area"], one["area"]), one) for one in listed]


@needs(Capability.VIEW)
@methods()
def panels(request: PortalRequest) -> HttpResponse:
    """Panels brought in to test rules on."""
    context = {
        "panels": Panel.objects.visible_to(request.scope).select_related("uploaded_by"),
        "may_add": request.scope.can(Capability.MANAGE_RULE_SETS),
    }
    return render(request, "validation/panels.html", context)


@needs(Capability.MANAGE_RULE_SETS)
@methods(writes=("POST",))
def panel_new(request: PortalRequest) -> HttpResponse:
    """Bring a panel in."""
    form = PanelForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        files = {part: data[part] for part in PANEL_FILES if data.get(part)}
        act = partial(services.add_panel, files=files, actor=request.user)
        if tried(form, lambda: act(**{name: data[name] for name in ("title", "source", "level")})):
            messages.success(request, _("검증 자료를 올렸습니다. 판정 기준의 검증 화면에서 골라 쓰세요."))
            return redirect("validation:panels")
    return render(request, "validation/panel_new.html", {"form": form}, status=422 if form.errors else 200)
