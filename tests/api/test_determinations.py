"""`determinations/`, `stage-on/` and the stage beside an area."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from crisis.enums import DeterminationState, Stage
from crisis.models import Determination
from crisis.serializers import DeterminationRow
from tests.api.facts import decision, evaluated_round, result
from tests.factories.crisis import AreaFactory, AreaMembershipFactory

pytestmark = pytest.mark.django_db
URL, STAGE = "/api/v1/determinations/", "/api/v1/stage-on/"


@pytest.fixture
def decided(places):
    """2024H2 and 2025H1, each with a confirmed decision for `A-MINE`; one for `A-FOREIGN`."""
    _, earlier = evaluated_round("2024H2", date(2024, 11, 1))
    _, later = evaluated_round(rule_set=earlier.rule_set)
    decision(result(earlier, places.mine), stage=Stage.CAUTION, start=date(2025, 2, 1), end=date(2025, 8, 1))
    decision(result(later, places.mine), stage=Stage.SEVERE, start=date(2025, 8, 1))
    decision(result(later, places.foreign), stage=Stage.GOOD, start=date(2025, 8, 1))
    return later


def found(response, key="area"):
    assert response.status_code == 200, response.content
    body = response.json()
    assert body["count"] == len(body["results"])
    return [row[key] for row in body["results"]]


class TestDeterminations:
    def test_each_of_the_four_people_gets_their_own_decisions(self, signed, api, people, decided, by_key):
        assert found(by_key.get(URL), "round") == ["2025H1", "2024H2"]
        api.credentials()
        assert found(signed(people.clerk).get(URL)) == ["A-MINE", "A-MINE"]
        assert found(signed(people.other).get(URL)) == ["A-FOREIGN"]
        assert len(found(signed(people.ministry).get(URL))) == 3
        assert signed(people.nobody).get(URL).status_code == 403
        api.logout()
        assert api.get(URL).status_code == 401

    def test_a_decision_is_found_by_round_and_area(self, signed, people, decided):
        api = signed(people.clerk)
        body = api.get(f"{URL}2025H1/A-MINE/").json()
        assert (body["model_stage"], body["stage"], body["reason_text"]) == ("CAUTION", "SEVERE", "공장 폐쇄")
        assert (body["valid_from"], body["valid_before"], body["earlier"]) == ("2025-08-01", None, [])
        assert api.get(f"{URL}2025H1/A-FOREIGN/").status_code == 404
        assert api.get(f"{URL}2020H1/A-MINE/").status_code == 404

    def test_a_corrected_decision_stays_behind_the_one_that_holds(self, signed, people, places, decided):
        row = result(decided, AreaFactory(region=places.near, code="A-2"))
        decision(row, state=DeterminationState.SUPERSEDED)
        api = signed(people.clerk)
        assert api.get(f"{URL}2025H1/A-2/").json()["state"] == "SUPERSEDED"
        decision(row, state=DeterminationState.DRAFT, stage=None)
        body = api.get(f"{URL}2025H1/A-2/").json()
        assert (body["state"], [each["state"] for each in body["earlier"]]) == ("DRAFT", ["SUPERSEDED"])

    def test_decisions_can_be_narrowed_and_followed(self, signed, people, decided):
        api = signed(people.clerk)
        assert found(api.get(URL, {"in_force_on": "2025-07-31"}), "round") == ["2024H2"]
        assert found(api.get(URL, {"in_force_on": "2025-08-01"}), "round") == ["2025H1"]
        assert found(api.get(URL, {"stage": "SEVERE"}), "round") == ["2025H1"]
        assert found(api.get(URL, {"round": "2024H2", "area": "A-MINE", "state": "CONFIRMED"})) == ["A-MINE"]
        old = timezone.now() - timedelta(days=3)
        Determination.objects.filter(round__code="2024H2").update(updated_at=old)
        assert found(api.get(URL, {"changed_since": timezone.now().isoformat()}), "round") == ["2025H1"]

    @pytest.mark.parametrize("rows", [1, 6])
    def test_a_list_costs_the_same_for_any_number_of_rows(
        self, signed, people, places, decided, rows, django_assert_num_queries
    ):
        for area in AreaFactory.create_batch(rows, region=places.near):
            decision(result(decided, area))
        api = signed(people.clerk)
        with django_assert_num_queries(5):  # session, user, scope, count, rows
            api.get(URL)


class TestStageOn:
    def test_the_stage_of_a_day_is_the_one_decided_for_it(self, signed, people, decided):
        api = signed(people.clerk)
        for day, stage, round_code in [
            ("2025-01-31", None, None), ("2025-02-01", "CAUTION", "2024H2"),
            ("2025-07-31", "CAUTION", "2024H2"), ("2025-08-01", "SEVERE", "2025H1"),
        ]:  # fmt: skip
            row = api.get(STAGE, {"area": "A-MINE", "date": day}).json()["results"][0]
            assert (row["area"], row["stage"], row["round"]) == ("A-MINE", stage, round_code)

    def test_a_corrected_decision_was_never_in_force(self, signed, people, places, decided):
        decision(result(decided, AreaFactory(region=places.near, code="A-2")), state=DeterminationState.SUPERSEDED)
        row = signed(people.clerk).get(STAGE, {"area": "A-2", "date": "2025-09-01"}).json()["results"][0]
        assert row["stage"] is None

    def test_many_areas_at_once_each_in_its_own_scope(self, signed, api, people, places, decided, by_key):
        day = {"date": "2025-09-01"}
        assert found(by_key.get(STAGE, day), "stage") == ["SEVERE", None]
        api.credentials()
        assert found(signed(people.other).get(STAGE, day)) == ["A-FOREIGN", "KR"]
        ministry = signed(people.ministry)
        assert found(ministry.get(STAGE, {**day, "area": "A-MINE,A-FOREIGN"}), "stage") == ["GOOD", "SEVERE"]
        assert found(ministry.get(STAGE, {**day, "stage": "NONE"})) == ["KR"]
        assert found(ministry.get(STAGE, {**day, "stage": "SEVERE"})) == ["A-MINE"]
        AreaMembershipFactory(area=places.mine, parent=AreaFactory(sido=True, code="P-1"))
        assert found(ministry.get(STAGE, {**day, "parent": "P-1"})) == ["A-MINE"]
        assert signed(people.nobody).get(STAGE, day).status_code == 403
        api.logout()
        assert api.get(STAGE, day).status_code == 401

    def test_a_foreign_area_is_as_unknown_as_one_that_does_not_exist(self, signed, people, decided):
        api = signed(people.clerk)
        foreign, nowhere = (api.get(STAGE, {"area": f"A-MINE,{code}"}) for code in ("A-FOREIGN", "X-FOREIGN"))
        assert (foreign.status_code, nowhere.status_code) == (400, 400)
        assert foreign.content.replace(b"A-FOREIGN", b"X-FOREIGN") == nowhere.content
        assert api.get(STAGE, {"area": ",".join(f"A{n}" for n in range(201))}).status_code == 400

    @pytest.mark.parametrize("rows", [1, 6])
    def test_it_costs_the_same_for_any_number_of_areas(
        self, signed, people, places, decided, rows, django_assert_num_queries
    ):
        for area in AreaFactory.create_batch(rows, region=places.near):
            decision(result(decided, area))
        api = signed(people.clerk)
        with django_assert_num_queries(5):  # session, user, scope, count, rows
            assert len(found(api.get(STAGE, {"date": "2025-09-01"}))) == rows + 2


def test_an_area_shows_its_decision_and_what_the_method_said_apart(signed, people, decided):
    body = signed(people.clerk).get("/api/v1/areas/A-MINE/").json()
    assert body["current_stage"] == {
        "stage": "SEVERE", "round": "2025H1", "valid_from": "2025-08-01", "valid_before": None, "is_demo": False,
    }  # fmt: skip
    assert body["latest_result"] == {
        "round": "2025H1", "model_stage": "CAUTION", "rci": "44.0", "grade": "A", "badge": "ROBUST",
    }  # fmt: skip


def test_rows_read_from_columns_are_what_the_serializer_would_write(decided):
    rows = Determination.objects.order_by("pk")
    assert DeterminationRow.render(DeterminationRow.select(rows)) == [dict(DeterminationRow(row).data) for row in rows]
