"""Two officers at once, each on a connection of their own: the later one is told, nothing is lost or done twice."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from companies.models import Company
from companies.surveys import services
from companies.surveys.models import RegionWindow, Revision, Submission, SurveyRound, Target
from portal.kernel.errors import Refusal
from tests.surveys.conftest import FULL, ask

pytestmark = pytest.mark.django_db(transaction=True)


def together(held, *deeds):
    """What becomes of deeds that all wait for one row and are let go at once: the value, or the refusal."""
    outcomes = []

    def run(deed):
        try:
            outcomes.append(deed())
        except Refusal as refusal:
            outcomes.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,), daemon=True) for deed in deeds]
    with transaction.atomic():
        type(held).objects.select_for_update().get(pk=held.pk)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(0.4)
            assert thread.is_alive(), "it did not wait for the row"
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "it never came back"
    done = [one for one in outcomes if not isinstance(one, Refusal)]
    return done, [one for one in outcomes if isinstance(one, Refusal)]


@pytest.mark.parametrize("begun", [False, True])
def test_later_of_two_writers_is_told_and_both_answers_are_at_hand(target, people, begun):
    seen = (
        services.save_answers(target=target, answers={"usage": "50"}, seen=0, actor=people.clerk).version
        if begun
        else 0
    )
    (saved,), (told,) = together(
        target,
        lambda: services.save_answers(target=target, answers={"sales": 1}, seen=seen, actor=people.clerk),
        lambda: services.save_answers(target=target, answers={"sales": 2}, seen=seen, actor=people.colleague),
    )
    assert isinstance(told, services.ChangedMeanwhile)
    assert told.submission.answers == saved.answers == Submission.objects.get().answers
    assert told.latest.actor in {people.clerk, people.colleague}
    assert Revision.objects.count() == seen + 1


def test_sheet_handed_in_while_another_writes_goes_once_and_the_other_is_told(target, people):
    services.save_answers(target=target, answers=FULL, seen=0, actor=people.clerk)
    (_,), (told,) = together(
        target,
        lambda: services.submit(target=target, seen=1, actor=people.clerk),
        lambda: services.save_answers(target=target, answers={"sales": 2}, seen=1, actor=people.colleague),
    )
    assert isinstance(told, services.ChangedMeanwhile)
    assert Submission.objects.get().version == 2


def test_sheet_is_decided_once_by_two_reviewers(handed_in, places, people):
    from tests.factories.directory import person

    second = person(organization=places.office)
    target = handed_in.target
    (done,), (told,) = together(
        target,
        lambda: services.approve(target=target, seen=2, actor=people.reviewer),
        lambda: services.return_for_correction(target=target, comment="다시", seen=2, actor=second),
    )
    assert isinstance(told, services.ChangedMeanwhile)
    assert Submission.objects.get().state == done.state
    assert Revision.objects.count() == 3


def test_round_is_filled_and_dated_once_by_two_of_the_ministry(survey, places, people):
    ask(survey, places.near).delete()
    day = timezone.localdate()
    dates = {"opens_on": day, "due_on": day, "closes_on": day, "region": places.here, "actor": people.ministry}
    done, told = together(
        survey,
        lambda: services.add_targets(survey=survey, companies=Company.objects.all(), actor=people.ministry),
        lambda: services.add_targets(survey=survey, companies=Company.objects.all(), actor=people.ministry),
        lambda: services.set_window(survey=survey, reason="태풍", **dates),
        lambda: services.set_window(survey=survey, reason="태풍", **dates),
    )
    assert told == []
    assert len(done) == 4
    assert (Target.objects.count(), RegionWindow.objects.count(), SurveyRound.objects.count()) == (1, 1, 1)
