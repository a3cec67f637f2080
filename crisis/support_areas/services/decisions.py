"""Designation, notice, extension, release, expiry (Act §23–24, decree §26–28)."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from crisis.support_areas import rules
from crisis.support_areas.enums import CaseState, OpinionKind, Purpose, ReportState, TermKind
from crisis.support_areas.models import SupportCase, Term, YearlyReport
from crisis.support_areas.services.common import (
    case_url,
    keep,
    locked,
    needs_ministry,
    recorded,
    rule_on,
    step,
)
from portal.directory.enums import Capability
from portal.directory.models import Holiday, User
from portal.directory.services import notify
from portal.kernel.dates import period
from portal.kernel.deadlines import next_working_day
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal


def lacking_for(case: SupportCase, purpose: str) -> list[str]:
    """What must be on record before a decision of this purpose: Korean sentences, empty when nothing lacks.

    Designation: the opinion of a research body and every ministry that was asked (decree §26). Extension: the findings
    of an inquiry. Release: a research body's and the 시·도's opinion (decree §28).
    """
    lacking = []
    opinions = list(case.opinions.filter(purpose=purpose))
    received = {one.kind for one in opinions if one.received_on}
    if purpose == Purpose.DESIGNATION:
        if OpinionKind.RESEARCH not in received:
            lacking.append("전문연구기관의 의견이 있어야 합니다.")
        if OpinionKind.MINISTRY not in received:
            lacking.append("관계 부처와 협의한 결과가 있어야 합니다.")
        late = [one.body_name for one in opinions if one.kind == OpinionKind.MINISTRY and not one.received_on]
        if late:
            lacking.append(f"아직 회신하지 않은 관계 부처가 있습니다: {', '.join(late)}.")
    elif purpose == Purpose.EXTENSION:
        if not case.inquiries.filter(purpose=purpose, reported_on__isnull=False).exists():
            lacking.append("연장은 조사단의 조사 결과가 있어야 합니다.")
    else:
        if OpinionKind.RESEARCH not in received:
            lacking.append("해제에는 전문연구기관의 의견이 있어야 합니다.")
        if OpinionKind.PROVINCE not in received:
            lacking.append("해제에는 시·도의 의견이 있어야 합니다.")
    return lacking


def _ready(case: SupportCase, purpose: str) -> None:
    if lacking := lacking_for(case, purpose):
        raise Refusal("not_ready", " ".join(lacking))


def _owe_reports(case: SupportCase, designated: date, last: date) -> None:
    holidays = Holiday.objects.days()
    known = set(case.reports.values_list("year", flat=True))
    for year, legal in rules.report_days(designated, last):
        if year not in known:
            YearlyReport.objects.create(case=case, year=year, legal_due=legal, due_on=next_working_day(legal, holidays))


def _tell(case: SupportCase, what: str, title: str) -> None:
    """The 시·도 and the regional office learn of it."""
    for capability in (Capability.APPLY_SUPPORT_AREAS, Capability.PREPARE_DECISIONS):
        notify(
            kind=f"support_case_{what}",
            key=f"support-case:{case.code}:{case.version}:{what}",
            title=title,
            url=case_url(case),
            regions=[case.sido_id],
            capability=capability,
        )


@transaction.atomic
def designate(
    *,
    case: SupportCase,
    starts_on: date,
    ends_on: date,
    support_content: str,
    decided_on: date,
    reason: str,
    seen: int,
    actor: User,
) -> Term:
    """Decide: designated, for how long and with what support. Owes the 시·도 its yearly reports."""
    case = locked(case)
    needs_ministry(actor)
    refuse_stale(case, seen)
    _ready(case, Purpose.DESIGNATION)
    faults = rules.faults_of_term(starts_on, ends_on, years=rule_on(decided_on).term_years)
    if faults:
        raise Refusal("term", " ".join(faults.values()), fields=faults)
    step(case, CaseState.DESIGNATED)
    case.decided_on, case.decided_by, case.decision_reason = decided_on, actor, reason
    term = Term(
        case=case, kind=TermKind.FIRST, effective=period(starts_on, ends_on + timedelta(days=1)), planned_until=ends_on,
        support_content=support_content, decided_on=decided_on, decided_by=actor,
    )  # fmt: skip
    with recorded("designate_support_area", case, actor=actor, reason=reason):
        keep(case)
        term.full_clean()
        term.save()
        _owe_reports(case, starts_on, ends_on)
    _tell(case, "designated", f"특별지원지역으로 지정되었습니다: {case.name} ({starts_on} ~ {ends_on})")
    return term


@transaction.atomic
def reject(*, case: SupportCase, decided_on: date, reason: str, seen: int, actor: User) -> SupportCase:
    """Decide: not designated, and why."""
    case = locked(case)
    needs_ministry(actor)
    refuse_stale(case, seen)
    step(case, CaseState.REJECTED)
    case.decided_on, case.decided_by, case.decision_reason = decided_on, actor, reason
    with recorded("reject_support_area", case, actor=actor, reason=reason):
        keep(case)
    _tell(case, "rejected", f"특별지원지역으로 지정하지 않기로 했습니다: {case.name}")
    return case


@transaction.atomic
def publish_notice(*, term: Term, number: str, on: date, actor: User) -> Term:
    """The number and day of the notice in the gazette (관보)."""
    case = locked(term.case)
    needs_ministry(actor)
    term = Term.objects.select_for_update(no_key=True).get(pk=term.pk)
    term.notice_number, term.notice_on = number, on
    term.full_clean()
    with recorded("publish_support_notice", case, actor=actor, number=number):
        term.save()
    return term


@transaction.atomic
def extend(
    *,
    case: SupportCase,
    requested_on: date,
    ends_on: date,
    support_content: str,
    decided_on: date,
    seen: int,
    actor: User,
) -> Term:
    """Extend once, on a request made before the term ended, resting on the inquiry's findings."""
    case = locked(case)
    needs_ministry(actor)
    refuse_stale(case, seen)
    if case.state != CaseState.DESIGNATED:
        raise Refusal("not_designated", "지정 중인 지역만 연장할 수 있습니다.")
    first = case.terms.get(kind=TermKind.FIRST)
    if case.terms.filter(kind=TermKind.EXTENSION).exists():
        raise Refusal("extended_once", "연장은 한 번만 할 수 있습니다.")
    if requested_on > first.planned_until:
        text = f"연장은 기간이 끝나기 전({first.planned_until:%Y-%m-%d})까지 신청해야 합니다."
        raise Refusal("requested_late", text, fields={"requested_on": text})
    _ready(case, Purpose.EXTENSION)
    starts_on = first.planned_until + timedelta(days=1)
    faults = rules.faults_of_term(
        starts_on, ends_on, years=rule_on(decided_on).extension_years, after=first.planned_until
    )
    if faults:
        raise Refusal("term", " ".join(faults.values()), fields=faults)
    term = Term(
        case=case, kind=TermKind.EXTENSION, effective=period(starts_on, ends_on + timedelta(days=1)), planned_until=ends_on,
        support_content=support_content, requested_on=requested_on, decided_on=decided_on, decided_by=actor,
    )  # fmt: skip
    with recorded("extend_support_area", case, actor=actor):
        keep(case)
        term.full_clean()
        term.save()
        _owe_reports(case, first.first_day, ends_on)
    _tell(case, "extended", f"특별지원지역 지정이 연장되었습니다: {case.name} (~ {ends_on})")
    return term


