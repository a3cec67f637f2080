"""Operating states, certifications and rights of a company."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from companies.enums import OperatingState
from companies.models import Certification, Company, CompanyState, Patent
from companies.services.editing import apply, locked
from companies.services.permission import refuse_stranger
from companies.services.registering import home_region
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.dates import period
from portal.kernel.errors import Refusal


@transaction.atomic
def change_state(
    *,
    company: Company,
    state: str,
    since: date,
    source: str = "",
    note: str = "",
    actor: User | None = None,
    reason: str = "",
) -> CompanyState:
    """The company operates, pauses or is closed from a day on. The state before ends that day."""
    refuse_stranger(actor, company)
    if since > timezone.localdate():
        raise Refusal(
            "day_in_future", "아직 오지 않은 날은 적을 수 없습니다.", {"since": "오늘까지의 날을 적어 주세요."}
        )
    row = locked(Company, company.pk)
    last = row.states.order_by("effective").last()
    if (last.state if last else row.state) == state:
        raise Refusal("state_same", f"이미 ‘{OperatingState(state).label}’ 상태입니다.")
    start = last.effective.lower if last else None
    if last and start and since <= start:
        raise Refusal(
            "state_too_early",
            f"‘{last.get_state_display()}’이(가) 시작된 {start:%Y. %-m. %-d.} 뒤의 날이어야 합니다.",
            {"since": "날짜를 확인해 주세요."},
        )
    with deed("change_company_state", actor=actor, reason=reason) as done:
        if last is None:
            began = row.founded_on if row.founded_on and row.founded_on < since else None
            CompanyState.objects.create(company=row, state=row.state, effective=period(began, since))
        else:
            last.effective = period(start, since)
            last.save(update_fields=["effective"])
        fresh = CompanyState(company=row, state=state, effective=period(since), source=source, note=note)
        fresh.full_clean()
        fresh.save()
        apply(row, {"state": state})
        done.about(row, region=home_region(row), state=state, since=since.isoformat())
    return fresh


@transaction.atomic
def put_certification(
    *,
    company: Company,
    kind: str,
    number: str = "",
    issuer: str = "",
    start: date | None,
    end: date | None = None,
    source: str = "",
    certification: Certification | None = None,
    actor: User | None = None,
) -> Certification:
    """Enter a certification, or correct the given one. It holds from `start` up to, not including, `end`."""
    refuse_stranger(actor, company)
    if start and end and end <= start:
        raise Refusal("period_empty", "끝나는 날은 시작하는 날보다 늦어야 합니다.", {"end": "날짜를 확인해 주세요."})
    row = locked(Certification, certification.pk) if certification else Certification(company=company)
    row.kind, row.number, row.issuer, row.source = kind, number.strip(), issuer.strip(), source
    row.effective = period(start, end)
    with deed("put_certification", actor=actor) as done:
        row.full_clean()
        row.save()
        done.about(company, region=home_region(company), kind=kind, number=row.number)
    return row


@transaction.atomic
def end_certification(
    *, certification: Certification, on: date, actor: User | None = None, reason: str = ""
) -> Certification:
    """The certification no longer holds from a day on: withdrawn, given back, lapsed."""
    refuse_stranger(actor, certification.company)
    row = locked(Certification, certification.pk)
    if row.effective.lower and on <= row.effective.lower:
        raise Refusal("period_empty", "끝나는 날은 시작하는 날보다 늦어야 합니다.", {"on": "날짜를 확인해 주세요."})
    row.effective = period(row.effective.lower, on)
    with deed("end_certification", actor=actor, reason=reason) as done:
        row.save(update_fields=["effective"])
        done.about(row.company, region=home_region(row.company), kind=row.kind, on=on.isoformat())
    return row


@transaction.atomic
def put_patent(
    *, company: Company, facts: dict[str, Any], patent: Patent | None = None, actor: User | None = None
) -> Patent:
    """Enter a right, or correct the given one. `facts`: fields of `Patent` without the company."""
    refuse_stranger(actor, company)
    row = locked(Patent, patent.pk) if patent else Patent(company=company)
    for name, value in facts.items():
        setattr(row, name, value)
    with deed("put_patent", actor=actor) as done:
        row.full_clean()
        row.save()
        done.about(company, region=home_region(company), title=row.title)
    return row


@transaction.atomic
def remove_patent(*, patent: Patent, actor: User | None = None, reason: str) -> None:
    """Take a right away that was entered by mistake; the history keeps it."""
    refuse_stranger(actor, patent.company)
    if not reason.strip():
        raise Refusal("reason_missing", "지우는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    with deed("remove_patent", actor=actor, reason=reason) as done:
        done.about(patent.company, region=home_region(patent.company), title=patent.title)
        patent.delete()
