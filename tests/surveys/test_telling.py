"""Who is told of what: the officers a deed concerns, once, and no one else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from companies.models import Company
from companies.surveys import services
from companies.surveys.enums import Mark
from portal.directory.models import Notice
from tests.surveys.conftest import FULL, ask

pytestmark = pytest.mark.django_db


def told(kind):
    return {notice.recipient for notice in Notice.objects.filter(kind=kind).select_related("recipient")}


def test_sheet_sent_back_is_told_to_its_technopark_until_it_is_handed_in_again(handed_in, people):
    target = handed_in.target
    services.mark_fields(target=target, marks={"sales": (Mark.FIX, "단위")}, seen=2, actor=people.reviewer)
    services.return_for_correction(target=target, comment="", seen=2, actor=people.reviewer)
    assert told("survey_returned") == {people.clerk, people.colleague}
    notice = Notice.objects.filter(recipient=people.clerk).get()
    assert target.company.name_ko in notice.title
    assert "고칠 항목 1개" in notice.title
    assert notice.url == f"/surveys/targets/{target.pk}/"
    services.save_answers(target=target, answers={**FULL, "sales": 9}, seen=3, actor=people.colleague)
    services.submit(target=target, seen=4, actor=people.colleague)
    assert not Notice.objects.filter(settled_at=None).exists()


def test_sheet_of_no_technopark_is_told_to_who_handed_it_in(survey, places, people):
    target = ask(survey, places.near)
    services.save_answers(target=target, answers=FULL, seen=0, actor=people.clerk)
    services.submit(target=target, seen=1, actor=people.clerk)
    services.return_for_correction(target=target, comment="다시", seen=2, actor=people.reviewer)
    assert told("survey_returned") == {people.clerk}


def test_dates_and_open_locks_are_told_to_the_officers_of_the_region(survey, target, places, people):
    today = timezone.localdate()
    days = {"opens_on": today, "due_on": today, "closes_on": today}
    for _ in range(2):
        services.set_window(survey=survey, region=places.here, reason="태풍", actor=people.ministry, **days)
    assert told("survey_window") == {people.clerk, people.colleague}
    assert Notice.objects.filter(recipient=people.clerk).count() == 1
    services.set_window(
        survey=survey,
        region=places.here,
        reason="복구",
        actor=people.ministry,
        **days | {"closes_on": today + timedelta(3)},
    )
    assert Notice.objects.filter(recipient=people.clerk).count() == 2
    services.grant_exception(survey=survey, target=target, until=today, reason="수해", actor=people.ministry)
    services.grant_exception(survey=survey, region=places.there, until=today, reason="수해", actor=people.ministry)
    assert told("survey_exception") == {people.clerk, people.colleague, people.other}


def test_technoparks_learn_of_a_round_that_asks_their_companies(survey, places, people):
    ask(survey, places.near).delete()
    services.add_targets(survey=survey, companies=Company.objects.all(), actor=people.ministry)
    assert told("survey_asked") == {people.clerk, people.colleague}
    services.add_targets(survey=survey, companies=Company.objects.all(), actor=people.ministry)
    assert Notice.objects.filter(kind="survey_asked").count() == 2
