"""`rounds/`, their results, `rule-sets/` and `clusters/` over the API."""

from datetime import date

import pytest

from companies.enums import ClusterKind
from crisis.enums import RunKind, RunState, Stage
from crisis.models import Result, Run
from crisis.serializers import ResultRow, RoundRow, RuleSetRow
from tests.api.facts import evaluated_round, result
from tests.factories.crisis import AreaFactory, AreaMembershipFactory, ClusterFactory, RoundFactory, RuleSetFactory

pytestmark = pytest.mark.django_db
RESULTS = "/api/v1/rounds/2025H1/results/"


@pytest.fixture
def judged(places):
    """The round 2025H1 with a result for each area."""
    _round, run = evaluated_round()
    for area in (places.mine, places.foreign, places.nation):
        result(run, area)
    return run


def areas(response):
    assert response.status_code == 200, response.content
    body = response.json()
    assert body["count"] == len(body["results"])
    return [row["area"] for row in body["results"]]


class TestRounds:
    def test_a_round_names_all_that_is_needed_to_compute_it_again(self, signed, people, judged):
        body = signed(people.clerk).get("/api/v1/rounds/2025H1/").json()
        assert (body["code"], body["reference_month"], body["state"]) == ("2025H1", "2025-05", "EVALUATED")
        assert body["cutoff"] == "2025-07-10T23:59:59+09:00"
        assert body["rule_set"] == {
            "version": judged.rule_set.version, "sha256": judged.rule_set.sha256, "trial": False,
        }  # fmt: skip
        run = body["run"]
        assert (run["engine_version"], run["input_digest"], run["output_digest"]) == ("rci-1", "a" * 64, "b" * 64)

    def test_a_round_not_yet_evaluated_has_no_run_and_no_results(self, signed, people):
        found = RoundFactory(code="2025H2", reference_month=date(2025, 11, 1))
        Run.objects.create(
            round=found, kind=RunKind.PRELIMINARY, state=RunState.QUEUED, rule_set=found.rule_set,
            ruleset_sha256="", engine_version="rci-1", known_at=found.cutoff,
        )  # fmt: skip
        api = signed(people.clerk)
        assert api.get("/api/v1/rounds/2025H2/").json()["run"] is None
        assert areas(api.get("/api/v1/rounds/2025H2/results/")) == []

    def test_the_calendar_is_for_everyone_who_works_here(self, signed, api, people, judged, by_key):
        url = "/api/v1/rounds/"
        assert [row["code"] for row in by_key.get(url).json()["results"]] == ["2025H1"]
        api.credentials()
        for somebody in (people.clerk, people.other, people.ministry):
            assert signed(somebody).get(url, {"state": "EVALUATED"}).json()["count"] == 1
        assert signed(people.nobody).get(url).status_code == 403
        assert signed(people.nobody).get("/api/v1/rounds/2025H1/").status_code == 403
        api.logout()
        assert api.get(url).status_code == 401

    @pytest.mark.parametrize("rows", [1, 4])
    def test_a_list_costs_the_same_for_any_number_of_rows(self, signed, people, rows, django_assert_num_queries):
        rules = RuleSetFactory()
        for year in range(2020, 2020 + rows):
            RoundFactory(code=f"{year}H1", reference_month=date(year, 5, 1), rule_set=rules)
        api = signed(people.clerk)
        with django_assert_num_queries(5):  # session, user, scope, count, rows
            api.get("/api/v1/rounds/")


