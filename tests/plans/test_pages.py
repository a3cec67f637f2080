"""Pages: four people, prices, the road of a plan by forms, two writers, files."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crisis.enums import Stage
from crisis.plans import services
from crisis.plans.enums import PlanState, ReportState
from crisis.plans.models import Plan, PlanComment, PlanMeasure, QuarterlyReport
from crisis.plans.selectors import overview
from portal.directory.enums import Role
from portal.directory.scope import scope_of
from portal.kernel import todo
from tests.factories.crisis import AreaFactory
from tests.factories.directory import RegionFactory, person
from tests.plans.situations import alarm, approved, draft, fresh, measure, reported, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped(clock):
    return clock


@pytest.fixture
def owed(places):
    return alarm(places.mine)


def text(client, url, status=200):
    answer = client.get(url)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def posted(client, url, data, status=302):
    answer = client.post(url, data)
    assert answer.status_code == status, answer.content.decode()[-6000:]
    return answer


def plan_url(plan, name="plan", *args):
    return reverse(f"plans:{name}", args=[plan.code, *args])


class TestFourPeople:
    def test_the_plan_is_seen_in_its_province_and_by_the_ministry(self, sign_in, people, owed):
        plan = draft([owed], people.writer)
        everyone = ("writer", "office", "centre", "ministry", "other", "nobody")
        met = {who: sign_in(getattr(people, who)).get(plan_url(plan)).status_code for who in everyone}
        assert met == dict.fromkeys(everyone[:4], 200) | {"other": 404, "nobody": 403}

    @pytest.mark.parametrize("name", ["plans", "obligations", "reports", "status"])
    def test_lists_hold_what_lies_in_the_readers_regions(self, sign_in, people, owed, name):
        approved([owed], people)
        url = reverse(f"plans:{name}")
        assert "가남도" in text(sign_in(people.writer), url)
        assert "가남도" in text(sign_in(people.ministry), url)
        page = text(sign_in(people.other), url)
        assert "가남도" not in page[page.index("<main") :]
        text(sign_in(people.nobody), url, 403)

    def test_only_the_writers_of_the_province_may_write(self, sign_in, people, owed):
        plan = draft([owed], people.writer)
        for who, status in (("office", 403), ("ministry", 403), ("other", 404), ("writer", 200)):
            text(sign_in(getattr(people, who)), plan_url(plan, "plan_edit"), status)
        posted(sign_in(people.other), plan_url(plan, "plan_edit"), {}, 404)
        posted(sign_in(people.office), plan_url(plan, "plan_deed", "submit"), {"seen": plan.version}, 403)
        assert fresh(plan).state == PlanState.DRAFT


class TestPrices:
    @pytest.mark.parametrize("rows", [1, 6])
    @pytest.mark.parametrize(("name", "queries"), [("plans", 8), ("obligations", 6), ("reports", 6), ("status", 12)])
    def test_a_list_costs_the_same_for_any_number_of_rows(
        self, sign_in, people, places, rows, name, queries, django_assert_max_num_queries
    ):
        owed = [
            alarm(AreaFactory(region=RegionFactory(sigungu=True, parent=places.here), code=f"R{at}"))
            for at in range(rows)
        ]
        for one in owed:
            approved([one], people)
        client = sign_in(people.writer)
        client.get(reverse("home"))  # the count of waiting work is kept for half a minute
        with django_assert_max_num_queries(queries):
            client.get(reverse(f"plans:{name}"))

    @pytest.mark.parametrize("rows", [1, 6])
    def test_a_plan_costs_the_same_for_any_number_of_measures(
        self, sign_in, people, owed, rows, django_assert_max_num_queries
    ):
        plan = draft([owed], people.writer)
        for at in range(rows - 1):
            measure(plan, people.writer, title=f"과제 {at}")
        plan = services.submit_plan(plan=fresh(plan), seen=fresh(plan).version, actor=people.writer)
        plan = services.review_plan(plan=plan, opinion="타당", seen=plan.version, actor=people.office)
        services.approve_plan(plan=plan, seen=plan.version, actor=people.ministry)
        client = sign_in(people.writer)
        client.get(reverse("home"))
        with django_assert_max_num_queries(13):
            text(client, plan_url(plan))


def form_of_measure(plan, **facts):
    return {
        "seen": 0, "kind": "FUNDS", "title": "긴급자금", "content": "저리 융자", "lead_name": "가남도청", "partners": "",
        "starts_on": "2025-09-01", "ends_on": "2026-08-31", "budget_national": "1,200.5", "budget_sido": "",
        "budget_sigungu": "300", "budget_private": "", "t0_name": "대출 기업", "t0_unit": "개사", "t0_baseline": "0",
        "t0_target": "40", **facts,
    }  # fmt: skip


class TestTheRoadOfAPlan:
    def test_from_the_list_of_areas_to_the_evaluation(self, sign_in, people, places, owed, clock):
        more = alarm(places.beside, Stage.SEVERE)
        client = sign_in(people.writer)
        form = {"obligations": [owed.pk, more.pk], "title": "가남도 계획", "starts_on": "2025-09-01"}
        posted(client, reverse("plans:plan_new"), form)
        plan = Plan.objects.get()
        page = posted(client, plan_url(plan, "plan_deed", "submit"), {"seen": plan.version}, 422)
        assert "과제를 하나 이상 넣어 주세요." in page.content.decode()
        texts = {"title": "가남도 계획", "starts_on": "2025-09-01", "diagnosis": "ㄱ", "goal": "ㄴ", "structure": "ㄷ"}
        posted(client, plan_url(plan, "plan_edit"), {"seen": plan.version, **texts})
        posted(client, plan_url(plan, "measure_new"), form_of_measure(plan))
        row = PlanMeasure.objects.get()
        assert (row.budget_national, row.budget_sido, row.budget_sigungu) == (1_200_500_000, 0, 300_000_000)
        assert row.targets.get().target == 40
        posted(client, plan_url(plan, "plan_deed", "submit"), {"seen": fresh(plan).version})

        client = sign_in(people.office)
        comment = {"place": "1:budget", "text": "도비를 넣어 주세요"}
        posted(client, plan_url(plan, "comment_new"), comment)
        posted(client, plan_url(plan, "plan_deed", "return"), {"seen": fresh(plan).version, "comment": ""})
        client = sign_in(people.writer)
        assert "도비를 넣어 주세요" in text(client, plan_url(plan, "measure", 1))
        edited = form_of_measure(plan, seen=row.version, budget_sido="100")
        posted(client, plan_url(plan, "measure", 1), edited)
        posted(client, plan_url(plan, "plan_deed", "submit"), {"seen": fresh(plan).version})
        opinion = {"seen": fresh(plan).version, "opinion": "타당"}
        posted(sign_in(people.office), plan_url(plan, "plan_deed", "review"), opinion)
        posted(sign_in(people.ministry), plan_url(plan, "plan_deed", "approve"), {"seen": fresh(plan).version})
        assert fresh(plan).state == PlanState.APPROVED

        clock.to(2025, 10, 10)
        services.start_due_plans()
        report = plan_url(plan, "report", 1, "2025Q3")
        client = sign_in(people.writer)
        file = {"file": SimpleUploadedFile("계약서.pdf", b"%PDF-1.7 x"), "note": "계약"}
        posted(client, plan_url(plan, "evidence_new", 1, "2025Q3"), file)
        target = row.targets.get()
        facts = {"seen": 1, "spent_national": "100.000001", "spent_sido": "", "spent_sigungu": "", "spent_private": "",
                 "result": "융자 8건", "problems": "", f"v{target.pk}": "8", "submit": "1"}  # fmt: skip
        posted(client, report, facts)
        handed_in = QuarterlyReport.objects.get(quarter=date(2025, 7, 1))
        assert (handed_in.spent_national, handed_in.results.get().value) == (100_000_001, 8)
        check = {"check-seen": handed_in.version, "check-finding": "CONFIRMED", "check-note": ""}
        posted(sign_in(people.centre), plan_url(plan, "report_deed", 1, "2025Q3", "check"), check)
        rate = {"rate-seen": handed_in.version + 1, "rate-rating": "GOOD", "rate-note": ""}
        posted(sign_in(people.ministry), plan_url(plan, "report_deed", 1, "2025Q3", "rate"), rate)
        assert QuarterlyReport.objects.get(pk=handed_in.pk).state == ReportState.RATED
        evidence = handed_in.evidence.get()
        url = reverse("plans:evidence_file", args=[evidence.public_id])
        answer = sign_in(people.ministry).get(url)
        assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"
        assert answer["Content-Disposition"].startswith("attachment")
        assert sign_in(people.other).get(url).status_code == 404

        clock.to(2026, 9, 1)
        facts = {"seen": fresh(plan).version, "outcome": "고용 유지", "lessons": "협업", "early_reason": ""}
        posted(sign_in(people.writer), plan_url(plan, "plan_deed", "evaluate"), facts)
        facts = {"seen": fresh(plan).version, "rating": "GOOD", "note": "모범"}
        posted(sign_in(people.ministry), plan_url(plan, "plan_deed", "close"), facts)
        assert fresh(plan).state == PlanState.CLOSED

    def test_two_writers_of_a_measure_are_shown_both_values_and_nothing_is_lost(self, sign_in, people, owed):
        plan = draft([owed], people.writer)
        row = plan.measures.get()
        posted(
            sign_in(people.writer), plan_url(plan, "measure", 1), form_of_measure(plan, seen=row.version, title="먼저")
        )
        late = posted(
            sign_in(people.colleague), plan_url(plan, "measure", 1),
            form_of_measure(plan, seen=row.version, title="나중", budget_national="5"), 409,
        ).content.decode()  # fmt: skip
        assert "먼저" in late
        assert 'value="나중"' in late
        assert "1200.5" in late
        assert f'name="seen" value="{row.version + 1}"' in late
        posted(sign_in(people.colleague), plan_url(plan, "measure", 1),
               form_of_measure(plan, seen=row.version + 1, title="나중"))  # fmt: skip
        assert PlanMeasure.objects.get().title == "나중"

    def test_two_writers_of_a_plan_are_shown_both_values(self, sign_in, people, owed):
        plan = draft([owed], people.writer)
        texts = {
            "title": plan.title,
            "starts_on": "2025-09-01",
            "diagnosis": "수주 감소",
            "structure": "도·지방청·센터",
        }
        posted(sign_in(people.writer), plan_url(plan, "plan_edit"), {**texts, "seen": plan.version, "goal": "먼저"})
        late = posted(
            sign_in(people.colleague), plan_url(plan, "plan_edit"), {**texts, "seen": plan.version, "goal": "나중"}, 409
        ).content.decode()
        assert "먼저" in late
        assert "나중</textarea>" in late
        assert "수주 감소</td>" not in late  # only what differs is compared

    @pytest.mark.parametrize("typed", ["-1", "1.0000001", "많이", "1e30", "NaN"])
    def test_money_that_is_no_money_is_told_at_its_field(self, sign_in, people, owed, typed):
        plan = draft([owed], people.writer)
        page = posted(
            sign_in(people.writer), plan_url(plan, "measure_new"), form_of_measure(plan, budget_private=typed), 422
        ).content.decode()
        assert 'id="id_budget_private_error"' in page

    def test_the_ministry_releases_an_obligation_on_its_page(self, sign_in, people, owed):
        url = reverse("plans:release", args=[owed.pk])
        text(sign_in(people.writer), url, 403)
        posted(sign_in(people.ministry), url, {"reason": ""}, 422)
        posted(sign_in(people.ministry), url, {"reason": "공장 재가동"})
        owed.refresh_from_db()
        assert owed.release_reason == "공장 재가동"

    def test_a_word_is_taken_back_on_the_page(self, sign_in, people, owed):
        plan = submitted([owed], people.writer)
        posted(sign_in(people.office), plan_url(plan, "comment_new"), {"place": "goal", "text": "더 뚜렷이"})
        word = PlanComment.objects.get()
        posted(sign_in(people.writer), plan_url(plan, "comment_remove", word.pk), {}, 403)
        posted(sign_in(people.office), plan_url(plan, "comment_remove", word.pk), {})
        assert not PlanComment.objects.exists()


def test_the_plan_is_taken_away_as_a_workbook(sign_in, people, owed, clock):
    plan = approved([owed], people, start=date(2025, 8, 1))
    clock.to(2025, 10, 10)
    reported(QuarterlyReport.objects.order_by("quarter").first(), people.writer, result="=1+1")
    answer = sign_in(people.ministry).get(plan_url(plan, "plan_file"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheet_names == ["계획", "과제와 예산", "성과지표", "이행 보고"]
    money = book.get_sheet_by_name("과제와 예산").to_python()
    assert money[1][8:13] == [1_500_000_000, 500_000_000, 300_000_000, 0, 2_300_000_000]
    report = book.get_sheet_by_name("이행 보고").to_python()
    assert report[1][1:4] == ["2025Q3", "2025. 10. 21.", "점검 대기"]
    assert "=1+1" in report[1]
    assert sign_in(person(role=Role.COUNCIL_MEMBER, region=None)).get(plan_url(plan, "plan_file")).status_code == 403


def test_the_overview_counts_what_is_late_and_what_was_spent(people, places, owed, clock):
    approved([alarm(places.beside)], people, start=date(2025, 8, 1))
    clock.to(2025, 10, 10)
    reported(QuarterlyReport.objects.order_by("quarter").first(), people.writer)
    clock.to(2026, 2, 1)
    lines, total = overview(scope_of(people.ministry), date(2026, 2, 1))
    (line,) = lines
    assert (line.region, line.owed, line.overdue, line.in_effect) == (places.here, 1, 1, 1)
    assert (line.budget, line.spent) == (2_300_000_000, 300_000_000)
    assert (line.reports_due, line.reports_in, line.reports_late) == (2, 1, 1)
    assert total.budget == line.budget


def test_work_waits_for_whom_it_concerns(people, places, owed, clock):
    plan = submitted([alarm(places.beside)], people.writer)
    waits = {who: {item.title: item.count for item in todo.for_scope(scope_of(getattr(people, who)))}
             for who in ("writer", "office", "ministry", "other")}  # fmt: skip
    assert waits["writer"]["예방계획을 낼 지역"] == 1
    assert waits["office"]["검토할 예방계획"] == 1
    assert "승인할 예방계획" not in waits["ministry"]
    assert not any("예방계획" in title for title in waits["other"])
    services.review_plan(plan=plan, opinion="타당", seen=plan.version, actor=people.office)
    assert {i.title for i in todo.for_scope(scope_of(people.ministry))} >= {"승인할 예방계획"}
