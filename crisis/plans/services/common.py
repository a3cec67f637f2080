"""What every deed on a plan needs: the lock, the permission, the version its writer saw, the next version kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse

from crisis.plans.enums import EDITABLE, PLAN_NEXT_STATES, SOURCES, PlanState
from crisis.plans.models import Plan, PlanRevision, PlanTerm
from crisis.plans.rules import due_day
from portal.directory.models import Holiday, User
from portal.directory.scope import scope_of
from portal.kernel.errors import Refusal


def locked(plan: Plan) -> Plan:
    """The plan with its 시·도, its row held: whoever changes anything of a plan queues here."""
    return Plan.objects.select_for_update(no_key=True, of=("self",)).select_related("sido").get(pk=plan.pk)


def refuse_stranger(actor: User, sido_id: int, capability: str) -> None:
    """Say no to whoever does not hold the capability in the 시·도 of the plan."""
    if not scope_of(actor).within(capability).holds(sido_id):
        raise Refusal("out_of_scope", "관할 시·도의 예방계획이 아니거나 이 일을 할 권한이 없습니다.")


def refuse_finished(plan: Plan) -> None:
    if plan.state not in EDITABLE:
        raise Refusal(
            "plan_not_editable",
            f"‘{plan.get_state_display()}’인 계획은 고칠 수 없습니다. 돌려받거나 변경을 시작해 주세요.",
        )


def step(plan: Plan, state: str) -> None:
    if state not in PLAN_NEXT_STATES[plan.state]:
        raise Refusal(
            "plan_state",
            f"‘{plan.get_state_display()}’인 계획은 ‘{PlanState(state).label}’(으)로 바꿀 수 없습니다.",
        )
    plan.state = state


def keep(plan: Plan) -> None:
    """Save under the next version."""
    plan.version += 1
    plan.full_clean()
    plan.save()


def remember(plan: Plan, actor: User | None, note: str = "") -> None:
    """Keep for ever what the plan says now, under its version."""
    PlanRevision.objects.create(
        plan=plan, version=plan.version, state=plan.state, body=snapshot(plan), note=note, actor=actor
    )


def snapshot(plan: Plan) -> dict[str, Any]:
    """The whole plan as plain data: money as integers, days in ISO, figures as text."""
    return {
        "code": plan.code,
        "title": plan.title,
        "diagnosis": plan.diagnosis,
        "goal": plan.goal,
        "structure": plan.structure,
        "starts_on": plan.starts_on.isoformat(),
        "ends_on": plan.ends_on.isoformat(),
        "areas": sorted(plan.obligations.values_list("area__code", flat=True).distinct()),
        "measures": [
            {
                "number": one.number,
                "kind": one.kind,
                "title": one.title,
                "content": one.content,
                "lead": one.lead_name,
                "partners": one.partners,
                **{f"budget_{source}": getattr(one, f"budget_{source}") for source in SOURCES},
                "starts_on": one.starts_on.isoformat(),
                "ends_on": one.ends_on.isoformat(),
                "dropped_on": one.dropped_on.isoformat() if one.dropped_on else None,
                "targets": [
                    {
                        "name": target.name,
                        "unit": target.unit,
                        "baseline": None if target.baseline is None else str(target.baseline),
                        "target": str(target.target),
                    }
                    for target in one.targets.all()
                ],
            }
            for one in plan.measures.prefetch_related("targets").order_by("number")
        ],
    }


def deadline(code: str, day: date) -> date:
    """The last day of a term of `PlanTerm` that begins on a day: counted in working days."""
    return due_day(day, PlanTerm.objects.figure(code, day), Holiday.objects.days())


def plan_url(plan: Plan) -> str:
    return reverse("plans:plan", args=[plan.code])


def changed(row: models.Model, facts: Mapping[str, Any]) -> bool:
    """Set the facts on a row and say whether any of them differs."""
    different = {name: value for name, value in facts.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
