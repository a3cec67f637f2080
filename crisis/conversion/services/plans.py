"""Plans being written: the draft, its firms, goals and milestones, a change of an approved plan, handing in."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from companies.enums import CompanySize, OperatingState
from companies.models import Company, Industry
from crisis.conversion import rules
from crisis.conversion.enums import (
    BUDGETS,
    EDITABLE,
    EDITION_WORDS,
    INDUSTRY_KINDS,
    EditionState,
    PlanState,
    Referral,
)
from crisis.conversion.models import (
    ConversionPlan,
    Diagnosis,
    EditionMember,
    Milestone,
    PlanEdition,
    PlanGoal,
    PlanMember,
)
from crisis.conversion.services.common import (
    due_day,
    keep,
    lead_of,
    locked,
    needs_worker,
    open_edition,
    recorded,
    rule_on,
    seat_of,
    sido_of,
    step,
    tell,
)
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.kernel.db import advisory_lock
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal

CODES_LOCK = "conversion.plan.codes"
EDITION_FACTS = (
    "kind", "starts_on", "ends_on", "eligibility_note", *EDITION_WORDS, *(f"budget_{source}" for source in BUDGETS)
)  # fmt: skip
_SME = {CompanySize.MICRO, CompanySize.SMALL, CompanySize.MEDIUM}


@transaction.atomic
def draft_plan(
    *,
    company: Company,
    title: str,
    kind: str,
    starts_on: date,
    ends_on: date,
    actor: User,
    diagnosis: Diagnosis | None = None,
    is_demo: bool = False,
) -> ConversionPlan:
    """Begin a plan with its lead firm. A finished diagnosis of the firm is thereby referred to a plan."""
    needs_worker(actor, company)
    today, sido = timezone.localdate(), sido_of(seat_of(company))
    advisory_lock(CODES_LOCK)
    serial = ConversionPlan.objects.filter(code__startswith=f"CP-{today.year}-").count() + 1
    plan = ConversionPlan(code=f"CP-{today.year}-{serial:04d}", title=title, sido=sido, is_demo=is_demo)
    plan.full_clean()
    edition = PlanEdition(plan=plan, number=1, kind=kind, starts_on=starts_on, ends_on=ends_on)
    edition.full_clean(exclude=["plan"])
    with recorded("draft_conversion_plan", plan, sido, actor=actor):
        plan.save()
        edition.save()
        _join(plan, edition, company, is_lead=True, diagnosis=diagnosis)
    if diagnosis is not None and not diagnosis.referral:
        from crisis.conversion.services.diagnoses import refer_diagnosis

        refer_diagnosis(
            diagnosis=diagnosis, referral=Referral.PLAN, note=plan.code, seen=diagnosis.version, actor=actor
        )
    return plan


def _join(
    plan: ConversionPlan,
    edition: PlanEdition,
    company: Company,
    *,
    is_lead: bool = False,
    part: str = "",
    from_industry: Industry | None = None,
    to_industry: Industry | None = None,
    diagnosis: Diagnosis | None = None,
) -> PlanMember:
    if diagnosis is not None and diagnosis.company_id != company.pk:
        raise Refusal("diagnosis_of_another", "다른 기업의 진단입니다.", {"diagnosis": "이 기업의 진단을 골라 주세요."})
    member = PlanMember(plan=plan, company=company, is_lead=is_lead, diagnosis=diagnosis, joined_with=edition.number)
    member.full_clean()
    member.save()
    EditionMember.objects.create(
        edition=edition, member=member, part=part, from_industry=from_industry or company.industry,
        to_industry=to_industry,
    )  # fmt: skip
    return member


def writable(plan: ConversionPlan, seen: int, actor: User) -> tuple[ConversionPlan, PlanEdition]:
    """The plan and its open edition, held, for somebody who may write them now."""
    held = locked(plan)
    needs_worker(actor, lead_of(held))
    refuse_stale(held, seen)
    edition = open_edition(held)
    if edition.state not in EDITABLE:
        raise Refusal("edition_not_editable", f"‘{edition.get_state_display()}’인 계획은 고칠 수 없습니다.")
    return held, edition


@transaction.atomic
def save_edition(
    *,
    plan: ConversionPlan,
    facts: Mapping[str, Any],
    goals: Mapping[str, tuple[Decimal, Decimal] | None],
    seen: int,
    actor: User,
) -> ConversionPlan:
    """Write what the open edition says. `goals`: (now, aimed at) in percent by measure; None takes a goal away."""
    held, edition = writable(plan, seen, actor)
    if "title" in facts:
        held.title = facts["title"]
    for name in EDITION_FACTS:
        if name in facts:
            setattr(edition, name, facts[name])
    edition.full_clean()
    with recorded("save_conversion_plan", held, held.sido, actor=actor, edition=edition.number):
        edition.save()
        for measure, pair in goals.items():
            row = edition.goals.filter(measure=measure).first()
            if pair is None:
                if row is not None:
                    row.delete()
                continue
            row = row or PlanGoal(edition=edition, measure=measure)
            row.base, row.target = pair
            row.full_clean()
            row.save()
        keep(held)
    return held


@transaction.atomic
def put_member(
    *,
    plan: ConversionPlan,
    company: Company,
    part: str,
    from_industry: Industry | None,
    to_industry: Industry | None,
    seen: int,
    actor: User,
    diagnosis: Diagnosis | None = None,
) -> PlanMember:
    """Take a firm into the open edition, or write anew what it says of a firm it has.

    Anyone who leads the plan may name partners from elsewhere in the country: that is what joint plans are for.
    """
    held, edition = writable(plan, seen, actor)
    said = edition.firms.select_related("member").filter(member__company=company).first()
    with recorded("put_conversion_member", held, held.sido, actor=actor, company=str(company)):
        if said is None:
            member = _join(
                held, edition, company, part=part, from_industry=from_industry, to_industry=to_industry,
                diagnosis=diagnosis,
            )  # fmt: skip
        else:
            member = said.member
            said.part, said.from_industry, said.to_industry = part, from_industry, to_industry
            said.full_clean()
            said.save()
            if diagnosis is not None and diagnosis.company_id == company.pk:
                member.diagnosis = diagnosis
                member.save()
        _count(held, edition)
        keep(held)
    return member


def _count(plan: ConversionPlan, edition: PlanEdition) -> None:
    """A plan that was never approved is joint as long as it names several firms; an approved one stays what it was."""
    plan.joint = edition.firms.count() > 1 or (plan.approved_on is not None and plan.joint)


@transaction.atomic
def remove_member(*, plan: ConversionPlan, member: PlanMember, seen: int, actor: User) -> ConversionPlan:
    """Take a firm out of a draft it came with. A firm that was approved leaves by `leave_plan`."""
    held, edition = writable(plan, seen, actor)
    if member.is_lead:
        raise Refusal("lead_stays", "대표기업은 뺄 수 없습니다.")
    if member.joined_with != edition.number:
        raise Refusal("member_approved", "승인된 참여기업은 ‘참여 중단’으로 빼 주세요.")
    with recorded("remove_conversion_member", held, held.sido, actor=actor, company=str(member)):
        member.delete()
        _count(held, edition)
        keep(held)
    return held


@transaction.atomic
def put_milestone(
    *, plan: ConversionPlan, milestone: Milestone | None, title: str, text: str, due: date, seen: int, actor: User
) -> Milestone:
    """Put a step into the open edition, or write one of it anew. The due day moves off days off."""
    held, edition = writable(plan, seen, actor)
    if milestone is None:
        last = Milestone.objects.filter(edition__plan=held).aggregate(last=Max("number"))["last"] or 0
        milestone = Milestone(edition=edition, number=last + 1)
    elif milestone.edition_id != edition.pk:
        raise Refusal("milestone_of_another_edition", "지금 작성 중인 차수의 단계만 고칠 수 있습니다.")
    milestone.title, milestone.text, milestone.legal_due, milestone.due_on = title, text, due, due_day(due)
    with recorded("put_milestone", held, held.sido, actor=actor, milestone=title):
        keep(milestone)
        keep(held)
    return milestone


@transaction.atomic
def remove_milestone(*, plan: ConversionPlan, milestone: Milestone, seen: int, actor: User) -> ConversionPlan:
    """Take a step out of the open edition."""
    held, edition = writable(plan, seen, actor)
    if milestone.edition_id != edition.pk:
        raise Refusal("milestone_of_another_edition", "지금 작성 중인 차수의 단계만 뺄 수 있습니다.")
    with recorded("remove_milestone", held, held.sido, actor=actor, milestone=milestone.title):
        milestone.delete()
        keep(held)
    return held


def firm_of(said: EditionMember) -> rules.Firm:
    """A member as the rules look at it."""
    company = said.member.company
    return rules.Firm(
        name=company.name_ko,
        is_lead=said.member.is_lead,
        is_sme=None if company.size == CompanySize.UNKNOWN else company.size in _SME,
        founded_on=company.founded_on,
        operating=company.state == OperatingState.OPERATING,
        from_code=said.from_industry.code if said.from_industry else "",
        to_code=said.to_industry.code if said.to_industry else "",
    )


def firms_of(edition: PlanEdition) -> list[rules.Firm]:
    """The firms an edition names that have not left."""
    rows = edition.firms.filter(member__left_on=None)
    return [firm_of(one) for one in rows.select_related("member__company", "from_industry", "to_industry")]


def lacking(edition: PlanEdition, on: date) -> dict[str, str]:
    """What keeps the edition from being handed in on a day: field → Korean sentence."""
    proposal = rules.Proposal(
        kind=edition.kind, starts_on=edition.starts_on, ends_on=edition.ends_on,
        texts={name: getattr(edition, name) for name in EDITION_WORDS}, money=edition.budget_total,
        goals={one.measure: (one.base, one.target) for one in edition.goals.all()},
        milestones=list(edition.milestones.values_list("legal_due", flat=True)), firms=firms_of(edition),
    )  # fmt: skip
    return rules.shortfalls(
        proposal, rule_on(on).terms, on, changes_industry=edition.kind in INDUSTRY_KINDS,
        explained=bool(edition.eligibility_note.strip()),
    )  # fmt: skip


LABELS = {
    "kind": "유형", "members": "참여기업", "industries": "업종", "eligibility": "신청 자격", "budget": "재원",
    "eligibility_note": "신청 자격 확인", "ends_on": "계획 기간", "goals": "목표", "milestones": "추진 단계",
    "background": "추진 배경", "content": "전환 내용", "effect": "기대 효과",
}  # fmt: skip


@transaction.atomic
def submit_plan(*, plan: ConversionPlan, seen: int, actor: User) -> ConversionPlan:
    """Hand the open edition in, all members' parts at once. Everything that lacks is told together."""
    held, edition = writable(plan, seen, actor)
    today = timezone.localdate()
    if faults := lacking(edition, today):
        words = " ".join(f"{LABELS[name]}: {text}" for name, text in faults.items())
        raise Refusal("plan_incomplete", words, faults)
    step(edition, EditionState.SUBMITTED)
    edition.rule = rule_on(today)
    edition.submitted_at, edition.submitted_by, edition.return_comment = timezone.now(), actor, ""
    with recorded("submit_conversion_plan", held, held.sido, actor=actor, edition=edition.number):
        edition.full_clean()
        edition.save()
        keep(held)
    tell(
        held, f"{edition.number}:submitted:{held.version}", f"사업전환계획을 심사해 주세요: {held.title}",
        capability=Capability.CHECK_CONVERSION,
    )  # fmt: skip
    return held


