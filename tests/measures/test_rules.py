"""Days of entitlement at each boundary; no database."""

from datetime import date

import pytest

from crisis.measures.rules import Interval, Rule, entitled, unbroken

BOTH = frozenset({"CAUTION", "SEVERE"})
SPAN = Interval(date(2025, 8, 1), date(2026, 2, 1))


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2025, 7, 31), False), (date(2025, 8, 1), True), (date(2026, 1, 31), True), (date(2026, 2, 1), False)],
)
def test_the_first_day_counts_and_the_day_after_the_last_does_not(day, holds):
    assert SPAN.holds_on(day) is holds


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(BOTH), SPAN),
        (Rule(BOTH, lag_before=30), Interval(date(2025, 8, 31), date(2026, 2, 1))),
        (Rule(BOTH, lag_after=10), Interval(date(2025, 8, 1), date(2026, 2, 11))),
        (Rule(BOTH, start=date(2025, 9, 1)), Interval(date(2025, 9, 1), date(2026, 2, 1))),
        (Rule(BOTH, before=date(2025, 9, 1)), Interval(date(2025, 8, 1), date(2025, 9, 1))),
        (Rule(BOTH, start=date(2026, 2, 1)), None),
        (Rule(BOTH, lag_before=184), None),
        (Rule(BOTH, lag_before=183), Interval(date(2026, 1, 31), date(2026, 2, 1))),
        (Rule(frozenset({"SEVERE"})), None),
    ],
)
def test_terms_move_and_bound_the_days(rule, expected):
    assert entitled(rule, "CAUTION", SPAN, capital=False) == expected


def test_the_capital_area_is_left_out_only_where_the_terms_say_so():
    assert entitled(Rule(BOTH), "SEVERE", SPAN, capital=True) == SPAN
    assert entitled(Rule(BOTH, outside_capital=True), "SEVERE", SPAN, capital=True) is None
    assert entitled(Rule(BOTH, outside_capital=True), "SEVERE", SPAN, capital=False) == SPAN


def test_an_open_status_stays_open_whatever_comes_after():
    assert entitled(Rule(BOTH, lag_after=9), "SEVERE", Interval(SPAN.start), capital=False) == Interval(SPAN.start)


def test_stretches_that_touch_are_one_and_a_gap_parts_them():
    a, b, c = SPAN, Interval(date(2026, 2, 1), date(2026, 7, 1)), Interval(date(2026, 7, 2))
    assert unbroken([b, a], date(2026, 1, 1)) == Interval(date(2025, 8, 1), date(2026, 7, 1))
    assert unbroken([a, b, c], date(2026, 7, 2)) == c
    assert unbroken([a, b, c], date(2026, 7, 1)) is None
    assert unbroken([a, Interval(date(2025, 9, 1))], date(2030, 1, 1)) == Interval(date(2025, 8, 1))
    assert unbroken([], date(2026, 1, 1)) is None
