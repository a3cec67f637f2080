"""When a figure is to be expected: periods of a rhythm, the day by which one is due, how far a series is behind.

A period is named by the first day of its last month (a quarter by 3, 6, 9, 12), as observations are. Pure.
"""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from portal.kernel.dates import month_index, month_of
from portal.kernel.deadlines import next_working_day

STEP = {"M": 1, "Q": 3, "H": 6}
"""Months from one period to the next."""


def period_end(period: date) -> date:
    """The last day a period covers."""
    return period.replace(day=monthrange(period.year, period.month)[1])


def due_day(period: date, lag_days: int, holidays: Collection[date]) -> date:
    """The day by which the figure of a period should be here: `lag_days` after its end, moved to a working day."""
    return next_working_day(period_end(period) + timedelta(days=lag_days), holidays)


def aligned(period: date, frequency: str) -> date:
    """The newest period of the rhythm that ends no later than this month."""
    step = STEP[frequency]
    at = month_index(period)
    return month_of(at - (at + 1) % step)


def after(period: date, frequency: str, count: int = 1) -> date:
    """The period `count` steps later (earlier, if negative)."""
    return month_of(month_index(period) + STEP[frequency] * count)


def newest_ended(day: date, frequency: str) -> date:
    """The newest period that is over on a day."""
    first = day.replace(day=1)
    return aligned(month_of(month_index(first) - 1), frequency)


def newest_due(day: date, frequency: str, lag_days: int, holidays: Collection[date]) -> date:
    """The newest period whose due day is past: what should be here on the morning of `day`."""
    period = newest_ended(day, frequency)
    while due_day(period, lag_days, holidays) >= day:
        period = after(period, frequency, -1)
    return period


def between(first: date, last: date, frequency: str) -> list[date]:
    """Every period from `first` to `last`; none if `last` is earlier."""
    found = []
    while first <= last:
        found.append(first)
        first = after(first, frequency)
    return found


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a calendar says on a day: the newest period that should be here, the next one to come and its due day."""

    newest_due: date
    next: date
    next_due: date


def expectation(
    day: date, *, last: date | None, frequency: str, lag_days: int, holidays: Collection[date]
) -> Expectation:
    """What is owed after the last period received. Without any, the newest due period is owed at once."""
    owed = newest_due(day, frequency, lag_days, holidays)
    next_one = after(last, frequency) if last else owed
    return Expectation(owed, next_one, due_day(next_one, lag_days, holidays))


def months_behind(last: date, owed: date) -> int:
    """By how many months a series ends before the period that should be here; nought if it does not."""
    return max(0, month_index(owed) - month_index(last))
