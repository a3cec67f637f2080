"""Pages: four people, the whole job by its forms, two writers at once, the price of a page."""

import pytest
from django.urls import reverse

from crisis.fieldwork import services
from crisis.fieldwork.models import Campaign, FieldForm, Unit
from tests.fieldwork.conftest import GOOD, answered, closed, opened, planned, settle

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"fieldwork:{name}", args=args)


def status_for(client, user, address):
    client.force_login(user)
    return client.get(address).status_code


def post(client, user, page, /, *args, expect=302, **data):
    client.force_login(user)
    answer = client.post(url(page, *args), data)
    assert answer.status_code == expect, answer.content.decode()[-3000:]
    return answer


def version():
    return Campaign.objects.get().version


def typed(answers):
    return {f"f_{code}": value for code, value in answers.items()}


def test_a_campaign_is_seen_in_its_sido_and_a_firms_sheet_only_by_who_may_read_it(client, land):
    campaign = closed(land)
    services.confirm_results(campaign=campaign, actor=land.centre)
    code, number = campaign.code, campaign.units.first().number
    seen = {land.centre: (200, 200), land.ministry: (200, 200), land.official: (200, 404), land.stranger: (404, 404)}
    for user, (page, sheet) in seen.items():
        for name in ("campaign", "results"):
            assert status_for(client, user, url(name, code)) == page, (user, name)
        assert status_for(client, user, url("sheet", code, number)) == sheet
        for name in ("campaigns", "result_list"):
            assert (code in client.get(url(name)).content.decode()) == (page == 200)
        assert (code in client.get(url("units")).content.decode()) == (sheet == 200)
    for name in ("campaigns", "units", "result_list", "forms"):
        assert status_for(client, land.nobody, url(name)) == 403


def test_what_is_hidden_is_in_no_page_and_no_file(client, land):
    campaign = closed(land)
    opinion = campaign.units.filter(place__cluster=land.big).first()
    services.correct_sheet(
        unit=opinion, answers=opinion.answers | {"opinion": "거래처가 한 곳뿐"}, reason="덧붙임", seen=opinion.version,
        actor=land.centre,
    )  # fmt: skip
    for user, sees in ((land.centre, True), (land.official, False)):
        client.force_login(user)
        page = client.get(url("results", campaign.code)).content.decode()
        assert ("거래처가 한 곳뿐" in page) == sees
        assert ("33.3" in page) == sees  # 중간산단
        assert "155.6" in page
        exported = client.get(url("result_list"), {"campaign": campaign.code, "export": "csv", "size": 200})
        body = b"".join(exported.streaming_content) if exported.streaming else exported.content
        assert ("33.3" in body.decode("utf-8-sig")) == sees
        hidden = client.get(url("results", campaign.code), {"cluster": land.small.code}).content.decode()
        assert ("비공개입니다" in hidden) == (not sees)


def test_the_whole_job_goes_by_its_forms(client, land):
    post(
        client, land.centre, "campaign_new", seen=0, sido=land.sido.pk, body=land.body.pk, title="3분기 조사",
        kind="QUARTER", quarter="2026Q3", form=land.form.pk, opens_on="2026-09-07", closes_on="2026-09-18",
        purpose="파악", people="기업", content="경기",
    )  # fmt: skip
    code = Campaign.objects.get().code
    post(client, land.centre, "campaign_clusters", code, seen=version(), clusters=[land.big.pk, land.middle.pk])
    empty = post(client, land.centre, "campaign_deed", code, "open", expect=422, seen=version())
    assert "표본을 추출하거나" in empty.content.decode()
    post(client, land.centre, "campaign_sample", code, seen=version(), percent=100)
    newcomer = settle(land.big, "S")[0]
    post(client, land.centre, "campaign_choose", code, seen=version(), numbers=newcomer.business_number)
    last = Unit.objects.order_by("-number").first()
    post(client, land.centre, "remove", code, last.number)
    post(client, land.centre, "campaign_assign", code, interviewer=land.colleague.pk, unassigned="on")
    post(client, land.stranger, "campaign_deed", code, "open", expect=404, seen=version())
    post(client, land.centre, "campaign_deed", code, "open", seen=version())
    first, second = Unit.objects.order_by("number")[:2]
    wrong = post(client, land.colleague, "sheet", code, first.number, expect=422, seen=0, submit=1)
    assert "‘경기 실적’을(를)" in wrong.content.decode()
    answer = post(client, land.colleague, "sheet", code, first.number, seen=0, next=1, **typed(GOOD))
    assert answer.url == url("sheet", code, second.number)
    other = post(
        client, land.centre, "sheet", code, first.number, expect=409, seen=0, **typed(GOOD | {"sales_now": "WORSE"})
    )
    assert "서로 다르게 적은 항목" in other.content.decode()
    post(client, land.colleague, "outcome", code, second.number, seen=0, outcome="REFUSED", note="바쁨")
    assert "더 물을 사업장이 없습니다" in post(
        client, land.centre, "replace", code, second.number, expect=422, reason="거절"
    ).content.decode().replace("&#x27;", "'") or Unit.objects.filter(replaces=second).exists()  # fmt: skip
    page = client.get(url("campaign", code)).content.decode()
    for words in ("fieldwork-" + code, land.colleague.name, "응답률"):
        assert words in page
    post(client, land.centre, "campaign_deed", code, "close", expect=422, seen=version())
    post(client, land.centre, "campaign_deed", code, "close", seen=version(), reason="그만")
    post(client, land.centre, "campaign_deed", code, "confirm", seen=version())
    page = client.get(url("campaign", code)).content.decode()
    assert "공개하지 않습니다" in page
    handed = Unit.objects.get(number=first.number)
    post(
        client, land.centre, "sheet", code, first.number, seen=handed.version, reason="다시 물음",
        **typed(GOOD | {"sales_now": "WORSE"}),
    )  # fmt: skip
    assert "다시 확정하면" in client.get(url("campaign", code)).content.decode()


