"""Pages and the API: four people, the price of a page, a plan walked through by its forms."""

from datetime import date

import pytest
from django.urls import reverse

from crisis.conversion import services
from crisis.conversion.models import Centre, ConversionPlan, ConversionRule, Diagnosis, Milestone, PlanEdition
from crisis.conversion.selectors.coverage import coverage
from portal.directory.enums import OrganizationKind, Role
from tests.conversion.conftest import TODAY, WORDS, approved, carried_out, diagnosed, edition_of, firm, paper
from tests.factories.crisis import AreaFactory
from tests.factories.directory import OrganizationFactory, RegionFactory, UserFactory, person


def url(name, *args):
    return reverse(f"conversion:{name}", args=args)


def seen_by(client, user, address):
    client.force_login(user)
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)  # a paper that nobody reads is a file left open
    return answer.status_code


def test_a_joint_plan_is_a_page_for_each_members_region_and_nobody_else(client, land):
    plan = approved(land, joint=True)
    step = edition_of(plan).milestones.first()
    kept = services.attach_file(to=step, title="사진", file=paper(), actor=land.tp)
    pages = (
        url("plan", plan.code),
        url("edition", plan.code, 1),
        url("milestone", step.pk),
        url("file", kept.public_id),
    )
    for user, status in ((land.tp, 200), (land.far_tp, 200), (land.ministry, 200), (land.stranger, 404)):
        for page in pages:
            assert seen_by(client, user, page) == status, (user, page)
        for name in ("plans", "milestones"):
            listed = client.get(url(name)).content.decode()
            assert (plan.title in listed) == (status == 200)
    assert seen_by(client, UserFactory(), url("plans")) == 403
    client.logout()
    assert client.get(url("plans")).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_for_any_number(client, land, rows, django_assert_max_num_queries):
    diagnosed(land)
    for at in range(rows):
        if at:
            land.firm = firm(land.city, f"다온{at}", land.old)
            diagnosed(land)
        plan = services.draft_plan(
            company=land.firm, title="전환", kind="NEW_GOODS", starts_on=TODAY, ends_on=date(2027, 3, 1), actor=land.tp
        )
        for _ in range(rows):
            plan.refresh_from_db()
            services.put_milestone(
                plan=plan, milestone=None, title="단계", text="", due=TODAY, seen=plan.version, actor=land.tp
            )
    client.force_login(land.ministry)
    area = AreaFactory(region=land.city)
    budgets = {
        url("plans"): 9, url("diagnoses"): 9, url("milestones"): 9, url("follow_ups"): 9, url("managers"): 8,
        url("centres"): 11, url("status"): 22, url("area", area.code): 13, url("plan", plan.code): 24,
        reverse("companies:company", args=[land.firm.public_id]): 45,
    }  # fmt: skip
    for address, most in budgets.items():
        client.get(address)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


def post(client, user, page, /, *args, **data):
    client.force_login(user)
    answer = client.post(url(page, *args), data)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return answer


def seen():
    return ConversionPlan.objects.get().version


def number(company):
    return company.workplaces.get().business_number


