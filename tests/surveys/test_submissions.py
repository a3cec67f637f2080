"""The road of a sheet: written, handed in, sent back, approved; locks, exceptions, lateness, two officers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from companies.surveys import services
from companies.surveys.enums import EDITABLE, HANDED_IN, NEXT_STATES, Mark, SubmissionState
from companies.surveys.models import LockException, RegionWindow, Revision, Submission, Target
from companies.surveys.selectors import Calendar
from companies.surveys.services.submissions import _step
from portal.directory.models import Event, Holiday
from portal.kernel.errors import Refusal
from tests.surveys.conftest import FULL, ask, make_round

pytestmark = pytest.mark.django_db


def code_of(deed):
    with pytest.raises(Refusal) as refusal:
        deed()
    return refusal.value.code


def test_workflow_table_names_every_state_and_reaches_all_but_the_first():
    assert set(NEXT_STATES) == set(SubmissionState.values)
    assert set().union(*NEXT_STATES.values()) == set(SubmissionState.values) - {SubmissionState.DRAFT}
    assert set(SubmissionState.values) == EDITABLE | HANDED_IN


@pytest.mark.parametrize("before", SubmissionState.values)
@pytest.mark.parametrize("after", SubmissionState.values)
def test_step_outside_the_table_is_refused(before, after):
    submission = Submission(state=before)
    if after in NEXT_STATES[before]:
        _step(submission, after)
        assert submission.state == after
    else:
        assert code_of(lambda: _step(submission, after)) == "submission_state"


def test_sheet_goes_the_whole_road(target, people):
    draft = services.save_answers(target=target, answers={"sales": 1}, seen=0, actor=people.clerk)
    assert (draft.state, draft.version, draft.late) == ("DRAFT", 1, False)
    draft = services.save_answers(target=target, answers=FULL, seen=1, actor=people.clerk)
    sent = services.submit(target=target, seen=2, actor=people.clerk)
    assert (sent.state, sent.submitted_by, sent.late) == ("SUBMITTED", people.clerk, False)
    marks = {"sales": (Mark.FIX, "단위를 확인해 주세요."), "usage": (Mark.OK, "")}
    services.mark_fields(target=target, marks=marks, seen=3, actor=people.reviewer)
    assert code_of(lambda: services.approve(target=target, seen=3, actor=people.reviewer)) == "fixes_open"
    back = services.return_for_correction(target=target, comment="", seen=3, actor=people.reviewer)
    assert (back.state, back.return_comment) == ("RETURNED", "고칠 항목 1개")
    services.save_answers(target=target, answers={**FULL, "sales": 6_000_000_000}, seen=4, actor=people.clerk)
    services.submit(target=target, seen=5, actor=people.clerk)
    done = services.approve(target=target, seen=6, actor=people.reviewer)  # what was marked was another version
    assert (done.state, done.decided_by) == ("APPROVED", people.reviewer)
    assert list(Revision.objects.values_list("version", "state")) == [
        (1, "DRAFT"), (2, "DRAFT"), (3, "SUBMITTED"), (4, "RETURNED"), (5, "RETURNED"), (6, "SUBMITTED"), (7, "APPROVED"),
    ]  # fmt: skip
    verbs = list(Event.objects.filter(subject_type="surveys.submission").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["submit_survey", "return_survey", "submit_survey", "approve_survey"]


def test_incomplete_sheet_is_not_handed_in_but_kept(target, people):
    services.save_answers(target=target, answers={"sales": 5, "exports": 6}, seen=0, actor=people.clerk)
    with pytest.raises(Refusal) as refusal:
        services.submit(target=target, seen=1, actor=people.clerk)
    assert set(refusal.value.fields) == {"employees", "exports"}
    assert Submission.objects.get().answers == {"sales": 5, "exports": 6}


def test_saving_the_same_again_makes_no_version(target, people):
    services.save_answers(target=target, answers=FULL, seen=0, actor=people.clerk)
    assert (
        services.save_answers(target=target, answers={**FULL, "exports": None}, seen=1, actor=people.clerk).version == 1
    )
    assert Revision.objects.count() == 1


def test_second_officer_is_told_and_nothing_is_lost(target, people):
    services.save_answers(target=target, answers={"sales": 1}, seen=0, actor=people.clerk)
    with pytest.raises(services.ChangedMeanwhile, match=people.clerk.name) as refusal:
        services.save_answers(target=target, answers={"sales": 2}, seen=0, actor=people.colleague)
    assert refusal.value.submission.answers == {"sales": 1}
    assert Submission.objects.get().answers == {"sales": 1}
    services.save_answers(target=target, answers={"sales": 2}, seen=1, actor=people.colleague)
    assert [revision.answers for revision in Revision.objects.all()] == [{"sales": 1}, {"sales": 2}]


def test_handed_in_sheet_cannot_be_written(handed_in, people):
    deed = lambda: services.save_answers(target=handed_in.target, answers={}, seen=2, actor=people.clerk)  # noqa: E731
    assert code_of(deed) == "handed_in"


def test_nobody_approves_their_own_sheet(handed_in, people):
    Submission.objects.filter(pk=handed_in.pk).update(submitted_by=people.reviewer)
    deed = lambda: services.approve(target=handed_in.target, seen=2, actor=people.reviewer)  # noqa: E731
    assert code_of(deed) == "own_sheet"


def test_return_needs_a_word(handed_in, people):
    deed = lambda: services.return_for_correction(target=handed_in.target, comment=" ", seen=2, actor=people.reviewer)  # noqa: E731
    assert code_of(deed) == "reason_missing"
    silent = lambda: services.mark_fields(  # noqa: E731
        target=handed_in.target, marks={"sales": (Mark.FIX, "")}, seen=2, actor=people.reviewer
    )
    assert code_of(silent) == "comment_missing"


@pytest.mark.parametrize("who", ["other", "reviewer", "council", "ministry", "nobody"])
def test_only_the_officers_of_the_region_write(target, people, who):
    deed = lambda: services.save_answers(target=target, answers=FULL, seen=0, actor=getattr(people, who))  # noqa: E731
    assert code_of(deed) == "out_of_scope"


@pytest.mark.parametrize("who", ["other", "clerk", "council", "ministry", "nobody"])
def test_only_the_office_of_the_region_reviews(handed_in, people, who):
    deed = lambda: services.approve(target=handed_in.target, seen=2, actor=getattr(people, who))  # noqa: E731
    assert code_of(deed) == "out_of_scope"


@pytest.mark.parametrize(
    ("days", "code"),
    [((1, 5, 9), "not_open"), ((-9, -5, -4), "closed")],
)
def test_sheet_is_locked_before_opening_and_after_closing(form, places, people, days, code):
    target = ask(make_round(form, days=days), places.near)
    assert code_of(lambda: services.save_answers(target=target, answers=FULL, seen=0, actor=people.clerk)) == code


@pytest.mark.parametrize("whose", ["region", "target"])
def test_exception_opens_the_lock_for_its_region_or_company_only(form, places, people, whose):
    survey = make_round(form, days=(-30, -20, -10))
    target, neighbour = ask(survey, places.near), ask(survey, places.near)
    until = timezone.localdate() + timedelta(days=2)
    facts = {"region": places.here} if whose == "region" else {"target": target}
    services.grant_exception(survey=survey, until=until, reason="수해", actor=people.ministry, **facts)
    saved = services.save_answers(target=target, answers=FULL, seen=0, actor=people.clerk)
    sent = services.submit(target=target, seen=saved.version, actor=people.clerk)
    assert sent.late
    assert sent.due_applied == Calendar([survey], until).window(survey.pk, places.near).due
    entry = Calendar([survey], timezone.localdate()).entry(neighbour)
    assert entry.is_open is (whose == "region")
    assert entry.reopened_until == (until if whose == "region" else None)
    assert Calendar([survey], until).entry(target).is_open
    assert not Calendar([survey], until + timedelta(days=1)).entry(target).is_open


def test_lateness_follows_the_due_date_of_the_region(form, places, people):
    survey = make_round(form, days=(-10, -9, 30))
    today = timezone.localdate()
    services.set_window(
        survey=survey, region=places.here, opens_on=survey.opens_on, due_on=today + timedelta(days=9),
        closes_on=today + timedelta(days=30), reason="태풍", actor=people.ministry,
    )  # fmt: skip
    for region, clerk, late in ((places.near, people.clerk, False), (places.far, people.other, True)):
        target = ask(survey, region)
        saved = services.save_answers(target=target, answers=FULL, seen=0, actor=clerk)
        assert services.submit(target=target, seen=saved.version, actor=clerk).late is late


def test_correcting_what_was_sent_back_does_not_make_it_late(handed_in, people, survey):
    target = handed_in.target
    services.return_for_correction(target=target, comment="고침", seen=2, actor=people.reviewer)
    survey.due_on = timezone.localdate() - timedelta(days=9)
    survey.save()
    again = services.submit(target=target, seen=3, actor=people.clerk)
    assert not again.late


def test_holidays_on_record_move_the_deadline(survey, places):
    due = Calendar([survey], survey.opens_on).window(survey.pk, places.near).due
    Holiday.objects.create(day=due, name_ko="시험 휴일")
    moved = Calendar([survey], survey.opens_on).window(survey.pk, places.near).due
    assert moved > due
    assert moved.weekday() < 5


@pytest.mark.parametrize("who", ["clerk", "reviewer", "nobody"])
def test_only_the_ministry_runs_rounds(form, survey, target, places, people, who):
    actor, today = getattr(people, who), timezone.localdate()
    days = {"opens_on": today, "due_on": today, "closes_on": today}
    for deed in (
        lambda: services.create_round(code="x", title="x", form=form, year=2025, actor=actor, **days),
        lambda: services.set_window(survey=survey, region=places.here, reason="x", actor=actor, **days),
        lambda: services.grant_exception(survey=survey, region=places.here, until=today, reason="x", actor=actor),
        lambda: services.add_targets(survey=survey, companies=[], actor=actor),
        lambda: services.remove_target(target=target, reason="x", actor=actor),
    ):
        assert code_of(deed) == "not_allowed"


def test_exception_is_for_a_region_or_a_company_of_the_round_and_not_for_yesterday(
    form, survey, places, people, target
):
    today = timezone.localdate()

    def deed(**more):
        facts = {"survey": survey, "until": today, "reason": "수해", "actor": people.ministry} | more
        return lambda: services.grant_exception(**facts)

    assert code_of(deed()) == "exception_of_whom"
    assert code_of(deed(region=places.here, target=target)) == "exception_of_whom"
    assert code_of(deed(target=ask(make_round(form, "other"), places.near))) == "target_elsewhere"
    assert code_of(deed(region=places.here, until=today - timedelta(days=1))) == "exception_in_past"
    assert LockException.objects.count() == 0


def test_window_is_set_for_a_province_and_its_past_is_kept(survey, places, people):
    today = timezone.localdate()
    days = {"opens_on": today, "due_on": today, "closes_on": today}
    near = lambda: services.set_window(survey=survey, region=places.near, reason="x", actor=people.ministry, **days)  # noqa: E731
    assert code_of(near) == "not_a_province"
    for reason in ("태풍", "태풍 복구"):
        services.set_window(survey=survey, region=places.here, reason=reason, actor=people.ministry, **days)
    assert RegionWindow.objects.get().reason == "태풍 복구"
    history = RegionWindow._meta.get_field("round").model.pgh_event_model.objects
    assert list(history.order_by("pgh_id").values_list("reason", flat=True)) == ["태풍", "태풍 복구"]


def test_companies_are_drawn_in_once_with_their_place_and_technopark(survey, places, people, form):
    from companies.models import Company
    from tests.factories.companies import CompanyFactory
    from tests.surveys.conftest import tenants

    cluster = tenants(places.near, 2)
    homeless = CompanyFactory(name_ko="집없음")
    drawn = services.add_targets(survey=survey, companies=Company.objects.all(), actor=people.ministry)
    assert (drawn.added, drawn.already, drawn.placeless) == (2, 0, (homeless.name_ko,))
    assert {(t.region, t.cluster, t.technopark) for t in Target.objects.all()} == {(places.near, cluster, places.park)}
    again = services.add_targets(survey=survey, companies=Company.objects.all(), actor=people.ministry)
    assert (again.added, again.already) == (0, 2)


def test_company_leaves_a_round_only_while_nothing_is_written(target, handed_in, survey, places, people):
    fresh = ask(survey, places.near)
    services.remove_target(target=fresh, reason="폐업", actor=people.ministry)
    deed = lambda: services.remove_target(target=target, reason="폐업", actor=people.ministry)  # noqa: E731
    assert code_of(deed) == "target_written"
    assert list(Target.objects.all()) == [target]
