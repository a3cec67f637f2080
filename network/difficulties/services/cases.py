"""Taking up a case, keeping its head facts, ending it, opening it anew."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from companies.models import Company, Workplace
from network.difficulties import rules
from network.difficulties.enums import UNFINISHED, WITHOUT_FOLLOW_UP, CaseState
from network.difficulties.models import Action, Case, Difficulty, DifficultyKind, FollowUp, Referent, new_code
from network.difficulties.services.common import (
    held_open,
    keep,
    lead_of,
    locked,
    needs_lead,
    offered,
    recorded,
    refuse_no_officer,
    refuse_stale,
    refuse_unseen,
    tell,
)
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import Holiday, Organization, Region, User
from portal.directory.scope import scope_of
from portal.kernel.errors import Refusal

CASE_FACTS = ("source", "source_note", "severity", "jobs_at_stake", "summary")


class AlreadyOpen(Refusal):
    """Somebody is on the firm already. `case` is the case when the asker may see it, else None.

    Who may not see it learns that a body is on it and which: two bodies that work past each other are what the rule of
    one case a firm is to prevent, and the asker must know whom to ask. More is not told, nor whether the case is
    confidential: the sentence is the same. Each such question is on record (`meet_difficulty_case`).
    """

    def __init__(self, found: Case, body: Organization, *, seen: bool) -> None:
        self.case = found if seen else None
        self.company, self.body = found.company, body
        if seen:
            text = f"이 기업에는 진행 중인 사례({found.code})가 있습니다. 그 사례에서 함께 해 주세요."
        else:
            text = f"이 기업은 {body.name_ko}에서 이미 맡고 있습니다. 새로 시작하지 말고 그 기관에 문의해 주세요."
        super().__init__("case_open", text)


def refuse_second(company: Company, actor: User) -> None:
    """Say no when the company has an open case. The caller holds the company's row."""
    found = Case.objects.open().filter(company=company).select_related("company").first()
    if found is not None:
        seen = Case.objects.visible_to(scope_of(actor)).filter(pk=found.pk).exists()
        raise AlreadyOpen(found, lead_of(found).organization, seen=seen)


def body_for(actor: User, region: Region) -> Organization:
    """For which body the actor takes up a case in a region. Refuses where they may not."""
    for grant in scope_of(actor).grants:
        here = grant.nationwide or region.pk in grant.region_ids
        if here and Capability.MANAGE_DIFFICULTIES in grant.capabilities:
            return Organization.objects.get(pk=grant.organization_id)
    text = f"{region.full_name}은(는) 관할 지역이 아니어서 사례를 시작할 수 없습니다."
    raise Refusal("region_elsewhere", text, fields={"workplace": "관할 지역의 사업장을 골라 주세요."})


def open_case(
    *,
    workplace: Workplace,
    source: str,
    severity: str,
    jobs_at_stake: int,
    summary: str,
    source_note: str = "",
    confidential: bool = False,
    kinds: Iterable[DifficultyKind] = (),
    lead: User | None = None,
    actor: User,
    is_demo: bool = False,
) -> Case:
    """Take up a firm in difficulty. The actor's body leads, by `lead` (one of its officers) or the actor.

    Refuses with `AlreadyOpen` when the firm has an open case, whoever leads it.
    """
    try:
        return _open(
            workplace=workplace, kinds=kinds, lead=lead, actor=actor,
            facts={
                "source": source, "source_note": source_note, "severity": severity, "jobs_at_stake": jobs_at_stake,
                "summary": summary, "confidential": confidential, "is_demo": is_demo,
            },
        )  # fmt: skip
    except AlreadyOpen as refusal:
        with deed("meet_difficulty_case", actor=actor) as done:  # the failed attempt itself left nothing behind
            done.about(refusal.company)
        raise


