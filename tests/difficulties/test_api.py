"""The API: four people, a case opened and worked on, prices, what is refused."""

import pytest

from network.difficulties.models import Case
from portal.directory.enums import Role
from tests.factories.difficulties import colleague

pytestmark = pytest.mark.django_db
CASES, ACTIONS, NOTES = (f"/api/v1/difficulty-{name}/" for name in ("cases", "actions", "notes"))


@pytest.fixture
def as_(api):
    def signed(user):
        api.force_login(user)
        return api

    return signed


def body_of(firm, **facts):
    given = {
        "business_number": firm.workplaces.get().business_number, "source": "OWN_REPORT", "severity": "URGENT",
        "jobs_at_stake": 12, "summary": "거래처 부도", "kinds": ["SALES"],
    }  # fmt: skip
    return {**given, **facts}


def test_each_of_the_four_people_gets_the_cases_they_may_see(as_, api, land):
    case, secret = land.opened(), land.opened(confidential=True)
    for user, codes in (
        (land.clerk, {case.code, secret.code}), (land.official, {case.code}), (land.ministry, {case.code}), (land.stranger, set()),
    ):  # fmt: skip
        found = as_(user).get(CASES).json()
        assert ({row["code"] for row in found["results"]}, found["count"]) == (codes, len(codes))
        assert api.get(f"{CASES}{secret.code}/").status_code == (200 if secret.code in codes else 404)
    assert as_(land.clerk).get(f"{CASES}?region={land.sido.code}&state=OPEN").json()["count"] == 2
    api.logout()
    assert api.get(CASES).status_code == 401


def test_a_case_is_opened_and_worked_on(as_, land):
    firm = land.firm()
    machine = colleague(land.office, Role.API_CLIENT)
    api = as_(machine)
    assert api.post(CASES, body_of(firm), format="json").json()["code"] == "no_officer"
    strange = api.post(CASES, body_of(firm, lead="nobody", kinds=["LUCK"], business_number="1"), format="json")
    assert set(strange.json()["fields"]) == {"lead", "kinds", "business_number"}
    made = api.post(CASES, body_of(firm, lead=land.clerk.login_id), format="json")
    assert made.status_code == 201, made.json()
    case = made.json()
    assert (case["lead"], case["referents"][0]["name"]) == (land.office.code, land.clerk.name)
    assert [one["kind"] for one in case["difficulties"]] == ["SALES"]
    again = as_(land.official).post(CASES, body_of(firm), format="json")
    assert (again.status_code, again.json()["code"]) == (409, "case_open")

    api = as_(machine)
    both = {"case": case["code"], "kind": "LOAN", "title": "융자", "due_on": "2026-03-07", "due_in": 3}
    assert set(api.post(ACTIONS, both, format="json").json()["fields"]) == {"due_on"}
    del both["due_in"]
    action = api.post(ACTIONS, {**both, "amount": 100}, format="json").json()
    assert (action["due_on"], action["organization"]) == ("2026-03-09", land.office.code)
    step = f"{ACTIONS}{action['public_id']}/step/"
    assert api.post(step, {"state": "DONE"}, format="json").status_code == 400
    assert api.post(step, {"state": "DONE", "result": "실행"}, format="json").json()["finished_on"] == "2026-03-03"
    assert as_(land.stranger).post(step, {"state": "DONE", "result": "x"}, format="json").status_code == 404
    note = {"case": case["code"], "kind": "CALL", "held_on": "2026-03-03", "text": "통화", "audience": "OWN"}
    assert as_(land.parker).post(NOTES, note, format="json").json()["code"] == "not_on_the_case"
    assert as_(land.clerk).post(NOTES, note, format="json").status_code == 201
    assert as_(land.ministry).post(NOTES, note, format="json").status_code == 403
    assert as_(land.ministry).get(NOTES).json()["count"] == 0
    assert Case.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 5])
def test_lists_cost_the_same_for_any_number(as_, land, rows, django_assert_num_queries):
    for _ in range(rows):
        case = land.shared(kinds=[land.kind()])
    api = as_(land.clerk)
    for address, budget in ((CASES, 5), (f"{CASES}{case.code}/", 8)):
        with django_assert_num_queries(budget):  # session, user, memberships; count and rows, or the case and its parts
            assert api.get(address).status_code == 200
