"""Pages and the API: four people, the price of a page, a case walked through by its forms."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crisis.support_areas import services
from crisis.support_areas.loaders import load_support_areas
from crisis.support_areas.models import Programme, SupportAreaRule, SupportCase
from portal.directory.enums import Role
from tests.factories.directory import UserFactory, person
from tests.support_areas.conftest import designated, drafted, filled


def url(name, *args):
    return reverse(f"support_areas:{name}", args=args)


def seen_by(client, user, address):
    client.force_login(user)
    return client.get(address).status_code


def test_a_case_is_seen_in_its_sido_and_by_the_ministry(client, land):
    case = drafted(land)
    for user, status in ((land.official, 200), (land.clerk, 200), (land.ministry, 200), (land.stranger, 404)):
        assert seen_by(client, user, url("case", case.code)) == status
        listed = client.get(url("cases")).content.decode()
        assert (case.name in listed) == (status == 200)
    assert seen_by(client, UserFactory(), url("cases")) == 403


@pytest.mark.parametrize("rows", [1, 5])
def test_lists_cost_the_same_for_any_number(client, land, rows, django_assert_max_num_queries):
    designated(land)
    for _ in range(rows - 1):
        drafted(land)
    client.force_login(land.ministry)
    for name in ("cases", "reports"):
        client.get(url(name))
        with django_assert_max_num_queries(8):
            client.get(url(name))


def post(client, user, page, /, *args, **data):
    client.force_login(user)
    answer = client.post(url(page, *args), data)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return answer


def version():
    return SupportCase.objects.get().version


def test_a_case_goes_its_way_by_the_forms(client, land):
    post(
        client,
        land.official,
        "case_new",
        sido=land.sido.pk,
        name="시험단지",
        ground="DISASTER",
        initiative="APPLICATION",
    )
    code = SupportCase.objects.get().code
    words = dict.fromkeys(
        ("range_text", "production", "sales", "employment", "needed_support", "revival_plan"), "적은 내용"
    )
    client.force_login(land.official)
    empty = client.post(url("case_deed", code, "submit"), {"seen": version()})
    assert empty.status_code == 422
    assert "증빙" in empty.content.decode()
    post(client, land.official, "case_edit", code, seen=version(), name="시험단지", ground="DISASTER", **words)
    late = client.post(
        url("case_edit", code), {"seen": version() - 1, "name": "늦은 이름", "ground": "DISASTER", **words}
    )
    assert late.status_code == 409
    assert "시험단지</td>" in late.content.decode()
    assert late.context["form"].data["seen"] == str(version())
    post(client, land.official, "case_places", code, seen=version(), regions=[land.city.pk])
    proof = SimpleUploadedFile("피해.pdf", b"%PDF-1.4")
    post(client, land.official, "file_new", code, title="피해 증빙", file=proof)
    post(client, land.official, "case_deed", code, "submit", seen=version())
    post(client, land.ministry, "case_deed", code, "take-up", seen=version())
    for kind, body in (("RESEARCH", "연구원"), ("MINISTRY", "고용노동부")):
        day = "2026-03-02"
        post(
            client, land.ministry, "opinion_new", code,
            purpose="DESIGNATION", kind=kind, body_name=body, asked_on=day, due_on=day,
        )  # fmt: skip
        opinion = SupportCase.objects.get().opinions.get(body_name=body)
        post(client, land.ministry, "opinion_answer", code, opinion.pk, received_on=day, stance="AGREE", text="동의")
    members = "김단장, 대학, 외부 전문가, 단장\n이위원, 고용노동부, 관계 부처"
    post(client, land.ministry, "inquiry_new", code, purpose="DESIGNATION", formed_on="2026-03-02", members=members)
    inquiry = SupportCase.objects.get().inquiries.get()
    post(client, land.ministry, "inquiry_findings", code, inquiry.pk, reported_on="2026-03-02", findings="피해 확인")
    post(
        client, land.ministry, "case_deed", code, "designate", seen=version(), decided_on="2026-03-02",
        starts_on="2026-03-02", ends_on="2028-03-01", support_content="우대", reason="재난",
    )  # fmt: skip
    term = SupportCase.objects.get().terms.get()
    post(client, land.ministry, "term_notice", code, term.pk, number="공고 제2026-1호", on="2026-03-02")
    page = client.get(url("case", code)).content.decode()
    for words_shown in ("공고 제2026-1호", "김단장", "고용노동부", "1차 보고", "2028. 3. 1."):
        assert words_shown in page
    kept = SupportCase.objects.get().files.get()
    assert b"".join(client.get(url("file", code, kept.pk)).streaming_content) == b"%PDF-1.4"
    assert seen_by(client, land.stranger, url("file", code, kept.pk)) == 404
    report = {"economy": "나아짐", "support_results": "3건", "local_support": "이차보전", "other": ""}
    post(client, land.official, "report", code, 1, **report)
    post(client, land.ministry, "report_return", code, 1, comment="실적을 나누어 주세요.")
    post(client, land.official, "report", code, 1, **report)
    post(client, land.ministry, "report_accept", code, 1)


def test_members_badly_written_are_all_told_by_line(client, land):
    case = filled(land)
    case = services.submit_case(case=case, seen=case.version, actor=land.official)
    services.take_up_case(case=case, seen=case.version, actor=land.ministry)
    client.force_login(land.ministry)
    body = {"purpose": "DESIGNATION", "formed_on": "2026-03-02", "members": "김단장\n이위원, 대학, 교수"}
    page = client.post(url("inquiry_new", case.code), body).content.decode()
    assert "1번째 줄" in page
    assert "2번째 줄" in page


@pytest.mark.parametrize("name", ["opinion_new", "inquiry_new"])
def test_only_the_ministry_asks_and_forms(client, land, name):
    case = filled(land)
    for user in (land.official, land.clerk):
        assert seen_by(client, user, url(name, case.code)) == 403


def test_a_step_out_of_turn_leads_back(client, land):
    case = drafted(land)
    client.force_login(land.ministry)
    assert client.get(url("case_deed", case.code, "release")).url == url("case", case.code)
    assert client.post(url("case_deed", case.code, "release"), {"seen": 1}).status_code == 403


def test_the_api_tells_what_holds_on_a_day(api, land):
    case = designated(land)
    system = person(role=Role.API_CLIENT, region=land.sido)
    api.force_login(system)
    rows = api.get("/api/v1/support-areas/?designated_on=2027-01-01").json()["results"]
    assert [(one["code"], one["last_day"]) for one in rows] == [(case.code, "2028-03-01")]
    detail = api.get(f"/api/v1/support-areas/{case.code}/").json()
    assert (detail["places"][0]["region"], detail["terms"][0]["last_day"]) == (land.city.code, "2028-03-01")
    assert api.get("/api/v1/support-areas/?designated_on=2028-03-02").json()["results"] == []
    api.force_login(land.stranger)
    assert api.get("/api/v1/support-areas/").json()["results"] == []


def test_what_ships_says_its_basis_and_loads_twice(db):
    load_support_areas()
    assert all(one.created == one.changed == 0 for one in load_support_areas())
    assert SupportAreaRule.objects.get().provisional
    assert Programme.objects.filter(basis="").count() == 0
    assert Programme.objects.filter(provisional=False).count() == 3
    assert SupportAreaRule.objects.get().effective.lower < date(2023, 1, 1)
