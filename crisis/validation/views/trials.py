"""What a draft would do: anchors from past rounds, the last round in shadow."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crisis.enums import RuleSetState, RunState
from crisis.validation import services
from crisis.validation.forms import CalibrationForm
from crisis.validation.models import Calibration
from crisis.validation.selectors.shadow import STATES, compare_runs, shadow_of
from crisis.validation.services.calibration import FEW_ROUNDS
from crisis.validation.services.history import judged_rounds
from crisis.validation.services.shadow import latest_official
from crisis.validation.views.common import rule_set_of
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import Refusal
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods, page_or_partial


@needs(Capability.VIEW, for_writing=Capability.MANAGE_RULE_SETS)
@methods(writes=("POST",))
def calibrations(request: PortalRequest, version: str) -> HttpResponse:
    """Calibrations of a draft, and a new one."""
    found = rule_set_of(request, version)
    form = CalibrationForm(request.POST or None, rule_set=found)
    if request.method == "POST" and form.is_valid():
        act = partial(services.start_calibration, rule_set=found, actor=request.user)
        if made := tried(form, lambda: act(**form.cleaned_data)):
            return redirect("job", pk=made.job_id)
    context = {
        "rule_set": found,
        "form": form,
        "may_start": found.state == RuleSetState.DRAFT and request.scope.can(Capability.MANAGE_RULE_SETS),
        "rounds": len(judged_rounds()),
        "few": FEW_ROUNDS,
        "rows": Calibration.objects.filter(rule_set=found).select_related(
            "first_round", "last_round", "started_by", "job"
        ),
    }
    return render(request, "validation/calibrations.html", context, status=422 if form.errors else 200)


@needs(Capability.VIEW, for_writing=Capability.MANAGE_RULE_SETS)
@methods(writes=("POST",))
def calibration(request: PortalRequest, version: str, pk: int) -> HttpResponse:
    """Proposed anchors beside the old; the chosen ones go into the draft."""
    rows = Calibration.objects.select_related("rule_set", "first_round", "last_round", "started_by", "taken_by", "job")
    found = get_object_or_404(rows, pk=pk, rule_set=rule_set_of(request, version))
    if request.method == "POST":
        chosen = [tuple(name.split(".", 1)) for name in request.POST.getlist("take") if "." in name]
        try:
            edited = services.take_calibration(calibration=found, chosen=chosen, actor=request.user)  # type: ignore[arg-type]
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect("validation:calibration", version=version, pk=pk)
        messages.success(request, _("고른 기준점을 초안에 옮겼습니다."))
        return redirect("validation:edit", version=edited.version)
    body = found.rule_set.body["indicators"]
    lines = [
        (code, body.get(code, {}).get("name_ko", ""), key, entry[key], entry["other_rules"])
        for code, entry in found.result.items()
        for key in ("anchors_abs", "anchors_rel")
    ]
    context = {
        "calibration": found,
        "rule_set": found.rule_set,
        "lines": lines,
        "stale": found.ruleset_sha256 != found.rule_set.sha256,
        "may_take": found.state == "DONE" and not found.taken_at and request.scope.can(Capability.MANAGE_RULE_SETS)
        and found.rule_set.state == RuleSetState.DRAFT,
    }  # fmt: skip
    return render(request, "validation/calibration.html", context)


@needs(Capability.VIEW, for_writing=Capability.MANAGE_RULE_SETS)
@methods(writes=("POST",))
def shadow(request: PortalRequest, version: str) -> HttpResponse:
    """The newest judged round under this rule set, against its official result."""
    found = rule_set_of(request, version)
    if request.method == "POST":
        try:
            services.start_shadow(rule_set=found, actor=request.user)
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return redirect("validation:shadow", version=version)
    official = latest_official()
    run = shadow_of(found)
    running = run is not None and run.state != RunState.DONE
    context: dict[str, Any] = {
        "rule_set": found,
        "official": official,
        "run": run,
        "running": running,
        "same_rules": official is not None and official.ruleset_sha256 == found.sha256,
        "states": STATES,
        "may_start": request.scope.can(Capability.MANAGE_RULE_SETS),
    }
    if run is not None and running:
        context |= {"done": run.shards.exclude(done_at=None).count(), "total": run.shards.count()}
    elif run is not None:
        against = run.round.runs.official().done().select_related("round").get()
        matrices, changed = compare_runs(against, run, request.scope)
        context |= {"matrices": matrices, "changed": changed, "against": against}
    return render(request, page_or_partial(request, "validation/shadow.html", "progress"), context)
