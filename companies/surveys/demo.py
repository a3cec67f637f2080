"""Demo: a closed, an open and a coming round over the invented companies, with sheets in every state.

The rows are written as they would stand had the rounds been held: services know only today. Everything is marked 예시;
loading twice changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from companies.models import Company, CompanyYear
from companies.surveys import services
from companies.surveys.enums import ExceptionKind, Mark, SubmissionState, TargetKind
from companies.surveys.models import (
    FieldMark,
    LockException,
    RegionWindow,
    Revision,
    Submission,
    SurveyForm,
    SurveyRound,
    Target,
)
from companies.surveys.selectors import Calendar
from portal.directory.audit import deed
from portal.directory.models import Region, User
from portal.kernel.dates import period

MARK = "예시"
HQ, WRITER, REVIEWER = "hq", "tp-gyeongnam", "gyeongnam"
OWN_SIDO, MOVED_SIDO = "48", "47"
"""The 시·도 of the demo's officers, and one whose dates were moved."""
ELSEWHERE = (("survey-writer", "조사담당(예시)"), ("survey-reviewer", "검토담당(예시)"))
"""Who wrote and reviewed in the other regions; nobody can log in with these."""
_STATES = ("APPROVED", "SUBMITTED", "DRAFT", "APPROVED", "RETURNED", "", "SUBMITTED", "APPROVED", "DRAFT", "SUBMITTED")
_TENDENCY = ("SALES", "FUND", "PEOPLE", "COST", "TECH", "RULE", "OTHER")


@dataclass(frozen=True, slots=True)
class _Hands:
    writer: User
    reviewer: User


@transaction.atomic
def load_survey_demo() -> dict[str, int]:
    """Hold the demo's rounds. Needs the survey forms, the invented companies and the demo accounts.

    Returns how many demo rounds, targets and sheets there are. Where one of these is missing nothing is made.
    """
    people = {user.login_id: user for user in User.objects.filter(login_id__in=(HQ, WRITER, REVIEWER), is_demo=True)}
    companies = list(Company.objects.not_merged().operating().filter(is_demo=True).order_by("pk"))
    forms = {form.code: form for form in SurveyForm.objects.order_by("version")}
    ready = len(people) == 3 and companies and {"sme-fact", "sme-trend"} <= forms.keys()
    if ready and not SurveyRound.objects.filter(is_demo=True).exists():
        with deed("load_demo", actor=None, reason="companies/surveys/demo"):
            _hold(people, companies, forms)
    return {
        "rounds": SurveyRound.objects.filter(is_demo=True).count(),
        "targets": Target.objects.filter(round__is_demo=True).count(),
        "sheets": Submission.objects.filter(target__round__is_demo=True).count(),
    }


def _hold(people: dict[str, User], companies: list[Company], forms: dict[str, SurveyForm]) -> None:
    hq = people[HQ]
    own = _Hands(people[WRITER], people[REVIEWER])
    others = _Hands(*(_nobody(login, name) for login, name in ELSEWHERE))
    this_year = timezone.localdate().year
    fact, trend = forms["sme-fact"], forms["sme-trend"]
    closed = _round(fact, this_year - 2, "실태조사", (-170, -140, -125), hq)
    current = _round(fact, this_year - 1, "실태조사", (-24, 5, 20), hq)
    _round(trend, this_year, "다음 분기 경기동향", (20, 40, 45), hq)
    for survey in (closed, current):
        services.add_targets(survey=survey, companies=companies, kind=TargetKind.SAMPLE, actor=hq)
    _move_dates(current, hq)
    _write_sheets(closed, own, others, is_closed=True)
    _write_sheets(current, own, others, is_closed=False)
    _grant(closed, hq)


def _nobody(login_id: str, name: str) -> User:
    found = User.objects.filter(login_id=login_id).first()
    return found or User.objects.create_user(login_id, None, name=name, is_demo=True, is_active=False)


def _round(form: SurveyForm, year: int, title: str, days: tuple[int, int, int], hq: User) -> SurveyRound:
    opens, due, closes = (timezone.localdate() + timedelta(days=n) for n in days)
    return services.create_round(
        code=f"demo-{form.code}-{year}", title=f"{year}년 {title}({MARK})", form=form, year=year, opens_on=opens,
        due_on=due, closes_on=closes, is_demo=True, actor=hq,
        purpose="기간·목적·대상·내용을 적는 자리입니다. 대상은 지어낸 기업이며 답도 지어낸 것입니다.",
    )  # fmt: skip


def _move_dates(survey: SurveyRound, hq: User) -> None:
    """A 시·도 that was asked earlier than the others and is past its due date."""
    region = Region.objects.filter(scheme="MOIS", code=MOVED_SIDO).first()
    if region is None:
        return
    RegionWindow.objects.create(
        round=survey, region=region, opens_on=survey.opens_on, due_on=timezone.localdate() - timedelta(days=6),
        closes_on=survey.closes_on, reason=f"지역 조사 인력 일정({MARK})", set_by=hq,
    )  # fmt: skip


