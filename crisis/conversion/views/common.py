"""Finding rows, the colours of their states, and the page of a step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from companies.models import Company
from crisis.conversion.enums import DiagnosisState, EditionState, MilestoneState, PlanState
from crisis.conversion.models import ConversionPlan, Diagnosis, Milestone, PlanEdition, PlanMember
from portal.directory.enums import Capability
from portal.directory.models import Event
from portal.directory.scope import Scope
from portal.directory.verbs import VERBS
from portal.kernel.deeds import Step
from portal.kernel.http import PortalRequest

PLAN_KINDS = {
    PlanState.PREPARING: "", PlanState.RUNNING: "ok", PlanState.COMPLETING: "info", PlanState.COMPLETED: "ok",
    PlanState.REFUSED: "mark", PlanState.CANCELLED: "mark", PlanState.WITHDRAWN: "mark",
}  # fmt: skip
EDITION_KINDS = {
    EditionState.DRAFT: "", EditionState.SUBMITTED: "info", EditionState.RETURNED: "warn", EditionState.APPROVED: "ok",
    EditionState.REPLACED: "mark", EditionState.REFUSED: "mark", EditionState.WITHDRAWN: "mark",
}  # fmt: skip
MILESTONE_KINDS = {
    MilestoneState.OPEN: "", MilestoneState.REPORTED: "info", MilestoneState.RETURNED: "warn",
    MilestoneState.CHECKED: "ok", MilestoneState.REPLACED: "mark",
}  # fmt: skip
DIAGNOSIS_KINDS = {
    DiagnosisState.REQUESTED: "info", DiagnosisState.EXAMINING: "info", DiagnosisState.DONE: "ok",
    DiagnosisState.REFUSED: "mark", DiagnosisState.WITHDRAWN: "mark",
}  # fmt: skip


def plan_of(request: PortalRequest, code: str) -> ConversionPlan:
    rows = ConversionPlan.objects.visible_to(request.scope).select_related("sido", "completion", "follow_up")
    return get_object_or_404(rows, code=code)


def diagnosis_of(request: PortalRequest, code: str) -> Diagnosis:
    rows = Diagnosis.objects.visible_to(request.scope).select_related("company", "sido", "centre", "finished_by")
    return get_object_or_404(rows, code=code)


def milestone_of(request: PortalRequest, pk: int) -> Milestone:
    rows = Milestone.objects.visible_to(request.scope).select_related(
        "edition__plan__sido", "reported_by", "checked_by"
    )
    return get_object_or_404(rows, pk=pk)


def works_for(scope: Scope, company_id: int) -> bool:
    """Whether the reader handles conversion where the firm is."""
    mine = scope.within(Capability.WORK_CONVERSION)
    return not mine.is_empty and Company.objects.visible_to(mine).filter(pk=company_id).exists()


@dataclass(slots=True)
class Sight:
    """A plan as its reader stands to it."""

    plan: ConversionPlan
    lead: PlanMember | None
    edition: PlanEdition | None
    works: bool
    checks: bool
    decides: bool

    @classmethod
    def of(cls, scope: Scope, plan: ConversionPlan) -> "Sight":
        """Three queries."""
        lead = plan.members.filter(is_lead=True).select_related("company").first()  # type: ignore[attr-defined]
        edition = plan.editions.open().first()  # type: ignore[attr-defined]
        if edition is not None:
            edition.plan = plan
        return cls(
            plan, lead, edition, works=lead is not None and works_for(scope, lead.company_id),
            checks=scope.within(Capability.CHECK_CONVERSION).holds(plan.sido_id),
            decides=scope.within(Capability.DECIDE_CONVERSION).holds(plan.sido_id),
        )  # fmt: skip

    @property
    def writes(self) -> bool:
        """Whether the reader may write the open edition now."""
        return self.works and self.edition is not None and self.edition.state in {"DRAFT", "RETURNED"}


def sight(scope: Scope, plan: ConversionPlan) -> Sight:
    """How a reader stands to a plan, worked out once for the request that fetched it."""
    known: Sight | None = getattr(plan, "_sight", None)
    if known is None:
        known = plan._sight = Sight.of(scope, plan)  # type: ignore[attr-defined]
    return known


def step_page(back: str, name: str, request: PortalRequest) -> Callable[[Step, Any], HttpResponse]:
    """The page `take_step` shows: one form with the words and the button of the step."""
    return lambda step, form: form_page(
        request, form, step.label, back=back, name=name, lead=step.text, button=step.label
    )


def form_page(
    request: PortalRequest,
    form: Any,
    title: Any,
    *,
    back: str,
    name: str,
    lead: Any = "",
    button: Any = "",
    **more: Any,
) -> HttpResponse:
    """A page with one form; `back` is where it came from, called `name`."""
    context = {"form": form, "title": title, "back": back, "name": name, "lead": lead, "button": button, **more}
    context["multipart"] = form.is_multipart()
    return render(request, more.get("template", "conversion/form.html"), context, status=422 if form.is_bound else 200)


def posted(request: PortalRequest) -> Any:
    return request.POST if request.method == "POST" else None


def events_of(row: Any) -> list[tuple[Event, Any]]:
    """The last deeds about a row, with their words."""
    found = Event.objects.about(row).select_related("actor").order_by("-at", "-pk")[:15]
    return [(one, VERBS.get(one.verb, one.verb)) for one in found]
