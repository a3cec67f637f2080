"""What outside registers say otherwise is laid before somebody; nothing is overwritten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from companies import rules
from companies.enums import DIFFERENCE_NEXT_STATES, DifferenceState, OperatingState
from companies.models import Company, RegistryDifference, Workplace
from companies.rules.registers import TaxStatus
from companies.services.editing import locked
from companies.services.permission import refuse_stranger
from companies.services.registering import change_company, home_region
from companies.services.standing import change_state
from companies.services.workplaces import close_workplace
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.errors import Refusal

TAX_OFFICE = "NTS"
UNKNOWN_NUMBER = "국세청에 등록되지 않은 번호"
TAKEN_OVER = ("name_ko", "name_en", "corporate_number", "representative", "homepage", "phone", "founded_on")
"""Facts of a company that an outside profile may give and somebody may take over."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison did: answers read, those of nobody here, new differences, and those that were known."""

    answers: int
    strangers: int
    found: int
    known: int


@dataclass(frozen=True, slots=True)
class _Said:
    company: Company
    workplace: Workplace | None
    field: str
    ours: str
    theirs: str
    effective_on: date | None
    answer: Mapping[str, Any]


@transaction.atomic
def compare_tax_status(*, answers: Iterable[TaxStatus], as_of: date, actor: User | None) -> Compared:
    """Lay the tax office's answers (`rules.registers.tax_answers`) beside our states.

    The number of a headquarters speaks of the company, that of another site of the site alone.
    """
    answers = list({answer.number: answer for answer in answers}.values())
    places = {
        place.business_number: place
        for place in Workplace.objects.filter(business_number__in=[a.number for a in answers]).select_related("company")
    }
    said = []
    for answer in answers:
        if (place := places.get(answer.number)) is not None:
            said += _tax_said(place, answer)
    return _lay_out(said, (len(answers), len(answers) - len(places)), TAX_OFFICE, as_of, actor)


def _tax_said(place: Workplace, answer: TaxStatus) -> list[_Said]:
    company = place.company
    if not answer.state:
        number = rules.written_business_number(place.business_number)
        return [_Said(company, place, "business_number", number, UNKNOWN_NUMBER, None, answer.answer)]
    label = OperatingState(answer.state).label
    if place.is_headquarters:
        ours = OperatingState(company.state).label
        return [_Said(company, None, "state", str(ours), str(label), answer.ended_on, answer.answer)]
    closed = place.effective.upper is not None
    ours = OperatingState.CLOSED.label if closed else OperatingState.OPERATING.label
    return [_Said(company, place, "workplace_state", str(ours), str(label), answer.ended_on, answer.answer)]


@transaction.atomic
def compare_profiles(
    *, profiles: Iterable[Mapping[str, Any]], source: str, as_of: date, actor: User | None
) -> Compared:
    """Lay outside profiles beside ours: each has `business_number` and any of TAKEN_OVER; empty facts say nothing."""
    profiles = list({profile["business_number"]: profile for profile in profiles}.values())
    places = {
        place.business_number: place
        for place in Workplace.objects.headquarters()
        .filter(business_number__in=[profile["business_number"] for profile in profiles])
        .select_related("company")
    }
    said = []
    for profile in profiles:
        place = places.get(profile["business_number"])
        if place is None:
            continue
        for name in TAKEN_OVER:
            theirs = profile.get(name)
            if theirs not in (None, ""):
                ours = getattr(place.company, name)
                said.append(_Said(place.company, None, name, _text(ours), _text(theirs), None, dict(profile)))
    return _lay_out(said, (len(profiles), len(profiles) - len(places)), source, as_of, actor)


def _text(value: Any) -> str:
    return (value.isoformat() if isinstance(value, date) else str(value or ""))[:200]


