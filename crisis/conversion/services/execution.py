"""Carrying out: the dedicated manager, milestones reported and checked, contacts with the firms."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from crisis.conversion.enums import IN_EXECUTION, EditionState, MilestoneState, PlanState
from crisis.conversion.models import Contact, ConversionPlan, ManagerTerm, Milestone
from crisis.conversion.selectors.managers import candidates
from crisis.conversion.services.common import (
    keep,
    lead_of,
    locked,
    needs_office,
    needs_worker,
    plan_url,
    recorded,
    seat_of,
    step,
    tell,
)
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.services import notify, settle_notices
from portal.kernel.dates import period
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal


@transaction.atomic
def assign_manager(*, plan: ConversionPlan, manager: User, on: date, note: str, seen: int, actor: User) -> ManagerTerm:
    """Give the plan its manager from a day on. Whoever had it before ends on the eve, and hands over with a note."""
    held = locked(plan)
    needs_office(actor, held.sido_id, Capability.CHECK_CONVERSION)
    refuse_stale(held, seen)
    if held.state not in IN_EXECUTION:
        raise Refusal("plan_not_running", "승인되어 이행 중인 계획에만 전담매니저를 둘 수 있습니다.")
    if not candidates(seat_of(lead_of(held)), on).filter(pk=manager.pk).exists():
        text = "이 지역의 사업전환을 맡는 담당자 가운데에서 골라 주세요."
        raise Refusal("manager_elsewhere", text, {"manager": text})
    last = held.managers.order_by("-effective").first()  # type: ignore[attr-defined]
    faults = {}
    if last is not None:
        if last.manager_id == manager.pk:
            faults["manager"] = "이미 이 계획의 전담매니저입니다."
        if on <= last.effective.lower:
            faults["on"] = f"지금 전담매니저가 맡은 날({last.effective.lower:%Y-%m-%d}) 다음부터 바꿀 수 있습니다."
        if not note.strip():
            faults["note"] = "다음 매니저에게 넘길 내용을 적어 주세요."
    elif held.approved_on and on < held.approved_on:
        faults["on"] = "승인일부터 맡을 수 있습니다."
    if faults:
        raise Refusal("manager", " ".join(faults.values()), faults)
    term = ManagerTerm(plan=held, manager=manager, effective=period(on), assigned_by=actor)
    with recorded("assign_conversion_manager", held, held.sido, actor=actor, manager=manager.name):
        if last is not None:
            last.effective, last.handover_note = period(last.effective.lower, on), note.strip()
            last.save()
        term.full_clean()
        term.save()
        keep(held)
    notify(
        kind="conversion_manager", key=f"conversion-manager:{term.pk}", url=plan_url(held), users=[manager],
        title=f"사업전환계획의 전담매니저로 배정되었습니다: {held.title}",
    )  # fmt: skip
    return term


def _milestone(milestone: Milestone, seen: int) -> tuple[ConversionPlan, Milestone]:
    plan = locked(milestone.edition.plan)
    row = Milestone.objects.select_for_update(no_key=True, of=("self",)).select_related("edition").get(pk=milestone.pk)
    refuse_stale(row, seen)
    if plan.state != PlanState.RUNNING:
        raise Refusal("plan_not_running", "이행 중인 계획의 단계만 다룰 수 있습니다.")
    return plan, row


@transaction.atomic
def report_milestone(*, milestone: Milestone, result: str, seen: int, actor: User) -> Milestone:
    """Report a step as done. At least one piece of evidence must be there; late when the due day has passed."""
    plan, row = _milestone(milestone, seen)
    needs_worker(actor, lead_of(plan))
    handed_in = row.state == MilestoneState.RETURNED
    if row.edition.state != EditionState.APPROVED and not handed_in:
        raise Refusal("milestone_replaced", "적용 중인 차수의 단계만 보고할 수 있습니다.")
    faults = {}
    if not result.strip():
        faults["result"] = "추진 실적을 적어 주세요."
    if not row.files.exists():
        faults["file"] = "증빙을 하나 이상 붙여 주세요."
    if faults:
        raise Refusal("milestone_incomplete", " ".join(faults.values()), faults)
    step(row, MilestoneState.REPORTED)
    if row.reported_at is None:
        row.late = timezone.localdate() > row.due_on
    row.result, row.return_comment = result.strip(), ""
    row.reported_at, row.reported_by = timezone.now(), actor
    with recorded("report_milestone", plan, plan.sido, actor=actor, milestone=row.title, late=row.late):
        keep(row)
    settle_notices(*(f"conversion-plan:{plan.code}:milestone:{row.pk}:{what}" for what in ("soon", "late")))
    tell(
        plan, f"milestone:{row.pk}:reported:{row.version}", f"추진 단계를 확인해 주세요: {plan.title} – {row.title}",
        capability=Capability.CHECK_CONVERSION,
    )  # fmt: skip
    return row


@transaction.atomic
def check_milestone(*, milestone: Milestone, seen: int, actor: User) -> Milestone:
    """The office has seen the evidence. Nobody checks what they reported themselves."""
    plan, row = _milestone(milestone, seen)
    needs_office(actor, plan.sido_id, Capability.CHECK_CONVERSION)
    if row.reported_by_id == actor.pk:
        raise Refusal("own_milestone", "보고한 사람이 스스로 확인할 수 없습니다. 다른 담당자에게 맡겨 주세요.")
    step(row, MilestoneState.CHECKED)
    row.checked_at, row.checked_by = timezone.now(), actor
    with recorded("check_milestone", plan, plan.sido, actor=actor, milestone=row.title):
        keep(row)
    return row


@transaction.atomic
def return_milestone(*, milestone: Milestone, comment: str, seen: int, actor: User) -> Milestone:
    """Back with what is to be mended."""
    plan, row = _milestone(milestone, seen)
    needs_office(actor, plan.sido_id, Capability.CHECK_CONVERSION)
    step(row, MilestoneState.RETURNED)
    row.return_comment = comment.strip()
    with recorded("return_milestone", plan, plan.sido, actor=actor, reason=comment, milestone=row.title):
        keep(row)
    tell(
        plan, f"milestone:{row.pk}:returned:{row.version}", f"추진 단계의 보고를 보완해 주세요: {plan.title} – {row.title}",
        capability=Capability.WORK_CONVERSION,
    )  # fmt: skip
    return row


@transaction.atomic
def log_contact(*, plan: ConversionPlan, on: date, channel: str, text: str, actor: User) -> Contact:
    """Write down a contact with the firms of a plan that is being carried out."""
    held = locked(plan)
    needs_worker(actor, lead_of(held))
    if held.state not in IN_EXECUTION:
        raise Refusal("plan_not_running", "이행 중인 계획에만 접촉을 적을 수 있습니다.")
    today = timezone.localdate()
    if on > today or (held.approved_on and on < held.approved_on - timedelta(days=365)):
        raise Refusal("contact_day", "접촉일을 확인해 주세요.", {"on": "오늘까지의 날을 적어 주세요."})
    contact = Contact(plan=held, on=on, channel=channel, text=text, by=actor)
    contact.full_clean()
    with recorded("log_conversion_contact", held, held.sido, actor=actor, on=on.isoformat()):
        contact.save()
    return contact
