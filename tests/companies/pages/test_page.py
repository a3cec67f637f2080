"""The page of one company: four people, people named only on request and on record, timeline, panels, history."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies import panels, services
from companies.enums import NameKind
from companies.models import Cluster, Company
from portal.directory.models import Event
from tests.companies.pages.facts import registered
from tests.factories.companies import CompanyYearFactory
from tests.factories.directory import ALWAYS

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(places):
    return registered(
        "주식회사 삼성전기", places.near, representative="홍길동", contact_name="최담당", phone="055-123-4567",
        email="boss@example.kr", founded_on=date(1990, 3, 2), homepage="https://example.kr",
    )  # fmt: skip


def url(company, name="company", *more):
    return reverse(f"companies:{name}", args=[company.public_id, *more])


def see(client, user, address):
    client.force_login(user)
    return client.get(address)


def text(response):
    return response.content.decode()


PLAIN = ("홍길동", "최담당", "123-4567", "boss@example.kr")


def test_four_people_meet_the_page(client, people, company):
    assert see(client, people.clerk, url(company)).status_code == 200
    assert see(client, people.ministry, url(company)).status_code == 200
    assert see(client, people.other, url(company)).status_code == 404
    assert see(client, people.nobody, url(company)).status_code == 403
    client.logout()
    assert client.get(url(company))["Location"].startswith("/login/")


def test_the_page_masks_people_for_everyone_and_offers_them_to_those_who_may(client, people, company):
    for user in (people.clerk, people.ministry, people.reader, people.council):
        page = text(see(client, user, url(company)))
        assert "홍○○" in page
        assert not [plain for plain in PLAIN if plain in page]
    assert "가리지 않고 보기" in text(see(client, people.clerk, url(company)))
    assert "가리지 않고 보기" not in text(see(client, people.reader, url(company)))


def test_each_look_at_people_is_written_down(client, people, company):
    client.force_login(people.clerk)
    for _ in range(2):
        page = text(client.post(url(company, "company_people")))
        assert all(plain in page for plain in PLAIN)
    events = Event.objects.about(company).filter(verb="view_personal", actor=people.clerk)
    assert events.count() == 2
    assert text(see(client, people.clerk, url(company))).count("홍길동") == 0


def test_people_are_not_named_to_those_who_may_not_nor_elsewhere(client, people, company):
    for user, status in ((people.reader, 403), (people.council, 403), (people.other, 404), (people.nobody, 403)):
        client.force_login(user)
        assert client.post(url(company, "company_people")).status_code == status
    assert client.get(url(company, "company_people")).status_code in {403, 405}
    assert not Event.objects.filter(verb="view_personal").exists()


def test_people_are_changed_under_the_version_that_was_seen(client, people, company):
    client.force_login(people.clerk)
    facts = {"representative": "김새로", "contact_name": "", "phone": "", "email": "", "save": "1", "version": "1"}
    assert client.post(url(company, "company_people"), facts).status_code == 302
    company.refresh_from_db()
    assert (company.representative, company.phone) == ("김새로", "")
    response = client.post(url(company, "company_people"), facts | {"representative": "다른이"})
    assert response.status_code == 200
    assert "먼저 저장했습니다" in text(response)
    company.refresh_from_db()
    assert company.representative == "김새로"


def test_those_who_see_people_but_keep_nothing_cannot_change_them(client, people, company):
    client.force_login(people.ministry)
    facts = {"representative": "김새로", "save": "1", "version": "1"}
    assert client.post(url(company, "company_people"), facts).status_code == 403


def test_the_page_shows_places_figures_papers_and_one_line_of_time(client, people, places, company):
    cluster = Cluster.objects.create(
        code="C1", kind="GENERAL", name_ko="시험단지", region=places.near, effective=ALWAYS
    )
    services.join_cluster(workplace=company.workplaces.get(), cluster=cluster, since=date(2015, 5, 1))
    services.put_certification(
        company=company, kind="VENTURE", number="V1", start=date(2020, 1, 1), end=date(2023, 1, 1)
    )
    services.put_patent(
        company=company, facts={"title": "밸브", "application_number": "10-1", "filed_on": date(2019, 1, 1)}
    )
    services.add_name(company=company, name="삼성콘덴서", kind=NameKind.FORMER, until=date(2001, 1, 1))
    for year in (2023, 2024, 2025):
        CompanyYearFactory(company=company, year=year, sales=year * 10**8)
    page = text(see(client, people.clerk, url(company)))
    for part in ("시험단지", "벤처기업 V1", "밸브", "삼성콘덴서", "202,500", "매출액과 영업이익"):
        assert part in page
    line = [str(entry.title) for entry in see(client, people.clerk, url(company)).context["entries"]]
    assert line == [
        "벤처기업 V1 끝남", "벤처기업 V1 받음", "밸브 출원", "시험단지 입주", "‘삼성콘덴서’(이)라는 이름을 이날까지 씀", "설립",
        f"본사 – {places.near.full_name} 엶",
    ]  # fmt: skip


def test_the_page_costs_the_same_however_much_is_known(client, people, places, company):
    client.force_login(people.clerk)
    client.get(url(company))
    costs = []
    for n in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get(url(company))
        costs.append(len(queries))
        for m in range(4):
            services.add_workplace(company=company, region=places.near, name=f"{n}-{m}공장")
            CompanyYearFactory(company=company, year=2010 + n * 4 + m)
            services.put_certification(company=company, kind="OTHER", number=f"{n}-{m}", start=date(2020, 1, 1))
            services.add_name(company=company, name=f"이름{n}{m}", kind=NameKind.ALIAS)
    assert costs[0] == costs[1] == costs[2]


def test_other_apps_add_panels_lines_columns_and_filters(client, people, places, company, monkeypatch):
    for name in ("_panels", "_timelines"):
        monkeypatch.setattr(panels, name, [])
    for name in ("_columns", "_facets"):
        monkeypatch.setattr(panels, name, {})
    panels.panel(lambda company, scope: panels.Panel("x", "덧붙인 칸", "companies/company_entry.html",
                                                     {"entry": panels.Entry(date(2020, 1, 1), "시험", "칸의 내용")}))  # fmt: skip
    panels.timeline(lambda company, scope: [panels.Entry(date(2024, 1, 1), "시험", "덧붙인 일", url="/x/")])
    panels.column(panels.Column("grade", "덧붙인 열", lambda ids, scope: dict.fromkeys(ids, "가등급")))
    panels.facet(panels.Facet("grade", "등급", lambda scope: [("A", "가")],
                              lambda rows, value, scope: rows.filter(name_ko__contains="삼성")))  # fmt: skip
    registered("한빛정밀", places.near)
    page = text(see(client, people.clerk, url(company)))
    for part in ("덧붙인 칸", "덧붙인 일", "가등급"):
        assert part in page
    listed = see(client, people.clerk, "/companies/?grade=A")
    assert [row.name_ko for row in listed.context["page"].object_list] == ["주식회사 삼성전기"]
    assert "덧붙인 열" in text(listed)
    assert see(client, people.clerk, "/companies/?grade=B").context["list"].form.errors["grade"]


def test_an_old_address_leads_to_the_company_that_stayed(client, people, places, company):
    other = registered("삼성전기공업", places.near)
    services.merge_companies(survivor=company, absorbed=other, actor=people.clerk, reason="같은 기업")
    for name in ("company", "company_edit", "workplace_new"):
        response = see(client, people.clerk, url(other, name))
        assert response.status_code == 302
        assert str(company.public_id) in response["Location"]


def test_the_history_tells_who_changed_what_when_and_why_field_by_field(client, people, places, company):
    services.change_company(
        company=company, version=1, changes={"main_product": "기판", "representative": "김새로"},
        actor=people.clerk, reason="전화로 확인",
    )  # fmt: skip
    services.put_figures(company=company, year=2024, source="SURVEY", figures={"sales": 100}, actor=people.clerk)
    services.put_figures(
        company=company, year=2024, source="SURVEY", figures={"sales": 250}, version=1, actor=people.clerk
    )
    response = see(client, people.clerk, url(company, "company_history"))
    changes = [change for change, _deed in response.context["changes"]]
    fields = {(f.label, f.before, f.after) for change in changes for f in change.fields if change.what == "update"}
    assert ("주생산품", "–", "기판") in fields
    assert ("대표자", "홍○○", "김○○") in fields
    assert ("매출액(원)", "100", "250") in fields
    page = text(response)
    assert people.clerk.name in page
    assert "전화로 확인" in page
    assert not [plain for plain in (*PLAIN, "김새로") if plain in page]
    assert "기업 정보 변경" in page


def test_the_history_is_for_those_who_may_see_it(client, people, company):
    assert see(client, people.clerk, url(company, "company_history")).status_code == 200
    assert see(client, people.ministry, url(company, "company_history")).status_code == 200
    assert see(client, people.other, url(company, "company_history")).status_code == 404
    assert see(client, people.reader, url(company, "company_history")).status_code == 403


def test_a_homepage_is_a_link_only_when_it_is_an_address(client, people, company):
    assert 'href="https://example.kr"' in text(see(client, people.clerk, url(company)))
    Company.objects.filter(pk=company.pk).update(homepage="javascript:alert(1)")
    assert 'href="javascript' not in text(see(client, people.clerk, url(company)))