@transaction.atomic
def _open(
    *, workplace: Workplace, kinds: Iterable[DifficultyKind], lead: User | None, actor: User, facts: Mapping[str, Any]
) -> Case:
    company = Company.objects.select_for_update(no_key=True, of=("self",)).get(pk=workplace.company_id)
    if company.merged_into_id:
        raise Refusal("company_merged", "다른 기업에 합쳐진 기업입니다. 합쳐진 기업의 화면에서 시작해 주세요.")
    body = body_for(actor, workplace.region)
    refuse_second(company, actor)
    person = lead or actor
    refuse_no_officer(body, person, "lead")
    today = timezone.localdate()
    case = Case(
        code=new_code(today.year), company=company, workplace=workplace, region=workplace.region, opened_on=today,
        opened_by=actor, **facts,
    )  # fmt: skip
    case.full_clean()
    with recorded("open_difficulty_case", case, actor=actor, source=case.source):
        case.save()
        _charge(case, body, person, is_lead=True, actor=actor)
        for kind in kinds:
            _difficulty(case, kind, case.severity, "", actor)
    refuse_unseen(case, actor)
    if person != actor:
        tell(case, f"named:{person.pk}", f"사례 {case.code}의 주담당이 되었습니다.", users=[person])
    return case


def _charge(case: Case, body: Organization, user: User, *, is_lead: bool, actor: User) -> Referent:
    row = Referent(
        case=case, organization=body, user=user, is_lead=is_lead, named_by=actor,
        effective=DateTimeTZRange(timezone.now(), None),
    )  # fmt: skip
    row.full_clean()
    row.save()
    return row


def _difficulty(case: Case, kind: DifficultyKind, severity: str, text: str, actor: User) -> Difficulty:
    row = Difficulty(
        case=case, kind=kind, severity=severity, text=text, opened_on=timezone.localdate(), entered_by=actor
    )
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def edit_case(*, case: Case, facts: Mapping[str, Any], seen: int, actor: User) -> Case:
    """Change the head facts (`CASE_FACTS`). Of the leading body only."""
    case = held_open(case, actor)
    needs_lead(case, actor)
    refuse_stale(case, seen)
    for name in CASE_FACTS:
        if name in facts:
            setattr(case, name, facts[name])
    with recorded("edit_difficulty_case", case, actor=actor):
        keep(case)
    return case


@transaction.atomic
def set_confidential(*, case: Case, confidential: bool, seen: int, actor: User) -> Case:
    """From now on only the referents and the heads of their bodies see the case, or again everyone who would.

    Refuses whoever would not see it themselves afterwards, and while the lead is offered to nobody by name.
    """
    case = held_open(case, actor)
    needs_lead(case, actor)
    refuse_stale(case, seen)
    offer = offered(case)
    if confidential and offer is not None and offer.to_user_id is None:
        raise Refusal("offer_to_a_body", "기관 전체에 제안한 인계가 있습니다. 거두어들인 다음 비공개로 해 주세요.")
    case.confidential = confidential
    with recorded("confide_difficulty_case" if confidential else "disclose_difficulty_case", case, actor=actor):
        keep(case)
    if not Case.objects.visible_to(scope_of(actor)).filter(pk=case.pk).exists():
        raise Refusal("not_an_insider", "비공개로 하는 일은 이 사례의 담당자나 그 기관장만 할 수 있습니다.")
    return case


@transaction.atomic
def close_case(
    *, case: Case, outcome: str, closing_note: str, jobs_kept: int, jobs_lost: int, seen: int, actor: User
) -> Case:
    """End the case with its outcome; two later looks fall due, unless the firm is gone. It is never edited again.

    Difficulties not resolved and actions not finished stay as they are: a case opened anew takes them over.
    """
    case = held_open(case, actor)
    needs_lead(case, actor)
    refuse_stale(case, seen)
    if offered(case) is not None:
        raise Refusal("handover_offered", "답을 기다리는 인계가 있습니다. 답을 받거나 거두어들인 다음 종결해 주세요.")
    today = timezone.localdate()
    case.state, case.closed_on, case.closed_by = CaseState.CLOSED, today, actor
    case.outcome, case.closing_note, case.jobs_kept, case.jobs_lost = outcome, closing_note, jobs_kept, jobs_lost
    with recorded("close_difficulty_case", case, actor=actor, outcome=outcome):
        keep(case)
        if outcome not in WITHOUT_FOLLOW_UP:
            for months, day in rules.follow_up_days(today, Holiday.objects.days()):
                FollowUp.objects.create(case=case, months=months, due_on=day)
    others = User.objects.filter(pk__in=Referent.objects.current().filter(case=case).values("user")).exclude(
        pk=actor.pk
    )
    tell(case, "closed", f"사례 {case.code}을(를) 종결했습니다: {case.get_outcome_display()}", users=list(others))
    return case