def test_a_firm_goes_from_its_page_to_a_completed_joint_plan_by_the_forms(client, land):
    client.force_login(land.tp)
    company = reverse("companies:company", args=[land.firm.public_id])
    assert "진단 신청" in client.get(company).content.decode()
    filled_in = client.get(url("diagnosis_new") + f"?company={land.firm.public_id}").content.decode()
    assert number(land.firm) in filled_in
    post(client, land.tp, "diagnosis_new", company=number(land.firm), subjects=["CONVERSION"], reason="수요 감소")
    one = Diagnosis.objects.get()
    post(client, land.tp, "diagnosis_step", one.code, "begin", seen=1, begun_on="2026-03-02", examiner="김진단")
    page = client.post(url("diagnosis_step", one.code, "finish"), {
        "seen": 2, "finished_on": "2026-03-02", "recommendation": "CONVERSION", "findings": "전환 필요"})  # fmt: skip
    assert page.status_code == 422
    assert "문서를 먼저" in page.content.decode()
    post(client, land.tp, "diagnosis_file", one.code, title="보고서", file=paper("진단.pdf"))
    form = client.get(url("diagnosis_step", one.code, "finish")).context["form"]
    first = next(name for name in form.fields if name.startswith("score_"))
    post(client, land.tp, "diagnosis_step", one.code, "finish", seen=2, finished_on="2026-03-02",
         recommendation="CONVERSION", findings="전환 필요", **{first: "7.5"})  # fmt: skip
    assert "7.5" in client.get(url("diagnosis", one.code)).content.decode()
    post(client, land.tp, "plan_new", company=number(land.firm), title="전기차 부품", kind="INDUSTRY_ADDITION",
         starts_on="2026-04-01", ends_on="2028-03-31", diagnosis=one.code)  # fmt: skip
    one.refresh_from_db()
    assert one.referral == "PLAN"
    code = ConversionPlan.objects.get().code
    assert "신청하려면 아직 필요한 것" in client.get(url("plan", code)).content.decode()
    post(client, land.tp, "plan_edit", code, seen=seen(), title="전기차 부품", kind="INDUSTRY_ADDITION",
         starts_on="2026-04-01", ends_on="2028-03-31", budget_own="700", SALES_SHARE_base="0",
         SALES_SHARE_target="40", **WORDS)  # fmt: skip
    said = PlanEdition.objects.get().firms.get()
    post(client, land.tp, "member", code, said.pk, seen=seen(), from_industry="30310", to_industry="28202")
    post(client, land.tp, "member_new", code, seen=seen(), company=number(land.partner), from_industry="30310",
         to_industry="28202", part="시험")  # fmt: skip
    post(client, land.tp, "plan_milestone_new", code, seen=seen(), title="설비 도입", due="2026-06-06")
    post(client, land.tp, "plan_step", code, "submit", seen=seen())
    assert client.post(url("plan_step", code, "approve"), {"seen": seen()}).status_code == 403
    post(client, land.clerk, "plan_step", code, "return", seen=seen(), comment="재원을 나누어 주세요.")
    assert "재원을 나누어" in client.get(url("plan", code)).content.decode()
    post(client, land.tp, "plan_step", code, "submit", seen=seen())
    post(client, land.head, "plan_step", code, "approve", seen=seen(), approval_number="제1호",
         decided_on="2026-03-02")  # fmt: skip
    post(client, land.clerk, "plan_step", code, "manager", seen=seen(), manager=land.tp.pk, on="2026-03-02")
    post(client, land.tp, "plan_step", code, "contact", on="2026-03-02", channel="VISIT", text="현장 방문")
    step = Milestone.objects.get()
    post(client, land.tp, "milestone_file", step.pk, title="사진", file=paper())
    post(client, land.tp, "milestone_step", step.pk, "report", seen=step.version, result="들임")
    assert client.post(url("milestone_step", step.pk, "check"), {"seen": 3}).status_code == 403
    post(client, land.clerk, "milestone_step", step.pk, "check", seen=step.version + 1)
    partner = ConversionPlan.objects.get().members.get(company=land.partner)
    post(client, land.tp, "plan_step", code, "leave", seen=seen(), member=partner.pk, on="2026-03-02", reason="휴업")
    post(client, land.tp, "plan_file", code, title="승인서", file=paper("승인.pdf"))
    post(client, land.tp, "plan_step", code, "complete", seen=seen(), outcome="양산", SALES_SHARE="41")
    post(client, land.head, "plan_step", code, "approve-completion", seen=seen(), decided_on="2026-03-02")
    post(client, land.tp, "plan_step", code, "follow-up", continuing="1", sales_share="50", text="이어짐")
    page = client.get(url("plan", code)).content.decode()
    for words in (
        "제1호",
        "목표 달성",
        "현장 방문",
        "700백만원",
        "새 사업을 계속하고 있음",
        "빠짐",
        "사업전환 완료 승인",
    ):
        assert words in page, words
    assert "완료(목표 달성)" in client.get(company).content.decode()


