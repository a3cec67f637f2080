"""`prevention-plans/`, `plan-obligations/`, `plan-reports/` over the API."""

from datetime import date

import pytest

from crisis.plans.enums import ReportState
from crisis.plans.models import QuarterlyReport
from portal.directory.enums import Role
from portal.directory.services import issue_client_token
from tests.factories.crisis import AreaFactory
from tests.factories.directory import RegionFactory, person
from tests.plans.situations import alarm, approved

pytestmark = pytest.mark.django_db
LISTS = ("/api/v1/prevention-plans/", "/api/v1/plan-obligations/", "/api/v1/plan-reports/")
REPORTS = "/api/v1/plan-reports/"


@pytest.fixture(autouse=True)
def _stopped(clock):
    return clock


@pytest.fixture
def plan(people, places, clock):
    made = approved([alarm(places.mine)], people, start=date(2025, 8, 1))
    clock.to(2025, 10, 10)
    return made


@pytest.fixture
def signed(api):
    def as_somebody(user):
        api.force_login(user)
        return api

    return as_somebody


@pytest.fixture
def by_key(api, places):
    system = person(role=Role.API_CLIENT, region=places.here)
    key = issue_client_token(user=system, name="시험 연계", expires_at=None, actor=None)[1]
    api.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return api


@pytest.mark.parametrize("url", LISTS)
def test_each_of_the_four_people_gets_their_own(signed, api, people, plan, url):
    assert signed(people.writer).get(url).json()["count"] > 0
    assert signed(people.ministry).get(url).json()["count"] > 0
    assert signed(people.other).get(url).json()["count"] == 0
    assert signed(people.nobody).get(url).status_code == 403
    api.logout()
    assert api.get(url).status_code == 401


@pytest.mark.parametrize("rows", [1, 6])
@pytest.mark.parametrize("url", LISTS)
def test_a_list_costs_the_same_for_any_number_of_rows(signed, people, places, rows, url, django_assert_num_queries):
    for at in range(rows):
        approved([alarm(AreaFactory(region=RegionFactory(sigungu=True, parent=places.here), code=f"R{at}"))], people)
    api = signed(people.writer)
    with django_assert_num_queries(5):  # session, user, scope, count, rows
        assert api.get(url).status_code == 200


def test_a_plan_tells_its_measures_and_money(signed, people, plan):
    body = signed(people.writer).get(f"/api/v1/prevention-plans/{plan.code}/").json()
    assert (body["state"], body["areas"], body["ends_on"]) == ("RUNNING", ["A-NEAR"], "2026-07-31")
    (measure,) = body["measures"]
    assert measure["budget_national"] == 1_500_000_000
    assert measure["targets"][1] == {"name": "사업화 매출", "unit": "억원", "baseline": None, "target": "12.5"}
    assert signed(people.other).get(f"/api/v1/prevention-plans/{plan.code}/").status_code == 404


def test_lists_are_narrowed_and_unknown_conditions_refused(signed, people, plan):
    api = signed(people.writer)
    assert api.get(LISTS[0], {"in_effect_on": "2025-07-31"}).json()["count"] == 0
    assert api.get(LISTS[0], {"in_effect_on": "2026-07-31"}).json()["count"] == 1
    assert api.get(LISTS[1], {"state": "MET"}).json()["count"] == 1
    assert api.get(LISTS[1], {"overdue": "true"}).json()["count"] == 0
    assert api.get(REPORTS, {"quarter": "2025Q3"}).status_code == 400


def sent(plan, **facts):
    return {
        "plan": plan.code, "measure": 1, "quarter": "2025Q3", "seen": 1, "spent": {"national": 250_000_000},
        "result": "시제품 2건", "figures": [{"target": "신규 고용", "value": "4"}], "submit": True, **facts,
    }  # fmt: skip


def test_a_client_system_of_the_province_hands_a_report_in(by_key, plan):
    answer = by_key.post(REPORTS, sent(plan), format="json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "SUBMITTED"
    report = QuarterlyReport.objects.get(quarter=date(2025, 7, 1))
    assert (report.spent_total, report.results.get().value, report.version) == (250_000_000, 4, 2)
    again = by_key.post(REPORTS, sent(plan), format="json")
    assert (again.status_code, again.json()["code"]) == (409, "changed_meanwhile")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"quarter": "2025-Q3"}, "quarter"),
        ({"spent": {"national": -1}}, "spent.national"),
        ({"spent": {"city": 1}}, "spent.city"),
        ({"figures": [{"target": "없는 지표", "value": "1"}]}, "figures.0.target"),
        ({"extra": 1}, "extra"),
        ({"result": 5.5, "seen": 0}, "seen"),
    ],
)
def test_what_is_wrong_is_told_by_field(by_key, plan, facts, field):
    answer = by_key.post(REPORTS, sent(plan, **facts), format="json")
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


@pytest.mark.parametrize(("who", "status"), [("office", 403), ("ministry", 403), ("other", 404), ("writer", 200)])
def test_only_the_province_hands_in(signed, people, plan, who, status):
    assert signed(getattr(people, who)).post(REPORTS, sent(plan), format="json").status_code == status
    handed_in = QuarterlyReport.objects.filter(state=ReportState.SUBMITTED).exists()
    assert handed_in is (status == 200)
