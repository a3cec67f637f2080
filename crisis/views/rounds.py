"""Rounds and rule sets: what is judged when, by which rules, and that it can be computed again."""

import json

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crisis import services
from crisis.council_forms import RoundForm
from crisis.enums import AreaLevel, RuleSetState, RunKind, RunState, Stage
from crisis.models import Result, Round, RuleSet, Run
from crisis.selectors import stage_counts
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.services import start_job
from portal.kernel.dates import end_of_day
from portal.kernel.errors import Refusal
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods, page_or_partial

_LEVEL = AreaLevel.SIGUNGU
HELD_BACK = "HELD_BACK"


@needs(Capability.VIEW)
@methods()
def rounds(request: PortalRequest) -> HttpResponse:
    """Every round with the stages of the reader's areas."""
    rows = list(Round.objects.visible_to(request.scope).select_related("rule_set"))
    counts = stage_counts(request.scope, level=_LEVEL)
    for row in rows:
        row.counts = counts.get(row.pk, {})  # type: ignore[attr-defined]
        row.held_back = row.counts.get(None, 0)  # type: ignore[attr-defined]
    can_open = request.scope.can(Capability.MANAGE_ROUNDS)
    return render(request, "crisis/round_list.html", {"rounds": rows, "can_open": can_open})


@needs(Capability.MANAGE_ROUNDS)
@methods(writes=("POST",))
def round_new(request: PortalRequest) -> HttpResponse:
    """Open a round by hand; beat opens the usual ones by itself."""
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            fresh = services.open_round(
                reference_month=form.cleaned_data["reference_month"],
                cutoff=end_of_day(form.cleaned_data["cutoff"]),
                actor=request.user,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(round)s 회차를 열었습니다.") % {"round": fresh})
            return redirect("crisis:round", code=fresh.code)
    return render(request, "crisis/round_form.html", {"form": form})


@needs(Capability.VIEW)
@methods()
def round_detail(request: PortalRequest, code: str) -> HttpResponse:
    """One round: its rules, its runs with their digests, the stages of the reader's areas."""
    found = get_object_or_404(Round.objects.visible_to(request.scope).select_related("rule_set"), code=code)
    runs = list(
        found.runs.select_related("owner").annotate(
            shard_count=Count("shards"), shards_done=Count("shards", filter=Q(shards__done_at__isnull=False))
        )
    )
    shown = next((run for run in runs if run.state == RunState.DONE and run.kind != RunKind.SHADOW), None)
    counts = {}
    if shown is not None:
        rows = Result.objects.filter(run=shown).visible_to(request.scope)
        counted = rows.order_by().values_list("area__level", "model_stage", "status").annotate(Count("pk"))
        counts = {level: dict.fromkeys([*Stage.values, HELD_BACK], 0) for level in shown.rule_set.levels}
        for level, stage, status, count in counted:
            counts[level][stage if status == "OK" else HELD_BACK] += count
    context = {
        "round": found,
        "runs": runs,
        "shown": shown,
        "counts": [(AreaLevel(level), by_stage) for level, by_stage in counts.items()],
        "can_verify": request.scope.can(Capability.VIEW_HISTORY),
        "running": next((run for run in runs if run.state in {RunState.QUEUED, RunState.EVALUATING}), None),
    }
    return render(request, page_or_partial(request, "crisis/round_detail.html", "progress"), context)


@needs(Capability.VIEW, for_writing=Capability.VIEW_HISTORY)
@methods(reads=(), writes=("POST",))
def run_verify(request: PortalRequest, code: str, run_id: int) -> HttpResponse:
    """Have the worker compute a finished run again and compare every digest."""
    run = get_object_or_404(Run.objects.visible_to(request.scope).done(), pk=run_id, round__code=code)
    job = start_job(
        kind="verify_run",
        title=_("%(run)s 재현 확인") % {"run": run},
        task="crisis.tasks.verify_run",
        owner=request.user,
        arguments={"run_id": run.pk},
    )
    return redirect("job", pk=job.pk)


@needs(Capability.VIEW)
@methods()
def rule_sets(request: PortalRequest) -> HttpResponse:
    return render(
        request,
        "crisis/rule_set_list.html",
        {
            "rule_sets": RuleSet.objects.visible_to(request.scope).select_related("approved_by"),
            "can_manage": request.scope.can(Capability.MANAGE_RULE_SETS),
        },
    )


@needs(Capability.VIEW)
@methods()
def rule_set_detail(request: PortalRequest, version: str) -> HttpResponse:
    """A rule set in words and in full; what can be done with it lies one click away."""
    found = get_object_or_404(RuleSet.objects.visible_to(request.scope).select_related("approved_by"), version=version)
    context = {
        "rule_set": found,
        "body": found.body,
        "indicator_rows": [(code, found.body["indicators"][code]) for code in found.body["order"]],
        "switched_off": sorted(found.body.get("switched_off") or {}),
        "source": json.dumps(found.body, ensure_ascii=False, indent=1),
        "is_draft": found.state == RuleSetState.DRAFT,
        "can_manage": request.scope.can(Capability.MANAGE_RULE_SETS),
    }
    return render(request, "crisis/rule_set_detail.html", context)
