"""A plan's life, single and joint: who may, in which order, with what on record."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from crisis.conversion import services
from crisis.conversion.enums import EditionState, MilestoneState, PlanState
from crisis.conversion.models import ConversionPlan, ConversionRule, FollowUp, ManagerTerm, Milestone, PlanEdition
from crisis.conversion.selectors.managers import loads
from portal.directory.models import Holiday, Notice
from portal.directory.scope import EVERYTHING, scope_of
from portal.kernel.dates import period
from portal.kernel.errors import ChangedMeanwhile, Refusal
from tests.conversion.conftest import (
    TODAY,
    approve,
    approved,
    carried_out,
    drafted,
    edition_of,
    filled,
    paper,
    report,
    submitted,
)


def refused(code, act):
    with pytest.raises(Refusal) as fault:
        act()
    assert fault.value.code == code
    return fault.value


def test_a_single_plan_from_draft_to_the_look_a_year_later(land, time_machine):
    Holiday.objects.create(day=date(2027, 3, 2), name_ko="시험 휴일")
    plan = carried_out(land)
    assert (plan.state, plan.joint, plan.approved_on) == (PlanState.COMPLETING, False, TODAY)
    decide = {"plan": plan, "decided_on": TODAY, "opinion": "", "seen": plan.version}
    refused("out_of_scope", lambda: services.approve_completion(**decide, actor=land.clerk))
    plan = services.approve_completion(**decide, actor=land.head)
    assert (plan.state, plan.completion.reached) == (PlanState.COMPLETED, True)
    follow_up = plan.follow_up
    assert (follow_up.legal_due, follow_up.due_on) == (date(2027, 3, 2), date(2027, 3, 3))
    time_machine.move_to("2027-03-04 09:00:00+09:00")
    assert FollowUp.objects.overdue_on(date(2027, 3, 4)).count() == 1
    assert services.remind() > 0
    facts = {"continuing": True, "sales_share": Decimal(50), "employee_share": None, "text": "늘어남"}
    refused("out_of_scope", lambda: services.record_follow_up(plan=plan, actor=land.far_tp, **facts))
    services.record_follow_up(plan=plan, actor=land.tp, **facts)
    refused("followed_up", lambda: services.record_follow_up(plan=plan, actor=land.tp, **facts))
    assert not Notice.objects.filter(key__contains=":follow-up:", settled_at=None).exists()


def test_goals_not_reached_are_said_so(land):
    plan = carried_out(land)
    edition_of(plan).goals.update(result=Decimal("39.99"))
    plan = services.approve_completion(plan=plan, decided_on=TODAY, opinion="", seen=plan.version, actor=land.head)
    assert plan.completion.reached is False


def test_a_joint_plan_is_approved_at_once_and_seen_in_each_members_region(land):
    plan = approved(land, joint=True)
    assert plan.joint
    assert edition_of(plan).firms.count() == 2
    for user, sees in ((land.tp, True), (land.far_tp, True), (land.ministry, True), (land.stranger, False)):
        scope = scope_of(user)
        assert ConversionPlan.objects.visible_to(scope).exists() is sees
        assert Milestone.objects.visible_to(scope).exists() is sees
    # The partner's technopark reads; it does not write.
    refused("out_of_scope", lambda: services.begin_change(plan=plan, reason="?", seen=plan.version, actor=land.far_tp))


def test_what_the_old_law_knew_holds_for_a_day_under_it(land):
    plan = filled(land, joint=True, kind="NEW_GOODS")
    assert services.lacking(plan.editions.get(), TODAY) == {}
    assert set(services.lacking(plan.editions.get(), date(2023, 10, 31))) == {"kind", "members"}
    ConversionRule.objects.all().delete()
    refused("no_rule", lambda: services.submit_plan(plan=plan, seen=plan.version, actor=land.tp))


def test_everything_a_draft_lacks_is_told_at_once(land):
    plan = drafted(land)
    told = refused("plan_incomplete", lambda: services.submit_plan(plan=plan, seen=plan.version, actor=land.tp))
    assert set(told.fields) == {"background", "content", "effect", "industries", "budget", "goals", "milestones"}


def test_who_submits_does_not_approve_and_who_reports_does_not_check(land):
    plan = filled(land)
    plan = services.submit_plan(plan=plan, seen=plan.version, actor=land.clerk)
    refused("out_of_scope", lambda: services.approve_plan(
        plan=plan, approval_number="1", decided_on=TODAY, reason="", seen=plan.version, actor=land.clerk))  # fmt: skip
    PlanEdition.objects.update(submitted_by=land.head)
    refused("own_plan", lambda: approve(plan, land))
    PlanEdition.objects.update(submitted_by=land.tp)
    plan = approve(plan, land)
    done = report(edition_of(plan).milestones.first(), land, check=False)
    Milestone.objects.filter(pk=done.pk).update(reported_by=land.clerk)
    refused("own_milestone", lambda: services.check_milestone(milestone=done, seen=done.version, actor=land.clerk))


def test_a_returned_plan_comes_back_and_two_writers_meet(land):
    plan = submitted(land)
    seen = plan.version
    plan = services.return_plan(plan=plan, comment="재원을 나누어 주세요.", seen=seen, actor=land.clerk)
    assert Notice.objects.filter(recipient=land.tp, key__contains="returned").exists()
    with pytest.raises(ChangedMeanwhile):
        services.submit_plan(plan=plan, seen=seen, actor=land.tp)
    plan = services.submit_plan(plan=plan, seen=plan.version, actor=land.tp)
    refused("edition_not_editable", lambda: services.save_edition(
        plan=plan, facts={}, goals={}, seen=plan.version, actor=land.tp))  # fmt: skip


def test_a_refused_plan_is_over_and_a_refused_change_is_not(land):
    plan = submitted(land)
    plan = services.refuse_plan(plan=plan, decided_on=TODAY, reason="타당성 없음", seen=plan.version, actor=land.head)
    assert plan.state == PlanState.REFUSED
    plan = approved(land)
    services.begin_change(plan=plan, reason="협력사 추가", seen=plan.version, actor=land.tp)
    plan.refresh_from_db()
    services.put_member(
        plan=plan, company=land.partner, part="", from_industry=land.old, to_industry=land.new, seen=plan.version,
        actor=land.tp,
    )  # fmt: skip
    plan.refresh_from_db()
    assert plan.joint
    plan = services.submit_plan(plan=plan, seen=plan.version, actor=land.tp)
    plan = services.refuse_plan(plan=plan, decided_on=TODAY, reason="이르다", seen=plan.version, actor=land.head)
    assert (plan.state, plan.joint, plan.members.count()) == (PlanState.RUNNING, False, 1)
    assert edition_of(plan).number == 1


def test_a_change_is_approved_anew_and_what_was_done_stays_done(land):
    plan = approved(land)
    first, second = edition_of(plan).milestones.all()
    services.begin_change(plan=plan, reason="설비 변경", seen=plan.version, actor=land.tp)
    report(first, land)  # meanwhile a step of the old edition is finished
    plan.refresh_from_db()
    copy = plan.editions.get(number=2).milestones.get(origin=second)
    services.put_milestone(
        plan=plan, milestone=copy, title="시험 양산", text="", due=date(2028, 1, 31), seen=plan.version, actor=land.tp
    )
    plan.refresh_from_db()
    plan = services.submit_plan(plan=plan, seen=plan.version, actor=land.tp)
    assert edition_of(plan).number == 1
    plan = approve(plan, land, "제2026-2호")
    assert [one.state for one in plan.editions.all()] == [EditionState.REPLACED, EditionState.APPROVED]
    live = Milestone.objects.of_plan(plan)
    assert {(one.title, one.state) for one in live} == {("설비 도입", "CHECKED"), ("시험 양산", "OPEN")}
    second.refresh_from_db()
    assert (second.title, second.state) == ("양산", MilestoneState.REPLACED)


def test_a_withdrawn_change_leaves_the_plan_as_it_was(land):
    plan = approved(land)
    services.begin_change(plan=plan, reason="설비 변경", seen=plan.version, actor=land.tp)
    refused("changed_meanwhile", lambda: services.begin_change(
        plan=plan, reason="또", seen=plan.version, actor=land.tp))  # fmt: skip
    plan.refresh_from_db()
    refused("edition_open", lambda: services.begin_change(plan=plan, reason="또", seen=plan.version, actor=land.tp))
    plan = services.withdraw_plan(plan=plan, reason="그만둠", seen=plan.version, actor=land.tp)
    assert (plan.state, edition_of(plan).number) == (PlanState.RUNNING, 1)


def test_a_firm_leaves_a_joint_plan_and_the_lead_only_with_a_successor(land):
    plan = approved(land, joint=True)
    lead, partner = plan.members.order_by("-is_lead")
    facts = {"plan": plan, "on": TODAY, "reason": "폐업", "actor": land.tp}
    refused("lead_leaves", lambda: services.leave_plan(member=lead, seen=plan.version, **facts))
    services.leave_plan(member=lead, new_lead=partner, seen=plan.version, **facts)
    assert plan.members.get(is_lead=True) == partner
    plan.refresh_from_db()
    facts["actor"] = land.far_tp  # the new lead's region writes from now on
    refused("last_member", lambda: services.leave_plan(member=partner, seen=plan.version, **facts))
    assert ConversionPlan.objects.visible_to(scope_of(land.tp)).exists()


def test_managers_follow_one_another_and_their_load_is_known(land):
    plan = approved(land, joint=True)
    facts = {"plan": plan, "note": "", "actor": land.clerk}
    refused("manager_elsewhere", lambda: services.assign_manager(
        manager=land.far_tp, on=TODAY, seen=plan.version, **facts))  # fmt: skip
    services.assign_manager(manager=land.tp, on=TODAY, seen=plan.version, **facts)
    plan.refresh_from_db()
    told = refused("manager", lambda: services.assign_manager(
        manager=land.clerk, on=TODAY, seen=plan.version, **facts))  # fmt: skip
    assert set(told.fields) == {"on", "note"}
    facts["note"] = "양산 일정을 살필 것"
    services.assign_manager(manager=land.clerk, on=date(2026, 7, 1), seen=plan.version, **facts)
    first, second = plan.managers.all()
    assert (first.last_day, first.handover_note, second.manager) == (date(2026, 6, 30), facts["note"], land.clerk)
    (load,) = loads(EVERYTHING, date(2026, 7, 1))
    assert (load.manager, load.plans, load.firms, load.late) == (land.clerk, 1, 2, 1)
    with pytest.raises(IntegrityError, match="conversion_manager_one_at_a_time"), transaction.atomic():
        ManagerTerm.objects.create(plan=plan, manager=land.tp, effective=period(TODAY), assigned_by=land.clerk)


def test_steps_need_evidence_are_late_after_their_moved_day_and_come_back(land, time_machine):
    plan = approved(land)
    step = edition_of(plan).milestones.first()
    assert (step.legal_due, step.due_on) == (date(2026, 6, 6), date(2026, 6, 8))  # a Saturday
    told = refused("milestone_incomplete", lambda: services.report_milestone(
        milestone=step, result=" ", seen=step.version, actor=land.tp))  # fmt: skip
    assert set(told.fields) == {"result", "file"}
    assert not Milestone.objects.overdue_on(date(2026, 6, 8)).exists()
    time_machine.move_to("2026-06-09 10:00:00+09:00")
    assert services.remind() > 0
    assert services.remind() == 0
    done = report(step, land, check=False)
    assert done.late
    done = services.return_milestone(milestone=done, comment="사진이 흐림", seen=done.version, actor=land.clerk)
    assert Milestone.objects.overdue_on(date(2026, 6, 9)).get() == done
    services.attach_file(
        to=done, title="다시", actor=land.tp,
        file=paper("둘.pdf", b"%PDF other"),
    )  # fmt: skip
    done = services.report_milestone(milestone=done, result="다시", seen=done.version, actor=land.tp)
    services.check_milestone(milestone=done, seen=done.version, actor=land.clerk)
    refused("files_closed", lambda: services.attach_file(
        to=done, title="늦게", actor=land.tp,
        file=paper("셋.pdf", b"%PDF third")))  # fmt: skip


def test_completion_waits_for_every_step_and_every_result(land):
    plan = approved(land)
    told = refused("completion_incomplete", lambda: services.report_completion(
        plan=plan, outcome="", results={}, seen=plan.version, actor=land.tp))  # fmt: skip
    assert set(told.fields) == {"SALES_SHARE", "outcome", "milestones"}


def test_a_quarter_without_contact_surfaces_once_it_is_over(land, time_machine):
    plan = approved(land)
    silent = ConversionPlan.objects.without_contact_in
    assert not silent(date(2026, 1, 1), date(2026, 3, 31)).exists()  # approved within it
    assert silent(date(2026, 4, 1), date(2026, 6, 30)).exists()
    time_machine.move_to("2026-06-30 10:00:00+09:00")
    services.log_contact(plan=plan, on=date(2026, 6, 30), channel="VISIT", text="현장 방문", actor=land.tp)
    assert not silent(date(2026, 4, 1), date(2026, 6, 30)).exists()
    refused("contact_day", lambda: services.log_contact(
        plan=plan, on=date(2026, 7, 1), channel="VISIT", text="?", actor=land.tp))  # fmt: skip


def test_a_cancelled_plan_says_why_and_owes_nothing(land):
    plan = approved(land)
    plan = services.cancel_plan(plan=plan, on=TODAY, reason="폐업", seen=plan.version, actor=land.head)
    assert plan.state == PlanState.CANCELLED
    assert not Milestone.objects.overdue_on(date(2030, 1, 1)).exists()
    refused("state", lambda: services.cancel_plan(plan=plan, on=TODAY, reason="또", seen=plan.version, actor=land.head))


IMPOSSIBLE = (
    (ConversionPlan, {"state": "PREPARING"}, "conversion_plan_state_matches_approval"),
    (ConversionPlan, {"cancelled_on": TODAY}, "conversion_plan_cancelled_for_a_reason"),
    (PlanEdition, {"approval_number": ""}, "plan_edition_approved_under_a_number"),
    (PlanEdition, {"state": "RETURNED", "approval_number": ""}, "plan_edition_returned_with_a_comment"),
    (PlanEdition, {"budget_own": -1}, "plan_edition_budget_not_negative"),
    (PlanEdition, {"number": 2}, "plan_edition_changed_for_a_reason"),
    (Milestone, {"state": "REPORTED"}, "milestone_reported_with_words"),
    (Milestone, {"due_on": date(2026, 1, 1)}, "milestone_due_moves_on"),
)


def test_the_tables_themselves_refuse_what_cannot_be(land):
    approved(land)
    for model, facts, name in IMPOSSIBLE:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            model.objects.update(**facts)