@transaction.atomic
def release(
    *,
    case: SupportCase,
    on: date,
    reason: str,
    incentive: str,
    incentive_until: date | None,
    seen: int,
    actor: User,
) -> SupportCase:
    """End early because the economy recovered. From `on` the area is designated no more; an incentive may follow."""
    case = locked(case)
    needs_ministry(actor)
    refuse_stale(case, seen)
    if case.state != CaseState.DESIGNATED:
        raise Refusal("not_designated", "지정 중인 지역만 해제할 수 있습니다.")
    current = case.terms.in_force_on(on).select_for_update(no_key=True).first()  # type: ignore[attr-defined]
    if current is None or on <= current.effective.lower:
        text = "해제일은 지정 기간 안이어야 합니다."
        raise Refusal("release_day", text, fields={"on": text})
    if incentive_until is not None and incentive_until < on:
        text = "인센티브는 해제일부터 줄 수 있습니다."
        raise Refusal("incentive_day", text, fields={"incentive_until": text})
    _ready(case, Purpose.RELEASE)
    step(case, CaseState.RELEASED)
    case.released_on, case.released_at, case.release_reason = on, timezone.now(), reason
    case.incentive, case.incentive_until = incentive, incentive_until
    with recorded("release_support_area", case, actor=actor, reason=reason):
        keep(case)
        current.effective = period(current.effective.lower, on)
        current.full_clean()
        current.save()
        case.terms.filter(effective__startswith__gt=on).delete()
        case.reports.filter(state=ReportState.OWED, legal_due__gt=on).delete()
    _tell(case, "released", f"특별지원지역에서 해제되었습니다: {case.name} ({on})")
    return case


@transaction.atomic
def expire_due(*, today: date | None = None) -> int:
    """Areas whose last term is over are no longer designated. Returns how many; running it twice changes nothing."""
    today = today or timezone.localdate()
    over = 0
    designated = SupportCase.objects.filter(state=CaseState.DESIGNATED)
    for candidate in designated.exclude(terms__effective__endswith__gt=today):
        case = locked(candidate)
        if case.state != CaseState.DESIGNATED:
            continue
        step(case, CaseState.EXPIRED)
        with recorded("expire_support_area", case, actor=None):
            keep(case)
        _tell(case, "expired", f"특별지원지역 지정 기간이 끝났습니다: {case.name}")
        over += 1
    return over
