"""The company list: four people, its price, filters, order, the cap, marks, kept conditions, files with a reason."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies import services
from companies.models import Cluster, Company, Industry
from companies.views import company_list
from companies.workspace.models import Bookmark, SavedFilter
from portal.directory.models import Event, Job, Organization
from portal.intake.services import write_list_export
from tests.companies.pages.facts import registered
from tests.factories.companies import CompanyYearFactory
from tests.factories.directory import ALWAYS

pytestmark = pytest.mark.django_db
URL = "/companies/"


@pytest.fixture
def see(client):
    def seen(user, query="", url=URL):
        client.force_login(user)
        return client.get(f"{url}?{query}" if query else url)

    return seen


def names(response):
    return [row.name_ko for row in response.context["page"].object_list]


def test_four_people_meet_the_list(see, people, places):
    registered("삼성전기", places.near)
    registered("한빛정밀", places.far)
    assert names(see(people.clerk)) == ["삼성전기"]
    assert names(see(people.other)) == ["한빛정밀"]
    assert names(see(people.ministry)) == ["삼성전기", "한빛정밀"]
    assert see(people.nobody).status_code == 403


def test_no_one_is_sent_to_sign_in(client):
    assert client.get(URL).status_code == 302
    assert client.get(URL)["Location"].startswith("/login/")


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_costs_the_same_for_any_number_of_rows(client, people, places, rows, django_assert_max_num_queries):
    for n in range(rows):
        registered(f"기업{n}", places.near)
    client.force_login(people.clerk)
    client.get(URL)
    # session, user, scope, regions of the filter, candidates, rows, columns of other apps, kept conditions, bodies
    with django_assert_max_num_queries(10):
        assert len(names(client.get(URL))) == rows


def test_the_price_of_one_row_is_the_price_of_many(client, people, places):
    client.force_login(people.clerk)
    costs = []
    for n in range(3):
        for m in range(10):
            registered(f"기업{n}-{m}", places.near)
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        costs.append(len(queries))
    assert len(set(costs)) == 1


def test_people_are_masked_for_everyone_in_the_list(see, people, places):
    registered("삼성전기", places.near, representative="홍길동", phone="055-123-4567", email="boss@example.kr")
    for user in (people.clerk, people.ministry, people.reader):
        text = see(user, "cols=representative&cols=phone&cols=email").content.decode()
        assert "홍○○" in text
        assert "055-○○○-○○○○" in text
        assert "b○○○@example.kr" in text
        for plain in ("홍길동", "123-4567", "boss@"):
            assert plain not in text


def test_the_list_is_narrowed_by_each_condition(see, people, places):
    industry = Industry.objects.create(revision=11, code="C", depth=1, name_ko="제조업")
    below = Industry.objects.create(revision=11, code="29", depth=2, name_ko="기타 기계", parent=industry)
    cluster = Cluster.objects.create(
        code="C1", kind="GENERAL", name_ko="시험단지", region=places.near, effective=ALWAYS
    )
    one = registered("삼성전기", places.near, size="SMALL", kind="INDIVIDUAL", industry=below)
    services.join_cluster(workplace=one.workplaces.get(), cluster=cluster, since=None)
    services.put_certification(company=one, kind="VENTURE", start=None)
    other = registered("한빛정밀", places.near, size="LARGE")
    services.change_state(company=other, state="CLOSED", since=other.created_at.date())
    for query in ("firm_size=SMALL", "kind=INDIVIDUAL", "industry=C", "industry=29", "industry=기계", "cluster=C1",
                  "cluster=시험", "certification=VENTURE", "state=OPERATING", "q=ㅅㅅ",
                  f"region={places.near.scheme}:{places.near.code}&q=삼성"):  # fmt: skip
        assert names(see(people.clerk, query)) == ["삼성전기"], query
    assert names(see(people.clerk, "state=CLOSED")) == ["한빛정밀"]
    assert names(see(people.clerk, "industry=없는업종")) == []


def test_places_outside_the_scope_are_no_choice(see, people, places):
    response = see(people.clerk, f"region={places.far.scheme}:{places.far.code}")
    assert names(response) == []
    assert response.context["list"].form.errors["region"]


def test_a_search_is_ordered_by_likeness_until_an_order_is_asked_for(see, people, places):
    for name in ("한국삼성", "삼성", "가나삼성"):
        registered(name, places.near)
    assert names(see(people.clerk, "q=삼성")) == ["삼성", "가나삼성", "한국삼성"]
    assert names(see(people.clerk, "q=삼성&sort=-name")) == ["한국삼성", "삼성", "가나삼성"]


def test_a_long_list_is_capped_and_says_so(see, people, places, monkeypatch):
    monkeypatch.setattr(company_list, "FEW", 5)
    for n in range(8):
        registered(f"기업{n}", places.near, founded_on=date(2020 - n, 1, 1))
    response = see(people.clerk, "sort=founded&size=20")
    assert names(response) == [f"기업{n}" for n in range(5)]
    assert "5곳이 넘어" in response.content.decode()
    assert "다른 순서는" in response.content.decode()
    assert names(see(people.clerk, "q=기업3&sort=founded")) == ["기업3"]


def test_unknown_conditions_are_refused(see, people):
    assert see(people.clerk, "colour=red").status_code == 400


def test_figures_are_shown_when_asked_for(see, people, places):
    CompanyYearFactory(company=registered("삼성전기", places.near), sales=12_300_000_000)
    assert "12,300백만원" in see(people.clerk, "cols=sales").content.decode()


def test_a_mark_is_ones_own_and_narrows_the_list(client, see, people, places):
    one = registered("삼성전기", places.near)
    registered("한빛정밀", places.near)
    client.force_login(people.clerk)
    client.post("/companies/mark/", {"mark": str(one.public_id), "next": URL})
    assert names(see(people.clerk, "mine=on")) == ["삼성전기"]
    assert names(see(people.reader, "mine=on")) == []
    client.force_login(people.clerk)
    client.post("/companies/mark/", {"unmark": str(one.public_id), "next": "https://elsewhere.example/"})
    assert not Bookmark.objects.exists()


def test_marking_leads_back_inside_the_portal_only(client, people, places):
    one = registered("삼성전기", places.near)
    client.force_login(people.clerk)
    response = client.post("/companies/mark/", {"mark": str(one.public_id), "next": "https://elsewhere.example/"})
    assert response["Location"] == URL
    assert client.post("/companies/mark/", {"mark": "x"}).status_code == 400


def test_companies_elsewhere_cannot_be_marked(client, people, places):
    client.force_login(people.other)
    one = registered("삼성전기", places.near)
    assert client.post("/companies/mark/", {"mark": str(one.public_id)}).status_code == 404


def test_conditions_are_kept_shared_and_forgotten(client, see, people, places):
    body = Organization.objects.get(memberships__user=people.clerk)
    client.force_login(people.clerk)
    saved = {"name": "우리 벤처", "query": "certification=VENTURE&page=3", "shared_with": body.code}
    assert client.post("/companies/filters/", saved).status_code == 302
    kept = SavedFilter.objects.get()
    assert kept.query == "certification=VENTURE"
    assert "우리 벤처" in see(people.clerk).content.decode()
    assert "우리 벤처" not in see(people.other).content.decode()
    forget = reverse("companies:filter_forget", args=[kept.public_id])
    client.force_login(people.other)
    assert client.post(forget).status_code == 404
    client.force_login(people.clerk)
    client.post(forget)
    assert not SavedFilter.objects.exists()


def test_conditions_are_shared_with_ones_own_body_only(client, people):
    elsewhere = Organization.objects.get(memberships__user=people.other)
    client.force_login(people.clerk)
    client.post("/companies/filters/", {"name": "남의", "query": "", "shared_with": elsewhere.code})
    assert not SavedFilter.objects.exists()


# --- files ------------------------------------------------------------------------------------------------------------
def asked(client, user, query="", **form):
    client.force_login(user)
    return client.post(f"/companies/export/?{query}", {"format": "csv", **form})


def written(job):
    """The rows of the file a job owes, as the worker would write it."""
    write_list_export(job=job, say=lambda **said: None)
    with default_storage.open(f"exports/{job.pk}") as file:
        return list(csv.reader(io.TextIOWrapper(file, "utf-8-sig")))


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


QUERY = "cols=name&cols=representative&cols=phone"


def test_a_file_masks_people_unless_they_are_asked_for_with_a_reason(client, people, places):
    registered("삼성전기", places.near, representative="홍길동", phone="055-123-4567")
    asked(client, people.clerk, QUERY)
    assert written(Job.objects.get())[1] == ["삼성전기", "홍○○", "055-○○○-○○○○"]
    assert asked(client, people.clerk, QUERY, personal="on").status_code == 200
    assert Job.objects.count() == 1, "no file without a reason"
    asked(client, people.clerk, QUERY, personal="on", reason="설명회 초대")
    assert written(Job.objects.latest("pk"))[1] == ["삼성전기", "홍길동", "055-123-4567"]
    event = Event.objects.filter(verb="export_companies").latest("pk")
    assert (event.reason, event.facts["personal"], event.facts["rows"]) == ("설명회 초대", True, 1)


def test_readers_without_the_right_cannot_take_people_away(client, see, people, places):
    registered("삼성전기", places.near, representative="홍길동")
    assert asked(client, people.reader, QUERY, personal="on", reason="그냥").status_code == 403
    assert asked(client, people.council, QUERY).status_code == 403
    assert not Job.objects.exists()
    page = see(people.reader, QUERY, "/companies/export/").content.decode()
    assert "가리지 않고 담기" not in page


def test_a_right_lost_before_the_worker_begins_masks_the_file(client, people, places):
    registered("삼성전기", places.near, representative="홍길동")
    asked(client, people.clerk, QUERY, personal="on", reason="설명회 초대")
    people.clerk.memberships.update(role="SIDO")
    assert written(Job.objects.get())[1][:2] == ["삼성전기", "홍○○"]


def test_a_file_holds_the_rows_and_columns_of_the_list(client, people, places):
    registered("삼성전기", places.near, size="SMALL")
    registered("한빛정밀", places.near, size="LARGE")
    registered("먼 기업", places.far)
    asked(client, people.clerk, "firm_size=SMALL&cols=name&cols=number")
    rows = written(Job.objects.get())
    assert rows[0] == ["기업명", "사업자등록번호"]
    assert [row[0] for row in rows[1:]] == ["삼성전기"]


def test_a_spreadsheet_keeps_numbers_as_numbers(client, people, places):
    CompanyYearFactory(company=registered("삼성전기", places.near), sales=12_300_000_001)
    client.force_login(people.clerk)
    client.post("/companies/export/?cols=name&cols=sales", {"format": "xlsx"})
    job = Job.objects.get()
    write_list_export(job=job, say=lambda **said: None)
    with default_storage.open(f"exports/{job.pk}") as file:
        sheet = openpyxl.load_workbook(io.BytesIO(file.read())).active
    assert sheet["B2"].value == 12_300_000_001
    assert Company.objects.count() == 1


def test_the_list_itself_gives_no_file_at_once(see, people):
    response = see(people.clerk, "export=xlsx")
    assert response.status_code == 302
    assert response["Location"].startswith("/companies/export/")