def test_a_plan_is_changed_and_cancelled_and_never_from_an_old_page(client, land):
    campaign = planned(land)
    facts = {
        "title": "고친 이름", "kind": "QUARTER", "quarter": "2026Q3", "form": land.form.pk, "opens_on": "2026-09-07",
        "closes_on": "2026-09-18", "purpose": "", "people": "", "content": "",
    }  # fmt: skip
    post(client, land.centre, "campaign_edit", campaign.code, seen=1, **facts)
    post(client, land.centre, "campaign_edit", campaign.code, seen=1, **facts | {"title": "늦은 이름"})
    assert Campaign.objects.get().title == "고친 이름"
    wrong = facts | {"seen": 2, "closes_on": "2026-09-01", "quarter": ""}
    page = post(client, land.centre, "campaign_edit", campaign.code, expect=422, **wrong).content.decode()
    assert "빠를 수 없습니다" in page
    assert "분기를 골라 주세요" in page
    post(client, land.centre, "campaign_deed", campaign.code, "cancel", seen=2, reason="다시 계획")
    assert Campaign.objects.get().state == "CANCELLED"
    assert planned(land).code.endswith("Q3-2")


def test_a_form_is_written_in_lines_and_its_faults_told_together(client, land):
    lines = {
        "code": "own", "title": "우리 양식", "region": land.sido.pk, "smallest": 4, "indicator": "BSI",
        "topics": "economy, 경기, 좋아짐/비슷함/나빠짐\nexport, 수출, 늘어남/비슷함/줄어듦, 선택", "texts": "opinion, 의견",
        "multiple": "causes, 위기 원인, 2: DEMAND 내수 부진; COST 원가 상승", "fed_item": "economy_next",
    }  # fmt: skip
    post(client, land.centre, "form_new", **lines)
    made = FieldForm.objects.get(code="own")
    assert made.questionnaire.items == ("economy_now", "economy_next", "export_now", "export_next")
    assert not made.questionnaire.item("export_now").required
    assert made.questionnaire.multiples[0].choices == (("DEMAND", "내수 부진"), ("COST", "원가 상승"))
    again = client.get(url("form_edit", "own", 1)).content.decode()
    assert "export, 수출, 늘어남/비슷함/줄어듦, 선택" in again
    bad = lines | {"topics": "경기", "multiple": "causes, 원인: DEMAND", "texts": "의견"}
    page = post(client, land.centre, "form_new", expect=422, **bad).content.decode()
    assert page.count("번째 줄") >= 3
    nationwide = {**lines, "code": "all"}
    del nationwide["region"]
    post(client, land.centre, "form_new", expect=422, **nationwide)
    post(client, land.ministry, "form_new", **nationwide)
    assert status_for(client, land.stranger, url("form", "own", 1)) == 404
    assert status_for(client, land.official, url("form", "own", 1)) == 200
    assert status_for(client, land.official, url("form_new")) == 403


@pytest.mark.parametrize("more", [0, 12])
def test_pages_cost_the_same_for_any_size_of_sample(client, land, more, django_assert_max_num_queries):
    settle(land.big, "S" * more)
    campaign = services.close_campaign(campaign=answered(land), actor=land.centre, reason="끝")
    client.force_login(land.centre)
    budgets = {
        url("campaigns"): 7, url("units"): 7, url("result_list"): 8, url("campaign", campaign.code): 13,
        url("results", campaign.code): 15, url("sheet", campaign.code, "0001"): 8,
    }  # fmt: skip
    for address, price in budgets.items():
        client.get(address)
        with django_assert_max_num_queries(price):
            assert client.get(address).status_code == 200


def test_a_draft_is_kept_by_its_button_and_the_reader_of_firms_may_not_write(client, land):
    campaign = opened(land)
    post(client, land.centre, "sheet", campaign.code, "0001", seen=0, save=1, f_economy_now="SAME")
    assert Unit.objects.get(number="0001").state == "DRAFT"
    post(client, land.ministry, "sheet", campaign.code, "0001", expect=403, seen=1, save=1)