def test_a_change_is_walked_by_its_forms_and_who_is_second_is_told(client, land):
    plan = approved(land)
    post(client, land.tp, "plan_step", plan.code, "change", seen=plan.version, reason="설비 변경")
    page = client.get(url("plan", plan.code)).content.decode()
    assert "변경안 (2차)" in page
    late = client.post(url("plan_step", plan.code, "withdraw"), {"seen": plan.version, "reason": "그만둠"}, follow=True)
    assert "먼저 저장했습니다" in late.content.decode()
    step = Milestone.objects.get(edition__number=2, title="양산")
    post(client, land.tp, "plan_milestone", plan.code, step.pk, seen=seen(), title="양산", due="2027-12-31", remove="1")
    assert not Milestone.objects.filter(pk=step.pk).exists()
    assert client.get(url("plan_step", plan.code, "approve")).url == url("plan", plan.code)
    assert seen_by(client, land.far_tp, url("plan_edit", plan.code)) == 404


def test_the_ministry_keeps_centres_and_rules_and_nobody_else_does(client, land):
    body = OrganizationFactory(kind=OrganizationKind.RESTRUCTURING_CENTRE)
    facts = {
        "seen": 0, "code": "test", "organization": body.pk, "name": "시험센터", "seat": land.city.pk,
        "regions": [land.city.pk], "starts_on": "2024-01-01", "source": "공고",
    }  # fmt: skip
    assert seen_by(client, land.head, url("centre_new")) == 403
    post(client, land.ministry, "centre_new", **facts)
    (line,) = [one for one in coverage(TODAY) if one.sido == land.sido]
    assert ([str(one) for one in line.centres], line.whole) == (["시험센터"], False)
    page = client.get(url("centres")).content.decode()
    assert land.other.name in page[: page.index("시·도별 센터")]
    post(client, land.ministry, "centre", "test", **facts | {"seen": 1, "regions": [land.sido.pk]})
    assert next(one for one in coverage(TODAY) if one.sido == land.sido).whole
    assert diagnosed(land).centre == Centre.objects.get()
    rule = {
        "starts_on": "2026-05-01", "kinds": ["INDUSTRY_CHANGE"], "running_years": 5, "industry_digits": 3,
        "longest_months": 36, "smallest_share": "20", "follow_up_months": 24, "basis": "새 고시",
    }  # fmt: skip
    post(client, land.ministry, "rule_new", **rule)
    assert ConversionRule.objects.in_force_on(date(2026, 4, 30)).get().joint
    assert not ConversionRule.objects.in_force_on(date(2026, 5, 1)).get().joint
    assert client.post(url("rule_new"), rule).status_code == 422
    post(client, land.ministry, "item_new", starts_on="2026-03-02", code="x", subject="DIGITAL", name="새 항목", most=5,
         position=1, basis="공고")  # fmt: skip
    page = client.get(url("rules")).content.decode()
    assert "새 항목" in page
    assert "새 고시" in page


def test_numbers_by_sido_and_year_as_a_page_and_a_file(client, land):
    carried_out(land, joint=True)
    diagnosed(land)
    client.force_login(land.ministry)
    rows = dict(client.get(url("status") + "?year=2026").context["rows"][0][1])
    told = {
        "진단 신청": 1,
        "진단 완료": 1,
        "단독 계획": 0,
        "공동 계획": 1,
        "승인": 1,
        "승인 기업": 2,
        "이행 중": 1,
        "완료": 0,
    }
    assert {name: rows[name] for name in told} == told
    assert client.get(url("status") + "?year=2025").context["rows"] == []
    file = client.get(url("status_file", "csv") + "?year=2026")
    assert land.sido.name in b"".join(file.streaming_content).decode()
    assert client.get(url("status_file", "pdf")).status_code == 404


def test_an_area_tells_of_the_firms_that_lie_in_it(client, land):
    plan = approved(land)
    here, elsewhere = AreaFactory(region=land.city), AreaFactory(region=RegionFactory(sigungu=True))
    client.force_login(land.ministry)
    assert plan.title in client.get(url("area", here.code)).content.decode()
    assert plan.title not in client.get(url("area", elsewhere.code)).content.decode()
    assert client.get(url("place", "region", land.city.pk)).url == url("area", here.code)
    assert client.get(url("place", "cluster", land.city.pk)).status_code == 404
    assert seen_by(client, land.stranger, url("area", here.code)) == 404


