"""The life of a case through its deeds, two bodies on it; what the database refuses whoever tries."""

from datetime import date

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from companies.services import merge_companies, plan_merge, undo_merge
from network.difficulties import rules, services
from network.difficulties.models import Action, Case, Difficulty, FollowUp, Note, Referent
from network.difficulties.services import AlreadyOpen
from network.difficulties.todo import waiting
from portal.directory.enums import Role
from portal.directory.models import Event, Holiday, Notice
from portal.directory.scope import EVERYTHING, scope_of
from portal.kernel.errors import ChangedMeanwhile, Refusal
from portal.kernel.todo import told
from tests.factories.difficulties import colleague, site

pytestmark = pytest.mark.django_db


def sees(user, case):
    return Case.objects.visible_to(scope_of(user)).filter(pk=case.pk).exists()


def todos(user):
    return {item.title: item for item in told(waiting(scope_of(user)))}


def refused(code):
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def settled():
    """What is checked at the end of a transaction, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_case_lives_from_its_opening_over_a_handover_to_its_end_and_goes_on_in_another(land, time_machine):
    Holiday.objects.create(day=date(2026, 3, 9), name_ko="시험 휴일")
    case = land.opened(kinds=[land.kind("FINANCE"), land.kind("SALES")])
    services.name_referent(case=case, organization=land.park, user=land.parker, actor=land.clerk)
    assert Notice.objects.filter(recipient=land.parker, title__contains=case.code).count() == 1
    assert case.company.name_ko not in Notice.objects.get(recipient=land.parker).title

    # The Saturday's due day moves over the holiday; so many working days skip both.
    loan = services.add_action(
        case=case, kind="LOAN", title="긴급 융자", due_on=date(2026, 3, 7), amount=300_000_000, actor=land.clerk
    )
    visit = services.add_action(
        case=case, kind="VISIT", title="현장 방문", organization=land.park, due_in=5, actor=land.clerk
    )
    assert (loan.due_on, visit.due_on) == (date(2026, 3, 10), date(2026, 3, 11))
    assert visit.organization == land.park
    loan = services.step_action(action=loan, state="DOING", actor=land.clerk)
    with refused("not_our_action"):
        services.step_action(action=loan, state="DONE", result="함", actor=land.parker)
    services.step_action(action=loan, state="DONE", result="3억 원 실행", actor=land.clerk)
    with refused("action_state"):
        services.step_action(action=loan, state="DOING", actor=land.clerk)
    finance = case.difficulties.get(kind__code="FINANCE")
    services.resolve_difficulty(difficulty=finance, resolution="융자를 받음", actor=land.parker)

    # The lead goes over only when it is accepted.
    offer = services.offer_handover(
        case=case, to_organization=land.park, to_user=None, note="설비 진단이 먼저", actor=land.clerk
    )
    assert "답할 인계 제안" in todos(land.other_parker)
    assert services.lead_of(case).user == land.clerk
    with refused("handover_offered"):
        land.closed(case)
    with refused("not_the_addressee"):
        services.accept_handover(handover=offer, actor=land.colleague)
    services.decline_handover(handover=offer, note="사람이 없음", actor=land.other_parker)
    assert services.lead_of(case).user == land.clerk
    offer = services.offer_handover(
        case=case, to_organization=land.park, to_user=land.other_parker, note="다시", actor=land.clerk
    )
    with refused("not_the_addressee"):
        services.accept_handover(handover=offer, actor=land.parker)
    services.accept_handover(handover=offer, actor=land.other_parker)
    settled()
    lead = services.lead_of(case)
    assert (lead.organization, lead.user) == (land.park, land.other_parker)
    now = {(row.organization, row.user, row.is_lead) for row in Referent.objects.current().filter(case=case)}
    assert now == {(land.park, land.other_parker, True), (land.office, land.clerk, False)}
    with refused("handover_answered"):
        services.withdraw_handover(handover=offer, actor=land.other_parker)

    time_machine.move_to("2026-03-20 10:00:00+09:00", tick=False)
    with refused("not_the_lead"):
        land.closed(case)
    closed = land.closed(case, actor=land.other_parker)
    settled()
    looks = list(closed.follow_ups.values_list("months", "due_on"))
    assert looks == [(6, date(2026, 9, 21)), (12, date(2027, 3, 22))]  # a Sunday and a Saturday move on
    time_machine.move_to("2026-09-21 10:00:00+09:00", tick=False)
    assert todos(land.other_parker)["종결한 사례의 사후 확인"].count == 1

    new = services.reopen_case(case=closed, reason="다시 어려워짐", actor=land.official)
    settled()
    assert (new.predecessor, new.is_open, sorted(new.difficulties.values_list("kind__code", flat=True))) == (
        closed, True, ["SALES"],
    )  # fmt: skip
    assert list(new.actions.values_list("title", "due_on")) == [("현장 방문", date(2026, 3, 11))]
    assert {(r.user, r.is_lead) for r in new.referents.all()} == {(land.other_parker, True), (land.clerk, False)}
    assert "종결한 사례의 사후 확인" not in todos(land.other_parker)
    with refused("case_reopened"):
        services.reopen_case(case=closed, reason="또", actor=land.clerk)
    assert Event.objects.about(new).get().facts["predecessor"] == closed.code


def test_a_firm_has_one_open_case_and_who_may_not_see_it_learns_only_the_body(land):
    firm = land.firm()
    far_site = site(firm, land.elsewhere)
    case = land.opened(firm)
    with pytest.raises(AlreadyOpen) as seen:
        land.opened(firm, actor=land.parker)
    assert seen.value.case == case
    for secret in (False, True):
        case.refresh_from_db()
        if secret:
            services.set_confidential(case=case, confidential=True, seen=case.version, actor=land.clerk)
        with pytest.raises(AlreadyOpen) as unseen:
            land.opened(firm, workplace=far_site, actor=land.stranger)
        assert unseen.value.case is None
        assert land.office.name_ko in unseen.value.message
        assert case.code not in unseen.value.message
    assert Event.objects.filter(verb="meet_difficulty_case", actor=land.stranger).count() == 2
    with pytest.raises(IntegrityError, match="difficulty_case_one_open_a_company"), transaction.atomic():
        Case.objects.create(
            code="X", company=firm, workplace=far_site, region=land.elsewhere, source="SURVEY", jobs_at_stake=1,
            summary="둘째", opened_on=timezone.localdate(), opened_by=land.stranger,
        )  # fmt: skip
    land.closed(case)
    assert land.opened(firm, workplace=far_site, actor=land.stranger).region == land.elsewhere


def test_only_officers_take_up_firms_and_only_where_they_are_responsible(land):
    with refused("region_elsewhere"):
        land.opened(actor=land.stranger)
    with refused("region_elsewhere"):
        land.opened(actor=land.ministry)
    with refused("no_officer"):
        land.opened(lead=land.parker)
    machine = colleague(land.office, Role.API_CLIENT)
    with refused("no_officer"):
        land.opened(actor=machine)
    assert services.lead_of(land.opened(actor=machine, lead=land.clerk)).user == land.clerk
    with refused("out_of_scope"):  # who opens a confidential case must be one of those who see it
        land.opened(actor=machine, lead=land.clerk, confidential=True)
    assert Case.objects.count() == 1


def test_a_confidential_case_exists_for_its_referents_and_their_heads_alone(land):
    case = land.shared()
    everyone = (land.clerk, land.colleague, land.head, land.parker, land.other_parker, land.official, land.ministry)
    assert [sees(user, case) for user in everyone] == [True] * 7
    assert [sees(user, case) for user in (land.stranger, land.council)] == [False, False]
    with refused("not_an_insider"):
        services.set_confidential(case=case, confidential=True, seen=case.version, actor=land.colleague)
    case.refresh_from_db()
    case = services.set_confidential(case=case, confidential=True, seen=case.version, actor=land.clerk)
    assert [sees(user, case) for user in everyone] == [True, False, True, True, False, False, False]
    with refused("out_of_scope"):
        services.write_note(case=case, kind="MEMO", held_on=date(2026, 3, 3), text="x", actor=land.colleague)
    with refused("handover_to_nobody"):
        services.offer_handover(case=case, to_organization=land.park, to_user=None, note="x", actor=land.clerk)
    services.offer_handover(
        case=case, to_organization=land.far_office, to_user=land.stranger, note="그 지역으로 옮김", actor=land.clerk
    )
    assert sees(land.stranger, case)
    # A body without a head: its officers see the case once its referent is away, so that somebody can take it over.
    land.parker.is_active = False
    land.parker.save()
    assert sees(land.other_parker, case)
    assert not sees(land.colleague, case)
    assert todos(land.other_parker)["담당자가 자리를 비운 사례"].count == 1
    services.name_referent(case=case, organization=land.park, user=land.other_parker, actor=land.other_parker)
    assert "담당자가 자리를 비운 사례" not in todos(land.other_parker)


def test_who_is_away_shows_with_the_head_who_gives_the_lead_to_another(land):
    case = land.opened()
    with refused("lead_is_there"):
        services.name_referent(case=case, organization=land.office, user=land.colleague, actor=land.head)
    land.clerk.memberships.all().delete()
    assert todos(land.head)["담당자가 자리를 비운 사례"].count == 1
    assert "담당자가 자리를 비운 사례" not in todos(land.colleague)
    row = services.name_referent(case=case, organization=land.office, user=land.colleague, actor=land.head)
    settled()
    assert (row.is_lead, services.lead_of(case).user) == (True, land.colleague)
    assert todos(land.head) == {}


def test_a_body_joins_by_itself_and_leaves_with_nothing_undone(land):
    case = land.opened()
    with refused("not_on_the_case"):
        services.add_difficulty(case=case, kind=land.kind(), severity="HIGH", actor=land.parker)
    with refused("not_the_lead"):
        services.name_referent(case=case, organization=land.province, user=land.official, actor=land.parker)
    row = services.name_referent(case=case, organization=land.park, user=land.parker, actor=land.parker)
    action = services.add_action(case=case, kind="RND", title="시제품", due_in=20, actor=land.parker)
    with refused("actions_left"):
        services.release_referent(referent=row, actor=land.parker)
    services.step_action(action=action, state="DROPPED", result="예산 없음", actor=land.parker)
    services.release_referent(referent=row, actor=land.parker)
    with refused("lead_stays"):
        services.release_referent(referent=services.lead_of(case), actor=land.clerk)
    with refused("action"):
        services.add_action(case=case, kind="VISIT", title="방문", organization=land.park, amount=1, actor=land.clerk)
    assert list(case.actions.values_list("title", "state")) == [("시제품", "DROPPED")]
    assert not case.difficulties.exists()
    assert [one.organization for one in case.referents.current()] == [services.lead_of(case).organization]


def test_everything_wrong_with_an_action_is_told_at_once(land):
    case = land.opened()
    with pytest.raises(Refusal) as told:
        services.add_action(
            case=case, kind="VISIT", title="방문", organization=land.park, due_on=date(2026, 3, 2), amount=5,
            actor=land.clerk,
        )  # fmt: skip
    assert set(told.value.fields) == {"organization", "due_on", "amount"}


def test_a_closed_case_is_never_edited_by_whatever_road(land):
    case = land.shared(kinds=[land.kind()])
    action = services.add_action(case=case, kind="RND", title="시제품", due_in=2, actor=land.clerk)
    note = services.write_note(case=case, kind="CALL", held_on=date(2026, 3, 3), text="통화", actor=land.clerk)
    case = land.closed(case)
    for act in (
        lambda: services.edit_case(case=case, facts={"summary": "다름"}, seen=case.version, actor=land.clerk),
        lambda: services.step_action(action=action, state="DONE", result="함", actor=land.clerk),
        lambda: services.add_difficulty(case=case, kind=land.kind("SALES"), severity="HIGH", actor=land.clerk),
        lambda: services.write_note(case=case, kind="CALL", held_on=date(2026, 3, 3), text="x", actor=land.clerk),
        lambda: services.name_referent(case=case, organization=land.park, user=land.other_parker, actor=land.clerk),
    ):
        with refused("case_closed"):
            act()
    for rows, change in (
        (Case.objects.filter(pk=case.pk), {"summary": "다름"}),
        (Action.objects.all(), {"title": "다름"}),
        (Difficulty.objects.all(), {"text": "다름"}),
        (Referent.objects.all(), {"is_lead": False}),
        (Note.objects.filter(pk=note.pk), {"text": "다름"}),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        Note.objects.create(
            case=case, organization=land.office, kind="CALL", held_on=date(2026, 3, 3), text="x", written_by=land.clerk
        )


def test_an_open_case_cannot_be_left_without_a_lead(land):
    case = land.opened()
    lead = services.lead_of(case)
    with pytest.raises(InternalError, match="difficulty_case_has_a_lead"), transaction.atomic():  # noqa: PT012
        Referent.objects.filter(case=case).update(is_lead=False)
        settled()
    with pytest.raises(IntegrityError, match="referent_one_lead"), transaction.atomic():
        Referent.objects.create(
            case=case,
            organization=land.park,
            user=land.parker,
            is_lead=True,
            effective=lead.effective,
            named_by=land.clerk,
        )
    with pytest.raises(IntegrityError, match="referent_one_a_body"), transaction.atomic():
        Referent.objects.create(
            case=case, organization=land.office, user=land.colleague, effective=lead.effective, named_by=land.clerk
        )


def test_two_writers_of_the_head_facts_meet(land):
    case = land.opened()
    services.edit_case(case=case, facts={"jobs_at_stake": 50}, seen=1, actor=land.clerk)
    with pytest.raises(ChangedMeanwhile):
        services.edit_case(case=case, facts={"jobs_at_stake": 60}, seen=1, actor=land.colleague)
    with refused("not_the_lead"):
        services.edit_case(case=case, facts={"jobs_at_stake": 60}, seen=2, actor=land.parker)


def test_what_falls_due_is_told_once_and_to_the_head_while_the_referent_is_away(land, time_machine):
    case = land.shared()
    services.add_action(case=case, kind="RND", title="시제품", organization=land.park, due_in=2, actor=land.clerk)
    services.add_action(case=case, kind="LOAN", title="융자", due_in=2, actor=land.clerk)
    before = Notice.objects.count()
    assert services.watch_cases() == 2
    assert services.watch_cases() == 0
    land.clerk.is_active = False
    land.clerk.save()
    time_machine.move_to("2026-03-10 07:30:00+09:00", tick=False)
    assert services.watch_cases() == 2
    assert {n.recipient for n in Notice.objects.order_by("pk")[before + 2 :]} == {land.parker, land.head}
    assert todos(land.parker)["기한이 지난 애로기업 조치"].due == date(2026, 3, 5)


def test_two_companies_with_open_cases_are_not_merged_and_one_case_goes_over(land):
    survivor, absorbed = land.firm(), land.firm()
    kept, other = land.opened(survivor), land.opened(absorbed)
    for act in (
        lambda: plan_merge(survivor=survivor, absorbed=absorbed),
        lambda: merge_companies(survivor=survivor, absorbed=absorbed, actor=land.clerk, reason="같은 기업"),
    ):
        with pytest.raises(Refusal, match=r"진행 중인 위기·애로기업 사례가 있어 합칠 수 없습니다.*시험지방청"):
            act()
    land.closed(kept)
    plan = plan_merge(survivor=survivor, absorbed=absorbed)
    assert "difficulties.Case.company" not in {one.path for one in plan.relations}
    merge = merge_companies(survivor=survivor, absorbed=absorbed, actor=land.clerk, reason="같은 기업")
    other.refresh_from_db()
    assert other.company == survivor
    with refused("case_open"):
        services.reopen_case(case=kept, reason="다시", actor=land.clerk)
    undo_merge(merge=merge, actor=land.clerk, reason="잘못")
    other.refresh_from_db()
    assert other.company == absorbed
    assert not any("difficulties" in str(event.facts) for event in Event.objects.filter(verb="merge_companies"))


def test_later_looks_are_noted_once_and_not_where_nobody_is_left(land):
    gone = land.closed(land.opened(), outcome="INSOLVENT")
    assert not FollowUp.objects.filter(case=gone).exists()
    case = land.closed(land.opened())
    look = case.follow_ups.first()
    with refused("not_the_lead"):
        services.record_follow_up(follow_up=look, finding="좋음", jobs_now=40, actor=land.parker)
    services.record_follow_up(follow_up=look, finding="좋음", jobs_now=40, actor=land.colleague)
    with refused("follow_up_done"):
        services.record_follow_up(follow_up=look, finding="또", jobs_now=1, actor=land.clerk)


def test_arithmetic_of_months_and_medians():
    assert rules.months_later(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert rules.months_later(date(2026, 3, 31), 12) == date(2027, 3, 31)
    assert (rules.median([5, 1, 3]), rules.median([4, 1]), rules.median([])) == (3.0, 2.5, None)


def test_the_system_itself_sees_every_case_and_everybody_else_by_their_roles(land):
    land.opened(confidential=True)
    assert Case.objects.visible_to(EVERYTHING).count() == 1
    assert Note.objects.visible_to(EVERYTHING).count() == 0
