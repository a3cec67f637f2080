"""What cannot be in the tables, and what can next to it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from companies.surveys.enums import ExceptionKind, Mark, SubmissionState
from companies.surveys.models import (
    FieldMark,
    LockException,
    RegionalIndustry,
    RegionWindow,
    Revision,
    Submission,
    SurveyForm,
    Target,
)
from portal.directory.models import Holiday
from portal.kernel.dates import period
from tests.factories.directory import ALWAYS
from tests.surveys.conftest import BODY, FULL, ask, make_round

pytestmark = pytest.mark.django_db
DAYS = {"opens_on": date(2026, 3, 2), "due_on": date(2026, 3, 20), "closes_on": date(2026, 3, 31)}


def broken(make):
    """The name of the constraint that makes it impossible."""
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        make()
    return fault.value.__cause__.diag.constraint_name


def test_dates_of_a_round_are_in_order(form):
    make_round(form, "one", (0, 0, 0))
    assert broken(lambda: make_round(form, "two", (0, 5, 4))) == "survey_round_dates_in_order"
    assert broken(lambda: make_round(form, "two", (6, 5, 7))) == "survey_round_dates_in_order"


def test_region_window_has_dates_in_order_a_reason_and_is_alone(survey, places, people):
    facts = {"round": survey, "region": places.here, "set_by": people.ministry}
    RegionWindow.objects.create(**facts, **DAYS, reason="태풍")
    assert broken(lambda: RegionWindow.objects.create(**facts, **DAYS, reason="태풍")) == "region_window_once_a_round"
    facts["region"] = places.there
    assert broken(lambda: RegionWindow.objects.create(**facts, **DAYS, reason="")) == "region_window_needs_a_reason"
    wrong = DAYS | {"closes_on": date(2026, 3, 19)}
    assert (
        broken(lambda: RegionWindow.objects.create(**facts, **wrong, reason="태풍")) == "region_window_dates_in_order"
    )


def test_lock_exception_names_its_company_ends_and_says_why(survey, places, target):
    today = timezone.localdate()

    def make(**more):
        facts = {"round": survey, "region": places.near, "effective": period(today, today + timedelta(days=3))}
        return LockException.objects.create(**(facts | {"reason": "수해", "kind": ExceptionKind.REGION} | more))

    make()
    make(kind=ExceptionKind.TARGET, target=target)
    assert broken(lambda: make(kind=ExceptionKind.TARGET)) == "lock_exception_names_its_company"
    assert broken(lambda: make(target=target)) == "lock_exception_names_its_company"
    assert broken(lambda: make(reason="")) == "lock_exception_needs_a_reason"
    assert broken(lambda: make(effective=period(today))) == "lock_exception_ends"


def test_company_and_number_are_asked_once_a_round(survey, form, places, target):
    facts = {"company": target.company, "region": places.near}
    assert (
        broken(lambda: Target.objects.create(round=survey, business_number="1234567890", **facts))
        == "survey_target_once_a_round"
    )
    other = ask(make_round(form, "other"), places.near)
    facts = {"company": other.company, "region": places.near}
    assert (
        broken(lambda: Target.objects.create(round=survey, business_number=target.business_number, **facts))
        == "survey_target_number_once_a_round"
    )
    assert (
        broken(lambda: Target.objects.create(round=survey, business_number="12345", **facts))
        == "survey_target_number_has_10_digits"
    )
    Target.objects.create(round=survey, business_number="1234567890", **facts)


HANDED = {"submitted_at": timezone.now, "due_applied": date(2026, 3, 20)}


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("submission_state_matches_handing_in", {"state": SubmissionState.SUBMITTED}),
        ("submission_state_matches_handing_in", {"state": SubmissionState.DRAFT, "handed": True}),
        ("submission_handed_in_by_someone_at_some_time", {"state": SubmissionState.SUBMITTED, "handed": True, "submitted_by": None}),
        ("submission_handed_in_by_someone_at_some_time", {"state": SubmissionState.SUBMITTED, "handed": True, "due_applied": None}),
        ("submission_decision_has_its_time", {"state": SubmissionState.APPROVED, "handed": True}),
        ("submission_returned_with_a_reason", {"state": SubmissionState.RETURNED, "handed": True, "decided": True}),
        ("submission_decided_by_someone_at_some_time", {"state": SubmissionState.APPROVED, "handed": True, "decided": True, "decided_by": None}),
        ("submission_late_only_when_handed_in", {"late": True}),
    ],
)  # fmt: skip
def test_incoherent_submission_is_impossible(target, people, name, facts):
    facts = dict(facts)
    if facts.pop("handed", False):
        facts = {"submitted_at": timezone.now(), "submitted_by": people.clerk, "due_applied": date(2026, 3, 20)} | facts
    if facts.pop("decided", False):
        facts = {"decided_at": timezone.now(), "decided_by": people.reviewer} | facts
    assert broken(lambda: Submission.objects.create(target=target, **facts)) == name


def test_returned_submission_with_all_its_facts_is_fine(target, people):
    now = timezone.now()
    kept = Submission.objects.create(
        target=target, state=SubmissionState.RETURNED, submitted_at=now, submitted_by=people.clerk, late=True,
        due_applied=now.date(), decided_at=now, decided_by=people.reviewer, return_comment="고침",
    )  # fmt: skip
    kept.refresh_from_db()
    assert (kept.state, kept.return_comment, kept.late) == (SubmissionState.RETURNED, "고침", True)


def test_word_on_a_field_says_what_and_is_said_once(handed_in):
    facts = {"submission": handed_in, "field": "sales", "version": 1}
    assert broken(lambda: FieldMark.objects.create(**facts, mark=Mark.FIX)) == "field_mark_says_what"
    assert broken(lambda: FieldMark.objects.create(**facts, mark=Mark.COMMENT)) == "field_mark_says_what"
    FieldMark.objects.create(**facts, mark=Mark.OK)
    assert broken(lambda: FieldMark.objects.create(**facts, mark=Mark.OK)) == "field_mark_once"


def test_versions_are_kept_for_ever(handed_in):
    with pytest.raises(InternalError, match="revision_append_only"), transaction.atomic():
        Revision.objects.filter(submission=handed_in).update(answers={})
    with pytest.raises(InternalError, match="revision_append_only"), transaction.atomic():
        Revision.objects.filter(submission=handed_in).delete()
    assert (
        broken(lambda: Revision.objects.create(submission=handed_in, version=1, answers=FULL))
        == "submission_version_once"
    )


def test_unsound_form_is_refused_in_words(form):
    with pytest.raises(ValidationError, match="모르는 종류"):
        SurveyForm(
            code="x", version=1, title="x", body={"fields": [{**BODY["fields"][0], "kind": "DATE"}]}
        ).full_clean()
    with pytest.raises(ValidationError):
        SurveyForm(code="x", version=1, title="x", body=["없음"]).full_clean()
    assert (
        broken(lambda: SurveyForm.objects.create(code="test", version=1, title="x", body=BODY))
        == "survey_form_version_once"
    )
    assert (
        broken(lambda: SurveyForm.objects.create(code="y", version=0, title="x", body=BODY))
        == "survey_form_versions_count_from_one"
    )
    assert (
        broken(lambda: SurveyForm.objects.create(code="y", version=1, title="", body=BODY)) == "survey_form_has_a_title"
    )


def test_holiday_and_industry_have_names_and_industries_a_source():
    assert broken(lambda: Holiday.objects.create(day=date(2026, 1, 1), name_ko="")) == "holiday_has_a_name"
    facts = {"kind": "MAIN", "effective": ALWAYS}
    assert (
        broken(lambda: RegionalIndustry.objects.create(code="M", name_ko="가", **facts))
        == "regional_industry_has_a_source"
    )
    assert (
        broken(lambda: RegionalIndustry.objects.create(code="M", name_ko="", source="s", **facts))
        == "regional_industry_has_a_name"
    )
