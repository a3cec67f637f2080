"""A plan is drafted for one or several areas of a 시·도, written by several hands, handed in, amended."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.plans.enums import ObligationState, PlanState
from crisis.plans.models import Obligation, Plan
from crisis.plans.rules import shortfalls, year_after
from crisis.plans.services.common import (
    changed,
    keep,
    locked,
    plan_url,
    refuse_finished,
    refuse_stranger,
    remember,
    step,
)
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import Region, User
from portal.directory.services import notify
from portal.kernel.db import advisory_lock
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal

WRITABLE = frozenset({"title", "diagnosis", "goal", "structure", "starts_on"})


def _open_for(sido: Region, obligations: Iterable[Obligation], plan: Plan | None = None) -> list[Obligation]:
    """The obligations, held; refused when one of them is another's, answered already or not open."""
    keys = [one.pk for one in obligations]
    held = list(Obligation.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    if not held:
        raise Refusal(
            "no_area", _("예방계획을 세울 지역을 고르세요."), {"obligations": _("지역을 하나 이상 고르세요.")}
        )
    for one in held:
        if one.sido_id != sido.pk:
            raise Refusal("other_sido", _("다른 시·도의 지역은 함께 계획할 수 없습니다."))
        if one.state != ObligationState.OPEN or (one.plan_id and one.plan_id != (plan.pk if plan else None)):
            raise Refusal("obligation_taken", _("이미 계획이 있거나 의무가 끝난 지역이 들어 있습니다."))
    return held


@transaction.atomic
def draft_plan(
    *, sido: Region, obligations: Iterable[Obligation], title: str, starts_on: date, actor: User, is_demo: bool = False
) -> Plan:
    """Begin a plan of one year for open obligations of one 시·도."""
    refuse_stranger(actor, sido.pk, Capability.WRITE_PLANS)
    held = _open_for(sido, obligations)
    head = f"{sido.code}-{starts_on.year}-"
    advisory_lock(f"plans.code:{head}")
    taken = [int(code.rsplit("-", 1)[1]) for code in _codes(head)]
    with deed("draft_plan", actor=actor) as done:
        plan = Plan(
            code=f"{head}{max(taken, default=0) + 1}", sido=sido, title=title.strip(), starts_on=starts_on,
            ends_on=year_after(starts_on), is_demo=is_demo,
        )  # fmt: skip
        plan.full_clean()
        plan.save()
        Obligation.objects.filter(pk__in=[one.pk for one in held]).update(plan=plan, updated_at=timezone.now())
        done.about(plan, region=sido, areas=len(held))
    return plan


def _codes(head: str) -> Iterable[str]:
    return Plan.objects.filter(code__startswith=head).values_list("code", flat=True)


@transaction.atomic
def save_plan(*, plan: Plan, facts: Mapping[str, Any], seen: int, actor: User) -> Plan:
    """Change the plan's own fields (title, diagnosis, goal, structure, starts_on). Unchanged facts make no version.

    Refuses: another 시·도's plan, one that is being reviewed or carried out, `ChangedMeanwhile`.
    """
    plan = locked(plan)
    refuse_stranger(actor, plan.sido_id, Capability.WRITE_PLANS)
    refuse_stale(plan, seen)
    refuse_finished(plan)
    if strange := set(facts) - WRITABLE:
        raise ValueError(f"not a plan's field: {sorted(strange)}")
    start = facts.get("starts_on", plan.starts_on)
    if plan.approved_at and start != plan.starts_on:
        raise Refusal(
            "term_fixed",
            _("승인한 계획의 기간은 바꿀 수 없습니다."),
            {"starts_on": _("승인한 기간 그대로 두세요.")},
        )
    with deed("edit_plan", actor=actor):
        if changed(plan, {**facts, "ends_on": year_after(start)}):
            keep(plan)
    return plan


@transaction.atomic
def set_areas(*, plan: Plan, obligations: Iterable[Obligation], seen: int, actor: User) -> Plan:
    """Choose anew for which open obligations the plan is. What it was approved for stays."""
    plan = locked(plan)
    refuse_stranger(actor, plan.sido_id, Capability.WRITE_PLANS)
    refuse_stale(plan, seen)
    refuse_finished(plan)
    answered = plan.obligations.filter(state=ObligationState.MET)
    wanted = {one.pk for one in obligations}
    held = _open_for(plan.sido, Obligation.objects.filter(pk__in=wanted), plan) if wanted or not answered else []
    with deed("edit_plan", actor=actor) as done:
        now = timezone.now()
        plan.obligations.open().exclude(pk__in=wanted).update(plan=None, updated_at=now)
        Obligation.objects.filter(pk__in=[one.pk for one in held]).update(plan=plan, updated_at=now)
        keep(plan)
        done.about(plan, region=plan.sido, areas=len(held))
    return plan


@transaction.atomic
def discard_draft(*, plan: Plan, seen: int, actor: User) -> None:
    """Throw away a draft that was never handed in; its obligations wait for another plan."""
    plan = locked(plan)
    refuse_stranger(actor, plan.sido_id, Capability.WRITE_PLANS)
    refuse_stale(plan, seen)
    if plan.state != PlanState.DRAFT:
        raise Refusal("plan_state", _("한 번이라도 제출한 계획은 버릴 수 없습니다."))
    with deed("discard_plan", actor=actor) as done:
        done.about(plan, region=plan.sido)
        plan.obligations.update(plan=None, updated_at=timezone.now())
        plan.delete()


@transaction.atomic
def submit_plan(*, plan: Plan, seen: int, actor: User) -> Plan:
    """Hand the plan in to the regional office. Refuses with everything that is missing, by field."""
    plan = locked(plan)
    refuse_stranger(actor, plan.sido_id, Capability.WRITE_PLANS)
    refuse_stale(plan, seen)
    refuse_finished(plan)
    missing = shortfalls(
        facts={"diagnosis": plan.diagnosis, "goal": plan.goal, "structure": plan.structure},
        measures=[
            {
                "number": one.number, "starts_on": one.starts_on, "ends_on": one.ends_on,
                "budget": one.budget_total, "targets": len(one.targets.all()), "dropped": one.dropped_on is not None,
            }
            for one in plan.measures.prefetch_related("targets")
        ],
        start=plan.starts_on, end=plan.ends_on,
    )  # fmt: skip
    owed = list(plan.obligations.open().select_for_update(no_key=True))
    if not owed and plan.approved_at is None:
        missing["obligations"] = _("이 계획이 답할 의무가 없습니다. 지역을 골라 주세요.")
    if missing:
        raise Refusal(
            "plan_incomplete",
            _("보완할 곳이 %(count)s군데 있어 제출하지 못했습니다.") % {"count": len(missing)},
            missing,
        )
    now, today = timezone.now(), timezone.localdate()
    with deed("submit_plan", actor=actor) as done:
        unanswered = [one for one in owed if plan.submitted_at is None or plan.submitted_at < one.created_at]
        plan.late = plan.late or any(today > one.due_on for one in unanswered)
        step(plan, PlanState.SUBMITTED)
        plan.first_submitted_at = plan.first_submitted_at or now
        plan.submitted_at, plan.submitted_by = now, actor
        plan.submissions += 1
        plan.reviewed_at = plan.reviewed_by = None
        plan.review_opinion = ""
        keep(plan)
        remember(plan, actor)
        done.about(plan, region=plan.sido, submission=plan.submissions, late=plan.late)
    notify(
        kind="plan_submitted", key=f"plan-submitted:{plan.pk}:{plan.submissions}",
        title=_("‘%(plan)s’ 검토를 기다립니다") % {"plan": plan.title}, url=plan_url(plan), regions=[plan.sido_id],
        capability=Capability.REVIEW_PLANS,
    )  # fmt: skip
    return plan


@transaction.atomic
def amend_plan(*, plan: Plan, reason: str, seen: int, actor: User) -> Plan:
    """Open an approved plan for amendment. Reports stay owed; what was approved stays on record."""
    plan = locked(plan)
    refuse_stranger(actor, plan.sido_id, Capability.WRITE_PLANS)
    refuse_stale(plan, seen)
    if not reason.strip():
        raise Refusal("reason_missing", _("계획을 바꾸는 사유를 적어 주세요."), {"reason": _("사유를 적어 주세요.")})
    with deed("amend_plan", actor=actor, reason=reason.strip()) as done:
        step(plan, PlanState.AMENDING)
        plan.amend_reason = reason.strip()
        keep(plan)
        remember(plan, actor, reason.strip())
        done.about(plan, region=plan.sido)
    return plan
