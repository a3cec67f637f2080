"""`back-tests/`, `rule-sets/…/compare/…/`, `alarms/` and `local-levels/` over the API."""

from datetime import date

import pytest

from crisis.enums import Stage
from crisis.validation import services
from crisis.validation.enums import RatingReason
from crisis.validation.models import BackTest
from crisis.validation.rules.levels import Level
from tests.api.facts import evaluated_round, result
from tests.factories.crisis import DesignationFactory, RuleSetFactory
from tests.factories.directory import OrganizationFactory, RegionFactory, UserFactory
from tests.validation.situations import draft

pytestmark = pytest.mark.django_db
ALARMS = "/api/v1/alarms/"


@pytest.fixture
def alarmed(places):
    """The round 2025H1 with an alarm in each area, the reader's own rated and followed by a designation."""
    _round, run = evaluated_round()
    rows = {area.code: result(run, area) for area in (places.mine, places.foreign, places.nation)}
    DesignationFactory(area=places.mine, start=date(2026, 3, 1))
    services.rate_alarm(
        result=rows["A-MINE"], useful=True, reason=RatingReason.EARLY, note="", organization=OrganizationFactory(),
        actor=UserFactory(),
    )  # fmt: skip
    services.join_due(today=date(2026, 8, 1))
    return rows


def test_alarms_tell_what_was_said_and_what_came(signed, api, people, alarmed, by_key):
    rows = by_key.get(ALARMS).json()["results"]
    assert [(row["area"], row["useful"], row["crisis_6"], row["crisis_12"], row["crisis_18"]) for row in rows] == [
        ("A-MINE", 1, False, True, None)
    ]
    api.credentials()
    assert signed(people.clerk).get(ALARMS).json()["count"] == 1
    assert signed(people.ministry).get(ALARMS, {"model_stage": Stage.CAUTION}).json()["count"] == 2
    assert signed(people.nobody).get(ALARMS).status_code == 403
    api.logout()
    assert api.get(ALARMS).status_code == 401


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_any_number_of_rows(signed, people, rows, django_assert_num_queries):
    rules = RuleSetFactory()
    for _ in range(rows):
        BackTest.objects.create(
            rule_set=rules, ruleset_sha256="a" * 64, engine_version="rci-1", level="SIGUNGU", measures={"auroc": "0.8"}
        )
    api = signed(people.clerk)
    with django_assert_num_queries(5):  # session, user, scope, count, rows
        assert api.get("/api/v1/back-tests/", {"rule_set": rules.version}).json()["count"] == rows
    found = BackTest.objects.first()
    assert api.get(f"/api/v1/back-tests/{found.public_id}/").json()["measures"] == {"auroc": "0.8"}
    assert api.get("/api/v1/back-tests/", {"rule_set": "NONE"}).json()["count"] == 0


def test_two_rule_sets_are_compared(signed, people):
    draft("LEFT"), draft("RIGHT", T1="35")
    url = "/api/v1/rule-sets/LEFT/compare/RIGHT/"
    body = signed(people.clerk).get(url).json()
    assert body["differences"] == [
        {"indicator": "", "key": "T1", "word": "주의 문턱", "left": "40", "right": "35"},
    ]
    assert signed(people.clerk).get("/api/v1/rule-sets/LEFT/compare/NONE/").status_code == 404
    assert signed(people.nobody).get(url).status_code in {403, 404}


def test_local_levels_of_a_day(signed, people):
    home = RegionFactory()
    levels = [Level(1, "양호", "GOOD", None), Level(2, "주의", "CAUTION", None), Level(3, "심각", "SEVERE", None)]
    services.enter_scheme(
        region=home, title="세 단계", document="지침", start=date(2025, 1, 1), levels=levels, actor=UserFactory()
    )
    api = signed(people.clerk)
    rows = api.get("/api/v1/local-levels/", {"on": "2025-06-01", "region": home.code}).json()["results"]
    assert [(row["name"], row["stage"], row["valid_from"]) for row in rows] == [
        ("양호", "GOOD", "2025-01-01"), ("주의", "CAUTION", "2025-01-01"), ("심각", "SEVERE", "2025-01-01"),
    ]  # fmt: skip
    assert api.get("/api/v1/local-levels/", {"on": "2024-06-01"}).json()["count"] == 0
    assert signed(people.nobody).get("/api/v1/local-levels/").status_code == 403