@transaction.atomic
def withdraw_plan(*, plan: ConversionPlan, reason: str, seen: int, actor: User) -> ConversionPlan:
    """Take the open edition back. The first one ends the plan; a later one leaves the approved edition in force."""
    held = locked(plan)
    needs_worker(actor, lead_of(held))
    refuse_stale(held, seen)
    edition = open_edition(held)
    step(edition, EditionState.WITHDRAWN)
    edition.decision_reason = reason.strip()
    with recorded("withdraw_conversion_plan", held, held.sido, actor=actor, reason=reason):
        edition.save()
        drop_newcomers(held, edition)
        if held.state == PlanState.PREPARING:
            step(held, PlanState.WITHDRAWN)
        keep(held)
    return held


def drop_newcomers(plan: ConversionPlan, edition: PlanEdition) -> None:
    """Firms that came with a change that did not come about were never members."""
    if edition.number > 1:
        plan.members.filter(joined_with=edition.number).delete()
        plan.joint = plan.members.count() > 1


@transaction.atomic
def begin_change(*, plan: ConversionPlan, reason: str, seen: int, actor: User) -> PlanEdition:
    """Open a new edition that says what the approved one says; it holds only once it is approved anew."""
    held = locked(plan)
    needs_worker(actor, lead_of(held))
    refuse_stale(held, seen)
    if held.state != PlanState.RUNNING:
        raise Refusal("plan_not_running", "승인되어 이행 중인 계획만 바꿀 수 있습니다.")
    if held.editions.open().exists():  # type: ignore[attr-defined]
        raise Refusal("edition_open", "작성하거나 심사 중인 변경이 이미 있습니다.")
    old = held.editions.get(state=EditionState.APPROVED)
    last = held.editions.aggregate(last=Max("number"))["last"]
    edition = PlanEdition(
        plan=held, number=last + 1, change_reason=reason.strip(),
        **{name: getattr(old, name) for name in EDITION_FACTS},
    )  # fmt: skip
    with recorded("change_conversion_plan", held, held.sido, actor=actor, reason=reason):
        edition.full_clean()
        edition.save()
        for said in old.firms.filter(member__left_on=None):
            said.pk, said.edition = None, edition
            said._state.adding = True
            said.save()
        for goal in old.goals.all():
            PlanGoal.objects.create(edition=edition, measure=goal.measure, base=goal.base, target=goal.target)
        for one in Milestone.objects.of_plan(held).owed():
            Milestone.objects.create(
                edition=edition, number=one.number, title=one.title, text=one.text, legal_due=one.legal_due,
                due_on=one.due_on, origin=one,
            )  # fmt: skip
        keep(held)
    return edition
