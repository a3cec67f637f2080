"""How far the worker has come, told from rows."""

import re

import pytest
from django.utils import timezone

from crisis.enums import RoundState, RunKind, RunState, Stage
from tests.dashboards.situations import a_result, a_round, a_run, shards
from tests.factories.directory import person

pytestmark = pytest.mark.django_db
URL = "/board/"


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def computing(situation):
    """One round is done, the next one is being computed: one of its two parts is there."""
    round = a_round("2018H1", state=RoundState.OPEN)
    run = a_run(round, state=RunState.EVALUATING, started_at=timezone.now())
    shards(run, situation.south, done=True)
    shards(run, situation.north, done=False)
    return run


def test_the_newest_evaluated_round_is_shown_meanwhile(sign_in, people, computing):
    response = sign_in(people.ministry).get(URL)
    assert response.context["round"].code == "2017H2"
    assert "2개 회차 가운데 1개 산출" in text(response)
    assert "지금 2018년 상반기 회차를 계산하고 있습니다(시·도 1/2)" in text(response)


def test_the_line_asks_for_itself_every_two_seconds(sign_in, people, computing):
    html = sign_in(people.ministry).get("/board/progress/", headers={"hx-request": "true"}).content.decode()
    assert 'hx-get="/board/progress/" hx-trigger="every 2s"' in html
    assert 'aria-live="polite"' in html
    assert "<html" not in html
    assert html.strip().startswith('<div class="p-progress"')  # what replaces itself must not wrap itself anew


def test_the_line_ends_with_a_way_to_the_new_result(sign_in, people):
    html = sign_in(people.ministry).get("/board/progress/", headers={"hx-request": "true"}).content.decode()
    assert "hx-trigger" not in html
    assert "새 결과 보기" in html


def test_nothing_is_said_when_nothing_is_owed(sign_in, people):
    assert "회차 가운데" not in text(sign_in(people.ministry).get(URL))


def test_a_failure_is_told_with_its_reason(sign_in, people, computing):
    computing.state, computing.error = RunState.FAILED, "판정할 지역이 없습니다."
    computing.save()
    words = text(sign_in(people.ministry).get(URL))
    assert "지난 산출이 멈췄습니다: 판정할 지역이 없습니다. 잠시 뒤 저절로 다시 시작합니다." in words


def test_the_first_round_of_all_is_awaited_in_words(db, sign_in):
    a_run(a_round("2017H2", state=RoundState.OPEN), state=RunState.QUEUED)
    response = sign_in(person(role="HQ")).get(URL)
    assert "아직 산출이 끝난 회차가 없습니다" in text(response)
    assert "1개 회차 가운데 0개 산출" in text(response)


def test_a_preview_under_way_is_progress_too(sign_in, people, situation):
    gathering = a_round("2099H2")
    a_run(gathering, RunKind.PRELIMINARY, state=RunState.EVALUATING)
    assert "지금 2099년 하반기 회차를 계산하고 있습니다" in text(sign_in(people.ministry).get(URL))


def test_somebodys_what_if_is_not(sign_in, people, situation):
    a_run(situation.round, RunKind.WHATIF, state=RunState.EVALUATING)
    assert "계산하고 있습니다" not in text(sign_in(people.ministry).get(URL))


def test_the_newest_preview_counts(sign_in, people, situation):
    gathering = a_round("2099H2")
    a_result(a_run(gathering, RunKind.PRELIMINARY), situation.severe, Stage.GOOD, "1.0")
    a_result(a_run(gathering, RunKind.PRELIMINARY), situation.severe, Stage.SEVERE, "99.0")
    response = sign_in(people.ministry).get(URL, {"round": "2099H2"})
    assert "99" in text(response).partition("시·군·구 목록")[2]
