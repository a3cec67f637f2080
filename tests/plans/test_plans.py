"""A plan from draft to closing: who may do what when, two writers, words on the very field, reports, evaluation."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crisis.enums import Stage
from crisis.plans import services
from crisis.plans.enums import ObligationState, PlanState, ReportState
from crisis.plans.models import Evidence, Obligation, Plan, PlanComment, PlanRevision, QuarterlyReport
from portal.directory.models import Notice
from portal.kernel.errors import ChangedMeanwhile, Refusal
from tests.plans.situations import (
    FACTS,
    TARGETS,
    alarm,
    approved,
    draft,
    fresh,
    measure,
    reported,
    reviewed,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped(clock):
    return clock


@pytest.fixture
def owed(places):
    return alarm(places.mine)


class TestWriting:
    def test_one_plan_may_answer_for_several_areas_of_a_province(self, places, people, owed):
        plan = draft([owed, alarm(places.beside, Stage.SEVERE)], people.writer)
        assert plan.obligations.count() == 2
        assert (plan.starts_on, plan.ends_on) == (date(2025, 9, 1), date(2026, 8, 31))

    def test_areas_of_two_provinces_are_not_planned_together(self, places, people, owed):
        with pytest.raises(Refusal, match="다른 시·도"):
            draft([owed, alarm(places.foreign)], people.writer)

    def test_an_area_is_in_one_plan_only(self, people, owed):
        draft([owed], people.writer)
        with pytest.raises(Refusal, match="이미 계획이 있거나"):
            draft([owed], people.colleague)

    @pytest.mark.parametrize("who", ["other", "office", "ministry", "centre", "nobody"])
    def test_only_the_province_writes(self, people, owed, who):
        with pytest.raises(Refusal, match="권한이 없습니다"):
            draft([owed], getattr(people, who))

    def test_codes_count_up_within_a_province_and_year(self, places, people, owed):
        first, second = draft([owed], people.writer), draft([alarm(places.beside)], people.writer)
        assert [first.code[-6:], second.code[-6:]] == ["2025-1", "2025-2"]

    def test_the_second_of_two_writers_is_shown_what_stands(self, people, owed):
        plan = draft([owed], people.writer)
        services.save_plan(plan=plan, facts={"goal": "먼저"}, seen=plan.version, actor=people.writer)
        with pytest.raises(ChangedMeanwhile) as refusal:
            services.save_plan(plan=plan, facts={"goal": "나중"}, seen=plan.version, actor=people.colleague)
        assert refusal.value.current.goal == "먼저"

    def test_writers_of_different_measures_do_not_disturb_each_other(self, people, owed):
        plan = draft([owed], people.writer)
        one, two = plan.measures.get(), measure(plan, people.colleague, title="긴급경영안정자금")
        for row, actor in ((one, people.writer), (two, people.colleague)):
            services.put_measure(
                plan=plan, measure=row, facts={"content": "고침"}, targets=TARGETS, seen=row.version, actor=actor
            )
        with pytest.raises(ChangedMeanwhile):
            services.put_measure(
                plan=plan, measure=one, facts={"content": "늦음"}, targets=TARGETS, seen=one.version,
                actor=people.colleague,
            )  # fmt: skip

    def test_nothing_changed_makes_no_version(self, people, owed):
        plan = draft([owed], people.writer)
        row = plan.measures.get()
        again = services.put_measure(
            plan=plan, measure=row, facts=FACTS, targets=TARGETS, seen=row.version, actor=people.writer
        )
        assert again.version == row.version

    def test_a_measure_lies_within_the_term(self, people, owed):
        plan = draft([owed], people.writer)
        with pytest.raises(Refusal, match="계획 기간을 벗어납니다"):
            measure(plan, people.writer, title="밖", start=date(2025, 8, 31))

    def test_a_draft_thrown_away_frees_its_areas(self, people, owed):
        plan = draft([owed], people.writer)
        services.discard_draft(plan=plan, seen=plan.version, actor=people.writer)
        assert not Plan.objects.exists()
        assert Obligation.objects.get().plan is None

    def test_areas_are_chosen_anew(self, places, people, owed):
        plan, more = draft([owed], people.writer), alarm(places.beside)
        services.set_areas(plan=plan, obligations=[more], seen=plan.version, actor=people.writer)
        assert [one.area for one in fresh(plan).obligations.all()] == [places.beside]


class TestHandingIn:
    def test_an_unfinished_plan_is_refused_with_all_that_is_missing(self, people, owed):
        plan = draft([owed], people.writer, whole=False)
        with pytest.raises(Refusal) as refusal:
            services.submit_plan(plan=plan, seen=plan.version, actor=people.writer)
        assert set(refusal.value.fields) == {"diagnosis", "goal", "structure", "measures"}

    def test_handing_in_tells_the_office_and_closes_the_pen(self, people, owed):
        plan = submitted([owed], people.writer)
        assert (plan.state, plan.submissions, plan.late) == (PlanState.SUBMITTED, 1, False)
        assert [n.recipient for n in Notice.objects.filter(kind="plan_submitted")] == [people.office]
        with pytest.raises(Refusal, match="고칠 수 없습니다"):
            services.save_plan(plan=plan, facts={"goal": "x"}, seen=plan.version, actor=people.writer)
        with pytest.raises(Refusal, match="고칠 수 없습니다"):
            measure(plan, people.writer, title="늦은 과제")

    @pytest.mark.parametrize(("after", "late"), [(0, False), (1, True)])
    def test_late_is_the_day_after_the_due_day(self, people, owed, clock, after, late):
        due = date.fromordinal(owed.due_on.toordinal() + after)
        clock.to(due.year, due.month, due.day, hour=23)
        assert submitted([owed], people.writer).late is late

    def test_what_was_handed_in_is_kept_word_for_word(self, people, owed):
        plan = submitted([owed], people.writer)
        body = PlanRevision.objects.get(plan=plan).body
        assert body["areas"] == ["A-NEAR"]
        assert body["measures"][0]["budget_national"] == 1_500_000_000
        assert body["measures"][0]["targets"][1] == {
            "name": "사업화 매출", "unit": "억원", "baseline": None, "target": "12.50"
        }  # fmt: skip


class TestReviewing:
    def test_a_word_on_the_very_field_sends_the_plan_back(self, people, owed):
        plan = submitted([owed], people.writer)
        services.comment_on(
            plan=plan, measure=plan.measures.get(), field="budget", text="도비가 빠짐", actor=people.office
        )
        with pytest.raises(Refusal, match="보완 의견이 남아"):
            services.review_plan(plan=plan, opinion="타당", seen=plan.version, actor=people.office)
        plan = services.return_plan(plan=plan, comment="", seen=plan.version, actor=people.office)
        assert (plan.state, plan.return_comment) == (PlanState.RETURNED, "보완할 항목 1개")
        again = services.submit_plan(plan=plan, seen=plan.version, actor=people.writer)
        services.review_plan(plan=again, opinion="타당", seen=again.version, actor=people.office)

    def test_a_second_word_on_a_field_replaces_the_first_and_is_taken_back_by_its_author_only(self, people, owed):
        plan = submitted([owed], people.writer)
        for text in ("처음", "나중"):
            word = services.comment_on(plan=plan, measure=None, field="goal", text=text, actor=people.office)
        assert PlanComment.objects.get().text == "나중"
        with pytest.raises(Refusal, match="자기가"):
            services.uncomment(comment=word, actor=people.ministry)
        services.uncomment(comment=word, actor=people.office)
        assert not PlanComment.objects.exists()

    def test_a_plan_has_no_budget_field_of_its_own(self, people, owed):
        plan = submitted([owed], people.writer)
        with pytest.raises(Refusal, match="의견을 달 수 없는"):
            services.comment_on(plan=plan, measure=None, field="budget", text="x", actor=people.office)

    def test_sending_back_needs_a_word(self, people, owed):
        plan = submitted([owed], people.writer)
        with pytest.raises(Refusal, match="사유를 적어"):
            services.return_plan(plan=plan, comment=" ", seen=plan.version, actor=people.ministry)

    @pytest.mark.parametrize("who", ["writer", "other_office", "centre", "ministry"])
    def test_only_the_office_of_the_region_gives_an_opinion(self, people, owed, who):
        plan = submitted([owed], people.writer)
        with pytest.raises(Refusal):
            services.review_plan(plan=plan, opinion="좋음", seen=plan.version, actor=getattr(people, who))

    def test_the_ministry_approves_only_what_the_office_reviewed(self, people, owed):
        plan = submitted([owed], people.writer)
        with pytest.raises(Refusal, match="지방청의 검토"):
            services.approve_plan(plan=plan, seen=plan.version, actor=people.ministry)
        plan = services.review_plan(plan=plan, opinion="타당", seen=plan.version, actor=people.office)
        with pytest.raises(Refusal, match="본부"):
            services.approve_plan(plan=plan, seen=plan.version, actor=people.office)

    def test_approval_of_what_changed_meanwhile_is_refused(self, people, owed):
        plan = reviewed([owed], people.writer, people.office)
        with pytest.raises(ChangedMeanwhile):
            services.approve_plan(plan=plan, seen=plan.version - 1, actor=people.ministry)


class TestApproval:
    def test_it_meets_the_obligations_and_owes_a_report_for_every_quarter(self, people, owed):
        plan = approved([owed], people)
        owed.refresh_from_db()
        assert (owed.state, plan.state) == (ObligationState.MET, PlanState.APPROVED)
        reports = QuarterlyReport.objects.order_by("quarter")
        assert [report.quarter for report in reports] == [
            date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)
        ]  # fmt: skip
        assert reports[0].due_on == date(2025, 10, 21)  # 15 working days after 30 September
        assert reports[4].due_on == date(2026, 9, 21)  # counted from the last day of the measure, 31 August
        assert plan.evaluation_due == date(2026, 10, 12)

    def test_a_plan_whose_day_has_come_runs_at_once_and_the_others_begin_on_their_day(
        self, people, places, owed, clock
    ):
        early = approved([owed], people, start=date(2025, 8, 1))
        late = approved([alarm(places.beside)], people)
        assert (early.state, late.state) == (PlanState.RUNNING, PlanState.APPROVED)
        clock.to(2025, 8, 31)
        assert services.start_due_plans() == 0
        clock.to(2025, 9, 1)
        assert (services.start_due_plans(), services.start_due_plans()) == (1, 0)
        assert fresh(late).state == PlanState.RUNNING

    def test_an_amendment_keeps_reports_that_exist_and_drops_those_no_longer_needed(self, people, owed, clock):
        plan = approved([owed], people)
        clock.to(2025, 10, 10)
        services.start_due_plans()
        first = QuarterlyReport.objects.order_by("quarter").first()
        reported(first, people.writer)
        plan = fresh(plan)
        plan = services.amend_plan(plan=plan, reason="예산 변경", seen=plan.version, actor=people.writer)
        row = plan.measures.get()
        services.put_measure(
            plan=plan, measure=row, facts={"ends_on": date(2025, 12, 31)}, targets=TARGETS, seen=row.version,
            actor=people.writer,
        )  # fmt: skip
        plan = services.submit_plan(plan=plan, seen=plan.version, actor=people.writer)
        plan = services.review_plan(plan=plan, opinion="타당", seen=plan.version, actor=people.office)
        plan = services.approve_plan(plan=plan, seen=plan.version, actor=people.ministry)
        assert plan.state == PlanState.RUNNING
        assert list(QuarterlyReport.objects.order_by("quarter").values_list("quarter", "state")) == [
            (date(2025, 7, 1), ReportState.SUBMITTED), (date(2025, 10, 1), ReportState.OWED)
        ]  # fmt: skip

    def test_an_approved_measure_is_dropped_on_record(self, people, owed, clock):
        plan = approved([owed], people, start=date(2025, 8, 1))
        measure_row = plan.measures.get()
        plan = services.amend_plan(plan=plan, reason="중복", seen=plan.version, actor=people.writer)
        with pytest.raises(Refusal, match="빼는 사유"):
            services.drop_measure(measure=measure_row, reason="", seen=measure_row.version, actor=people.writer)
        dropped = services.drop_measure(
            measure=measure_row, reason="국비 사업과 중복", seen=measure_row.version, actor=people.writer
        )
        assert dropped.dropped_on == date(2025, 8, 1)
        assert not QuarterlyReport.objects.owed().exists()


class TestReports:
    @pytest.fixture
    def report(self, people, owed, clock):
        approved([owed], people, start=date(2025, 8, 1))
        clock.to(2025, 10, 10)
        return QuarterlyReport.objects.order_by("quarter").first()

    def test_a_draft_is_kept_and_handed_in_later(self, people, report):
        saved = reported(report, people.writer, submit=False, result="")
        assert saved.state == ReportState.OWED
        with pytest.raises(Refusal, match="추진 실적"):
            reported(saved, people.writer, result=" ")
        done = reported(saved, people.writer)
        assert (done.state, done.late, done.spent_total) == (ReportState.SUBMITTED, False, 300_000_000)

    def test_the_second_writer_of_a_report_is_shown_what_stands(self, people, report):
        reported(report, people.writer, submit=False)
        with pytest.raises(ChangedMeanwhile):
            reported(report, people.colleague, submit=False)

    def test_a_quarter_ahead_cannot_be_reported(self, people, report):
        ahead = QuarterlyReport.objects.order_by("quarter").last()
        with pytest.raises(Refusal, match="아직 오지 않은"):
            reported(ahead, people.writer)

    @pytest.mark.parametrize("who", ["other", "office", "centre", "ministry"])
    def test_only_the_province_reports(self, people, report, who):
        with pytest.raises(Refusal, match="권한이 없습니다"):
            reported(report, getattr(people, who))

    def test_figures_of_another_measure_are_refused(self, people, report):
        with pytest.raises(Refusal, match="없는 성과지표"):
            services.save_report(
                report=report, spent={}, result="x", problems="", values={0: None}, seen=report.version, submit=True,
                actor=people.writer,
            )  # fmt: skip

    def test_checked_by_the_centre_and_rated_by_the_ministry(self, people, report):
        done = reported(report, people.writer)
        with pytest.raises(Refusal, match="무엇이 다른지"):
            services.check_report(report=done, finding="DIFFERS", note="", seen=done.version, actor=people.centre)
        done = services.check_report(report=done, finding="CONFIRMED", note="", seen=done.version, actor=people.centre)
        with pytest.raises(Refusal, match="미흡으로 평가하면"):
            services.rate_report(report=done, rating="POOR", note="", seen=done.version, actor=people.ministry)
        done = services.rate_report(report=done, rating="POOR", note="부진", seen=done.version, actor=people.ministry)
        assert done.state == ReportState.RATED
        told = set(Notice.objects.filter(kind="plan_poor").values_list("recipient_id", flat=True))
        assert told == {people.writer.pk, people.colleague.pk, people.office.pk}

    @pytest.mark.parametrize("who", ["writer", "office", "other", "centre"])
    def test_only_the_ministry_rates(self, people, report, who):
        done = reported(report, people.writer)
        with pytest.raises(Refusal):
            services.rate_report(report=done, rating="GOOD", note="", seen=done.version, actor=getattr(people, who))

    def test_sent_back_it_is_mended_and_was_not_late(self, people, report, clock):
        done = reported(report, people.writer)
        done = services.return_report(report=done, comment="증빙 없음", seen=done.version, actor=people.centre)
        clock.to(2026, 1, 5)
        again = reported(done, people.writer, result="시제품 3건, 증빙 첨부")
        assert (again.state, again.late, again.finding) == (ReportState.SUBMITTED, False, "")

    def test_evidence_is_kept_by_content_and_goes_with_the_draft_only(
        self, people, report, django_capture_on_commit_callbacks
    ):
        file = SimpleUploadedFile("사진.png", b"\x89PNG evidence")
        added = services.attach_evidence(report=report, file=file, note="현장", actor=people.writer)
        assert added.filename == "사진.png"
        with added.file.open("rb") as stored:
            assert stored.read() == b"\x89PNG evidence"
        with pytest.raises(Refusal, match="같은 내용"):
            services.attach_evidence(
                report=report, file=SimpleUploadedFile("b.png", b"\x89PNG evidence"), note="", actor=people.writer
            )
        with pytest.raises(Refusal, match="받을 수 있는 파일"):
            services.attach_evidence(
                report=report, file=SimpleUploadedFile("a.exe", b"MZ"), note="", actor=people.writer
            )
        stored = added.file.storage, added.file.name
        with django_capture_on_commit_callbacks(execute=True):
            services.remove_evidence(evidence=added, actor=people.writer)
        assert not Evidence.objects.exists()
        assert not stored[0].exists(stored[1])
        reported(report, people.writer)
        with pytest.raises(Refusal, match="더할 수 없습니다"):
            services.attach_evidence(report=report, file=file, note="", actor=people.writer)


class TestClosing:
    @pytest.fixture
    def plan(self, people, owed):
        return approved([owed], people, start=date(2025, 8, 1))

    def evaluate(self, plan, people, **more):
        plan = fresh(plan)
        return services.submit_evaluation(
            plan=plan, outcome="고용 유지", lessons="협력 필요", seen=plan.version, actor=people.writer, **more
        )

    def test_a_plan_is_evaluated_after_its_last_day(self, people, plan, clock):
        clock.to(2026, 7, 31)
        with pytest.raises(Refusal, match="계획 기간이 끝나거나"):
            self.evaluate(plan, people)
        clock.to(2026, 8, 1)
        assert self.evaluate(plan, people).early is False

    def test_recovered_it_may_end_early_for_a_reason(self, people, plan, places, clock):
        Obligation.objects.get().determination.__class__.objects.filter(area=places.mine).update(
            effective=(date(2025, 8, 1), date(2026, 2, 1))
        )
        clock.to(2026, 2, 1)
        alarm(places.mine, Stage.GOOD, code="2025H2", start=date(2026, 2, 1))
        with pytest.raises(Refusal) as refusal:
            self.evaluate(plan, people)
        assert set(refusal.value.fields) == {"early_reason"}
        assert self.evaluate(plan, people, early_reason="고용 회복").early is True

    def test_the_ministry_closes_once_it_was_evaluated(self, people, plan, clock):
        clock.to(2026, 8, 1)
        plan = fresh(plan)
        with pytest.raises(Refusal, match="종료 평가가 있어야"):
            services.close_plan(plan=plan, rating="GOOD", note="", seen=plan.version, actor=people.ministry)
        self.evaluate(plan, people)
        plan = fresh(plan)
        closed = services.close_plan(plan=plan, rating="GOOD", note="", seen=plan.version, actor=people.ministry)
        assert closed.state == PlanState.CLOSED
        assert not QuarterlyReport.objects.owed().exists()
        with pytest.raises(Refusal, match="이행 중인 계획의 보고만"):
            reported(QuarterlyReport.objects.first(), people.writer)


def test_what_is_late_is_told_once_to_the_province_and_its_office(people, places, owed, clock):
    approved([alarm(places.beside)], people, start=date(2025, 8, 1))
    clock.to(2025, 9, 5)
    assert services.tell_late() == 2  # two writers: the due day comes near
    clock.to(2025, 10, 22)
    kinds = {"plan_obligation_late", "plan_report_late"}
    assert services.tell_late() == 6
    assert services.tell_late() == 0
    told = Notice.objects.filter(kind__in=kinds)
    assert {notice.recipient for notice in told} == {people.writer, people.colleague, people.office}
