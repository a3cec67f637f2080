"""Pages of tiers: who sees what, what a page costs, deeds through their doors."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.tiers import services
from companies.tiers.enums import CaseKind, CaseState, Opinion, ScreeningKind, Tier
from companies.tiers.models import CriteriaSet, GrowthStrategy, TierCase
from portal.directory.models import Job
from tests.tiers.factories import BODY, ON, CaseFactory, CriteriaFactory, firm, holds

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(places, people):
    """A firm of the region with a tier, an open case, a plan, a designation; one of the other region."""
    mine, foreign = firm(places.here, name_ko="여기예시정밀"), firm(places.there, name_ko="저기예시정밀")
    period = holds(mine, places.here, Tier.POTENTIAL, date(2025, 1, 1))
    holds(foreign, places.there, Tier.POTENTIAL, date(2025, 1, 1))
    criteria = CriteriaFactory(adopted=True, tier=Tier.PRELIMINARY, code="prelim")
    case = services.open_case(
        company=mine, region=places.here, kind=CaseKind.PROMOTION, criteria=criteria, actor=people.staff, on=ON
    )
    plan = services.plan_strategy(
        company=mine, region=places.here, tier=Tier.POTENTIAL, goal="수출 확대", officer=people.staff,
        start=date(2026, 1, 1), end=date(2026, 12, 31), actor=people.staff,
    )  # fmt: skip
    made = services.designate(
        company=mine, region=places.here, start=date(2025, 3, 1), notice="고시 제1호", evaluation="검증위원단",
        reason="수출 선도", actor=people.head,
    )  # fmt: skip
    screening, _job = services.start_screening(
        kind=ScreeningKind.WHAT_IF, criteria=criteria, region=places.here, actor=people.staff
    )
    firms = {"public_id": mine.public_id}
    return {
        "firm": reverse("tiers:firm", kwargs=firms),
        "case": reverse("tiers:case", args=[case.public_id]),
        "strategy": reverse("tiers:strategy", args=[plan.pk]),
        "designation": reverse("tiers:designation", args=[made.certificate_number]),
        "report": reverse("tiers:report", args=[made.certificate_number, "2025H1"]),
        "screening": reverse("tiers:screening", args=[screening.pk]),
        "objects": (mine, case, plan, made, criteria, period, screening),
    }


ONE = ("firm", "case", "strategy", "designation", "report", "screening")
LISTS = (
    "firms", "cases", "criteria_list", "criteria_compare", "screenings", "cohort", "cohort_firms", "strategies",
    "designations", "reports",
)  # fmt: skip
FORMS = ("case_new", "strategy_new", "designation_new")


@pytest.mark.parametrize("page", ONE)
def test_each_of_the_four_people_meets_a_page_of_one_thing(client, people, story, page):
    for who, status in (("clerk", 200), ("ministry", 200), ("other", 404)):
        client.force_login(getattr(people, who))
        assert client.get(story[page]).status_code == status, who
    client.force_login(people.nobody)
    assert client.get(story[page]).status_code == 403
    client.logout()
    assert client.get(story[page]).status_code == 302


@pytest.mark.parametrize("page", LISTS)
def test_each_of_the_four_people_meets_a_list(client, people, story, page):
    url = reverse(f"tiers:{page}")
    for who in ("clerk", "other", "ministry"):
        client.force_login(getattr(people, who))
        response = client.get(url)
        assert response.status_code == 200, who
        text = response.content.decode()
        if page in ("firms", "cases", "strategies", "designations", "reports"):
            assert ("여기예시정밀" in text) is (who != "other"), (who, page)
    client.force_login(people.nobody)
    assert client.get(url).status_code == 403
    client.logout()
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("page", FORMS)
def test_a_form_about_a_firm_is_for_those_who_work_on_it(client, people, story, page):
    url = reverse(f"tiers:{page}", args=[story["objects"][0].public_id])
    client.force_login(people.head if page == "designation_new" else people.clerk)
    assert client.get(url).status_code == 200
    client.force_login(people.other)
    assert client.get(url).status_code == (403 if page == "designation_new" else 404)
    for who in (people.ministry, people.nobody):
        client.force_login(who)
        assert client.get(url).status_code == 403


def test_criteria_are_read_by_everyone_and_drafted_by_their_own(client, people, story):
    for name, args in (("criteria", ["prelim"]), ("criteria_new", []), ("screening_new", ["try"])):
        for who, status in (("clerk", 200), ("ministry", 200), ("nobody", 403)):
            client.force_login(getattr(people, who))
            assert client.get(reverse(f"tiers:{name}", args=args)).status_code == status, (name, who)


class TestBudgets:
    """One and many firms cost the same: session, user, scope, rows, and what a page adds."""

    @pytest.mark.parametrize("rows", [1, 6])
    @pytest.mark.parametrize(
        ("page", "budget"),
        [("firms", 7), ("cases", 7), ("strategies", 7), ("designations", 7), ("reports", 7), ("cohort_firms", 6)],
    )
    def test_a_list_costs_the_same_for_any_number_of_rows(
        self, client, people, places, rows, page, budget, django_assert_max_num_queries
    ):
        for _ in range(rows):
            company = firm(places.here)
            period = holds(company, places.here, Tier.POTENTIAL, date(2025, 1, 1))
            services.plan_strategy(
                company=company, region=places.here, tier=Tier.POTENTIAL, goal="목표", officer=people.staff,
                start=ON, end=ON + timedelta(days=300), actor=people.staff,
            )  # fmt: skip
            services.designate(
                company=company, region=places.here, start=ON, end=ON + timedelta(days=100), notice="고시",
                evaluation="평가", reason="사유", actor=None,
            )  # fmt: skip
        assert period.case_id
        client.force_login(people.clerk)
        self.warm(client)
        with django_assert_max_num_queries(budget):
            response = client.get(reverse(f"tiers:{page}"))
        assert response.content.decode().count("<tr>") >= rows

    def warm(self, client):
        client.get(reverse("tiers:criteria_list"))  # the frame counts waiting work once in half a minute

    @pytest.mark.parametrize("rows", [1, 6])
    def test_the_cohort_costs_the_same_for_any_number_of_firms(
        self, client, people, places, rows, django_assert_max_num_queries
    ):
        for _ in range(rows):
            holds(firm(places.here), places.here, Tier.POTENTIAL, date(2025, 1, 1))
        client.force_login(people.clerk)
        self.warm(client)
        with django_assert_max_num_queries(14):
            client.get(reverse("tiers:cohort"))

    @pytest.mark.parametrize("periods", [1, 5])
    def test_a_firm_costs_the_same_for_any_number_of_periods(
        self, client, people, places, periods, django_assert_max_num_queries
    ):
        company = firm(places.here)
        for n in range(periods):
            holds(company, places.here, Tier.POTENTIAL, date(2020 + n, 1, 1), date(2021 + n, 1, 1))
        client.force_login(people.clerk)
        self.warm(client)
        with django_assert_max_num_queries(14):
            assert client.get(reverse("tiers:firm", args=[company.public_id])).status_code == 200


class TestTheDesk:
    def test_a_case_goes_its_whole_road_through_the_page(self, client, people, story):
        case = story["objects"][1]

        def post(who, key, **data):
            client.force_login(who)
            return client.post(reverse("tiers:case_deed", args=[case.public_id, key]), data)

        assert post(people.reviewer, "begin").status_code == 302
        data = {"review-opinion": Opinion.SUITABLE, "review-text": "현장 확인"}
        assert post(people.reviewer, "review", **data).status_code == 302
        assert post(people.staff, "approve", **{"approve-start": "2026-05-01"}).status_code == 403
        response = post(people.head, "approve", **{"approve-start": "2026-05-01", "approve-resolution_council": "시험"})
        assert response.status_code == 422
        assert "함께 적어" in response.content.decode()
        assert post(people.head, "approve", **{"approve-start": "2026-05-01"}).status_code == 302
        case.refresh_from_db()
        assert (case.state, case.decided_by) == (CaseState.APPROVED, people.head)
        text = client.get(story["firm"]).content.decode()
        assert "예비선도기업" in text

    def test_a_deed_of_another_region_is_forbidden(self, client, places, people, story):
        from tests.tiers.factories import desk

        client.force_login(desk(places.there).reviewer)
        assert client.post(reverse("tiers:case_deed", args=[story["objects"][1].public_id, "begin"])).status_code == 404

    def test_a_deed_that_is_over_is_told_above_the_page(self, client, people, story):
        case = story["objects"][1]
        services.begin_review(case=case, actor=people.reviewer)
        client.force_login(people.reviewer)
        url = reverse("tiers:case_deed", args=[case.public_id, "begin"])
        response = client.post(url, follow=True)
        assert "바꿀 수 없습니다" in response.content.decode()

    def test_a_case_is_opened_by_hand_and_a_refusal_stands_at_its_field(self, client, places, people):
        company = firm(places.here)
        criteria = CriteriaFactory(adopted=True)
        client.force_login(people.staff)
        url = reverse("tiers:case_new", args=[company.public_id])
        data = {"kind": "RETENTION", "region": places.here.pk, "on": "2026-05-01", "base_year": "2025"}
        response = client.post(url, data)
        assert "등급이 없는 기업입니다" in response.content.decode()
        response = client.post(url, {**data, "kind": "ENTRY", "criteria": criteria.pk, "ground": "FRAUD"})
        assert response.status_code == 302
        case = TierCase.objects.get(company=company)
        assert (case.kind, case.ground, case.outcome) == ("ENTRY", "", "MET")

    def test_a_draft_is_written_tried_and_adopted(
        self, client, places, people, sent_tasks, django_capture_on_commit_callbacks
    ):
        client.force_login(people.ministry)
        data = {
            "code": "new-1", "title": "새 기준", "programme": "MAIN_INDUSTRY", "tier": "POTENTIAL", "start": "2026-01-01",
            "body": '{"all": [{"metric": "EMPLOYEES", "operator": "GE", "value": 0.5}]}',
        }  # fmt: skip
        response = client.post(reverse("tiers:criteria_new"), data)
        assert "all[0].value" in response.content.decode()
        response = client.post(reverse("tiers:criteria_new"), {**data, "body": '{"all": ['})
        assert "1번째 줄" in response.content.decode()
        data["body"] = '{"all": [{"metric": "EMPLOYEES", "operator": "GE", "value": 5}]}'
        assert client.post(reverse("tiers:criteria_new"), data).status_code == 302
        asked = {"criteria": "new-1", "on": "2026-05-01", "base_year": "2025"}
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(reverse("tiers:screening_new", args=["try"]), asked).status_code == 302
        assert sent_tasks.named("companies.tiers.tasks.run_screening") == [{"job_id": Job.objects.get().pk}]
        url = reverse("tiers:criteria_adopt", args=["new-1"])
        assert client.post(url, {"document": "정책 제1호", "start": "2026-06-01"}).status_code == 302
        made = CriteriaSet.objects.get(code="new-1")
        assert (made.state, made.effective.lower) == ("ADOPTED", date(2026, 6, 1))
        edit = reverse("tiers:criteria_edit", args=["new-1"])
        response = client.post(edit, {**data, "seen": made.updated_at.isoformat()})
        assert "고칠 수 없습니다" in response.content.decode()

    def test_a_set_of_another_region_is_not_adopted_here(self, client, places, people):
        CriteriaFactory(code="there", region=places.there)
        client.force_login(people.head)
        url = reverse("tiers:criteria_adopt", args=["there"])
        assert client.post(url, {"document": "문서", "start": "2026-06-01"}).status_code == 403

    def test_a_plan_is_started_its_step_closed_and_ended(self, client, people, story):
        plan = story["objects"][2]
        client.force_login(people.staff)
        assert client.post(reverse("tiers:strategy_move", args=[plan.pk, "start"])).status_code == 302
        for step in plan.steps.all():
            key = f"step{step.pk}"
            data = {f"{key}-outcome": "done", f"{key}-on": "2026-05-01", f"{key}-result": "특허 1건 출원"}
            assert client.post(reverse("tiers:step_close", args=[plan.pk, step.number]), data).status_code == 302
        url = reverse("tiers:strategy_move", args=[plan.pk, "complete"])
        assert client.post(url, {"end-result": ""}).status_code == 422
        assert client.post(url, {"end-result": "목표 달성"}).status_code == 302
        assert GrowthStrategy.objects.get(pk=plan.pk).state == "COMPLETED"

    def test_a_report_is_written_once(self, client, people, story):
        client.force_login(people.staff)
        data = {"results": "판로 지원", "council": "제3차 회의"}
        assert client.post(story["report"], data).status_code == 302
        assert client.post(story["report"], data).status_code == 403

    def test_a_fact_is_stated_with_its_document(self, client, people, story):
        client.force_login(people.staff)
        url = reverse("tiers:fact_new", args=[story["objects"][0].public_id])
        data = {"code": "TAX_ARREARS", "flag": "no", "start": "2026-01-01", "document": ""}
        assert client.post(url, data).status_code == 422
        assert client.post(url, {**data, "document": "납세증명서"}).status_code == 302
        assert "납세증명서" in client.get(story["firm"]).content.decode()


def test_comparing_two_sets_shows_what_only_one_has(client, people):
    CriteriaFactory(code="a")
    CriteriaFactory(code="b", body={"all": [BODY["all"][0], {"metric": "AGE", "operator": "LE", "value": 7}]})
    client.force_login(people.ministry)
    text = client.get(reverse("tiers:criteria_compare"), {"a": "a", "b": "b"}).content.decode()
    assert text.count('class="is-marked"') == 2


def test_a_firm_page_answers_as_of_a_day_and_as_known_on_another(client, people, places):
    company = firm(places.here)
    holds(company, places.here, Tier.POTENTIAL, date(2025, 1, 1))
    client.force_login(people.clerk)
    url = reverse("tiers:firm", args=[company.public_id])
    today = timezone.localdate()
    assert "<strong>잠재기업</strong>" in client.get(url, {"on": "2025-06-01"}).content.decode()
    assert "<strong>잠재기업</strong>" not in client.get(url, {"on": "2024-06-01"}).content.decode()
    known = (today - timedelta(days=1)).isoformat()
    assert "<strong>잠재기업</strong>" not in client.get(url, {"known": known}).content.decode()


def test_an_appeal_is_taken_in_from_the_page(client, people, places):
    case = CaseFactory(reviewed=True, company=firm(places.here), region=places.here, state=CaseState.REVIEWED)
    services.reject_case(case=case, text="고용 미달", actor=people.head)
    client.force_login(people.staff)
    url = reverse("tiers:case_deed", args=[case.public_id, "appeal"])
    assert client.post(url, {"appeal-request_text": "결산 정정"}).status_code == 302
    assert TierCase.objects.filter(appealed=case).count() == 1
