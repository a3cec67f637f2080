"""Receipts follow from batches; freshness and lateness follow from receipts and the calendar."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from crisis import services as crisis
from crisis.enums import BatchKind
from crisis.models import Observation, ObservationBatch
from crisis.services.observation_checks import NewReading
from crisis.sources import services
from crisis.sources.enums import FeedState
from crisis.sources.models import FeedReceipt
from crisis.sources.rules import periods
from crisis.sources.selectors import feed_standings, freshness, of_area, todo
from crisis.sources.selectors.feeds import feed_board
from portal.directory.models import Holiday, Notice
from portal.directory.scope import scope_of
from tests.factories.crisis import AreaMembershipFactory
from tests.sources.conftest import feed

AUGUST, SEPTEMBER = date(2025, 8, 1), date(2025, 9, 1)


def reading(area, indicator, period, value, **more):
    number = None if value is None else Decimal(value)
    return NewReading(area.pk, indicator.pk, period, number, indicator.unit, "FINAL", **more)


def record(actor, *rows, kind=BatchKind.FILE, **more):
    return crisis.record_batch(kind=kind, title="시험", rows=rows, actor=actor, **more).batch


@pytest.mark.parametrize(
    ("day", "frequency", "lag", "owed"),
    [
        (date(2025, 10, 31), "M", 31, date(2025, 8, 1)),  # due on the 31st: not yet late
        (date(2025, 11, 1), "M", 31, date(2025, 9, 1)),
        (date(2025, 10, 2), "M", 31, date(2025, 8, 1)),
        (date(2026, 1, 2), "Q", 92, date(2025, 9, 1)),
        (date(2025, 12, 31), "Q", 92, date(2025, 6, 1)),
        (date(2026, 7, 1), "H", 0, date(2026, 6, 1)),
    ],
)
def test_what_should_be_here_on_a_day(day, frequency, lag, owed):
    assert periods.newest_due(day, frequency, lag, ()) == owed


def test_due_day_moves_to_the_next_working_day():
    assert periods.due_day(date(2025, 9, 1), 3, ()) == date(2025, 10, 3)
    holidays = {date(2025, 10, day) for day in (3, 6, 7, 8, 9)}
    assert periods.due_day(date(2025, 9, 1), 3, holidays) == date(2025, 10, 10)


pytestmark = pytest.mark.django_db


@pytest.fixture
def exports(places, people, indicators):
    return feed(places.office, "EXP")


def test_each_batch_is_received_once(places, people, indicators, exports):
    exp = indicators["EXP"]
    batch = record(people.clerk, reading(places.geoje, exp, AUGUST, 1), reading(places.tongyeong, exp, AUGUST, 2))
    assert services.collect() == 1
    assert services.collect() == 0
    receipt = FeedReceipt.objects.get()
    assert (receipt.feed, receipt.period, receipt.batch, receipt.rows) == (exports, AUGUST, batch, 2)
    assert receipt.areas == sorted([places.geoje.pk, places.tongyeong.pk])
    assert receipt.received_at == Observation.objects.first().known_at


def test_figures_of_no_feed_leave_no_receipt(places, people, indicators, exports):
    record(people.clerk, reading(places.geoje, indicators["POP"], AUGUST, 1))
    assert services.collect() == 1
    assert FeedReceipt.objects.count() == 0


def test_withdrawn_values_are_received_no_more(places, people, indicators, exports):
    exp = indicators["EXP"]
    batch = record(people.clerk, reading(places.geoje, exp, AUGUST, 1), reading(places.tongyeong, exp, AUGUST, 2))
    record(people.clerk, reading(places.geoje, exp, AUGUST, None, note="잘못 보냄"))
    services.collect()
    assert FeedReceipt.objects.get().areas == [places.tongyeong.pk]
    crisis.undo_batch(batch=batch, actor=people.clerk, reason="시험")
    services.collect()
    assert not FeedReceipt.objects.holding().exists()
    assert freshness(["EXP"])["EXP"].last is None


def test_history_counts_from_when_it_was_known(places, people, indicators, exports):
    exp, then = indicators["EXP"], datetime(2025, 9, 20, tzinfo=UTC)
    record(
        people.ministry,
        reading(places.geoje, exp, AUGUST, 1, known_at=then),
        reading(places.geoje, exp, AUGUST, 2, known_at=datetime(2025, 10, 20, tzinfo=UTC)),
        kind=BatchKind.REFERENCE,
        may_backdate=True,
    )
    services.collect()
    assert FeedReceipt.objects.get().received_at == then


def test_series_added_later_gets_its_receipts_by_rebuilding(places, people, indicators):
    record(people.clerk, reading(places.geoje, indicators["EXP"], AUGUST, 1))
    services.collect()
    exports = feed(places.office, "EXP")
    assert services.rebuild_receipts(feed=exports) == 1


def received(places, people, indicators, *months, areas=None):
    for area in areas or (places.geoje, places.tongyeong):
        record(people.clerk, *(reading(area, indicators["EXP"], month, 5) for month in months))
    services.collect()


@pytest.mark.parametrize(
    ("day", "state", "months"),
    [
        (date(2025, 9, 30), FeedState.FRESH, 0),
        (date(2025, 10, 1), FeedState.DUE, 0),
        (date(2025, 10, 31), FeedState.DUE, 0),
        (date(2025, 11, 1), FeedState.LATE, 1),
        (date(2025, 12, 3), FeedState.LATE, 2),
    ],
)
def test_a_feed_is_fresh_then_due_then_late(places, people, indicators, exports, day, state, months):
    received(places, people, indicators, AUGUST)
    found = freshness(["EXP"], day=day)["EXP"]
    assert (found.state, found.months_late) == (state, months)
    assert [standing.state for standing in feed_standings(day=day)] == [state]
    if state == FeedState.LATE and months == 2:
        assert found.sentence == "자료 기준 2025년 8월 · 2개월 지연"
        assert found.axis == ["2025-09", "2025-10"]


def test_holidays_put_the_due_day_off(places, people, indicators, exports):
    received(places, people, indicators, AUGUST)
    Holiday.objects.create(day=date(2025, 10, 31), name_ko="시험 휴일")
    assert freshness(["EXP"], day=date(2025, 11, 3))["EXP"].state == FeedState.DUE
    assert freshness(["EXP"], day=date(2025, 11, 4))["EXP"].state == FeedState.LATE


def test_part_of_the_areas_is_not_yet_the_whole(places, people, indicators, exports):
    received(places, people, indicators, AUGUST)
    received(places, people, indicators, SEPTEMBER, areas=[places.geoje])
    day = date(2025, 11, 3)
    everywhere = freshness(["EXP"], day=day)["EXP"]
    assert (everywhere.state, everywhere.last, everywhere.received.newest) == (FeedState.LATE, AUGUST, SEPTEMBER)
    assert (everywhere.received.have, everywhere.received.usual) == (1, 2)
    assert freshness(["EXP"], [places.geoje.pk], day)["EXP"].state == FeedState.DUE
    assert freshness(["EXP"], [places.tongyeong.pk], day)["EXP"].state == FeedState.LATE


def test_area_is_as_fresh_as_what_lies_in_it(places, people, indicators, exports):
    AreaMembershipFactory(area=places.geoje, parent=places.gyeongnam)
    received(places, people, indicators, AUGUST, areas=[places.geoje])
    assert of_area(places.gyeongnam, ["EXP"], date(2025, 10, 1))["EXP"].last == AUGUST
    assert of_area(places.tongyeong, ["EXP"], date(2025, 10, 1))["EXP"].state == FeedState.NONE
    assert of_area(places.nation, ["EXP"], date(2025, 10, 1))["EXP"].last == AUGUST


def test_ended_series_is_said_to_have_ended(places, people, indicators, exports):
    received(places, people, indicators, AUGUST)
    series = exports.series.get()
    series.last_period, series.note = AUGUST, "공표를 그만둠"
    series.save()
    assert freshness(["EXP"], day=date(2026, 9, 1))["EXP"].state == FeedState.ENDED


def test_late_feed_is_a_task_of_its_owner_alone(places, people, indicators, exports):
    received(places, people, indicators, AUGUST)
    assert [item.title for item in todo(scope_of(people.clerk))] == ["늦은 자료: 시험 자료원"]
    assert [*todo(scope_of(people.other)), *todo(scope_of(people.ministry))] == []


def test_owner_of_a_late_feed_is_told_once_for_each_period(places, people, indicators, exports):
    received(places, people, indicators, AUGUST)
    assert services.watch_feeds(day=date(2025, 10, 31)) == 0
    assert services.watch_feeds(day=date(2025, 11, 3)) == 2  # clerk and colleague
    assert services.watch_feeds(day=date(2025, 11, 4)) == 0
    notice = Notice.objects.filter(recipient=people.clerk).get()
    assert "시험 자료원 2025년 9월" in notice.title
    received(places, people, indicators, SEPTEMBER)
    assert services.watch_feeds(day=date(2025, 12, 3)) == 2


def test_line_of_a_feed_tells_every_month(places, people, indicators, exports):
    received(places, people, indicators, AUGUST)
    months, (standing,) = feed_board(day=date(2025, 11, 10), months=6)
    assert months == [date(2025, month, 1) for month in range(6, 12)]
    kinds = [slot.kind for slot in standing.slots]
    assert kinds == ["late", "late", "late-in", "late", "due", "none"]
    assert "늦게 받음" in standing.slots[2].text


def test_batches_of_a_sweep_are_counted_out(places, people, indicators, exports):
    for month in (date(2025, 5, 1), date(2025, 6, 1), date(2025, 7, 1)):
        record(people.clerk, reading(places.geoje, indicators["EXP"], month, 5))
    assert services.collect(most=2) == 2
    assert services.collect() == 1
    assert ObservationBatch.objects.count() == FeedReceipt.objects.count() == 3


@pytest.mark.parametrize("count", [1, 12])
def test_freshness_costs_four_queries_whatever_is_asked(django_assert_num_queries, places, people, indicators, count):
    codes = [f"X{n}" for n in range(count)]
    feed(places.office, *codes)
    for code in codes:
        indicator = type(indicators["EXP"]).objects.get(code=code)
        record(people.clerk, reading(places.geoje, indicator, AUGUST, 5))
    services.collect()
    with django_assert_num_queries(4):
        assert len(freshness(codes, [places.geoje.pk])) == count
