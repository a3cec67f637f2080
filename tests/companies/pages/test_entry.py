"""Entering and changing: twins shown first, two editors lose nothing, every small form does its deed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from companies import services
from companies.models import Cluster, Company, CompanyMerge, CompanyYear, RegistryDifference
from tests.companies.pages.facts import registered
from tests.factories.companies import business_number
from tests.factories.directory import ALWAYS

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(places):
    return registered("주식회사 삼성전기", places.near, representative="홍길동")


def url(company, name, *more):
    return reverse(f"companies:{name}", args=[company.public_id, *more])


def code(region):
    return f"{region.scheme}:{region.code}"


def new(places, **facts):
    return {
        "name_ko": "한빛정밀", "business_number": business_number(1), "region": code(places.near), "kind": "CORPORATION",
        "size": "SMALL", **facts,
    }  # fmt: skip


def edited(company, **facts):
    return {
        "name_ko": company.name_ko, "kind": "CORPORATION", "size": "UNKNOWN", "main_product": company.main_product,
        "homepage": company.homepage, "version": str(company.version), **facts,
    }  # fmt: skip


@pytest.fixture
def post(client, people):
    def posted(address, data, user=None):
        client.force_login(user or people.clerk)
        return client.post(address, data)

    return posted


def text(response):
    return response.content.decode()


# --- entering ---------------------------------------------------------------------------------------------------------
def test_a_company_is_entered_with_its_headquarters(post, places):
    response = post("/companies/new/", new(places, representative="김새로", corporate_number="130111-0006246"))
    company = Company.objects.get()
    assert response["Location"] == url(company, "company")
    assert (company.representative, company.corporate_number) == ("김새로", "1301110006246")
    assert company.workplaces.get().region == places.near


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"business_number": "123"}, "business_number"), ({"business_number": "1234567890"}, "business_number"),
     ({"region": "x"}, "region"), ({"name_ko": ""}, "name_ko"), ({"industry": "ZZ"}, "industry")],
)  # fmt: skip
def test_faults_are_told_beside_their_field_and_nothing_is_entered(post, places, wrong, field):
    response = post("/companies/new/", new(places, **wrong))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Company.objects.exists()


def test_a_region_elsewhere_is_no_choice(post, places):
    assert "region" in post("/companies/new/", new(places, region=code(places.far))).context["form"].errors


def test_likely_twins_are_shown_before_a_second_deliberate_step(post, places, company):
    twin = new(places, name_ko="삼성전기(주)")
    response = post("/companies/new/", twin)
    assert response.status_code == 200
    assert url(company, "company") in text(response)
    assert "그래도 등록" in text(response)
    assert Company.objects.count() == 1
    assert post("/companies/new/", twin | {"accept_duplicates": "on"}).status_code == 302
    assert Company.objects.count() == 2


def test_a_doubtful_corporate_number_is_kept_with_a_warning(post, client, places):
    response = post("/companies/new/", new(places, corporate_number="1301110006247"))
    assert "검증번호가 맞지 않습니다" in text(client.get(response["Location"]))


def test_only_those_who_keep_companies_enter_and_change(post, client, people, places, company):
    for user in (people.reader, people.ministry, people.council):
        assert post("/companies/new/", new(places), user).status_code == 403
        assert post(url(company, "company_edit"), edited(company), user).status_code == 403
    assert post(url(company, "company_edit"), edited(company), people.other).status_code == 404
    for user, status in ((people.clerk, 200), (people.other, 404), (people.reader, 403), (people.nobody, 403)):
        client.force_login(user)
        for name in ("company_edit", "company_figures", "workplace_new", "certification_new", "patent_new", "name_new",
                     "company_state", "merge_choose"):  # fmt: skip
            assert client.get(url(company, name)).status_code == status, (user, name)


# --- changing ---------------------------------------------------------------------------------------------------------
def test_facts_are_changed_and_the_people_stay_out_of_the_form(post, client, people, company):
    client.force_login(people.clerk)
    assert "홍길동" not in text(client.get(url(company, "company_edit")))
    post(url(company, "company_edit"), edited(company, main_product="기판", reason="방문 확인"))
    company.refresh_from_db()
    assert (company.main_product, company.representative, company.version) == ("기판", "홍길동", 2)


def test_of_two_editors_the_later_one_is_told_and_neither_loses_anything(post, company):
    seen = edited(company)
    services.change_company(
        company=company, version=1, changes={"main_product": "먼저 고친 것", "homepage": "https://a.kr"}
    )
    response = post(url(company, "company_edit"), seen | {"main_product": "나중에 고친 것", "name_en": "Samsung"})
    assert response.status_code == 200
    lines = {line["label"]: line for line in response.context["conflicts"]}
    assert lines["주생산품"]["both"]
    assert (lines["주생산품"]["now"], lines["주생산품"]["wanted"]) == ("먼저 고친 것", "나중에 고친 것")
    assert not lines["누리집"]["both"]
    form = response.context["form"]
    assert (form["main_product"].value(), form["homepage"].value(), form["name_en"].value()) == (
        "나중에 고친 것", "https://a.kr", "Samsung",
    )  # fmt: skip
    company.refresh_from_db()
    assert company.main_product == "먼저 고친 것"
    again = {name: form[name].value() or "" for name in form.fields}
    assert post(url(company, "company_edit"), again).status_code == 302
    company.refresh_from_db()
    assert (company.main_product, company.homepage, company.name_en) == ("나중에 고친 것", "https://a.kr", "Samsung")


def test_people_changed_meanwhile_are_masked_in_the_comparison(post, company):
    services.change_company(company=company, version=1, changes={"representative": "김새로"})
    page = text(post(url(company, "company_edit"), edited(company, main_product="기판")))
    assert "김○○" in page
    assert "김새로" not in page
    assert "홍길동" not in page


def test_figures_are_entered_in_a_unit_and_kept_as_won(post, company):
    facts = {
        "year": "2024",
        "source": "SURVEY",
        "status": "FINAL",
        "unit": "백만원",
        "sales": "12.5",
        "employees": "30",
    }
    assert post(url(company, "company_figures"), facts).status_code == 302
    row = CompanyYear.objects.get()
    assert (row.sales, row.employees, row.rnd) == (12_500_000, 30, None)
    response = post(url(company, "company_figures"), facts | {"sales": "0.0000001"})
    assert "sales" in response.context["form"].errors


def test_of_two_editors_of_figures_the_later_one_sees_both(post, client, company):
    services.put_figures(company=company, year=2024, source="SURVEY", figures={"sales": 100, "rnd": 5})
    services.put_figures(company=company, year=2024, source="SURVEY", figures={"sales": 200}, version=1)
    facts = {"year": "2024", "source": "SURVEY", "status": "FINAL", "unit": "원", "sales": "300", "version": "1"}
    response = post(url(company, "company_figures"), facts)
    (line,) = [line for line in response.context["conflicts"] if line["label"].startswith("매출액")]
    assert (line["now"], line["wanted"], line["both"]) == ("200", "300", True)
    assert CompanyYear.objects.get().sales == 200
    client.get(url(company, "company_figures"), {"year": "2024", "source": "SURVEY"})
    assert post(url(company, "company_figures"), facts | {"version": "2"}).status_code == 302
    assert CompanyYear.objects.get().sales == 300


def test_figures_stand_in_the_form_they_are_opened_in(client, people, company):
    services.put_figures(company=company, year=2024, source="SURVEY", figures={"sales": 12_345})
    client.force_login(people.clerk)
    form = client.get(url(company, "company_figures") + "?year=2024&source=SURVEY").context["form"]
    assert (form["sales"].value(), form["unit"].value(), form["version"].value()) == (12_345, "원", 1)


def test_small_deeds_are_done_from_their_forms(post, places, company):
    today = timezone.localdate()
    assert (
        post(
            url(company, "certification_new"), {"kind": "VENTURE", "start": "2024-01-01", "last": "2026-12-31"}
        ).status_code
        == 302
    )
    assert company.certifications.get().effective.upper == date(2027, 1, 1)
    end = post(
        url(company, "certification_end", company.certifications.get().pk), {"last": "2025-12-31", "reason": "반납"}
    )
    assert end.status_code == 302
    assert company.certifications.get().effective.upper == date(2026, 1, 1)
    post(url(company, "patent_new"), {"kind": "PATENT", "title": "밸브", "application_number": "10-1"})
    post(url(company, "patent_remove", company.patents.get().pk), {"reason": "잘못 적음"})
    assert not company.patents.exists()
    post(url(company, "name_new"), {"name": "삼성콘덴서", "kind": "FORMER"})
    assert company.other_names.get().name == "삼성콘덴서"
    post(url(company, "company_state"), {"state": "SUSPENDED", "since": today.isoformat()})
    company.refresh_from_db()
    assert company.state == "SUSPENDED"
    same = post(url(company, "company_state"), {"state": "SUSPENDED", "since": today.isoformat()})
    assert "이미" in text(same)


def test_a_workplace_is_added_corrected_moved_joined_left_and_closed(post, places, company):
    today = timezone.localdate()
    Cluster.objects.create(code="C1", kind="GENERAL", name_ko="시험단지", region=places.near, effective=ALWAYS)
    post(url(company, "workplace_new"), {"name": "제2공장", "region": code(places.near), "since": "2020-01-01"})
    site = company.workplaces.get(is_headquarters=False)
    address = url(company, "workplace", site.pk)
    post(address, {"deed": "correct", "name": "둘째 공장", "address": "새 주소", "version": "1"})
    site.refresh_from_db()
    assert (site.name, site.address) == ("둘째 공장", "새 주소")
    late = post(address, {"deed": "correct", "name": "셋째 공장", "version": "1"})
    assert late.context["conflicts"]
    post(address, {"deed": "join", "join-cluster": "시험단지", "join-since": "2021-01-01"})
    stay = site.cluster_memberships.get()
    left = (today - timedelta(days=1)).isoformat()
    post(
        address,
        {"deed": "leave", "stay": str(stay.pk), f"leave-{stay.pk}-last": left, f"leave-{stay.pk}-reason": "이전"},
    )
    stay.refresh_from_db()
    assert stay.effective.upper == today
    assert post(address, {"deed": "join", "join-cluster": "없는단지"}).context["forms"]["join"].errors
    post(address, {"deed": "close", "close-last": left, "close-reason": "폐쇄"})
    site.refresh_from_db()
    assert site.effective.upper == today
    seat = company.workplaces.headquarters().get()
    refused = post(url(company, "workplace", seat.pk), {"deed": "close", "close-last": left, "close-reason": "폐쇄"})
    assert "본사" in text(refused)


# --- merging ----------------------------------------------------------------------------------------------------------
def test_a_merge_is_planned_counted_confirmed_and_taken_back(post, client, people, places, company):
    twin = registered("삼성전기공업", places.near, main_product="기판", representative="홍길동", name_en="SEMCO")
    services.put_figures(company=twin, year=2024, source="SURVEY", figures={"sales": 5})
    client.force_login(people.clerk)
    assert url(company, "merge_plan", twin.public_id) in text(
        client.get(url(company, "merge_choose"), {"q": "삼성전기공업"})
    )
    plan = client.get(url(company, "merge_plan", twin.public_id))
    assert {(one.path, one.moving) for one in plan.context["plan"].relations} >= {
        ("companies.Workplace.company", 1),
        ("companies.CompanyYear.company", 1),
    }
    assert "reason" in post(url(company, "merge_plan", twin.public_id), {"take": []}).context["form"].errors
    assert not CompanyMerge.objects.exists()
    post(url(company, "merge_plan", twin.public_id), {"reason": "같은 기업", "take": ["name_ko"]})
    company.refresh_from_db()
    assert (company.name_ko, company.name_en, company.years.count()) == ("삼성전기공업", "SEMCO", 1)
    history = text(client.get(url(company, "company_history")))
    merge = CompanyMerge.objects.get()
    assert url(company, "merge_undo", merge.pk) in history
    post(url(company, "merge_undo", merge.pk), {"reason": "다른 기업"})
    company.refresh_from_db()
    assert (company.name_ko, company.years.count()) == ("주식회사 삼성전기", 0)


def test_companies_elsewhere_cannot_be_merged(client, people, places, company):
    far = registered("먼 기업", places.far)
    client.force_login(people.clerk)
    assert client.get(url(company, "merge_plan", far.public_id)).status_code == 404
    assert url(company, "merge_plan", far.public_id) not in text(
        client.get(url(company, "merge_choose"), {"q": "먼 기업"})
    )
    assert client.get(url(company, "merge_plan", company.public_id)).status_code == 302


# --- outside registers ------------------------------------------------------------------------------------------------
@pytest.fixture
def difference(company):
    return RegistryDifference.objects.create(
        company=company,
        field="representative",
        ours="홍길동",
        theirs="김새로",
        source="DART",
        as_of=date(2026, 1, 1),
        answer={"representative": "김새로"},
    )


def test_a_difference_is_shown_masked_and_taken_over_or_declined(post, client, people, company, difference):
    client.force_login(people.clerk)
    for address in ("/companies/differences/", f"/companies/differences/{difference.pk}/"):
        page = text(client.get(address))
        assert "김○○" in page
        assert "김새로" not in page
    assert "reason" in post(f"/companies/differences/{difference.pk}/", {"reject": "1"}).context["form"].errors
    accepted = post(f"/companies/differences/{difference.pk}/", {"accept": "1"})
    assert accepted.status_code == 302, accepted.context["form"].errors
    company.refresh_from_db()
    assert company.representative == "김새로"
    again = post(f"/companies/differences/{difference.pk}/", {"reject": "1", "reason": "늦음"})
    assert "이미" in text(again)


def test_differences_are_seen_in_scope_and_decided_by_those_who_keep_the_company(post, client, people, difference):
    address = f"/companies/differences/{difference.pk}/"
    for user, status in ((people.clerk, 200), (people.ministry, 200), (people.other, 404), (people.nobody, 403)):
        client.force_login(user)
        assert client.get(address).status_code == status
    assert post(address, {"accept": "1"}, people.ministry).status_code == 403
    difference.refresh_from_db()
    assert difference.state == "PENDING"
