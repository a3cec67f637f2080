"""Quarters, due days and standings at each boundary; no database."""

from datetime import date

import pytest

from crisis.plans import rules
from crisis.plans.rules import Told


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2025, 9, 1), date(2026, 8, 31)),
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2023, 3, 1), date(2024, 2, 29)),
    ],
)
def test_a_year_ends_on_the_day_before_its_anniversary(start, end):
    assert rules.year_after(start) == end


def test_a_year_from_september_touches_five_quarters():
    found = list(rules.quarters(date(2025, 9, 1), date(2026, 8, 31)))
    assert [rules.quarter_text(one) for one in found] == ["2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"]


@pytest.mark.parametrize("text", ["2025Q0", "2025Q5", "25Q1", "2025-Q1", "２０２５Q1", "", "2025Q11"])
def test_what_is_no_quarter_is_no_quarter(text):
    assert rules.parse_quarter(text) is None


def test_a_quarter_survives_being_written_and_read():
    for month in (1, 4, 7, 10):
        assert rules.parse_quarter(rules.quarter_text(date(2025, month, 1))) == date(2025, month, 1)
    assert rules.quarter_end(date(2025, 10, 1)) == date(2025, 12, 31)


def test_a_term_of_working_days_passes_over_weekends_and_holidays():
    holidays = {date(2025, 10, 6), date(2025, 10, 7), date(2025, 10, 8), date(2025, 10, 9)}
    assert rules.due_day(date(2025, 10, 3), 1, holidays) == date(2025, 10, 10)


YEAR = {"start": date(2025, 7, 1), "end": date(2026, 6, 30), "dropped": False, "budget": 100, "gap": 30}


def told(quarter, *, spent=25, rating="", handed_in=True):
    return Told(quarter, rules.quarter_end(quarter), handed_in, spent, rating)


Q3, Q4 = date(2025, 7, 1), date(2025, 10, 1)


@pytest.mark.parametrize(
    ("rows", "today", "expected"),
    [
        ([], date(2025, 6, 30), "NOT_YET"),
        ([], date(2025, 7, 1), "ON_TRACK"),
        ([told(Q3, handed_in=False)], date(2025, 9, 30), "ON_TRACK"),
        ([told(Q3, handed_in=False)], date(2025, 10, 1), "LATE"),
        ([told(Q3, rating="POOR")], date(2025, 11, 1), "FAILING"),
        ([told(Q3, rating="POOR"), told(Q4, rating="FAIR")], date(2026, 2, 1), "ON_TRACK"),
        ([told(Q3, spent=0)], date(2025, 11, 1), "ON_TRACK"),
        ([told(Q3, spent=0), told(Q4, spent=20)], date(2026, 2, 1), "UNDERSPENT"),
        ([told(Q3, spent=0), told(Q4, spent=21)], date(2026, 2, 1), "ON_TRACK"),
    ],
)
def test_how_a_measure_stands(rows, today, expected):
    """Two quarters are 184 of 365 days, 50.4 percent: 20 spent is 30.4 points behind, 21 spent 29.4."""
    assert rules.standing(told=rows, today=today, **YEAR) == expected


def test_a_dropped_measure_worries_nobody():
    late = [told(Q3, handed_in=False)]
    assert rules.standing(told=late, today=date(2026, 1, 1), **{**YEAR, "dropped": True}) == "DROPPED"


def test_everything_a_plan_lacks_is_told_at_once():
    one = {"number": 1, "starts_on": date(2025, 8, 31), "ends_on": date(2026, 1, 1), "budget": 0, "targets": 0}
    found = rules.shortfalls(
        facts={"diagnosis": " ", "goal": "목표"}, measures=[one | {"dropped": False}],
        start=date(2025, 9, 1), end=date(2026, 8, 31),
    )  # fmt: skip
    assert set(found) == {"diagnosis", "structure", "1.period", "1.targets", "budget"}
    assert "measures" in rules.shortfalls(
        facts={}, measures=[one | {"dropped": True}], start=date(2025, 9, 1), end=date(2026, 8, 31)
    )
