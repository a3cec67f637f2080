"""A plan: begun, shown, written, taken away as a workbook."""

import io
from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.plans import services
from crisis.plans.enums import (
    EDITABLE,
    SOURCE_WORDS,
    SOURCES,
    ObligationState,
    PlanState,
    ReportState,
)
from crisis.plans.forms import AreasForm, CommentForm, NewPlanForm, PlanForm
from crisis.plans.models import Obligation, Plan, PlanComment, PlanMeasure
from crisis.plans.rules import quarter_text
from crisis.plans.selectors import stands
from crisis.plans.views.common import STANDING_KINDS, STATE_KINDS, plan_of
from crisis.plans.views.deeds import DEEDS
from crisis.plans.views.lists import report_badge
from crisis.plans.workbook import write_plan
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import display, exports
from portal.kernel.deeds import offered
from portal.kernel.errors import ChangedMeanwhile
from portal.kernel.forms import again, conflicts, done, tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

STEPS = {
    PlanState.DRAFT: 1, PlanState.RETURNED: 1, PlanState.AMENDING: 1, PlanState.SUBMITTED: 2, PlanState.APPROVED: 4,
    PlanState.RUNNING: 4, PlanState.CLOSED: 6,
}  # fmt: skip


def _free(request: PortalRequest) -> Any:
    mine = Obligation.objects.owed_within(request.scope.within(Capability.WRITE_PLANS)).open().filter(plan=None)
    return mine.select_related("area", "sido").order_by("due_on", "area__code")


