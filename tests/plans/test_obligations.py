"""Caution or severe opens an obligation with a due day, inside the deciding transaction; good ends it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from crisis.enums import Stage
from crisis.models import AreaMembership, Determination
from crisis.plans import services
from crisis.plans.enums import ObligationState
from crisis.plans.models import Obligation, Plan, PlanTerm
from crisis.plans.selectors import province_of
from crisis.services import confirm_item
from network import services as network
from network.rules import Tally
from portal.directory.enums import Role
from portal.directory.models import Holiday, Notice
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from tests.crisis.panels import country, evaluate
from tests.crisis.test_determinations import tabled
from tests.factories.crisis import AreaFactory
from tests.factories.directory import RegionFactory, UserFactory, person
from tests.plans.situations import alarm, approved, decided, draft, fresh, submitted

pytestmark = pytest.mark.django_db


def test_confirming_caution_or_severe_opens_an_obligation_in_the_same_transaction(sent_tasks):
    land = country()
    evaluate(land.round)
    _, item = tabled(land, UserFactory())
    confirm_item(item=item, tally=Tally(8, 0, 1), actor=UserFactory())
    assert {row.area.code: row.stage for row in Obligation.objects.all()} == {"G2": Stage.SEVERE}
    owed = Obligation.objects.get()
    assert owed.sido == land.sido[1].region
    assert owed.due_on > owed.opened_on


def test_what_the_obligation_cannot_be_written_for_is_not_decided(monkeypatch):
    land = country()
    evaluate(land.round)
    _, item = tabled(land, UserFactory())

    def broken(*args):
        raise RuntimeError("no 시·도")

    monkeypatch.setattr("crisis.plans.services.obligations.province_of", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        confirm_item(item=item, tally=Tally(8, 0, 1), actor=UserFactory())
    assert not Determination.objects.confirmed().exists()
    assert network.__name__


def test_the_due_day_is_thirty_working_days_on_and_passes_over_holidays(places, clock):
    Holiday.objects.create(day=date(2025, 8, 15), name_ko="광복절")
    assert alarm(places.mine).due_on == date(2025, 9, 15)
    Holiday.objects.all().delete()
    assert alarm(places.beside).due_on == date(2025, 9, 12)


def test_the_term_is_a_dated_row(places, clock):
    PlanTerm.objects.create(code="PLAN", count=5, unit="WORKING_DAYS", effective=period(None, date(2025, 8, 1)))
    PlanTerm.objects.create(code="PLAN", count=10, unit="WORKING_DAYS", effective=period(date(2025, 8, 1)))
    assert alarm(places.mine).due_on == date(2025, 8, 15)


def test_good_owes_nothing(places, clock):
    assert alarm(places.mine, Stage.GOOD) is None
    assert not Obligation.objects.exists()


def test_the_writers_of_the_province_are_told_and_nobody_else(places, people, clock):
    alarm(places.mine, Stage.SEVERE)
    told = set(Notice.objects.filter(kind="plan_obligation").values_list("recipient_id", flat=True))
    assert told == {people.writer.pk, people.colleague.pk}


def test_telling_twice_opens_one_obligation(places, clock):
    made = decided(places.mine, Stage.CAUTION)
    services.on_confirmed(made)
    services.on_confirmed(made)
    assert Obligation.objects.count() == 1


def test_a_second_alarm_before_the_plan_keeps_the_first_due_day(places, clock):
    first = alarm(places.mine, end=date(2026, 2, 1))
    clock.to(2026, 2, 1)
    again = alarm(places.mine, Stage.SEVERE, code="2025H2", start=date(2026, 2, 1))
    assert (again.pk, again.due_on, again.stage) == (first.pk, first.due_on, Stage.SEVERE)


def test_good_before_a_plan_was_handed_in_releases(places, people, clock):
    owed = alarm(places.mine, end=date(2026, 2, 1))
    clock.to(2026, 2, 1)
    alarm(places.mine, Stage.GOOD, code="2025H2", start=date(2026, 2, 1))
    owed.refresh_from_db()
    assert (owed.state, owed.release_reason) == (ObligationState.RELEASED, "협의회가 양호로 결정했습니다.")
    assert not Notice.objects.filter(key=f"plan-obligation:{owed.pk}", settled_at=None).exists()


def test_good_while_a_plan_is_under_review_leaves_it_to_the_reviewers(places, people, clock):
    owed = alarm(places.mine, end=date(2026, 2, 1))
    submitted([owed], people.writer)
    alarm(places.mine, Stage.GOOD, code="2025H2", start=date(2026, 2, 1))
    owed.refresh_from_db()
    assert owed.state == ObligationState.OPEN


def test_a_running_plan_covers_the_next_alarm_of_the_same_stage(places, people, clock):
    approved([alarm(places.mine, end=date(2026, 2, 1))], people)
    clock.to(2026, 2, 1)
    assert alarm(places.mine, code="2025H2", start=date(2026, 2, 1)) is None


def test_a_worse_stage_asks_for_an_amendment_of_the_running_plan(places, people, clock):
    plan = approved([alarm(places.mine, end=date(2026, 2, 1))], people)
    clock.to(2026, 2, 1)
    owed = alarm(places.mine, Stage.SEVERE, code="2025H2", start=date(2026, 2, 1))
    assert (owed.plan, owed.state) == (plan, ObligationState.OPEN)
    assert Obligation.objects.unanswered().get() == owed
    clock.to(2026, 2, 2)
    plan = fresh(plan)
    plan = services.amend_plan(plan=plan, reason="심각 단계 대응", seen=plan.version, actor=people.writer)
    plan = services.submit_plan(plan=plan, seen=plan.version, actor=people.writer)
    assert not Obligation.objects.unanswered().exists()
    plan = services.review_plan(plan=plan, opinion="타당함", seen=plan.version, actor=people.office)
    services.approve_plan(plan=plan, seen=plan.version, actor=people.ministry)
    owed.refresh_from_db()
    assert owed.state == ObligationState.MET


def test_a_plan_that_ends_before_the_next_would_be_due_does_not_cover(places, people, clock):
    approved([alarm(places.mine, end=date(2026, 7, 21))], people)
    clock.to(2026, 7, 21)
    assert alarm(places.mine, code="2026H1", start=date(2026, 7, 21)).plan is None


def test_a_corrected_decision_carries_the_obligation(places, clock):
    owed = alarm(places.mine, end=date(2025, 9, 1))
    old = owed.determination
    new = decided(places.mine, Stage.SEVERE, code="2025H2", start=date(2025, 9, 1))
    services.on_superseded(old, new)
    services.on_confirmed(new)
    owed.refresh_from_db()
    assert (owed.determination, owed.stage) == (new, Stage.SEVERE)
    assert Obligation.objects.count() == 1


def test_a_correction_of_days_gone_by_owes_nothing(places, clock):
    assert alarm(places.mine, start=date(2024, 8, 1), end=date(2025, 2, 1)) is None


def test_better_everywhere_lets_a_running_plan_end_early_and_worse_takes_that_back(places, people, clock):
    plan = approved([alarm(places.mine, end=date(2026, 2, 1)), alarm(places.beside, end=date(2026, 2, 1))], people)
    clock.to(2026, 2, 1)
    alarm(places.mine, Stage.GOOD, code="2025H2", start=date(2026, 2, 1), end=date(2026, 7, 1))
    assert fresh(plan).recovered_on is None
    alarm(places.beside, Stage.GOOD, code="2025H2", start=date(2026, 2, 1))
    assert fresh(plan).recovered_on == date(2026, 2, 1)
    clock.to(2026, 7, 1)
    alarm(places.mine, code="2026H1", start=date(2026, 7, 1))
    assert fresh(plan).recovered_on is None


def test_only_the_ministry_releases_and_says_why(places, people, clock):
    owed = alarm(places.mine)
    with pytest.raises(Refusal, match="본부"):
        services.release_obligation(obligation=owed, reason="까닭", actor=people.office)
    with pytest.raises(Refusal, match="사유"):
        services.release_obligation(obligation=owed, reason=" ", actor=people.ministry)
    assert services.release_obligation(obligation=owed, reason="공장 재가동", actor=people.ministry).state == "RELEASED"
    with pytest.raises(Refusal, match="이미 끝난"):
        services.release_obligation(obligation=owed, reason="또", actor=people.ministry)


def test_the_province_is_the_one_of_the_day_across_a_merger(db):
    old, merged = RegionFactory(name_ko="옛도"), RegionFactory(name_ko="합친도")
    town = RegionFactory(sigungu=True, parent=old)
    area = AreaFactory(region=town)
    for sido, span in ((old, period(None, date(2026, 7, 1))), (merged, period(date(2026, 7, 1)))):
        AreaMembership.objects.create(area=area, parent=AreaFactory(sido=True, region=sido), effective=span)
    assert province_of(area, date(2026, 6, 30)) == old
    assert province_of(area, date(2026, 7, 1)) == merged


def test_the_province_of_a_cluster_is_found_without_memberships(db):
    area = AreaFactory(cluster_area=True)
    assert province_of(area, date(2025, 8, 1)) == area.region.parent


class TestConstraints:
    @pytest.mark.parametrize(
        ("name", "facts"),
        [
            ("obligation_follows_an_alarm", {"stage": Stage.GOOD}),
            ("obligation_due_after_opening", {"legal_due": date(2025, 8, 1)}),
            ("obligation_due_after_opening", {"due_on": date(2025, 9, 1)}),
            ("obligation_met_by_a_plan", {"state": ObligationState.MET}),
            ("obligation_released_with_a_reason", {"state": ObligationState.RELEASED}),
            ("obligation_released_with_a_reason", {"release_reason": "까닭"}),
        ],
    )
    def test_an_incoherent_obligation_is_impossible(self, places, clock, name, facts):
        owed = alarm(places.mine)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Obligation.objects.filter(pk=owed.pk).update(**facts)

    def test_one_area_owes_one_plan_at_a_time(self, places, clock):
        owed = alarm(places.mine, end=date(2026, 2, 1))
        other = decided(places.mine, Stage.CAUTION, code="2025H2", start=date(2026, 2, 1))
        copy = {f.attname: getattr(owed, f.attname) for f in Obligation._meta.concrete_fields}
        with pytest.raises(IntegrityError, match="obligation_one_open_per_area"), transaction.atomic():
            Obligation.objects.create(**copy | {"id": None, "determination_id": other.pk})

    @pytest.mark.parametrize("days", [-1, 2])
    def test_a_plan_lasts_one_year(self, places, people, clock, days):
        plan = draft([alarm(places.mine)], people.writer)
        wrong = date.fromordinal(plan.ends_on.toordinal() + days)
        with pytest.raises(IntegrityError, match="plan_lasts_one_year"), transaction.atomic():
            Plan.objects.filter(pk=plan.pk).update(ends_on=wrong)


def test_who_sees_an_obligation(places, people, clock):
    from portal.directory.scope import scope_of

    owed = alarm(places.mine)
    municipal = person(role=Role.OFFICE_STAFF, region=places.near)
    for somebody, sees in (
        (people.writer, True), (people.office, True), (people.centre, True), (people.ministry, True), (municipal, True),
        (people.other, False), (people.nobody, False),
    ):  # fmt: skip
        assert Obligation.objects.visible_to(scope_of(somebody)).filter(pk=owed.pk).exists() is sees
