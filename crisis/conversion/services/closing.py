"""The end: completion reported with the results of the goals, approved, and looked at again some time later."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from crisis.conversion import rules
from crisis.conversion.enums import EditionState, MilestoneState, PlanState
from crisis.conversion.models import Completion, ConversionPlan, FollowUp, Milestone, PlanEdition
from crisis.conversion.services.common import (
    due_day,
    keep,
    lead_of,
    locked,
    needs_office,
    needs_worker,
    recorded,
    rule_on,
    step,
    tell,
)
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.services import settle_notices
from portal.kernel.dates import period
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal


def _in_force(plan: ConversionPlan) -> PlanEdition:
    found: PlanEdition = plan.editions.get(state=EditionState.APPROVED)  # type: ignore[attr-defined]
    return found


@transaction.atomic
def report_completion(
    *, plan: ConversionPlan, outcome: str, results: Mapping[str, Decimal | None], seen: int, actor: User
) -> Completion:
    """Report the plan as carried out, with the result of each goal in percent. Every step must have been checked."""
    held = locked(plan)
    needs_worker(actor, lead_of(held))
    refuse_stale(held, seen)
    step(held, PlanState.COMPLETING)
    edition = _in_force(held)
    goals = list(edition.goals.all())
    faults = {one.measure: f"{one}: 실적을 적어 주세요." for one in goals if results.get(one.measure) is None}
    if not outcome.strip():
        faults["outcome"] = "추진 결과를 적어 주세요."
    left = [one.title for one in Milestone.objects.of_plan(held).exclude(state=MilestoneState.CHECKED)]
    if left:
        faults["milestones"] = f"아직 확인받지 않은 추진 단계가 있습니다: {', '.join(left)}."
    if held.editions.open().exists():  # type: ignore[attr-defined]
        faults["edition"] = "작성하거나 심사 중인 변경이 있습니다. 먼저 끝내 주세요."
    if faults:
        raise Refusal("completion_incomplete", " ".join(faults.values()), faults)
    completion = Completion.objects.filter(plan=held).first() or Completion(plan=held)
    completion.outcome, completion.submitted_by, completion.submitted_at = outcome.strip(), actor, timezone.now()
    completion.return_comment = ""
    with recorded("report_completion", held, held.sido, actor=actor):
        for goal in goals:
            goal.result = results[goal.measure]
            goal.full_clean()
            goal.save()
        completion.full_clean()
        completion.save()
        keep(held)
    tell(
        held, f"completing:{held.version}", f"사업전환의 완료를 심사해 주세요: {held.title}",
        capability=Capability.DECIDE_CONVERSION,
    )  # fmt: skip
    return completion


@transaction.atomic
def return_completion(*, plan: ConversionPlan, comment: str, seen: int, actor: User) -> ConversionPlan:
    """Not completed yet: back to carrying out, with what is missing."""
    held = locked(plan)
    needs_office(actor, held.sido_id, Capability.DECIDE_CONVERSION)
    refuse_stale(held, seen)
    if held.state != PlanState.COMPLETING:
        raise Refusal("not_completing", "완료 심사 중인 계획이 아닙니다.")
    step(held, PlanState.RUNNING)
    completion = Completion.objects.get(plan=held)
    completion.return_comment = comment.strip()
    with recorded("return_completion", held, held.sido, actor=actor, reason=comment):
        completion.save()
        keep(held)
    tell(
        held, f"completion-returned:{held.version}", f"완료 보고를 보완해 주세요: {held.title}",
        capability=Capability.WORK_CONVERSION,
    )  # fmt: skip
    return held


@transaction.atomic
def approve_completion(
    *, plan: ConversionPlan, decided_on: date, opinion: str, seen: int, actor: User
) -> ConversionPlan:
    """Completed. Whether the goals were reached follows from their results; a look a year later is owed."""
    held = locked(plan)
    needs_office(actor, held.sido_id, Capability.DECIDE_CONVERSION)
    refuse_stale(held, seen)
    if held.state != PlanState.COMPLETING:
        raise Refusal("not_completing", "완료 심사 중인 계획이 아닙니다.")
    completion = Completion.objects.get(plan=held)
    if completion.submitted_by_id == actor.pk:
        raise Refusal("own_completion", "완료를 보고한 사람이 스스로 승인할 수 없습니다.")
    if decided_on > timezone.localdate() or decided_on < timezone.localdate(completion.submitted_at):
        raise Refusal(
            "decided_on",
            "승인일은 보고일부터 오늘까지 가운데 하루여야 합니다.",
            {"decided_on": "날짜를 확인해 주세요."},
        )
    step(held, PlanState.COMPLETED)
    goals = _in_force(held).goals.all()  # type: ignore[attr-defined]
    completion.reached = rules.reached([(one.target, one.result) for one in goals])
    completion.decided_on, completion.decided_by, completion.opinion = decided_on, actor, opinion.strip()
    legal = rules.months_later(decided_on, rule_on(decided_on).follow_up_months)
    with recorded("approve_completion", held, held.sido, actor=actor, reached=completion.reached):
        completion.full_clean()
        completion.save()
        FollowUp.objects.create(plan=held, legal_due=legal, due_on=due_day(legal))
        for term in held.managers.filter(effective__contains=decided_on):  # type: ignore[attr-defined]
            if term.effective.lower < decided_on:
                term.effective = period(term.effective.lower, decided_on)
                term.save()
        keep(held)
    tell(held, "completed", f"사업전환이 완료되었습니다: {held.title}", capability=Capability.WORK_CONVERSION)
    return held


@transaction.atomic
def record_follow_up(
    *, plan: ConversionPlan, continuing: bool, sales_share: Decimal | None, employee_share: Decimal | None, text: str,
    actor: User,
) -> FollowUp:  # fmt: skip
    """Write down what was seen when the plan was looked at again."""
    held = locked(plan)
    needs_worker(actor, lead_of(held))
    follow_up = FollowUp.objects.filter(plan=held).first()
    if follow_up is None:
        raise Refusal("not_completed", "완료한 계획만 사후 점검을 적을 수 있습니다.")
    if follow_up.reported_at is not None:
        raise Refusal("followed_up", "이미 사후 점검을 적었습니다.")
    follow_up.continuing, follow_up.text = continuing, text.strip()
    follow_up.sales_share, follow_up.employee_share = sales_share, employee_share
    follow_up.reported_at, follow_up.reported_by = timezone.now(), actor
    with recorded("record_follow_up", held, held.sido, actor=actor, continuing=continuing):
        follow_up.full_clean()
        follow_up.save()
    settle_notices(*(f"conversion-plan:{held.code}:follow-up:{what}" for what in ("soon", "late")))
    return follow_up
