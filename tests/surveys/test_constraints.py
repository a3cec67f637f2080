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


def refused(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def test_dates_of_a_round_are_in_order(form):
    make_round(form, "one", (0, 0, 0))
    refused("survey_round_dates_in_order", lambda: make_round(form, "two", (0, 5, 4)))
    refused("survey_round_dates_in_order", lambda: make_round(form, "two", (6, 5, 7)))


def test_region_window_has_dates_in_order_a_reason_and_is_alone(survey, places, people):
    facts = {"round": survey, "region": places.here, "set_by": people.ministry}
    RegionWindow.objects.create(**facts, **DAYS, reason="태풍")
    refused("region_window_once_a_round", lambda: RegionWindow.objects.create(**facts, **DAYS, reason="태풍"))
    facts["region"] = places.there
    refused("region_window_needs_a_reason", lambda: RegionWindow.objects.create(**facts, **DAYS, reason=""))
    wrong = DAYS | {"closes_on": date(2026, 3, 19)}
    refused("region_window_dates_in_order", lambda: RegionWindow.objects.create(**facts, **wrong, reason="태풍"))


def test_lock_exception_names_its_company_ends_and_says_why(survey, places, target):
    today = timezone.localdate()

    def make(**more):
        facts = {"round": survey, "region": places.near, "effective": period(today, today + timedelta(days=3))}
        return LockException.objects.create(**(facts | {"reason": "수해", "kind": ExceptionKind.REGION} | more))

    make()
    make(kind=ExceptionKind.TARGET, target=target)
    refused("lock_exception_names_its_company", lambda: make(kind=ExceptionKind.TARGET))
    refused("lock_exception_names_its_company", lambda: make(target=target))
    refused("lock_exception_needs_a_reason", lambda: make(reason=""))
    refused("lock_exception_ends", lambda: make(effective=period(today)))


def test_company_and_number_are_asked_once_a_round(survey, form, places, target):
    facts = {"company": target.company, "region": places.near}
    refused(
        "survey_target_once_a_round", lambda: Target.objects.create(round=survey, business_number="1234567890", **facts)
    )
    other = ask(make_round(form, "other"), places.near)
    facts = {"company": other.company, "region": places.near}
    refused(
        "survey_target_number_once_a_round",
        lambda: Target.objects.create(round=survey, business_number=target.business_number, **facts),
    )
    refused(
        "survey_target_number_has_10_digits",
        lambda: Target.objects.create(round=survey, business_number="12345", **facts),
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
    refused(name, lambda: Submission.objects.create(target=target, **facts))


def test_returned_submission_with_all_its_facts_is_fine(target, people):
    now = timezone.now()
    Submission.objects.create(
        target=target, state=SubmissionState.RETURNED, submitted_at=now, submitted_by=people.clerk, late=True,
        due_applied=now.date(), decided_at=now, decided_by=people.reviewer, return_comment="고침",
    )  # fmt: skip


def test_word_on_a_field_says_what_and_is_said_once(handed_in):
    facts = {"submission": handed_in, "field": "sales", "version": 1}
    refused("field_mark_says_what", lambda: FieldMark.objects.create(**facts, mark=Mark.FIX))
    refused("field_mark_says_what", lambda: FieldMark.objects.create(**facts, mark=Mark.COMMENT))
    FieldMark.objects.create(**facts, mark=Mark.OK)
    refused("field_mark_once", lambda: FieldMark.objects.create(**facts, mark=Mark.OK))


def test_versions_are_kept_for_ever(handed_in):
    with pytest.raises(InternalError, match="revision_append_only"), transaction.atomic():
        Revision.objects.filter(submission=handed_in).update(answers={})
    with pytest.raises(InternalError, match="revision_append_only"), transaction.atomic():
        Revision.objects.filter(submission=handed_in).delete()
    refused("submission_version_once", lambda: Revision.objects.create(submission=handed_in, version=1, answers=FULL))


def test_unsound_form_is_refused_in_words(form):
    with pytest.raises(ValidationError, match="모르는 종류"):
        SurveyForm(
            code="x", version=1, title="x", body={"fields": [{**BODY["fields"][0], "kind": "DATE"}]}
        ).full_clean()
    with pytest.raises(ValidationError):
        SurveyForm(code="x", version=1, title="x", body=["없음"]).full_clean()
    refused("survey_form_version_once", lambda: SurveyForm.objects.create(code="test", version=1, title="x", body=BODY))
    refused(
        "survey_form_versions_count_from_one",
        lambda: SurveyForm.objects.create(code="y", version=0, title="x", body=BODY),
    )
    refused("survey_form_has_a_title", lambda: SurveyForm.objects.create(code="y", version=1, title="", body=BODY))


def test_holiday_and_industry_have_names_and_industries_a_source():
    refused("holiday_has_a_name", lambda: Holiday.objects.create(day=date(2026, 1, 1), name_ko=""))
    facts = {"kind": "MAIN", "effective": ALWAYS}
    refused("regional_industry_has_a_source", lambda: RegionalIndustry.objects.create(code="M", name_ko="가", **facts))
    refused(
        "regional_industry_has_a_name",
        lambda: RegionalIndustry.objects.create(code="M", name_ko="", source="s", **facts),
    )