@needs(Capability.WRITE_PLANS)
@methods(writes=("POST",))
def plan_new(request: PortalRequest) -> HttpResponse:
    """Begin a plan for one or several areas that need one."""
    free = _free(request)
    initial = {"starts_on": timezone.localdate(), "obligations": request.GET.getlist("obligation")}
    form = NewPlanForm(request.POST or None, obligations=free, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = list(form.cleaned_data["obligations"])
        made = tried(
            form,
            lambda: services.draft_plan(
                sido=chosen[0].sido, obligations=chosen, title=form.cleaned_data["title"],
                starts_on=form.cleaned_data["starts_on"], actor=request.user,
                is_demo=all(one.is_demo for one in chosen),
            ),
        )  # fmt: skip
        if made:
            messages.success(request, _("계획을 시작했습니다. 원인과 목표를 적고 과제를 넣어 주세요."))
            return redirect("plans:plan", code=made.code)
    context = {"form": form, "any": free.exists()}
    return render(request, "plans/plan_new.html", context, status=422 if form.is_bound else 200)


@needs(Capability.VIEW)
@methods()
def plan(request: PortalRequest, code: str) -> HttpResponse:
    """The plan on one page: what it answers, says, costs and has done."""
    return render(request, "plans/plan_detail.html", plan_page(request, plan_of(request, code)))


def plan_page(request: PortalRequest, found: Plan, comment_form: CommentForm | None = None) -> dict[str, Any]:
    """What the page of a plan shows to this reader."""
    measures = list(found.measures.prefetch_related("targets", "reports").order_by("number"))
    comments = _comments(found)
    standing = stands(measures, timezone.localdate()) if found.approved_at else {}
    reviewing = found.state == PlanState.SUBMITTED and (
        request.scope.within(Capability.REVIEW_PLANS).holds(found.sido_id)
        or request.scope.within(Capability.RATE_PLANS).nationwide
    )
    writes = request.scope.within(Capability.WRITE_PLANS).holds(found.sido_id) and found.state in EDITABLE
    live = [one for one in measures if one.dropped_on is None]
    reports = [report for one in live for report in one.reports.all() if report.state != ReportState.OWED]
    return {
        "plan": found,
        "state_kind": STATE_KINDS[PlanState(found.state)],
        "step": 3 if found.state == PlanState.SUBMITTED and found.reviewed_at else STEPS[PlanState(found.state)],
        "obligations": found.obligations.select_related("area").order_by("area__code", "pk"),
        "texts": [
            (PlanForm.base_fields[name].label, getattr(found, name), comments[None, name])
            for name in ("diagnosis", "goal", "structure")
        ],
        "other_comments": comments[None, "title"] + comments[None, "starts_on"],
        "measures": [_measure(found, one, standing.get(one.pk), comments) for one in measures],
        "sources": [SOURCE_WORDS[source] for source in SOURCES],
        "budget": [sum(getattr(one, f"budget_{source}") for one in live) for source in SOURCES],
        "budget_total": sum(one.budget_total for one in live),
        "spent_total": sum(report.spent_total for report in reports),
        "offered": offered(DEEDS, request.scope, found),
        "writes": writes,
        "reviewing": reviewing,
        "own_comments": found.comments.filter(submission=found.submissions, by=request.user).select_related("measure")
        if reviewing
        else [],
        "comment_form": (comment_form or CommentForm(measures=live)) if reviewing else None,
        "revisions": found.revisions.select_related("actor").order_by("-version")[:20],
        "evaluation": getattr(found, "evaluation", None),
        "exports": request.scope.can(Capability.EXPORT),
    }


def _comments(found: Plan) -> dict[tuple[int | None, str], list[PlanComment]]:
    """Words on the newest handing-in, by (measure key, field)."""
    grouped: dict[tuple[int | None, str], list[PlanComment]] = defaultdict(list)
    for comment in found.comments.filter(submission=found.submissions).select_related("by"):
        grouped[comment.measure_id, comment.field].append(comment)
    return grouped


def _measure(found: Plan, one: PlanMeasure, stand: Any, comments: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "row": one,
        "money": [getattr(one, f"budget_{source}") for source in SOURCES],
        "stand": stand,
        "stand_kind": STANDING_KINDS[stand.standing] if stand else "",
        "spent_percent": 100 * stand.spent / one.budget_total if stand and one.budget_total else None,
        "comments": [each for (key, _field), rows in comments.items() if key == one.pk for each in rows],
        "reports": [
            {"text": quarter_text(r.quarter), "name": display.period(quarter_text(r.quarter)), "badge": report_badge(r),
             "rating": r.get_rating_display(), "begun": r.quarter <= today}
            for r in sorted(one.reports.all(), key=lambda r: r.quarter)
        ],
    }  # fmt: skip


@needs(Capability.WRITE_PLANS)
@methods(writes=("POST",))
def plan_edit(request: PortalRequest, code: str) -> HttpResponse:
    """The plan's own texts and term."""
    found = plan_of(request, code)
    form = PlanForm(request.POST) if request.method == "POST" else PlanForm.of(found)
    context: dict[str, Any] = {"plan": found, "form": form, "comments": _comments(found)}
    context["words"] = [each for (key, _f), rows in context["comments"].items() if key is None for each in rows]
    if request.method == "POST" and form.is_valid():
        try:
            saved = tried(
                form,
                lambda: services.save_plan(
                    plan=found, facts=form.facts(), seen=form.cleaned_data["seen"], actor=request.user
                ),
            )
        except ChangedMeanwhile as refusal:
            now = PlanForm.of(refusal.current)  # type: ignore[arg-type]
            context |= {"told": refusal.message, "conflicts": conflicts(form, now)}
            context["form"] = PlanForm(again(request, now.initial["seen"]))
            return render(request, "plans/plan_form.html", context, status=409)
        if saved:
            messages.success(request, _("저장했습니다."))
            return redirect("plans:plan", code=found.code)
    return render(request, "plans/plan_form.html", context, status=422 if form.is_bound else 200)


@needs(Capability.WRITE_PLANS)
@methods(writes=("POST",))
def plan_areas(request: PortalRequest, code: str) -> HttpResponse:
    """Which areas the plan is for."""
    found = plan_of(request, code)
    mine = found.obligations.open()
    choices = (_free(request).filter(sido=found.sido_id) | mine.select_related("area", "sido")).distinct()
    initial = {"seen": found.version, "obligations": list(mine.values_list("pk", flat=True))}
    form = AreasForm(request.POST or None, obligations=choices, initial=initial)
    act = lambda: services.set_areas(plan=found, actor=request.user, **form.cleaned_data)  # noqa: E731
    if request.method == "POST" and form.is_valid() and done(form, act, passing=()):
        messages.success(request, _("지역을 정했습니다."))
        return redirect("plans:plan", code=found.code)
    answered = found.obligations.filter(state=ObligationState.MET).select_related("area")
    context = {"plan": found, "form": form, "answered": answered}
    return render(request, "plans/areas_form.html", context, status=422 if form.is_bound else 200)


@needs(Capability.EXPORT)
@methods()
def plan_file(request: PortalRequest, code: str) -> HttpResponseBase:
    """The plan as a workbook."""
    found = plan_of(request, code)
    target = io.BytesIO()
    write_plan(target, found)
    target.seek(0)
    name = exports.filename(found.title, "xlsx")
    return FileResponse(target, as_attachment=True, filename=name, content_type=exports.FORMATS["xlsx"])
