"""Arithmetic of the cases: days of later looks, medians, what may be told to those who see no case. No Django."""

from calendar import monthrange
from collections.abc import Collection, Sequence
from datetime import date

from portal.kernel.deadlines import next_working_day

FOLLOW_UP_MONTHS = (6, 12)
#: A count of fewer firms than this would point at them. The portal's own figure, as in its surveys.
SMALLEST_TOLD = 3


def months_later(day: date, months: int) -> date:
    """The same day of a later month; its last day where that month is shorter (Civil Act §160)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def follow_up_days(closed_on: date, holidays: Collection[date]) -> list[tuple[int, date]]:
    """(months, working day) on which a closed case is looked at again."""
    return [(months, next_working_day(months_later(closed_on, months), holidays)) for months in FOLLOW_UP_MONTHS]


def median(values: Sequence[int]) -> float | None:
    """The middle of some days; None of none."""
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return float(ordered[half]) if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
