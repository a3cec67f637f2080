"""Percentiles, differences, overrides and local levels."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.validation.rules.levels import Level, faults, level_of
from crisis.validation.rules.overrides import BORNE_OUT, NOT_BORNE_OUT, OPEN, verdict
from crisis.validation.rules.percentiles import anchors, percentile, to_step

F = Fraction


def test_percentiles_lie_between_neighbours_in_proportion():
    values = [F(n) for n in (10, 20, 30, 40, 50)]
    assert [percentile(values, share) for share in (F(0), F(1, 2), F(9, 10), F(1))] == [10, 30, 46, 50]
    with pytest.raises(ValueError):
        percentile([], F(1, 2))


@given(st.lists(st.fractions(-100, 100), min_size=1), st.fractions(0, 1))
def test_a_percentile_leaves_that_share_below(values, share):
    values.sort()
    found = percentile(values, share)
    assert values[0] <= found <= values[-1]
    assert sum(value <= found for value in values) >= (len(values) - 1) * share


@pytest.mark.parametrize(
    ("value", "step", "nearest"),
    [
        ("24.363", "0.5", "24.5"),
        ("-0.748", "0.5", "-0.5"),
        ("0.25", "0.5", "0.5"),
        ("-0.25", "0.5", "-0.5"),
        ("3", "2", "4"),
    ],
)
def test_anchors_are_rounded_to_the_nearest_step(value, step, nearest):
    assert to_step(F(value), F(step)) == F(nearest)


def test_anchors_that_do_not_rise_are_told():
    flat = anchors([F(1)] * 50, F("0.5"))
    assert (flat.count, flat.proposed, flat.usable) == (50, (1, 1, 1), False)
    assert anchors([], F(1)).usable is False
    assert anchors([F(n) for n in range(101)], F(5)).proposed == (50, 90, 100)


@pytest.mark.parametrize(
    ("proposed", "decided", "crisis", "later", "outcome"),
    [
        ("GOOD", "CAUTION", True, "GOOD", BORNE_OUT),
        ("GOOD", "CAUTION", False, "CAUTION", BORNE_OUT),
        ("GOOD", "SEVERE", False, "CAUTION", NOT_BORNE_OUT),
        ("GOOD", "CAUTION", False, None, NOT_BORNE_OUT),
        ("SEVERE", "CAUTION", False, "CAUTION", BORNE_OUT),
        ("SEVERE", "CAUTION", False, "SEVERE", NOT_BORNE_OUT),
        ("CAUTION", "GOOD", True, "GOOD", NOT_BORNE_OUT),
        (None, "CAUTION", False, "CAUTION", BORNE_OUT),
        (None, "GOOD", False, None, BORNE_OUT),
    ],
)
def test_how_a_departure_turned_out(proposed, decided, crisis, later, outcome):
    assert verdict(proposed, decided, crisis=crisis, later=later, known=True) == outcome
    assert verdict(proposed, decided, crisis=crisis, later=later, known=False) == OPEN


FIVE = [
    Level(1, "양호", "GOOD", None),
    Level(2, "주의", "CAUTION", None),
    Level(3, "경고", "CAUTION", Decimal(55)),
    Level(4, "심각", "SEVERE", None),
    Level(5, "위험", "SEVERE", Decimal(85)),
]


@pytest.mark.parametrize(
    ("stage", "index", "name"),
    [
        ("GOOD", "12.0", "양호"),
        ("CAUTION", "54.9", "주의"),
        ("CAUTION", "55.0", "경고"),
        ("CAUTION", "33.0", "주의"),  # held back above its index: the stage stays the legal one
        ("CAUTION", "99.0", "경고"),
        ("SEVERE", "85.0", "위험"),
        ("SEVERE", None, "심각"),  # raised by the council without an index
    ],
)
def test_a_local_level_lies_within_the_legal_stage(stage, index, name):
    found = level_of(FIVE, stage, None if index is None else Decimal(index))
    assert (found.name, found.stage) == (name, stage)


def test_without_a_stage_there_is_no_local_level():
    assert level_of(FIVE, None, Decimal(90)) is None
    assert level_of([], "GOOD", Decimal(90)) is None


def test_faults_of_a_table_of_levels():
    assert faults(FIVE) == []
    assert any("이름" in fault for fault in faults([*FIVE, Level(6, "위험", "SEVERE", Decimal(95))]))
    assert any("비워" in fault for fault in faults([FIVE[0], Level(2, "주의", "CAUTION", Decimal(40)), FIVE[3]]))
    assert any("하나도 없습니다" in fault for fault in faults(FIVE[:3]))
    assert any("커야" in fault for fault in faults([*FIVE[:3], Level(4, "경계", "CAUTION", Decimal(50)), *FIVE[3:]]))
    assert any(
        "차례" in fault
        for fault in faults([FIVE[0], Level(2, "심각", "SEVERE", None), Level(3, "주의", "CAUTION", None)])
    )