@transaction.atomic
def reopen_case(*, case: Case, reason: str, actor: User) -> Case:
    """A new case that points to the closed one and takes over what it left: difficulties, referents, unfinished actions.

    Referents who are away are not copied; when the lead is, the actor leads. The closed case stays as it is.
    """
    Company.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.company_id)
    old = locked(case)
    refuse_unseen(old, actor)
    if old.is_open:
        raise Refusal("case_open", "종결한 사례만 다시 열 수 있습니다.")
    if old.successors.exists():
        raise Refusal("case_reopened", "이미 다시 연 사례입니다. 뒤의 사례에서 이어 주세요.")
    refuse_second(old.company, actor)
    body = _reopening_body(old, actor)
    today = timezone.localdate()
    new = Case(
        code=new_code(today.year), predecessor=old, opened_on=today, opened_by=actor, is_demo=old.is_demo,
        summary=f"{reason}\n\n{old.summary}",
        **{name: getattr(old, name) for name in (
            "company", "workplace", "region", "source", "source_note", "severity", "jobs_at_stake", "confidential",
        )},
    )  # fmt: skip
    new.full_clean()
    with recorded("reopen_difficulty_case", new, actor=actor, predecessor=old.code):
        new.save()
        _copy_referents(old, new, body, actor)
        for one in old.difficulties.filter(resolved_on=None):
            Difficulty.objects.create(
                case=new, kind=one.kind, severity=one.severity, text=one.text, opened_on=one.opened_on,
                entered_by=one.entered_by,
            )  # fmt: skip
        for act in old.actions.filter(state__in=UNFINISHED):
            Action.objects.create(
                case=new, organization=act.organization, kind=act.kind, title=act.title, due_on=act.due_on,
                state=act.state, amount=act.amount, entered_by=act.entered_by,
            )  # fmt: skip
    refuse_unseen(new, actor)
    people = User.objects.filter(pk__in=new.referents.values("user")).exclude(pk=actor.pk)
    tell(new, "reopened", f"사례 {old.code}을(를) 다시 열었습니다: {new.code}", users=list(people))
    return new


def _reopening_body(old: Case, actor: User) -> Organization:
    """A body that was on the case may reopen it, and any that may take up a case in its region."""
    for grant in scope_of(actor).grants:
        if Capability.MANAGE_DIFFICULTIES in grant.capabilities:
            row = Referent.objects.current().filter(case=old, organization=grant.organization_id).first()
            if row is not None:
                return row.organization
    return body_for(actor, old.region)


def _copy_referents(old: Case, new: Case, body: Organization, actor: User) -> None:
    away = set(Referent.objects.current().away().filter(case=old).values_list("pk", flat=True))
    kept = [row for row in Referent.objects.current().filter(case=old) if row.pk not in away]
    led = any(row.is_lead for row in kept)
    if not led:  # nobody of the old lead is left: who reopens it leads
        refuse_no_officer(body, actor, "lead")
        _charge(new, body, actor, is_lead=True, actor=actor)
    for row in kept:
        if led or row.organization_id != body.pk:
            _charge(new, row.organization, row.user, is_lead=row.is_lead, actor=actor)


@transaction.atomic
def record_follow_up(*, follow_up: FollowUp, finding: str, jobs_now: int | None, actor: User) -> FollowUp:
    """What the later look found. Once; by the body that led."""
    case = locked(follow_up.case)
    refuse_unseen(case, actor)
    needs_lead(case, actor)
    row = FollowUp.objects.select_for_update(no_key=True, of=("self",)).get(pk=follow_up.pk)
    if row.done_on is not None:
        raise Refusal("follow_up_done", "이미 확인한 내용이 있습니다.")
    row.done_on, row.done_by, row.finding, row.jobs_now = timezone.localdate(), actor, finding, jobs_now
    row.full_clean()
    with recorded("record_difficulty_follow_up", case, actor=actor, months=row.months):
        row.save()
    return row
