"""The office reviews: returned, approved under a number, refused; later cancelled, or a firm leaves."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from crisis.conversion.enums import EditionState, MilestoneState, PlanState
from crisis.conversion.models import ConversionPlan, PlanEdition, PlanMember
from crisis.conversion.services.common import (
    keep,
    lead_of,
    locked,
    needs_office,
    needs_worker,
    open_edition,
    recorded,
    step,
    tell,
)
from crisis.conversion.services.plans import drop_newcomers, firms_of
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal


def _at_desk(
    plan: ConversionPlan, seen: int, actor: User, capability: str, state: str
) -> tuple[ConversionPlan, PlanEdition]:
    held = locked(plan)
    needs_office(actor, held.sido_id, capability)
    refuse_stale(held, seen)
    edition = open_edition(held)
    step(edition, state)
    return held, edition


@transaction.atomic
def return_plan(*, plan: ConversionPlan, comment: str, seen: int, actor: User) -> ConversionPlan:
    """Back to whoever wrote it, saying what is to be mended."""
    held, edition = _at_desk(plan, seen, actor, Capability.CHECK_CONVERSION, EditionState.RETURNED)
    edition.return_comment = comment.strip()
    with recorded("return_conversion_plan", held, held.sido, actor=actor, reason=comment):
        edition.full_clean()
        edition.save()
        keep(held)
    tell(
        held, f"{edition.number}:returned:{held.version}", f"사업전환계획을 보완해 주세요: {held.title}",
        capability=Capability.WORK_CONVERSION,
    )  # fmt: skip
    return held


def _refuse_own(edition: PlanEdition, actor: User) -> None:
    if edition.submitted_by_id == actor.pk:
        raise Refusal("own_plan", "신청한 사람이 스스로 결정할 수 없습니다. 다른 담당자에게 맡겨 주세요.")


def _refuse_future(day: date, field: str) -> None:
    if day > timezone.localdate():
        text = "아직 오지 않은 날은 적을 수 없습니다."
        raise Refusal("day_in_future", text, {field: text})


@transaction.atomic
def approve_plan(
    *, plan: ConversionPlan, approval_number: str, decided_on: date, reason: str, seen: int, actor: User
) -> ConversionPlan:
    """Approve the open edition, all firms at once. It takes the place of the one before; what was done stays done."""
    held, edition = _at_desk(plan, seen, actor, Capability.DECIDE_CONVERSION, EditionState.APPROVED)
    _refuse_own(edition, actor)
    _refuse_future(decided_on, "decided_on")
    if edition.submitted_at and decided_on < timezone.localdate(edition.submitted_at):
        raise Refusal(
            "approved_before", "승인일은 신청일보다 빠를 수 없습니다.", {"decided_on": "신청일 뒤의 날을 적어 주세요."}
        )
    if PlanEdition.objects.filter(approval_number=approval_number).exists():
        raise Refusal("number_used", "이미 쓴 승인 번호입니다.", {"approval_number": "이미 쓴 승인 번호입니다."})
    edition.decided_on, edition.decided_by = decided_on, actor
    edition.approval_number, edition.decision_reason = approval_number.strip(), reason.strip()
    with recorded(
        "approve_conversion_plan", held, held.sido, actor=actor, reason=reason, number=approval_number,
        edition=edition.number, firms=len(firms_of(edition)),
    ):  # fmt: skip
        _replace(held, edition)
        edition.full_clean()
        edition.save()
        if held.state == PlanState.PREPARING:
            step(held, PlanState.RUNNING)
            held.approved_on = decided_on
        held.joint = held.joint or edition.firms.count() > 1
        keep(held)
    tell(
        held, f"{edition.number}:approved", f"사업전환계획이 승인되었습니다: {held.title} ({approval_number})",
        capability=Capability.WORK_CONVERSION,
    )  # fmt: skip
    return held


def _replace(plan: ConversionPlan, edition: PlanEdition) -> None:
    """End the edition in force. Steps already reported stay; the copies the new edition had of them go."""
    old = plan.editions.filter(state=EditionState.APPROVED).first()
    if old is None:
        return
    step(old, EditionState.REPLACED)
    old.save()
    edition.milestones.filter(origin__isnull=False).exclude(origin__state=MilestoneState.OPEN).delete()
    for one in old.milestones.filter(state=MilestoneState.OPEN):
        step(one, MilestoneState.REPLACED)
        keep(one)


@transaction.atomic
def refuse_plan(*, plan: ConversionPlan, decided_on: date, reason: str, seen: int, actor: User) -> ConversionPlan:
    """Decide: not approved, and why. A refused change leaves the approved edition in force."""
    held, edition = _at_desk(plan, seen, actor, Capability.DECIDE_CONVERSION, EditionState.REFUSED)
    _refuse_own(edition, actor)
    _refuse_future(decided_on, "decided_on")
    edition.decided_on, edition.decided_by, edition.decision_reason = decided_on, actor, reason.strip()
    with recorded("refuse_conversion_plan", held, held.sido, actor=actor, reason=reason):
        edition.full_clean()
        edition.save()
        drop_newcomers(held, edition)
        if held.state == PlanState.PREPARING:
            step(held, PlanState.REFUSED)
        keep(held)
    tell(
        held, f"{edition.number}:refused", f"사업전환계획이 승인되지 않았습니다: {held.title}",
        capability=Capability.WORK_CONVERSION,
    )  # fmt: skip
    return held


@transaction.atomic
def cancel_plan(*, plan: ConversionPlan, on: date, reason: str, seen: int, actor: User) -> ConversionPlan:
    """Take the approval back: the firms closed, gave up, or were approved on false papers."""
    held = locked(plan)
    needs_office(actor, held.sido_id, Capability.DECIDE_CONVERSION)
    refuse_stale(held, seen)
    _refuse_future(on, "on")
    step(held, PlanState.CANCELLED)
    held.cancelled_on, held.cancel_reason = on, reason.strip()
    with recorded("cancel_conversion_plan", held, held.sido, actor=actor, reason=reason):
        for edition in held.editions.open():  # type: ignore[attr-defined]
            edition.state, edition.decision_reason = EditionState.WITHDRAWN, reason.strip()
            edition.save()
            drop_newcomers(held, edition)
        keep(held)
    tell(
        held, "cancelled", f"사업전환계획의 승인이 취소되었습니다: {held.title}", capability=Capability.WORK_CONVERSION
    )
    return held


@transaction.atomic
def leave_plan(
    *, plan: ConversionPlan, member: PlanMember, on: date, reason: str, seen: int, actor: User,
    new_lead: PlanMember | None = None,
) -> PlanMember:  # fmt: skip
    """A firm leaves a joint plan. The lead leaves only when another firm takes its place; the last one not at all."""
    held = locked(plan)
    needs_worker(actor, lead_of(held))
    refuse_stale(held, seen)
    if held.state not in {PlanState.RUNNING, PlanState.COMPLETING}:
        raise Refusal(
            "plan_not_running", "이행 중인 계획에서만 빠질 수 있습니다. 작성 중인 계획에서는 참여기업을 빼 주세요."
        )
    _refuse_future(on, "on")
    members = {one.pk: one for one in held.members.filter(left_on=None)}
    leaving = members.get(member.pk)
    if leaving is None:
        raise Refusal("member_left", "이미 빠진 기업입니다.")
    if len(members) < 2:
        raise Refusal("last_member", "남은 기업이 하나뿐입니다. 계획을 그만두려면 승인 취소를 요청해 주세요.")
    successor = members.get(new_lead.pk) if new_lead else None
    if leaving.is_lead and (successor is None or successor == leaving):
        text = "대표기업이 빠지려면 새 대표기업을 골라 주세요."
        raise Refusal("lead_leaves", text, {"new_lead": text})
    with recorded("leave_conversion_plan", held, held.sido, actor=actor, reason=reason, company=str(leaving)):
        was_lead, leaving.is_lead = leaving.is_lead, False
        leaving.left_on, leaving.leave_reason = on, reason.strip()
        leaving.save()
        if was_lead and successor is not None:
            successor.is_lead = True
            successor.save()
        keep(held)
    tell(
        held, f"left:{leaving.pk}", f"공동 사업전환에서 한 기업이 빠졌습니다: {leaving} ({held.title})",
        capability=Capability.CHECK_CONVERSION,
    )  # fmt: skip
    return leaving
