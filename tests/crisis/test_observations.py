"""Figures come in: corrections supersede, repeats are harmless, faults are told, undo restores."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis.enums import BatchKind, Frequency, RoundState
from crisis.models import IndicatorUnit, Observation, ObservationBatch
from crisis.services import enter_observation, record_batch, undo_batch
from crisis.services.observation_checks import NewReading, standing, value_fault
from portal.directory.enums import Role
from portal.directory.models import Event
from portal.kernel.errors import Refusal
from tests.factories.crisis import AreaFactory, IndicatorFactory, ObservationFactory, RoundFactory
from tests.factories.directory import RegionFactory, UserFactory, person

pytestmark = pytest.mark.django_db

MAY = date(2025, 5, 1)


@pytest.fixture
def area():
    return AreaFactory()


@pytest.fixture
def indicator():
    return IndicatorFactory()


@pytest.fixture
def reading(area, indicator):
    return NewReading(area.pk, indicator.pk, MAY, Decimal("100.5"), indicator.unit, "FINAL")


def record(*rows, kind=BatchKind.API, **more):
    return record_batch(kind=kind, title="시험", rows=rows, actor=more.pop("actor", None), **more)


def values():
    return list(Observation.objects.order_by("pk").values_list("value", flat=True))


def test_a_reading_is_recorded_with_its_batch_and_its_deed(reading, area):
    report = record(reading, actor=UserFactory())
    assert (report.new, report.changed, report.same) == (1, 0, 0)
    row = Observation.objects.get()
    assert (row.value, row.batch, row.note) == (Decimal("100.5"), report.batch, "")
    event = Event.objects.get(verb="record_observations")
    assert (event.region, event.facts["new"]) == (area.region, 1)


def test_a_repeat_is_not_written(reading):
    record(reading)
    report = record(reading)
    assert (report.batch, report.same) == (None, 1)
    assert ObservationBatch.objects.count() == 1


def test_trailing_noughts_are_no_change(reading):
    record(reading)
    assert record(replace(reading, value=Decimal("100.500"))).same == 1


@pytest.mark.parametrize("change", [{"value": Decimal(7)}, {"value": None}, {"status": "PRELIM"}])
def test_a_correction_supersedes_and_history_stays(reading, change):
    record(reading)
    report = record(replace(reading, **change))
    assert (report.changed, Observation.objects.count()) == (1, 2)
    assert standing([(reading.area_id, reading.indicator_id, MAY)])[
        reading.area_id, reading.indicator_id, MAY
    ].value == change.get("value", reading.value)


def test_the_same_value_again_after_a_correction_is_a_change(reading):
    for value in (1, 2, 1):
        record(replace(reading, value=Decimal(value)))
    assert values() == [1, 2, 1]


def test_twice_in_one_batch_the_later_row_wins(reading):
    report = record(reading, replace(reading, value=Decimal(3)), replace(reading, value=Decimal(3)))
    assert (report.new, report.changed, report.same) == (1, 1, 1)
    assert Observation.objects.current().get().value == 3


def moment(month):
    return datetime(2025, month, 1, tzinfo=UTC)


def test_vintages_of_one_cell_come_in_one_batch_and_again(reading):
    vintages = [replace(reading, value=Decimal(v), known_at=moment(m)) for v, m in [(5, 6), (5, 7), (6, 8)]]
    first = record(*vintages, kind=BatchKind.REFERENCE, may_backdate=True)
    assert (first.new, first.changed, first.same) == (1, 1, 1)
    assert record(*vintages, kind=BatchKind.REFERENCE, may_backdate=True).same == 3
    assert Observation.objects.known_by(moment(7)).get().value == 5


def test_a_vintage_between_two_known_ones_is_compared_with_the_one_before_it(reading):
    back = {"kind": BatchKind.REFERENCE, "may_backdate": True}
    record(replace(reading, value=Decimal(5), known_at=moment(6)), **back)
    record(replace(reading, value=Decimal(9), known_at=moment(8)), **back)
    assert record(replace(reading, value=Decimal(9), known_at=moment(7)), **back).changed == 1
    assert record(replace(reading, value=Decimal(9), known_at=moment(7)), **back).same == 1


@pytest.mark.parametrize(("kind", "allowed", "month"), [(BatchKind.API, True, 6), (BatchKind.REFERENCE, False, 6)])
def test_only_a_loader_of_history_may_date_back(reading, kind, allowed, month):
    with pytest.raises(Refusal, match="알려진 일시"):
        record(replace(reading, known_at=moment(month)), kind=kind, may_backdate=allowed)


def test_nobody_knows_a_figure_in_the_future(reading):
    with pytest.raises(Refusal, match="알려진 일시"):
        record(replace(reading, known_at=datetime(2999, 1, 1, tzinfo=UTC)), kind=BatchKind.REFERENCE, may_backdate=True)


@pytest.mark.parametrize(
    ("facts", "field", "word"),
    [
        ({"period": date(2999, 1, 1)}, "period", "아직 오지 않은"),
        ({"period": date(2025, 5, 2)}, "period", "첫날"),
        ({"unit": "되"}, "unit", "쓸 수 있는 단위"),
        ({"value": Decimal("1.1234567")}, "value", "소수점"),
        ({"value": Decimal("1234567890123456789")}, "value", "자리까지"),
        ({"value": Decimal("NaN")}, "value", "숫자"),
        ({"status": "MAYBE"}, "status", "구분"),
        ({"verified": True}, "note", "비고"),
        ({"note": "가" * 301}, "note", "300자"),
        ({"indicator_id": 0}, "indicator", "없는 지표"),
        ({"area_id": 0}, "area", "없는 지역"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_in_words(reading, facts, field, word):
    with pytest.raises(Refusal, match=word) as refused:
        record(reading, replace(reading, **facts))
    assert word in refused.value.fields[f"rows.1.{field}"]
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("frequency", "month", "fits"),
    [(Frequency.QUARTERLY, 6, True), (Frequency.QUARTERLY, 5, False), (Frequency.HALF_YEARLY, 6, True),
     (Frequency.HALF_YEARLY, 3, False), (Frequency.MONTHLY, 5, True)],
)  # fmt: skip
def test_the_period_fits_the_frequency(area, frequency, month, fits):
    indicator = IndicatorFactory(code="FREQ", frequency=frequency)
    row = NewReading(area.pk, indicator.pk, date(2025, month, 1), Decimal(1), indicator.unit, "FINAL")
    if fits:
        assert record(row).new == 1
    else:
        with pytest.raises(Refusal, match="에만 적을 수"):
            record(row)


def test_another_unit_of_the_indicator_is_welcome(reading, indicator):
    IndicatorUnit.objects.create(indicator=indicator, unit="백만달러", factor=1000)
    assert record(replace(reading, unit="백만달러")).new == 1


@given(st.decimals(allow_nan=False, allow_infinity=False))
@settings(max_examples=300)
def test_what_is_allowed_is_an_integer_of_64_bits_without_its_point(value):
    if not value_fault(value):
        places = max(0, -value.normalize().as_tuple().exponent)
        assert abs(int(value.scaleb(places))) < 2**63
        assert round(value, 6) == value


def test_open_rounds_owe_a_run_after_a_change_and_only_then(reading, sent_tasks, django_capture_on_commit_callbacks):
    opened = RoundFactory()
    past = {"code": "2024H2", "reference_month": date(2024, 11, 1), "state": RoundState.EVALUATED}
    closed = RoundFactory(rule_set=opened.rule_set, **past)
    with django_capture_on_commit_callbacks(execute=True):
        record(reading)
        record(reading)
    assert len(sent_tasks.named("crisis.tasks.start_owed_runs")) == 1
    opened.refresh_from_db()
    closed.refresh_from_db()
    assert opened.figures_changed_at
    assert closed.figures_changed_at is None


def test_entering_by_form_returns_the_current_row(area, indicator):
    facts = {"area": area, "indicator": indicator, "period": MAY, "unit": indicator.unit, "status": "FINAL"}
    actor = UserFactory()
    first = enter_observation(**facts, value=Decimal(1), actor=actor)
    assert enter_observation(**facts, value=Decimal(1), actor=actor) == first
    assert enter_observation(**facts, value=None, actor=actor).value is None
    assert first.batch.kind == BatchKind.FORM


def test_what_was_seen_must_still_stand(reading):
    record(reading)
    seen = Observation.objects.get().pk
    record(replace(reading, value=Decimal(2)))
    with pytest.raises(Refusal) as refused:
        record(replace(reading, value=Decimal(3), seen=seen))
    assert refused.value.code == "changed_meanwhile"
    with pytest.raises(Refusal):
        record(replace(reading, value=Decimal(3), seen=0))
    assert record(replace(reading, value=Decimal(2), seen=seen)).same == 1


class TestUndo:
    def test_values_before_the_batch_come_back_and_new_ones_go(self, reading, area):
        record(reading)
        other = replace(reading, period=date(2025, 4, 1))
        batch = record(replace(reading, value=Decimal(9)), other).batch
        report = undo_batch(batch=batch, actor=person(region=area.region), reason="단위를 잘못 적음")
        assert (report.changed, report.withdrawn, report.kept) == (1, 1, 0)
        assert [row.value for row in Observation.objects.current()] == [Decimal("100.5")]
        assert report.batch.undoes == batch

    def test_cells_changed_since_are_left_alone(self, reading):
        batch = record(reading, replace(reading, period=date(2025, 4, 1))).batch
        record(replace(reading, value=Decimal(8)))
        report = undo_batch(batch=batch, actor=UserFactory(), reason="잘못 올림")
        assert (report.withdrawn, report.kept) == (1, 1)
        assert Observation.objects.current().get().value == 8

    def test_a_batch_that_wrote_a_cell_twice_is_undone_as_a_whole(self, reading):
        record(reading)
        batch = record(replace(reading, value=Decimal(2)), replace(reading, value=Decimal(3))).batch
        undo_batch(batch=batch, actor=UserFactory(), reason="잘못 올림")
        assert Observation.objects.current().get().value == Decimal("100.5")

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_it_needs_a_reason(self, reading, reason):
        with pytest.raises(Refusal, match="사유"):
            undo_batch(batch=record(reading).batch, actor=UserFactory(), reason=reason)

    def test_it_happens_once_and_is_itself_not_undone(self, reading):
        batch, actor = record(reading).batch, UserFactory()
        undo = undo_batch(batch=batch, actor=actor, reason="잘못 올림").batch
        for again, code in [(batch, "already_undone"), (undo, "undo_of_undo")]:
            with pytest.raises(Refusal) as refused:
                undo_batch(batch=again, actor=actor, reason="다시")
            assert refused.value.code == code

    def test_without_effect_it_is_refused(self, reading):
        batch = record(reading).batch
        record(replace(reading, value=Decimal(2)))
        with pytest.raises(Refusal, match="되돌릴 값이 없습니다"):
            undo_batch(batch=batch, actor=UserFactory(), reason="잘못 올림")

    def test_history_is_taken_back_by_the_ministry_alone(self, reading):
        old = replace(reading, known_at=moment(6))
        batch = record(old, kind=BatchKind.REFERENCE, may_backdate=True).batch
        with pytest.raises(Refusal, match="전국"):
            undo_batch(batch=batch, actor=person(region=RegionFactory()), reason="잘못 적재")
        assert undo_batch(batch=batch, actor=person(role=Role.HQ), reason="잘못 적재").withdrawn == 1


def test_the_deed_is_told_to_the_province_its_regions_share(indicator):
    sido = RegionFactory()
    areas = [AreaFactory(region=RegionFactory(sigungu=True, parent=sido)) for _ in range(2)]
    record(*(NewReading(area.pk, indicator.pk, MAY, Decimal(1), indicator.unit, "FINAL") for area in areas))
    assert Event.objects.get().region == sido


@pytest.mark.parametrize("rows", [1, 40])
def test_a_batch_costs_the_same_for_any_number_of_rows(indicator, rows, django_assert_max_num_queries):
    areas = [AreaFactory() for _ in range(rows)]
    readings = [NewReading(area.pk, indicator.pk, MAY, Decimal(1), indicator.unit, "FINAL") for area in areas]
    with django_assert_max_num_queries(20):  # locks, stage, judge, batch, write, deed, regions, rounds, context
        record(*readings)


def test_standing_names_withdrawn_cells_too():
    row = ObservationFactory(value=None)
    found = standing(
        [(row.area_id, row.indicator_id, row.period), (row.area_id, row.indicator_id, MAY.replace(month=1))]
    )
    assert [held.value for held in found.values()] == [None]