def test_what_waits_is_told_to_whom_it_concerns(client, land, time_machine):
    plan = approved(land)
    services.assign_manager(plan=plan, manager=land.tp, on=TODAY, note="", seen=plan.version, actor=land.clerk)
    time_machine.move_to("2026-07-02 10:00:00+09:00")
    client.force_login(land.tp)
    page = client.get(reverse("home")).content.decode()
    for words in ("기한이 지난 추진 단계", "지난 분기에 접촉하지 않은 사업전환"):
        assert words in page
    assert plan.title in client.get(url("plans") + "?state=SILENT").content.decode()
    assert plan.title in client.get(url("plans") + "?state=LATE").content.decode()
    assert plan.title in client.get(url("milestones") + "?state=OVERDUE").content.decode()
    client.force_login(person(role=Role.TECHNOPARK, region=land.other))
    assert "기한이 지난 추진 단계" not in client.get(reverse("home")).content.decode()


LISTS = ("restructuring-centres", "diagnoses", "conversion-plans", "conversion-milestones", "conversion-contacts")


def test_the_api_gives_each_of_the_four_people_their_own(api, land, django_assert_max_num_queries):
    plan = approved(land, joint=True)
    services.log_contact(plan=plan, on=TODAY, channel="PHONE", text="통화", actor=land.tp)
    diagnosed(land)
    for name in LISTS[1:]:
        for user, count in ((land.tp, 1), (land.ministry, 1), (land.stranger, 0)):
            api.force_login(user)
            with django_assert_max_num_queries(6):
                answer = api.get(f"/api/v1/{name}/").json()
            assert bool(answer["count"]) == bool(count), (name, user)
        api.force_login(UserFactory())
        assert api.get(f"/api/v1/{name}/").status_code == 403
    api.force_login(land.far_tp)
    body = api.get(f"/api/v1/conversion-plans/{plan.code}/").json()
    (edition,) = body["editions"]
    assert (body["joint"], edition["approval_number"], edition["budget_loan"]) == (True, "제2026-1호", 500_000_000)
    assert edition["goals"] == [{"measure": "SALES_SHARE", "base": "0", "target": "40", "result": None}]
    assert [one["to_industry"] for one in edition["firms"]] == ["28202", "28202"]
    api.force_login(land.stranger)
    assert api.get(f"/api/v1/conversion-plans/{plan.code}/").status_code == 404
    assert api.get("/api/v1/conversion-plans/", {"nothing": 1}).status_code == 400


def test_a_diagnosis_is_asked_for_and_a_contact_written_over_the_api(api, land):
    system = person(role=Role.API_CLIENT, region=land.sido)
    api.force_login(system)
    body = {"business_number": number(land.firm), "subjects": ["DIGITAL"], "reason": "자동화"}
    made = api.post("/api/v1/diagnoses/", body, format="json")
    assert (made.status_code, made.json()["state"], made.json()["sido"]) == (201, "REQUESTED", land.sido.code)
    assert api.post("/api/v1/diagnoses/", body, format="json").status_code in {400, 409}
    assert (
        api.post("/api/v1/diagnoses/", {**body, "business_number": number(land.partner)}, format="json").status_code
        == 404
    )
    detail = api.get(f"/api/v1/diagnoses/{made.json()['code']}/").json()
    assert (detail["reason"], detail["scores"]) == ("자동화", [])
    plan = approved(land, joint=True)
    contact = {"plan": plan.code, "on": "2026-03-02", "channel": "ONLINE", "text": "화상 회의"}
    assert api.post("/api/v1/conversion-contacts/", contact, format="json").status_code == 201
    api.force_login(person(role=Role.API_CLIENT, region=land.other))  # sees the plan, does not lead it
    assert api.get("/api/v1/conversion-contacts/").json()["count"] == 1
    assert api.post("/api/v1/conversion-contacts/", contact, format="json").status_code == 404
    api.force_login(land.ministry)  # decides, does not handle
    assert api.post("/api/v1/conversion-contacts/", contact, format="json").status_code == 403
