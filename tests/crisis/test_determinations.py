"""From proposal to stage in force: quorum, votes, departures with reason, periods that never overlap."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from crisis.enums import DETERMINATION_NEXT_STATES, DeterminationState, ReasonCode, Stage
from crisis.models import Determination, StageChange
from crisis.services import announcements, confirm_item, set_stage, table_round, withdraw_item
from network import services as network
from network.enums import Outcome
from network.rules import Tally
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from tests.crisis.panels import country, evaluate
from tests.factories.crisis import RoundFactory
from tests.factories.directory import OrganizationFactory, UserFactory
from tests.factories.network import CouncilFactory, MeetingFactory

pytestmark = pytest.mark.django_db

UNANIMOUS = Tally(8, 0, 1)


@pytest.fixture
def land():
    land = country()
    evaluate(land.round)
    return land


@pytest.fixture
def actor():
    return UserFactory()


def meeting_of(region, **facts):
    return MeetingFactory(council=CouncilFactory(organization=OrganizationFactory(of_region=region), seats=9), **facts)


def opened(meeting, actor, present=9):
    seats = [seat.pk for seat in meeting.council.seats.all()][:present]
    return network.open_meeting(meeting=meeting, present=seats, actor=actor)


def tabled(land, actor, sido=1, **facts):
    meeting = opened(meeting_of(land.sido[sido].region, **facts), actor)
    return meeting, table_round(meeting=meeting, round=land.round, actor=actor)


def test_a_council_is_given_the_proposals_of_its_own_areas_only(land, actor):
    _, item = tabled(land, actor)
    rows = Determination.objects.filter(agenda_item=item)
    assert {row.area.code: row.stage for row in rows} == {"G2": Stage.SEVERE, "G3": Stage.GOOD}
    assert {row.state for row in rows} == {DeterminationState.DRAFT}


def test_an_area_is_tabled_once(land, actor):
    meeting, _ = tabled(land, actor)
    with pytest.raises(Refusal, match="상정할 지역이 없습니다"):
        table_round(meeting=meeting, round=land.round, actor=actor)


def test_what_passed_is_in_force_from_the_day_of_the_meeting(
    land, actor, sent_tasks, django_capture_on_commit_callbacks
):
    _, item = tabled(land, actor)
    with django_capture_on_commit_callbacks(execute=True):
        confirm_item(item=item, tally=UNANIMOUS, actor=actor)
    decided = Determination.objects.get(area__code="G2")
    assert (decided.state, decided.effective) == (DeterminationState.CONFIRMED, period(date(2025, 7, 20)))
    assert Determination.objects.in_force_on(date(2025, 7, 20)).filter(area__code="G2").exists()
    assert not Determination.objects.in_force_on(date(2025, 7, 19)).filter(area__code="G2").exists()
    change = StageChange.objects.get(area__code="G2")
    assert (change.from_stage, change.to_stage) == (None, Stage.SEVERE)
    assert sent_tasks.named("crisis.tasks.announce_stage_changes") == [{}]


def test_what_was_voted_down_is_not_in_force(land, actor):
    _, item = tabled(land, actor)
    assert confirm_item(item=item, tally=Tally(4, 5, 0), actor=actor).outcome == Outcome.REJECTED
    assert {row.state for row in Determination.objects.all()} == {DeterminationState.WITHDRAWN}
    assert not StageChange.objects.exists()


def test_a_meeting_without_a_quorum_cannot_open(land, actor):
    with pytest.raises(Refusal, match="5명이 있어야 하는데 4명"):
        opened(meeting_of(land.sido[0].region), actor, present=4)


def test_votes_must_add_up_to_those_present(land, actor):
    _, item = tabled(land, actor)
    with pytest.raises(Refusal, match="8표인데 표결할 위원은 9명"):
        confirm_item(item=item, tally=Tally(8, 0, 0), actor=actor)


def departure(code, stage, actor, **facts):
    return set_stage(
        determination=Determination.objects.get(area__code=code),
        stage=stage,
        actor=actor,
        **{"reason_code": "", "reason_text": "", "field_survey": "", **facts},
    )


def test_a_departure_needs_a_reason_code_and_text(land, actor):
    tabled(land, actor)
    with pytest.raises(Refusal) as refusal:
        departure("G2", Stage.CAUTION, actor)
    assert set(refusal.value.fields) == {"reason_code", "reason_text"}


def test_a_departure_is_voted_on_by_itself(land, actor):
    _, item = tabled(land, actor)
    changed = departure("G2", Stage.CAUTION, actor, reason_code=ReasonCode.RECOVERY_CONFIRMED, reason_text="수주 회복")
    assert changed.agenda_item != item
    confirm_item(item=item, tally=UNANIMOUS, actor=actor)
    assert Determination.objects.get(area__code="G2").state == DeterminationState.DRAFT
    confirm_item(item=changed.agenda_item, tally=UNANIMOUS, actor=actor)
    assert Determination.objects.get(area__code="G2").stage == Stage.CAUTION


def test_returning_to_the_proposal_returns_to_the_common_item(land, actor):
    _, item = tabled(land, actor)
    changed = departure("G2", Stage.CAUTION, actor, reason_code=ReasonCode.OTHER, reason_text="x")
    own = changed.agenda_item
    back = departure("G2", Stage.SEVERE, actor)
    own.refresh_from_db()
    assert (back.agenda_item, back.reason_code, own.outcome) == (item, "", Outcome.WITHDRAWN)


def test_two_steps_need_a_survey_and_two_thirds(land, actor):
    tabled(land, actor)
    reason = {"reason_code": ReasonCode.DATA_ERROR, "reason_text": "집계 오류"}
    with pytest.raises(Refusal, match="현장조사"):
        departure("G2", Stage.GOOD, actor, **reason)
    changed = departure("G2", Stage.GOOD, actor, field_survey="2025. 7. 15. 현장 방문", **reason)
    with pytest.raises(Refusal, match="3분의 2"):
        confirm_item(item=changed.agenda_item, tally=Tally(5, 4, 0), actor=actor)
    assert Determination.objects.get(area__code="G2").state == DeterminationState.DRAFT  # nothing half-done
    confirm_item(item=changed.agenda_item, tally=Tally(6, 3, 0), actor=actor)
    assert Determination.objects.get(area__code="G2").stage == Stage.GOOD


def test_the_next_decision_ends_the_one_before(land, actor):
    _, item = tabled(land, actor)
    confirm_item(item=item, tally=UNANIMOUS, actor=actor)
    later = RoundFactory(
        code="2025H2", reference_month=date(2025, 6, 1), cutoff=land.round.cutoff, rule_set=land.round.rule_set
    )
    evaluate(later)
    meeting = opened(MeetingFactory(council=item.meeting.council, held_on=date(2026, 1, 20), number=77), actor)
    second = table_round(meeting=meeting, round=later, actor=actor)
    confirm_item(item=second, tally=UNANIMOUS, actor=actor)
    old, new = Determination.objects.filter(area__code="G2").order_by("effective")
    assert old.effective == period(date(2025, 7, 20), date(2026, 1, 20))
    assert new.effective == period(date(2026, 1, 20))


def test_an_item_can_be_withdrawn_with_a_reason(land, actor):
    meeting, item = tabled(land, actor)
    with pytest.raises(Refusal, match="사유"):
        withdraw_item(item=item, actor=actor, reason=" ")
    withdraw_item(item=item, actor=actor, reason="자료 확인 필요")
    assert table_round(meeting=meeting, round=land.round, actor=actor) != item


def test_news_is_claimed_once(land, actor):
    _, item = tabled(land, actor)
    confirm_item(item=item, tally=UNANIMOUS, actor=actor)
    assert announcements.announce_decisions() == 2
    assert announcements.announce_decisions() == 0


def test_every_state_is_a_key_and_reachable():
    assert set(DETERMINATION_NEXT_STATES) == set(DeterminationState)
    reachable = set().union(*DETERMINATION_NEXT_STATES.values())
    assert reachable == set(DeterminationState) - {DeterminationState.DRAFT}


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("determination_departure_needs_reason", {"stage": Stage.GOOD}),
        ("determination_state_matches_confirmation", {"state": DeterminationState.CONFIRMED}),
        ("determination_confirmed_by_someone_at_some_time", {"effective": period(date(2025, 1, 1))}),
        (
            "determination_without_model_needs_survey",
            {"proposed_stage": None, "reason_code": "OTHER", "reason_text": "x"},
        ),
    ],
)
def test_incoherent_determinations_are_impossible(land, actor, constraint, facts):
    tabled(land, actor)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Determination.objects.filter(area__code="G2").update(**facts)


def test_a_departure_with_a_reason_is_possible(land, actor):
    tabled(land, actor)
    assert Determination.objects.filter(area__code="G2").update(
        stage=Stage.GOOD, reason_code=ReasonCode.OTHER, reason_text="x"
    )


def test_two_stages_cannot_be_in_force_at_once(land, actor):
    _, item = tabled(land, actor)
    confirm_item(item=item, tally=UNANIMOUS, actor=actor)
    row = Determination.objects.get(area__code="G2")
    row.pk, row.round = (
        None,
        RoundFactory(code="2025H2", reference_month=date(2025, 6, 1), rule_set=land.round.rule_set),
    )
    with pytest.raises(IntegrityError, match="determination_one_in_force"), transaction.atomic():
        row.save()


def test_history_keeps_who_did_what_and_why(land, actor):
    tabled(land, actor)
    departure("G2", Stage.CAUTION, actor, reason_code=ReasonCode.OTHER, reason_text="공장 재가동")
    last = apps.get_model("crisis.DeterminationEvent").objects.filter(area__code="G2").order_by("pgh_id").last()
    assert last.stage == Stage.CAUTION
    assert last.pgh_context.metadata["deed"] == "set_stage"
    assert last.pgh_context.metadata["actor"] == actor.pk
    assert last.pgh_context.metadata["reason"] == "공장 재가동"
