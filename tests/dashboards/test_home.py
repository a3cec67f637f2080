"""내 업무: what waits, how the own regions stand, where to go."""

import re

import pytest

from crisis.enums import Stage
from crisis.models import StageChange
from portal.directory.enums import Role
from portal.kernel import todo
from portal.kernel.todo import Todo
from tests.dashboards.situations import a_round, decision
from tests.factories.directory import JobFactory, UserFactory, person

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_no_one_is_turned_to_the_sign_in_page(client):
    assert client.get("/").status_code == 302


def test_somebody_without_a_body_still_has_a_page(sign_in, situation):
    words = text(sign_in(UserFactory()).get("/"))
    assert "기다리는 일이 없습니다" in words
    assert "심각시" not in words


def test_counts_are_of_the_own_regions(sign_in, people):
    words = text(sign_in(people.here).get("/"))
    assert "2017년 하반기 우리 관할의 단계" in words
    assert "심각 1 곳 주의 1 곳 양호 1 곳 판정보류 0 곳" in words
    assert "심각 0 곳 주의 0 곳 양호 0 곳 판정보류 1 곳" in text(sign_in(people.elsewhere).get("/"))


def test_the_ministry_sees_the_whole_country(sign_in, people):
    words = text(sign_in(people.ministry).get("/"))
    assert "2017년 하반기 전국의 단계" in words
    assert "심각 1 곳 주의 1 곳 양호 1 곳 판정보류 1 곳" in words


def test_what_got_worse_is_named_inside_the_scope(sign_in, people):
    assert "남도 심각시" in text(sign_in(people.here).get("/"))
    assert "심각시" not in text(sign_in(people.elsewhere).get("/"))


def test_waiting_work_is_listed_with_its_number_and_day(sign_in, people, monkeypatch):
    waiting = Todo("심의 대기", "/crisis/meetings/", 7, detail="의결 전")
    monkeypatch.setattr(todo, "_providers", [lambda scope: [waiting]])
    response = sign_in(people.here).get("/")
    assert "심의 대기 7건 의결 전" in text(response)
    assert 'href="/crisis/meetings/"' in response.content.decode()


def test_decided_changes_are_told(sign_in, people, situation):
    one = decision(situation.results["severe"])
    StageChange.objects.create(
        determination=one, area=situation.severe, from_stage=Stage.GOOD, to_stage=Stage.SEVERE, on="2018-01-24"
    )
    words = text(sign_in(people.here).get("/"))
    assert "최근에 결정된 단계 변동 심각시 양호 → 에서 심각 2018. 1. 24." in words
    assert "2018. 1. 24." not in text(sign_in(people.elsewhere).get("/"))


def test_own_jobs_are_watched_others_are_not(sign_in, people):
    JobFactory(owner=people.here, title="내 내려받기")
    JobFactory(owner=people.elsewhere, title="남의 일")
    words = text(sign_in(people.here).get("/"))
    assert "내 내려받기" in words
    assert "남의 일" not in words


def test_the_round_being_gathered_counts_down(sign_in, people):
    a_round("2099H2")
    words = text(sign_in(people.here).get("/"))
    assert "2099년 하반기 회차 자료를 모으고 있습니다. 마감 2100. 1. 10." in words
    assert re.search(r"\( ?[\d,]+일 남음 ?\)", words)


def test_links_follow_the_role(sign_in, people):
    assert "사용자와 연계" not in text(sign_in(people.here).get("/"))
    assert "사용자와 연계" in text(sign_in(person(role=Role.ADMINISTRATOR)).get("/"))


@pytest.mark.parametrize("extra", [0, 20])
def test_the_page_costs_the_same_for_any_number_of_areas(
    sign_in, people, situation, extra, django_assert_max_num_queries
):
    situation.more_districts(extra)
    client = sign_in(people.here)
    client.get("/")
    # session, user, scope, rounds, jobs, files, changes, run, counts, worsened, and what each app asks for its to-dos
    with django_assert_max_num_queries(24):
        client.get("/")
