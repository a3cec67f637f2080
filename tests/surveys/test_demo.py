"""The demo: rounds in every phase, sheets in every state; twice is once; nothing without its people."""

from collections import Counter

import pytest
from django.utils import timezone

from companies.surveys.demo import OWN_SIDO, load_survey_demo
from companies.surveys.enums import SubmissionState
from companies.surveys.models import LockException, Revision, Submission, SurveyForm, SurveyRound, Target
from companies.surveys.rules import answers as rules
from companies.surveys.selectors import Calendar, completion
from companies.surveys.shipped import shipped_forms
from portal.directory.models import User
from portal.directory.scope import EVERYTHING
from tests.factories.companies import CompanyFactory, WorkplaceFactory
from tests.factories.directory import RegionFactory, UserFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def firms(db):
    for raw in shipped_forms():
        body = {"fields": raw["fields"], "rules": raw["rules"]}
        SurveyForm.objects.create(code=raw["code"], version=raw["version"], title=raw["title"], body=body)
    for code in (OWN_SIDO, "47"):
        district = RegionFactory(sigungu=True, parent=RegionFactory(scheme="MOIS", code=code))
        for _ in range(12):
            WorkplaceFactory(company=CompanyFactory(is_demo=True), region=district)
    WorkplaceFactory(company=CompanyFactory(), region=district)


@pytest.fixture
def people(firms):
    hq = person(role="HQ")
    User.objects.filter(pk=hq.pk).update(login_id="hq", is_demo=True)
    for login in ("tp-gyeongnam", "gyeongnam"):
        UserFactory(login_id=login, is_demo=True)


def test_without_accounts_or_companies_nothing_is_made(firms):
    assert load_survey_demo() == {"rounds": 0, "targets": 0, "sheets": 0}
    assert User.objects.filter(login_id="survey-writer").count() == 0


def test_rounds_of_every_phase_and_sheets_of_every_state_are_made_once(people):
    first = load_survey_demo()
    assert first == load_survey_demo()
    assert (first["rounds"], first["targets"]) == (3, 48)
    calendar = Calendar(SurveyRound.objects.all(), timezone.localdate())
    assert {calendar.common(pk).phase(timezone.localdate()) for pk in calendar.rounds} == {"CLOSED", "OPEN", "BEFORE"}
    states = Counter(Submission.objects.filter(target__round__year=timezone.localdate().year - 1).values_list("state"))
    assert {state for (state,) in states} == set(SubmissionState.values)
    assert not Target.objects.filter(company__is_demo=False).exists()
    assert Submission.objects.filter(late=True).exists()
    assert LockException.objects.get().region.parent.code == OWN_SIDO
    current = SurveyRound.objects.get(year=timezone.localdate().year - 1)
    assert completion(current, EVERYTHING, timezone.localdate()).total.overdue > 0


def test_sheets_stand_as_if_they_had_gone_their_road(people):
    load_survey_demo()
    for submission in Submission.objects.select_related("target__round__form"):
        submission.full_clean()
        steps = list(submission.revisions.order_by("version"))
        assert [step.version for step in steps] == list(range(1, submission.version + 1))
        assert steps[-1].state == submission.state
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert steps[-1].at <= timezone.now()
        if submission.state != "DRAFT":
            assert rules.faults(submission.target.round.form.definition, submission.answers, complete=True) == {}
            assert submission.late == (timezone.localdate(submission.submitted_at) > submission.due_applied)
    elsewhere = Revision.objects.exclude(submission__target__region__parent__code=OWN_SIDO)
    assert {user.is_active for user in User.objects.filter(pk__in=elsewhere.values("actor"))} == {False}
