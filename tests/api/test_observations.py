"""Figures over the API: reading them as known at any moment, handing in new ones."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crisis.enums import BatchKind
from crisis.models import BatchReceipt, Observation, ObservationBatch
from portal.directory.enums import Role
from portal.kernel.dates import KST
from tests.factories.crisis import AreaFactory, IndicatorFactory, ObservationFactory
from tests.factories.directory import person

pytestmark = pytest.mark.django_db
URL = "/api/v1/observations/"


@pytest.fixture
def export(db):
    return IndicatorFactory(code="EXP", unit="천불")


def row(**changes):
    return {"area": "A-MINE", "indicator": "EXP", "period": "2025-09", "value": "100.5", **changes}


def values(response):
    assert response.status_code == 200, response.content
    return [(found["area"], found["period"], found["value"]) for found in response.json()["results"]]


class TestReading:
    def test_each_of_the_four_people_gets_their_own_figures(self, signed, api, people, places):
        for area in (places.mine, places.foreign):
            ObservationFactory(area=area, period=date(2025, 9, 1), value=Decimal(7))
        assert values(signed(people.clerk).get(URL)) == [("A-MINE", "2025-09", "7")]
        assert values(signed(people.other).get(URL)) == [("A-FOREIGN", "2025-09", "7")]
        assert len(values(signed(people.ministry).get(URL))) == 2
        assert values(signed(people.clerk).get(URL, {"area": "A-FOREIGN"})) == []
        assert signed(people.nobody).get(URL).status_code == 403
        api.logout()
        assert api.get(URL).status_code == 401

    @pytest.mark.parametrize("rows", [1, 8])
    def test_a_page_costs_the_same_for_any_number_of_rows(
        self, signed, people, places, export, rows, django_assert_num_queries
    ):
        for month in range(1, rows + 1):
            ObservationFactory(area=places.mine, indicator=export, period=date(2025, month, 1))
        api = signed(people.clerk)
        with django_assert_num_queries(4):  # session, user, scope, rows
            assert len(values(api.get(URL))) == rows

    def test_a_correction_replaces_and_the_past_stays_as_it_was(self, signed, people, places, export):
        now = timezone.now()
        facts = {"area": places.mine, "indicator": export, "period": date(2025, 9, 1)}
        ObservationFactory(**facts, value=Decimal(1), known_at=now - timedelta(days=9))
        ObservationFactory(**facts, value=Decimal("2.5"), known_at=now - timedelta(days=3))
        api = signed(people.clerk)
        assert values(api.get(URL)) == [("A-MINE", "2025-09", "2.5")]
        past = (now - timedelta(days=5)).isoformat()
        assert values(api.get(URL, {"as_of": past})) == [("A-MINE", "2025-09", "1")]
        assert values(api.get(f"{URL}?as_of={past}")) == [("A-MINE", "2025-09", "1")]  # an unescaped + is understood
        assert values(api.get(URL, {"as_of": (now - timedelta(days=10)).isoformat()})) == []
        assert [value for *_, value in values(api.get(URL, {"history": "true"}))] == ["1", "2.5"]

    def test_a_bare_day_means_the_end_of_that_day(self, signed, people, places):
        ObservationFactory(area=places.mine, value=Decimal(4), known_at=datetime(2025, 10, 1, 14, tzinfo=KST))
        api = signed(people.clerk)
        assert len(values(api.get(URL, {"as_of": "2025-10-01"}))) == 1
        assert len(values(api.get(URL, {"as_of": "2025-09-30"}))) == 0

    def test_a_withdrawn_figure_is_gone_but_told_to_those_who_keep_a_copy(self, signed, people, places, export):
        now = timezone.now()
        facts = {"area": places.mine, "indicator": export, "period": date(2025, 9, 1)}
        ObservationFactory(**facts, value=Decimal(1), known_at=now - timedelta(days=9))
        ObservationFactory(**facts, value=None, known_at=now - timedelta(days=1))
        api = signed(people.clerk)
        assert values(api.get(URL)) == []
        since = {"changed_since": (now - timedelta(hours=1)).isoformat()}
        assert values(api.get(URL, since)) == [("A-MINE", "2025-09", None)]

    def test_a_copy_asks_only_for_what_was_recorded_since(self, signed, people, places, export):
        old = ObservationFactory(area=places.mine, indicator=export, period=date(2025, 8, 1), value=Decimal(1))
        moved = timezone.now() + timedelta(hours=3)
        api = signed(people.clerk)
        as_of = api.get(URL).json()["as_of"]
        assert values(api.get(URL, {"changed_since": as_of})) == [("A-MINE", "2025-08", "1")]  # looks back ten minutes
        assert values(api.get(URL, {"changed_since": moved.isoformat()})) == []
        assert old.batch.recorded_at < moved

    def test_pages_follow_one_another_without_gap_or_repeat(self, signed, people, places, export):
        other = IndicatorFactory(code="IMP")
        for indicator in (export, other):
            for month in range(1, 10):
                ObservationFactory(area=places.mine, indicator=indicator, period=date(2025, month, 1))
        ObservationFactory(area=places.foreign, indicator=export)
        api = signed(people.clerk)
        found, url, pages = [], f"{URL}?page_size=4&fields=indicator,period", 0
        while url:
            body = api.get(url).json()
            found += [(each["indicator"], each["period"]) for each in body["results"]]
            url, pages = body["next"], pages + 1
        assert (len(found), len(set(found)), pages) == (18, 18, 5)

    def test_a_walk_keeps_to_the_moment_it_began(self, signed, people, places, export):
        for month in range(1, 7):
            ObservationFactory(area=places.mine, indicator=export, period=date(2025, month, 1), value=Decimal(1))
        api = signed(people.clerk)
        first = api.get(URL, {"page_size": 3}).json()
        ObservationFactory(
            area=places.mine, indicator=export, period=date(2025, 6, 1), value=Decimal(2), known_at=timezone.now()
        )
        assert [value for *_, value in values(api.get(first["next"]))] == ["1", "1", "1"]
        assert values(api.get(URL))[-1] == ("A-MINE", "2025-06", "2")

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"period_from": "2025/01"}, "period_from"),
            ({"period_from": "2025-05", "period_to": "2025-01"}, "period_to"),
            ({"as_of": "yesterday"}, "as_of"),
            ({"cursor": "forged"}, "cursor"),
            ({"page_size": "1001"}, "page_size"),
            ({"batch": "12"}, "batch"),
            ({"page": "2"}, "page"),
            ({"area": "A-MINE", "indicater": "EXP"}, "indicater"),
        ],
    )
    def test_a_condition_that_cannot_be_is_refused(self, signed, people, query, field):
        answer = signed(people.clerk).get(URL, query)
        assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])

    def test_figures_can_be_narrowed(self, signed, people, places, export):
        ObservationFactory(area=places.mine, indicator=export, period=date(2025, 3, 1), value=Decimal(3))
        ObservationFactory(area=places.mine, indicator=export, period=date(2025, 9, 1), value=Decimal(9))
        kept = ObservationFactory(area=places.nation, indicator=IndicatorFactory(code="POP"), period=date(2025, 9, 1))
        api = signed(people.clerk)
        assert len(values(api.get(URL, {"indicator": "EXP,POP"}))) == 3
        assert [value for *_, value in values(api.get(URL, {"indicator": "EXP", "period_to": "2025Q1"}))] == ["3"]
        assert [code for code, *_ in values(api.get(URL, {"level": "NATION"}))] == ["KR"]
        kept.batch.refresh_from_db()
        assert [code for code, *_ in values(api.get(URL, {"batch": str(kept.batch.public_id)}))] == ["KR"]


class TestHandingIn:
    def post(self, api, *rows, **extra):
        headers = extra.pop("headers", {})
        return api.post(URL, {"rows": list(rows), **extra}, format="json", headers=headers)

    def test_a_client_system_hands_in_figures_and_hears_what_became_of_each(self, by_key, export):
        first = self.post(by_key, row(), row(period="2025-10", value=7))
        assert first.status_code == 201
        body = first.json()
        assert (body["new"], body["changed"], body["same"], body["refused"]) == (2, 0, 0, 0)
        batch = ObservationBatch.objects.get(public_id=body["batch"])
        assert (batch.kind, batch.actor.memberships.get().role, batch.request_id) == (
            BatchKind.API, Role.API_CLIENT, first.headers["X-Request-Id"],
        )  # fmt: skip
        assert batch.organization_id == batch.actor.memberships.get().organization_id
        second = self.post(by_key, row(value="101"), row(period="2025-10", value="7.0"), row(period="2025Q4", value=1))
        # 2025Q4 lies in December
        assert [each["outcome"] for each in second.json()["rows"]] == ["changed", "same", "new"]
        assert set(Observation.objects.values_list("unit", flat=True)) == {"천불"}

    def test_the_same_request_twice_changes_nothing(self, by_key, export):
        self.post(by_key, row())
        again = self.post(by_key, row())
        assert (again.status_code, again.json()["batch"], again.json()["same"]) == (200, None, 1)
        assert Observation.objects.count() == 1

    def test_all_faults_of_all_rows_come_at_once_and_nothing_is_recorded(self, by_key, export):
        answer = self.post(
            by_key,
            row(),
            row(area="A-FOREIGN"),
            row(area="NOWHERE", indicator="NOTHING"),
            row(period="2025-11", value="many"),
            row(period="2031-01"),
            row(period="2025-12", value="1", unit="톤", colour="red"),
            row(),
            "text",
            {"area": "A-MINE"},
        )
        assert answer.status_code == 400
        fields = answer.json()["fields"]
        assert set(fields) == {
            "rows.1.area", "rows.2.area", "rows.2.indicator", "rows.3.value", "rows.4.period", "rows.5.colour",
            "rows.6.period", "rows.7.row", "rows.8.indicator", "rows.8.period", "rows.8.value",
        }  # fmt: skip
        assert fields["rows.1.area"][0].replace("A-FOREIGN", "NOWHERE") == fields["rows.2.area"][0]
        assert not Observation.objects.exists()

    def test_right_rows_can_be_taken_without_the_wrong_ones(self, by_key, export):
        body = self.post(by_key, row(), row(area="A-FOREIGN"), on_error="skip").json()
        assert [each["outcome"] for each in body["rows"]] == ["new", "refused"]
        assert list(body["rows"][1]["errors"]) == ["area"]
        assert Observation.objects.get().area.code == "A-MINE"

    def test_a_value_keeps_every_digit(self, by_key, export):
        self.post(by_key, row(value="123456789012.123456"), row(period="2025-10", value=0.1))
        kept = list(Observation.objects.order_by("period").values_list("value", flat=True))
        assert kept == [Decimal("123456789012.123456"), Decimal("0.1")]
        assert self.post(by_key, row(value=0.1234567890123456)).status_code == 400
        assert self.post(by_key, row(value="1e40")).status_code == 400
        assert self.post(by_key, row(value="NaN")).status_code == 400
        assert self.post(by_key, row(value=True)).status_code == 400

    def test_a_value_is_withdrawn_only_with_a_reason(self, by_key, export):
        self.post(by_key, row())
        assert "rows.0.note" in self.post(by_key, row(value=None)).json()["fields"]
        assert self.post(by_key, row(value=None, note="공표 철회")).json()["changed"] == 1
        assert values(by_key.get(URL)) == []

    @pytest.mark.parametrize("body", [[], {}, {"rows": []}, {"rows": "x"}, {"rows": [row()], "mode": 1}])
    def test_a_body_of_another_shape_is_refused(self, by_key, export, body):
        assert by_key.post(URL, body, format="json").status_code == 400

    def test_a_thousand_rows_at_once_and_not_one_more(self, by_key, places, export, django_assert_max_num_queries):
        areas = AreaFactory.create_batch(10, region=places.near)
        rows = [
            row(area=area.code, period=f"{year}-{month:02d}", value=str(month))
            for area in areas for year in range(2010, 2019) for month in range(1, 13)
        ]  # fmt: skip
        assert self.post(by_key, *rows[:1001]).status_code == 400
        with django_assert_max_num_queries(35):  # the same for one row: see the next test
            assert self.post(by_key, *rows[:1000]).json()["new"] == 1000

    @pytest.mark.parametrize("rows", [1, 8])
    def test_handing_in_costs_the_same_for_any_number_of_rows(self, by_key, export, rows, django_assert_num_queries):
        by_key.get(URL)  # the key's last use is noted once in five minutes
        # two of them ask whether a decided round is to be looked at again
        with django_assert_num_queries(30):
            self.post(by_key, *(row(period=f"2025-{month:02d}") for month in range(1, rows + 1)))

    def test_who_may_hand_in(self, signed, api, people, places, export):
        assert self.post(signed(people.clerk), row()).status_code == 201
        assert "rows.0.area" in self.post(signed(people.other), row()).json()["fields"]
        assert self.post(signed(people.ministry), row(period="2025-08")).status_code == 201
        assert self.post(signed(people.nobody), row()).status_code == 403
        assert self.post(signed(person(role=Role.SIDO, region=places.here)), row()).status_code == 403
        api.logout()
        assert self.post(api, row()).status_code == 401

    def test_only_a_nationwide_writer_enters_the_nation(self, signed, people, places, export):
        assert self.post(signed(people.clerk), row(area="KR")).status_code == 400
        assert self.post(signed(people.ministry), row(area="KR")).status_code == 201


class TestIdempotencyKey:
    def post(self, api, key, *rows):
        return api.post(URL, {"rows": list(rows)}, format="json", headers={"Idempotency-Key": key})

    def test_a_repeat_gets_the_first_answer_again(self, by_key, export):
        key = str(uuid.uuid4())
        first, again = self.post(by_key, key, row()), self.post(by_key, key, row())
        assert first.json() == again.json()
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.headers["Idempotency-Replayed"] == "true"
        assert BatchReceipt.objects.get().batch.observations.count() == 1

    def test_one_key_serves_one_content(self, by_key, export):
        self.post(by_key, "k", row())
        answer = self.post(by_key, "k", row(value="9"))
        assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")

    def test_a_refused_request_does_not_use_up_its_key(self, by_key, export):
        assert self.post(by_key, "k", row(value="many")).status_code == 400
        assert self.post(by_key, "k", row()).status_code == 201

    def test_two_clients_may_choose_the_same_key(self, by_key, signed, people, export):
        self.post(by_key, "k", row())
        by_key.credentials()
        assert self.post(signed(people.clerk), "k", row(value="9")).status_code == 201


def test_a_session_needs_its_csrf_token_and_a_key_does_not(client_key, people, export, places):
    from rest_framework.test import APIClient

    strict = APIClient(enforce_csrf_checks=True)
    strict.force_login(people.clerk)
    refused = strict.post(URL, {"rows": [row()]}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    machine = APIClient(enforce_csrf_checks=True)
    machine.credentials(HTTP_AUTHORIZATION=f"Token {client_key}")
    assert machine.post(URL, {"rows": [row()]}, format="json").status_code == 201
