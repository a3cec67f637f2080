"""Companies over REST: four people, people masked, tombstones, old numbers, the thousand at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from companies import services
from companies.models import Company
from portal.directory.models import Event
from tests.companies.pages.facts import registered
from tests.factories.companies import CompanyYearFactory, business_number

pytestmark = pytest.mark.django_db
URL = "/api/v1/companies/"


@pytest.fixture
def ask(api):
    def asked(user, url=URL, **query):
        api.force_login(user)
        return api.get(url, query)

    return asked


@pytest.fixture
def send(api):
    def sent(user, *rows):
        api.force_login(user)
        return api.post(f"{URL}bulk/", {"rows": list(rows)}, format="json")

    return sent


@pytest.fixture
def company(places):
    return registered(
        "주식회사 삼성전기", places.near, representative="홍길동", contact_name="최담당", phone="055-123-4567",
        email="boss@example.kr", main_product="콘덴서",
    )  # fmt: skip


def names(response):
    return [row["name_ko"] for row in response.json()["results"]]


def test_four_people_meet_the_list(ask, people, company):
    assert names(ask(people.clerk)) == names(ask(people.ministry)) == ["주식회사 삼성전기"]
    assert names(ask(people.other)) == []
    assert ask(people.nobody).status_code == 403


def test_no_one_is_let_in(api, company):
    assert api.get(URL).status_code == 401
    assert api.post(f"{URL}bulk/", {"rows": [{}]}, format="json").status_code == 401


@pytest.mark.parametrize("rows", [1, 6])
def test_the_list_costs_the_same_for_any_number_of_rows(ask, api, people, places, rows, django_assert_num_queries):
    for n in range(rows):
        registered(f"기업{n}", places.near)
    api.force_login(people.clerk)
    with django_assert_num_queries(4):  # session, user, scope, rows
        assert len(api.get(URL).json()["results"]) == rows


def test_people_are_masked_in_list_and_detail_for_everyone_who_does_not_ask(ask, people, company):
    for user in (people.clerk, people.ministry, people.reader, people.system):
        for row in (ask(user).json()["results"][0], ask(user, f"{URL}{company.public_id}/").json()):
            assert row["representative"] == "홍○○"
            assert row["contact_name"] == "최○○"
            assert row["phone"] == "055-○○○-○○○○"
            assert row["email"] == "b○○○@example.kr"
    assert not Event.objects.filter(verb="view_personal").exists()


def test_people_are_named_to_those_who_may_and_ask_and_it_is_written_down(ask, people, company):
    row = ask(people.clerk, personal="true").json()["results"][0]
    assert (row["representative"], row["phone"]) == ("홍길동", "055-123-4567")
    assert ask(people.clerk, f"{URL}{company.public_id}/", personal="true").json()["representative"] == "홍길동"
    events = Event.objects.filter(verb="view_personal", actor=people.clerk)
    assert [event.facts["companies"] for event in events] == [[str(company.public_id)]] * 2


@pytest.mark.parametrize("who", ["reader", "system"])
def test_asking_plainly_without_the_right_is_refused(ask, people, company, who):
    user = getattr(people, who)
    assert ask(user, personal="true").status_code == 403
    assert ask(user, f"{URL}{company.public_id}/", personal="true").status_code == 403


def test_searching_by_a_person_needs_the_right_as_well(ask, people, company):
    assert names(ask(people.clerk, q="홍길동")) == ["주식회사 삼성전기"]
    assert names(ask(people.reader, q="홍길동")) == []


@pytest.mark.parametrize(
    "query",
    [
        {"q": "ㅅㅅㅈㄱ"}, {"state": "OPERATING"}, {"kind": "CORPORATION"}, {"size": "UNKNOWN"},
    ],
)  # fmt: skip
def test_the_list_is_narrowed(ask, people, places, company, query):
    services.change_state(
        company=registered("다른기업", places.near, kind="INDIVIDUAL", size="SMALL"), state="CLOSED",
        since=timezone.localdate(),
    )  # fmt: skip
    assert names(ask(people.clerk, **query)) == ["주식회사 삼성전기"]


def test_the_list_is_narrowed_by_place_and_number(ask, people, places, company):
    registered("다른기업", places.far)
    number = company.workplaces.get().business_number
    for query in ({"region": places.near.code}, {"region": places.here.code}, {"business_number": number}):
        assert names(ask(people.ministry, **query)) == ["주식회사 삼성전기"]


def test_unknown_conditions_and_fields_are_refused(ask, people, company):
    assert ask(people.clerk, colour="red").status_code == 400
    assert ask(people.clerk, fields="secret").status_code == 400
    assert ask(people.clerk, industry="ZZZ").status_code == 400
    assert ask(people.clerk, f"{URL}{company.public_id}/", q="x").status_code == 400


def test_fields_are_chosen(ask, people, company):
    rows = ask(people.clerk, fields="name_ko,representative").json()["results"]
    assert rows == [{"name_ko": "주식회사 삼성전기", "representative": "홍○○"}]


def test_a_company_is_found_by_either_number_with_its_places(ask, people, places, company):
    services.add_workplace(company=company, region=places.far, name="제2공장")
    number = company.workplaces.headquarters().get().business_number
    for key in (company.public_id, number):
        found = ask(people.clerk, f"{URL}{key}/").json()
        assert found["public_id"] == str(company.public_id)
        assert [(place["region"], place["is_headquarters"]) for place in found["workplaces"]] == [
            (places.near.code, True),
            (places.far.code, False),
        ]
    assert ask(people.nobody, f"{URL}{number}/").status_code == 403
    assert ask(people.other, f"{URL}{company.public_id}/").status_code == 200  # the second site lies there


def test_companies_elsewhere_do_not_exist(ask, people, company):
    number = company.workplaces.get().business_number
    assert ask(people.other, f"{URL}{company.public_id}/").status_code == 404
    assert ask(people.other, f"{URL}{number}/").status_code == 404
    assert ask(people.other, f"/api/v1/workplaces/{number}/").status_code == 404
    assert ask(people.other, f"/api/v1/company-figures/{number}/").status_code == 404


def test_an_old_number_leads_to_the_company_that_stayed(ask, people, places, company):
    other = registered("삼성전기공업", places.near)
    services.merge_companies(survivor=company, absorbed=other, actor=people.clerk, reason="같은 기업")
    response = ask(people.clerk, f"{URL}{other.public_id}/")
    assert response.status_code == 301
    assert response["Location"].endswith(f"{URL}{company.public_id}/")
    assert response.json()["code"] == "company_merged"


def test_changes_since_a_moment_come_with_those_that_went_away(ask, people, places, company):
    other = registered("삼성전기공업", places.near)
    closed = registered("문닫은기업", places.near)
    Company.objects.update(updated_at=timezone.now() - timedelta(days=2))
    type(company.workplaces.get()).objects.update(updated_at=timezone.now() - timedelta(days=2))
    since = (timezone.now() - timedelta(days=1)).isoformat()
    assert names(ask(people.clerk, changed_since=since)) == []
    services.merge_companies(survivor=company, absorbed=other, actor=people.clerk, reason="같은 기업")
    services.change_state(company=closed, state="CLOSED", since=timezone.localdate())
    rows = {row["public_id"]: row for row in ask(people.clerk, changed_since=since).json()["results"]}
    assert rows[str(other.public_id)]["merged_into"] == str(company.public_id)
    assert rows[str(closed.public_id)]["state"] == "CLOSED"
    assert str(other.public_id) not in {row["public_id"] for row in ask(people.clerk).json()["results"]}
    assert ask(people.other, changed_since=since).json()["results"] == []


def test_pages_follow_one_another(ask, people, places):
    for n in range(5):
        registered(f"기업{n}", places.near)
    first = ask(people.clerk, page_size=2).json()
    second = ask(people.clerk, first["next"]).json()
    third = ask(people.clerk, second["next"]).json()
    found = [row["name_ko"] for page in (first, second, third) for row in page["results"]]
    assert found == [f"기업{n}" for n in range(5)]
    assert third["next"] is None


def test_workplaces_and_figures_are_listed_in_scope(ask, people, places, company):
    CompanyYearFactory(company=company, year=2025, sales=10, source="SURVEY")
    CompanyYearFactory(company=company, year=2025, sales=30, source="AUDIT", employees=None)
    registered("다른기업", places.far)
    (place,) = ask(people.clerk, "/api/v1/workplaces/").json()["results"]
    assert place["company"] == str(company.public_id)
    assert ask(people.clerk, f"/api/v1/workplaces/{place['business_number']}/").json() == place
    rows = ask(people.clerk, "/api/v1/company-figures/", year_from=2025).json()["results"]
    assert sorted(row["sales"] for row in rows) == [10, 30]
    (year,) = ask(people.clerk, f"/api/v1/company-figures/{company.public_id}/").json()["years"]
    assert (year["sales"], year["employees"], year["sources"]["sales"]) == (30, 30, "AUDIT")
    assert ask(people.other, "/api/v1/company-figures/").json()["results"] == []


# --- the thousand at once ---------------------------------------------------------------------------------------------
def row(places, serial, **facts):
    return {"business_number": business_number(serial), "name_ko": f"기업{serial}", "region": places.near.code, **facts}


def test_rows_are_entered_changed_and_left_alone_with_a_result_each(send, people, places, company):
    number = company.workplaces.get().business_number
    rows = [
        row(places, 1, size="SMALL", representative="김새로"),
        {"business_number": number, "main_product": "기판", "phone": ""},
        {"business_number": number[:3] + "-" + number[3:], "name_ko": "둘째"},
        row(places, 2, region=places.far.code),
        row(places, 3, colour="red"),
        {"business_number": "123", "name_ko": "짧음", "region": places.near.code},
        {"business_number": business_number(4), "region": places.near.code},
        "text",
    ]
    body = send(people.system, *rows[:2], *rows[3:]).json()
    outcomes = [one["outcome"] for one in body["rows"]]
    assert outcomes == ["new", "changed", "error", "error", "error", "error", "error"]
    assert (body["new"], body["changed"], body["same"], body["error"]) == (1, 1, 0, 5)
    assert body["rows"][1]["fields"] == ["main_product", "phone"]
    assert list(body["rows"][2]["errors"]) == ["region"]
    assert list(body["rows"][3]["errors"]) == ["colour"]
    assert list(body["rows"][4]["errors"]) == ["business_number"]
    assert list(body["rows"][5]["errors"]) == ["name_ko"]
    made = Company.objects.get(public_id=body["rows"][0]["public_id"])
    assert (made.name_ko, made.size, made.representative) == ("기업1", "SMALL", "김새로")
    company.refresh_from_db()
    assert (company.main_product, company.phone, company.representative) == ("기판", "", "홍길동")


def test_the_same_request_again_changes_nothing(send, people, places):
    first = send(people.system, row(places, 1), row(places, 2)).json()
    again = send(people.system, row(places, 1), row(places, 2)).json()
    assert [one["outcome"] for one in again["rows"]] == ["same", "same"]
    assert [one["public_id"] for one in again["rows"]] == [one["public_id"] for one in first["rows"]]
    assert set(Company.objects.values_list("version", flat=True)) == {1}


def test_doubled_rows_are_both_refused(send, people, places):
    body = send(people.system, row(places, 1), row(places, 1)).json()
    assert [one["outcome"] for one in body["rows"]] == ["error", "error"]
    assert not Company.objects.exists()


def test_a_doubtful_number_needs_its_reason(send, people, places):
    doubtful = {"business_number": "1234567890", "name_ko": "의심", "region": places.near.code}
    assert send(people.system, doubtful).json()["rows"][0]["outcome"] == "error"
    assert send(people.system, doubtful | {"number_reason": "등록증 확인"}).json()["rows"][0]["outcome"] == "new"


def test_handed_in_companies_are_found_at_once(send, ask, people, places):
    send(people.system, row(places, 1, name_ko="한빛정밀"))
    assert names(ask(people.clerk, q="ㅎㅂㅈㅁ")) == ["한빛정밀"]


@pytest.mark.parametrize("who", ["reader", "ministry", "council"])
def test_only_those_who_keep_companies_hand_them_in(send, people, places, who):
    assert send(getattr(people, who), row(places, 1)).status_code == 403
    assert not Company.objects.exists()


@pytest.mark.parametrize("body", [[], {"rows": []}, {"rows": {}}, {"rows": [{}], "x": 1}, {"rows": [{}] * 1001}])
def test_a_body_of_another_shape_is_refused(api, people, body):
    api.force_login(people.system)
    assert api.post(f"{URL}bulk/", body, format="json").status_code == 400


def test_the_bulk_costs_the_same_for_any_number_of_rows(send, people, places):
    costs = []
    for rows in ([100], [1, 2], range(3, 43)):
        with CaptureQueriesContext(connection) as queries:
            send(people.system, *(row(places, n) for n in rows))
        costs.append(len(queries))
    assert costs[1] == costs[2]  # the first one signs in
    assert Company.objects.count() == 43