class TestResults:
    def test_each_of_the_four_people_gets_their_own_results(self, signed, api, people, judged, by_key):
        assert areas(by_key.get(RESULTS)) == ["A-MINE", "KR"]
        api.credentials()
        assert areas(signed(people.clerk).get(RESULTS)) == ["A-MINE", "KR"]
        assert areas(signed(people.other).get(RESULTS)) == ["A-FOREIGN", "KR"]
        assert areas(signed(people.ministry).get(RESULTS)) == ["A-FOREIGN", "A-MINE", "KR"]
        assert signed(people.nobody).get(RESULTS).status_code == 403
        api.logout()
        assert api.get(RESULTS).status_code == 401

    def test_one_result_comes_whole_and_a_foreign_one_does_not_exist(self, signed, people, judged):
        api = signed(people.clerk)
        body = api.get(f"{RESULTS}A-MINE/").json()
        assert (body["rci"], body["public"]["indicators"]["EXP"]["score"]) == ("44.0", "41.0")
        assert api.get(f"{RESULTS}A-FOREIGN/").status_code == 404
        assert api.get("/api/v1/rounds/1999H1/results/").status_code == 404

    def test_only_the_official_run_counts(self, signed, people, places, judged):
        shadow = Run.objects.create(
            round=judged.round, kind=RunKind.SHADOW, state=RunState.DONE, rule_set=judged.rule_set,
            ruleset_sha256="", engine_version="rci-1", known_at=judged.known_at, output_digest="d",
            finished_at=judged.finished_at,
        )  # fmt: skip
        result(shadow, AreaFactory(region=places.near, code="A-SHADOW"), official=False)
        assert areas(signed(people.clerk).get(RESULTS)) == ["A-MINE", "KR"]

    def test_results_can_be_narrowed_and_cut(self, signed, people, places, judged):
        held = AreaFactory(region=places.near, code="A-HELD")
        result(judged, held, model_stage=None, grade="D", badge="")
        parent = AreaFactory(sido=True, code="P-1")
        AreaMembershipFactory(area=held, parent=parent)
        api = signed(people.clerk)
        assert areas(api.get(RESULTS, {"model_stage": "NONE"})) == ["A-HELD"]
        assert areas(api.get(RESULTS, {"model_stage": Stage.CAUTION, "level": "SIGUNGU"})) == ["A-MINE"]
        assert areas(api.get(RESULTS, {"grade": "D"})) == ["A-HELD"]
        assert areas(api.get(RESULTS, {"badge": "ROBUST"})) == ["A-MINE", "KR"]
        assert areas(api.get(RESULTS, {"parent": "P-1"})) == ["A-HELD"]
        assert areas(api.get(RESULTS, {"area": "KR,A-FOREIGN"})) == ["KR"]
        assert api.get(RESULTS, {"fields": "area,rci"}).json()["results"][0] == {"area": "A-HELD", "rci": "44.0"}
        assert api.get(RESULTS, {"grade": "E"}).status_code == 400

    @pytest.mark.parametrize("rows", [1, 8])
    def test_a_list_costs_the_same_for_any_number_of_rows(
        self, signed, people, places, judged, rows, django_assert_num_queries
    ):
        for area in AreaFactory.create_batch(rows, region=places.near):
            result(judged, area)
        api = signed(people.clerk)
        with django_assert_num_queries(6):  # session, user, scope, round, count, rows
            api.get(RESULTS)


class TestRuleSets:
    def test_a_rule_set_comes_with_its_contents(self, signed, people):
        rules = RuleSetFactory(version="KR-RCI-2027.1 (안)", trial=True)
        api = signed(people.clerk)
        assert api.get("/api/v1/rule-sets/", {"on": "2025-01-01"}).json()["results"][0]["trial"] is True
        assert api.get("/api/v1/rule-sets/", {"on": "2019-12-31"}).json()["count"] == 0
        body = api.get("/api/v1/rule-sets/KR-RCI-2027.1 (안)/").json()
        assert (body["sha256"], body["body"]["T1"]) == (rules.sha256, "40")
        assert "body" not in api.get("/api/v1/rule-sets/").json()["results"][0]
        assert signed(people.nobody).get("/api/v1/rule-sets/").status_code == 403


class TestClusters:
    url = "/api/v1/clusters/"

    def codes(self, response):
        assert response.status_code == 200, response.content
        return [row["code"] for row in response.json()["results"]]

    def test_each_of_the_four_people_gets_their_own_clusters(self, signed, api, people, places, by_key):
        here = ClusterFactory(region=places.near, kind=ClusterKind.NATIONAL, status="COMPLETE")
        part = ClusterFactory(region=places.near, parent=here)
        there = ClusterFactory(region=places.far)
        assert self.codes(by_key.get(self.url)) == [here.code, part.code]
        api.credentials()
        assert self.codes(signed(people.other).get(self.url)) == [there.code]
        assert len(self.codes(signed(people.ministry).get(self.url))) == 3
        clerk = signed(people.clerk)
        assert clerk.get(f"{self.url}{here.code}/").json()["children"] == [part.code]
        assert clerk.get(f"{self.url}{there.code}/").status_code == 404
        assert self.codes(clerk.get(self.url, {"kind": "NATIONAL"})) == [here.code]
        assert self.codes(clerk.get(self.url, {"region": places.here.code, "status": "COMPLETE"})) == [here.code]
        assert self.codes(clerk.get(self.url, {"q": part.name_ko})) == [part.code]
        assert signed(people.nobody).get(self.url).status_code == 403
        api.logout()
        assert api.get(self.url).status_code == 401

    @pytest.mark.parametrize("rows", [1, 8])
    def test_a_list_costs_the_same_for_any_number_of_rows(
        self, signed, people, places, rows, django_assert_num_queries
    ):
        ClusterFactory.create_batch(rows, region=places.near)
        api = signed(people.clerk)
        with django_assert_num_queries(5):  # session, user, scope, count, rows
            assert len(self.codes(api.get(self.url))) == rows


def test_rows_read_from_columns_are_what_the_serializer_would_write(judged):
    for row, queryset in [
        (ResultRow, Result.objects.all()),
        (RoundRow, type(judged.round).objects.all()),
        (RuleSetRow, type(judged.rule_set).objects.all()),
    ]:
        ordered = queryset.order_by("pk")
        assert row.render(row.select(ordered)) == [dict(row(instance).data) for instance in ordered]
