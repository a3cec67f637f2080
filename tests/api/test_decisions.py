"""`floors/` and `reviews/`."""

from datetime import date

import pytest

from crisis.models import Review
from crisis.services import end_floor, open_floor
from tests.api.facts import decision, evaluated_round, result
from tests.factories.crisis import AreaFactory
from tests.factories.directory import UserFactory

pytestmark = pytest.mark.django_db
FLOORS, REVIEWS = "/api/v1/floors/", "/api/v1/reviews/"
DAY = date(2025, 7, 1)


def areas(response):
    assert response.status_code == 200, response.content
    return [row["area"] for row in response.json()["results"]]


def floor(area):
    return open_floor(area=area, kind="DISASTER", stage="CAUTION", start=DAY, evidence="호우", actor=UserFactory())


def review(determination):
    return Review.objects.create(
        determination=determination, area=determination.area, seq_high=1, known_at=determination.created_at,
        old_stage="SEVERE", new_stage="GOOD", public={}, digest=f"{determination.pk:064d}",
    )  # fmt: skip


@pytest.fixture
def facts(places):
    _, run = evaluated_round()
    for area in (places.mine, places.foreign):
        floor(area)
        review(decision(result(run, area)))
    return run


@pytest.mark.parametrize("url", [FLOORS, REVIEWS])
def test_each_of_the_four_people_gets_their_own(signed, api, people, facts, by_key, url):
    assert areas(by_key.get(url)) == ["A-MINE"]
    api.credentials()
    assert areas(signed(people.clerk).get(url)) == ["A-MINE"]
    assert areas(signed(people.other).get(url)) == ["A-FOREIGN"]
    assert len(areas(signed(people.ministry).get(url))) == 2
    assert signed(people.nobody).get(url).status_code == 403
    api.logout()
    assert api.get(url).status_code == 401


@pytest.mark.parametrize("url", [FLOORS, REVIEWS])
@pytest.mark.parametrize("rows", [1, 6])
def test_a_list_costs_the_same_for_any_number(signed, people, places, facts, url, rows, django_assert_num_queries):
    for area in AreaFactory.create_batch(rows, region=places.near):
        floor(area)
        review(decision(result(facts, area)))
    api = signed(people.clerk)
    with django_assert_num_queries(5):  # session, user, scope, count, rows
        api.get(url)


def test_floors_are_found_by_day_and_a_voided_one_never_held(signed, people, places, facts):
    api = signed(people.clerk)
    assert areas(api.get(FLOORS, {"on": "2025-06-30"})) == []
    assert areas(api.get(FLOORS, {"on": "2025-07-01", "kind": "DISASTER"})) == ["A-MINE"]
    found = floor(places.mine)
    end_floor(floor=found, on=DAY, reason="착오", actor=UserFactory())
    assert areas(api.get(FLOORS, {"on": "2025-07-01"})) == ["A-MINE"]
    voided = [row["voided"] for row in api.get(FLOORS).json()["results"]]
    assert sorted(voided) == [False, True]


def test_reviews_are_found_by_state(signed, people, facts):
    api = signed(people.clerk)
    row = api.get(REVIEWS, {"state": "OPEN", "round": "2025H1"}).json()["results"][0]
    assert (row["decided_stage"], row["old_stage"], row["new_stage"]) == ("SEVERE", "SEVERE", "GOOD")
    assert areas(api.get(REVIEWS, {"state": "KEPT"})) == []
