"""Regions in decline over REST: everyone their own, one price, a report handed in by a client system."""

import pytest

from crisis.declining.models import ProjectReport
from portal.directory.enums import Role
from portal.directory.services import issue_client_token
from tests.declining.conftest import running
from tests.factories.declining import DeclineStatusFactory, SpecialZoneFactory
from tests.factories.directory import RegionFactory, person

pytestmark = pytest.mark.django_db
LISTS = ("decline-statuses", "special-zones", "fund-projects", "fund-reports")
REPORTS = "/api/v1/fund-reports/"


@pytest.fixture
def project(land):
    DeclineStatusFactory(region=land.county)
    SpecialZoneFactory(in_region=land.county, code="SZ-1")
    return running(land)


@pytest.fixture
def by_key(api, land):
    system = person(role=Role.API_CLIENT, region=land.here)
    key = issue_client_token(user=system, name="시험 연계", expires_at=None, actor=None)[1]
    api.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return api


@pytest.mark.parametrize("name", LISTS)
def test_each_of_the_four_people_gets_their_own(api, land, project, name):
    url = f"/api/v1/{name}/"
    assert api.get(url).status_code == 401
    for user, count in ((land.hall, True), (land.ministry, True), (land.stranger, False)):
        api.force_login(user)
        assert (api.get(url).json()["count"] > 0) == count
    api.force_login(land.nobody)
    assert api.get(url).status_code == 403
    api.force_login(land.stranger)
    assert {
        api.get(f"/api/v1/{page}/").status_code for page in ("special-zones/SZ-1", f"fund-projects/{project.code}")
    } == {404}


@pytest.mark.parametrize("rows", [1, 5])
def test_a_list_costs_the_same_for_any_number_of_rows(api, land, project, rows, django_assert_num_queries):
    for _ in range(rows - 1):
        region = RegionFactory(sigungu=True, parent=land.here)
        DeclineStatusFactory(region=region)
        SpecialZoneFactory(in_region=region)
    api.force_login(land.sido)
    for name in LISTS:
        with django_assert_num_queries(5):  # session, user, scope, count, rows
            assert api.get(f"/api/v1/{name}/").status_code == 200


def sent(project, **facts):
    return {
        "project": project.code, "half": "2024H1", "seen": 1, "spent": [{"ministry": "MOIS", "won": 100}],
        "result": "착공", "figures": [{"indicator": "신규 고용", "value": "4"}], "submit": True, **facts,
    }  # fmt: skip


def test_a_client_system_hands_a_report_in_and_hears_what_is_wrong(by_key, land, project):
    faults = sent(project, spent=[{"ministry": "MOEL", "won": 1}])
    assert "MOEL" not in str(by_key.post(REPORTS, faults, format="json").json())
    assert by_key.post(REPORTS, faults, format="json").status_code == 400
    assert by_key.post(REPORTS, sent(project, half="2024Q1"), format="json").status_code == 400
    over = by_key.post(REPORTS, sent(project, spent=[{"ministry": "MSS", "won": 430_000_001}]), format="json")
    assert (over.status_code, over.json()["code"]) == (409, "overspent")
    answer = by_key.post(REPORTS, sent(project), format="json")
    assert answer.status_code == 200, answer.content
    assert (answer.json()["state"], answer.json()["half"]) == ("SUBMITTED", "2024H1")
    again = by_key.post(REPORTS, sent(project), format="json")
    assert (again.status_code, again.json()["code"]) == (409, "changed_meanwhile")
    assert ProjectReport.objects.get(state="SUBMITTED").results.get().value == 4
    body = by_key.get(f"/api/v1/fund-projects/{project.code}/").json()
    assert {row["ministry"]: row["executed"] for row in body["money"]} == {"MOIS": 100, "MSS": 0}


def test_nobody_reports_for_elsewhere(api, land, project):
    api.force_login(land.stranger)
    assert api.post(REPORTS, sent(project), format="json").status_code == 404
    api.force_login(land.clerk)
    assert api.post(REPORTS, sent(project), format="json").status_code == 403
