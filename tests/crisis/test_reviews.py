"""Changed figures never change a past decision; they raise a review for the office, once (method §8)."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from crisis.enums import REVIEW_NEXT_STATES, BatchKind, ReasonCode, ReviewState, Stage
from crisis.models import Determination, Observation, Result, Review, Round
from crisis.services import (
    confirm_item,
    enter_observation,
    keep_decision,
    record_batch,
    review_owed_rounds,
    review_round,
    table_correction,
    table_round,
    undo_batch,
)
from crisis.services.observation_checks import NewReading
from crisis.tasks import review_owed_rounds as courier
from portal.directory.enums import Role
from portal.directory.models import Notice
from portal.kernel.errors import Refusal
from tests.crisis.panels import country, evaluate
from tests.crisis.test_determinations import UNANIMOUS, meeting_of, opened
from tests.factories.directory import UserFactory, person
from tests.factories.network import MeetingFactory

pytestmark = pytest.mark.django_db
HELD = date(2025, 7, 20)
LAST_YEAR = [(2024, month) for month in range(6, 13)] + [(2025, month) for month in range(1, 6)]


@pytest.fixture
def actor():
    return UserFactory()


@pytest.fixture
def decided(actor):
    """The second 시·도: G2 (exports down 30 %) SEVERE, G3 GOOD; both robust."""
    land = country()
    evaluate(land.round)
    meeting = opened(meeting_of(land.sido[1].region), actor)
    land.item = table_round(meeting=meeting, round=land.round, actor=actor)
    confirm_item(item=land.item, tally=UNANIMOUS, actor=actor)
    land.decision = Determination.objects.get(area__code="G2")
    return land


def correct(area, actor, value, months=LAST_YEAR):
    """The published series of an area is corrected: every month of the last year as given."""
    row = Observation.objects.filter(area=area).select_related("indicator").first()
    rows = [
        NewReading(
            area_id=area.pk, indicator_id=row.indicator_id, period=date(year, month, 1), value=Decimal(value),
            unit=row.unit, status="FINAL",
        )
        for year, month in months
    ]  # fmt: skip
    return record_batch(kind=BatchKind.FORM, title="정정", rows=rows, actor=actor).batch


def snapshot(model=Determination):
    return list(model.objects.order_by("pk").values())


def test_one_changed_row_changes_no_decision_and_no_result_but_raises_a_review(decided, actor):
    """The proof of the plan: an old row is corrected; the past stands, and somebody is asked to look."""
    before = snapshot(), snapshot(Result)
    row = Observation.objects.filter(area__code="G2", period=date(2025, 5, 1)).select_related("indicator").get()
    enter_observation(
        area=row.area, indicator=row.indicator, period=row.period, value=Decimal(2000), unit=row.unit,
        status="FINAL", actor=actor,
    )  # fmt: skip
    assert Round.objects.owing_a_review().get() == decided.round
    assert review_owed_rounds() == 1
    assert (snapshot(), snapshot(Result)) == before
    review = Review.objects.get()
    assert (review.determination, review.state) == (decided.decision, ReviewState.OPEN)
    assert (review.old_stage, review.new_stage) == (Stage.SEVERE, Stage.GOOD)
    assert [row["period"] for row in review.changed] == ["2025-05"]
    assert not Round.objects.owing_a_review().exists()


def test_a_change_that_leaves_the_stage_raises_nothing(decided, actor):
    correct(decided.sigungu[2], actor, 710)
    assert review_owed_rounds() == 0
    assert not Review.objects.exists()
    assert Round.objects.get(pk=decided.round.pk).reviewed_seq


def test_a_stage_that_is_not_robust_raises_nothing(decided, actor, monkeypatch):
    """The same change raises one review or none, as its badge has it (method §8 asks for ROBUST)."""
    correct(decided.sigungu[2], actor, 1000)
    monkeypatch.setattr("crisis.services.reviews.ROBUST", "some other badge")
    assert review_owed_rounds() == 0
    monkeypatch.undo()
    Round.objects.update(review_owed_at=decided.round.opened_at)
    assert review_owed_rounds() == 1


def test_months_outside_the_round_owe_nothing(decided, actor):
    correct(decided.sigungu[2], actor, 5000, months=[(2025, 6)])
    assert not Round.objects.owing_a_review().exists()


def test_a_round_nobody_decided_owes_nothing(actor):
    land = country()
    evaluate(land.round)
    correct(land.sigungu[2], actor, 5000)
    assert not Round.objects.owing_a_review().exists()


def test_the_same_finding_is_raised_once_whoever_asks_and_however_often(decided, actor):
    correct(decided.sigungu[2], actor, 1000)
    assert review_owed_rounds() == 1
    courier()
    assert review_round(round_id=decided.round.pk) == 0
    Round.objects.update(review_owed_at=decided.round.opened_at)
    assert review_owed_rounds() == 0
    assert Review.objects.count() == 1


def test_taking_the_change_back_resolves_the_review(decided, actor):
    batch = correct(decided.sigungu[2], actor, 1000)
    review_owed_rounds()
    undo_batch(batch=batch, actor=actor, reason="잘못 올림")
    assert review_owed_rounds() == 0
    assert Review.objects.get().state == ReviewState.RESOLVED


def test_a_lost_message_is_made_good_by_the_sweep(decided, actor, sent_tasks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        correct(decided.sigungu[2], actor, 1000)
    assert sent_tasks.named("crisis.tasks.review_owed_rounds") == [{}]
    assert Round.objects.owing_a_review().exists()  # the debt is the row, not the message


def test_the_office_is_told_and_stops_being_told(decided, actor):
    office = decided.item.meeting.council.organization
    clerk = person(organization=office, role=Role.OFFICE_STAFF)
    stranger = person(region=decided.sido[0].region, role=Role.OFFICE_STAFF)
    correct(decided.sigungu[2], actor, 1000)
    review_owed_rounds()
    notice = Notice.objects.get(kind="review")
    assert notice.recipient == clerk
    assert not Notice.objects.filter(recipient=stranger).exists()
    keep_decision(review=Review.objects.get(), reason="현장 확인 결과 일시적", actor=clerk)
    notice.refresh_from_db()
    assert notice.settled_at


def test_a_decision_is_kept_with_a_reason(decided, actor):
    correct(decided.sigungu[2], actor, 1000)
    review_owed_rounds()
    review = Review.objects.get()
    with pytest.raises(Refusal, match="사유"):
        keep_decision(review=review, reason=" ", actor=actor)
    review = keep_decision(review=review, reason="일시적", actor=actor)
    assert (review.state, review.decided_by) == (ReviewState.KEPT, actor)
    with pytest.raises(Refusal, match="이미 처리된"):
        keep_decision(review=review, reason="다시", actor=actor)
    Round.objects.update(review_owed_at=decided.round.opened_at)
    assert review_owed_rounds() == 0  # the same finding does not come back


def test_a_confirmed_correction_closes_the_review(decided, actor):
    correct(decided.sigungu[2], actor, 1000)
    review_owed_rounds()
    meeting = opened(MeetingFactory(council=decided.item.meeting.council, held_on=date(2025, 8, 20), number=60), actor)
    draft = table_correction(
        determination=decided.decision, meeting=meeting, stage=Stage.GOOD, start=HELD, correction_reason="통계 정정",
        reason_code=ReasonCode.DATA_ERROR, reason_text="수출 통계 정정", field_survey="2025. 8. 1. 확인", actor=actor,
    )  # fmt: skip
    review = Review.objects.get()
    with pytest.raises(Refusal, match="정정이 심의 중"):
        keep_decision(review=review, reason="x", actor=actor)
    confirm_item(item=draft.agenda_item, tally=UNANIMOUS, actor=actor)
    review.refresh_from_db()
    assert (review.state, review.correction) == (ReviewState.CORRECTED, draft)


def test_every_state_is_a_key_and_reachable():
    assert set(REVIEW_NEXT_STATES) == set(ReviewState)
    assert set().union(*REVIEW_NEXT_STATES.values()) == set(ReviewState) - {ReviewState.OPEN}


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("review_finds_another_stage", {"new_stage": Stage.SEVERE}),
        ("review_decided_with_a_reason", {"state": ReviewState.KEPT}),
        ("review_corrected_names_the_correction", {"correction": "decision"}),
        ("review_decided_by_someone_at_some_time", {"decided_at": "2025-09-01T00:00:00Z"}),
    ],
)
def test_incoherent_reviews_are_impossible(decided, actor, constraint, facts):
    correct(decided.sigungu[2], actor, 1000)
    review_owed_rounds()
    given = {key: decided.decision if value == "decision" else value for key, value in facts.items()}
    with pytest.raises(IntegrityError, match="review_"), transaction.atomic():
        Review.objects.update(**given)
    assert constraint in {one.name for one in Review._meta.constraints}


class TestPages:
    @pytest.fixture
    def review(self, decided, actor):
        correct(decided.sigungu[2], actor, 1000)
        review_owed_rounds()
        return Review.objects.get()

    def test_each_of_the_four_people(self, client, decided, review):
        pages = [reverse("crisis:reviews"), reverse("crisis:review", args=[review.pk])]
        assert [client.get(page).status_code for page in pages] == [302, 302]
        client.force_login(UserFactory())
        assert [client.get(page).status_code for page in pages] == [403, 403]
        client.force_login(person(region=decided.sido[0].region))
        assert [client.get(page).status_code for page in pages] == [200, 404]
        for reader in (person(region=decided.sido[1].region), person(role=Role.HQ)):
            client.force_login(reader)
            assert [client.get(page).status_code for page in pages] == [200, 200]

    def test_the_office_keeps_it_from_the_page_and_others_cannot(self, client, decided, review):
        page = reverse("crisis:review", args=[review.pk])
        client.force_login(person(role=Role.HQ))
        assert client.post(page, {"reason": "x"}).status_code == 403
        client.force_login(person(region=decided.sido[0].region, role=Role.OFFICE_STAFF))
        assert client.post(page, {"reason": "x"}).status_code == 404
        office = decided.item.meeting.council.organization
        client.force_login(person(organization=office, role=Role.OFFICE_STAFF))
        waiting = [task.title for task in client.get(reverse("home")).context["tasks"]]
        assert "재판정 검토" in waiting
        assert client.post(page, {"reason": "현장 확인"}).status_code == 302
        review.refresh_from_db()
        assert review.state == ReviewState.KEPT

    def test_the_page_costs_little(self, client, decided, review, django_assert_max_num_queries):
        client.force_login(person(role=Role.HQ))
        page = reverse("crisis:review", args=[review.pk])
        client.get(page)
        with django_assert_max_num_queries(8):
            client.get(page)


@pytest.mark.django_db(transaction=True)
def test_two_workers_raise_one_review():
    actor = UserFactory()
    land = country()
    evaluate(land.round)
    meeting = opened(meeting_of(land.sido[1].region), actor)
    confirm_item(item=table_round(meeting=meeting, round=land.round, actor=actor), tally=UNANIMOUS, actor=actor)
    correct(land.sigungu[2], actor, 1000)
    raised, start = [], threading.Barrier(3)

    def look():
        try:
            start.wait(10)
            raised.append(review_round(round_id=land.round.pk))
        finally:
            connection.close()

    workers = [threading.Thread(target=look) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sum(raised) == Review.objects.count() == 1