def _grant(survey: SurveyRound, hq: User) -> None:
    """The lock of the closed round is open again for one company of the officers' own 시·도 that has handed nothing in."""
    target = Target.objects.filter(round=survey, region__parent__code=OWN_SIDO).missing().order_by("pk").first()
    if target is None:
        return
    today = timezone.localdate()
    LockException.objects.create(
        round=survey, kind=ExceptionKind.TARGET, region=target.region, target=target,
        effective=period(today - timedelta(days=1), today + timedelta(days=14)),
        reason=f"담당자 교체로 늦어짐({MARK})", granted_by=hq,
    )  # fmt: skip


def _write_sheets(survey: SurveyRound, own: _Hands, others: _Hands, *, is_closed: bool) -> None:
    calendar = Calendar([survey], timezone.localdate())
    targets = list(Target.objects.filter(round=survey).select_related("company", "region__parent").order_by("pk"))
    figures = _figures(targets, survey.year)
    for at, target in enumerate(targets):
        state = _STATES[at % len(_STATES)]
        if is_closed and state in {"RETURNED", "SUBMITTED"}:
            state = "APPROVED"
        if not state:
            continue
        due = calendar.window(survey.pk, target.region).due
        day = min(due + timedelta(days=3 if at % 7 == 6 else -(at % 5) - 1), timezone.localdate() - timedelta(days=1))
        province = target.region.parent or target.region
        hands = own if province.code == OWN_SIDO else others
        answers = _answers(at, target, figures.get(target.company_id))
        if state == SubmissionState.DRAFT:
            answers = {code: value for code, value in answers.items() if code in {"factories", "main_product", "sales"}}
        _sheet(Submission(target=target, state=state, answers=answers, due_applied=due), hands, day)


def _figures(targets: Sequence[Target], year: int) -> dict[int, CompanyYear]:
    rows = CompanyYear.objects.filter(company__in=[target.company_id for target in targets], year__lte=year)
    return {row.company_id: row for row in rows.order_by("year", "pk")}


def _answers(at: int, target: Target, year: CompanyYear | None) -> dict[str, Any]:
    """Answers that obey the form's rules, from the company's own figures where it has any. Money in won."""
    million = 1_000_000
    sales = (year.sales if year else None) or (30 + 7 * (at % 11)) * 100 * million
    heads = (year.employees if year else None) or 8 + at % 30
    answers: dict[str, Any] = {
        "factories": 1 + at % 2,
        "main_product": target.company.main_product or f"지어낸 품목({MARK})",
        "relation": ("NONE", "CONSIGNEE", "BOTH")[at % 3],
        "sales": sales // million * million,
        "operating_profit": sales * (at % 9 - 2) // 100 // million * million,
        "employees": heads,
        "youth": heads // 5,
        "rnd": sales * (at % 6) // 100 // million * million,
        "lab": ("LAB", "UNIT", "NONE")[at % 3],
        "utilisation": str(62 + at % 35),
        "difficulty": _TENDENCY[at % len(_TENDENCY)],
    }
    if at % 3 == 1:
        answers |= {"exports_direct": sales // 10 // million * million, "export_market": "동남아시아"}
    return answers


def _sheet(submission: Submission, hands: _Hands, day: date) -> None:
    """Save a sheet with the versions that led to its state; `day` is when it was handed in."""
    sent = timezone.make_aware(datetime.combine(day, time(15, 20)))
    begun, decided = sent - timedelta(days=2), min(sent + timedelta(days=2), timezone.now())
    steps = [(SubmissionState.DRAFT, begun, hands.writer)]
    if submission.state == SubmissionState.DRAFT:
        submission.due_applied = None
    else:
        steps.append((SubmissionState.SUBMITTED, sent, hands.writer))
        submission.submitted_at, submission.submitted_by = sent, hands.writer
        submission.late = submission.due_applied is not None and day > submission.due_applied
    if submission.state in {SubmissionState.RETURNED, SubmissionState.APPROVED}:
        steps.append((SubmissionState(submission.state), decided, hands.reviewer))
        submission.decided_at, submission.decided_by = decided, hands.reviewer
    if submission.state == SubmissionState.RETURNED:
        submission.return_comment = "고칠 항목 1개"
    submission.version = len(steps)
    submission.full_clean(exclude=["target"])
    submission.save()
    Revision.objects.bulk_create(
        Revision(submission=submission, version=at, state=step, answers=submission.answers, at=when, actor=who)
        for at, (step, when, who) in enumerate(steps, 1)
    )
    if submission.state == SubmissionState.RETURNED:
        FieldMark.objects.create(
            submission=submission, field="operating_profit", mark=Mark.FIX, by=hands.reviewer, version=2,
            comment="지난해 결산서와 크게 다릅니다. 단위(백만원)를 확인해 주세요.",
        )  # fmt: skip