def _lay_out(said: list[_Said], read: tuple[int, int], source: str, as_of: date, actor: User | None) -> Compared:
    """Keep what differs; let go what no longer does; ask no second time what somebody already declined."""
    companies = {one.company.pk for one in said}
    earlier = RegistryDifference.objects.filter(company__in=companies, source=source).order_by("pk")
    pending, declined = {}, {}
    for row in earlier:
        key = (row.company_id, row.workplace_id, row.field)
        if row.state == DifferenceState.PENDING:
            pending[key] = row
        elif row.state == DifferenceState.REJECTED:
            declined[key] = (row.ours, row.theirs)
    fresh, outdated, known = [], [], 0
    for one in said:
        key = (one.company.pk, one.workplace.pk if one.workplace else None, one.field)
        old = pending.get(key)
        if old is not None and (old.ours, old.theirs) == (one.ours, one.theirs):
            known += 1
            continue
        if old is not None:
            outdated.append(old.pk)
        if one.ours == one.theirs:
            continue
        if declined.get(key) == (one.ours, one.theirs):
            known += 1
            continue
        fresh.append(
            RegistryDifference(
                company=one.company,
                workplace=one.workplace,
                field=one.field,
                ours=one.ours,
                theirs=one.theirs,
                effective_on=one.effective_on,
                source=source,
                as_of=as_of,
                answer=_plain(one.answer),
            )
        )
    with deed("compare_register", actor=actor, reason=source):
        RegistryDifference.objects.filter(pk__in=outdated).update(
            state=DifferenceState.OUTDATED, updated_at=timezone.now()
        )
        RegistryDifference.objects.bulk_create(fresh, batch_size=1000)
    return Compared(*read, len(fresh), known)


def _plain(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _text(value) if isinstance(value, date) else value for key, value in answer.items()}


@transaction.atomic
def accept_difference(
    *, difference: RegistryDifference, on: date | None = None, actor: User, reason: str = ""
) -> RegistryDifference:
    """Take the outside value over, as a deed of its own. `on`: since when, if the register does not say.

    Refuses if our value is no longer the one that was compared: the difference is then out of date.
    """
    row = locked(RegistryDifference, difference.pk)
    _refuse_decided(row, DifferenceState.ACCEPTED)
    since = on or row.effective_on or row.as_of
    with deed("accept_difference", actor=actor, reason=reason) as done:
        _take_over(row, since, actor, reason or f"{row.source} {row.as_of.isoformat()}")
        _decide(row, DifferenceState.ACCEPTED, actor, reason)
        done.about(row.company, region=home_region(row.company), field=row.field, source=row.source)
    return row


def _take_over(row: RegistryDifference, since: date, actor: User, reason: str) -> None:
    company = row.company
    if row.field == "state":
        if str(OperatingState(company.state).label) != row.ours:
            raise _outdated()
        state = next(value for value, label in OperatingState.choices if str(label) == row.theirs)
        change_state(company=company, state=state, since=since, source=row.source, actor=actor, reason=reason)
    elif row.field == "workplace_state" and row.workplace is not None:
        if row.theirs != str(OperatingState.CLOSED.label):
            raise Refusal("by_hand", "사업장의 휴업·재개는 사업장 화면에서 직접 고친 다음 이 알림을 넘겨 주세요.")
        close_workplace(workplace=row.workplace, on=since, actor=actor, reason=reason)
    elif row.field in TAKEN_OVER:
        if _text(getattr(company, row.field)) != row.ours:
            raise _outdated()
        field: Any = Company._meta.get_field(row.field)
        value = field.to_python(row.theirs)
        renamed = row.field == "name_ko"
        change_company(
            company=company, version=None, changes={row.field: value}, actor=actor, reason=reason, renamed=renamed
        )
    else:
        raise Refusal("by_hand", "번호를 직접 확인해 고친 다음 이 알림을 ‘받아들이지 않음’으로 넘겨 주세요.")


def _outdated() -> Refusal:
    return Refusal("difference_outdated", "포털의 값이 그 뒤 바뀌었습니다. 외부 자료와 다시 견주어 주세요.")


@transaction.atomic
def reject_difference(*, difference: RegistryDifference, actor: User, reason: str) -> RegistryDifference:
    """Keep our value. The same difference is not asked again; a new outside value is."""
    if not reason.strip():
        raise Refusal("reason_missing", "받아들이지 않는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    row = locked(RegistryDifference, difference.pk)
    refuse_stranger(actor, row.company)
    _refuse_decided(row, DifferenceState.REJECTED)
    with deed("reject_difference", actor=actor, reason=reason) as done:
        _decide(row, DifferenceState.REJECTED, actor, reason)
        done.about(row.company, region=home_region(row.company), field=row.field, source=row.source)
    return row


def _refuse_decided(row: RegistryDifference, state: str) -> None:
    if state not in DIFFERENCE_NEXT_STATES[row.state]:
        raise Refusal("difference_decided", f"이미 ‘{row.get_state_display()}’(으)로 처리된 알림입니다.")


def _decide(row: RegistryDifference, state: str, actor: User, reason: str) -> None:
    row.state, row.decided_at, row.decided_by, row.reason = state, timezone.now(), actor, reason.strip()
    row.full_clean()
    row.save()
