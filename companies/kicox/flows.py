"""What one quarter added: the book gives production and exports as totals of the year so far."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal


def quarters_of(year: int) -> list[date]:
    """The quarters of a year, each as the first day of its last month."""
    return [date(year, month, 1) for month in (3, 6, 9, 12)]


def by_quarter(cumulative: Mapping[date, Decimal | None]) -> dict[date, Decimal]:
    """Quarter → what it added, from the totals of the year so far.

    The first quarter is its own total. A later one needs the quarter before it in the same year; where either is not
    known (suppressed, not published), or the total fell because it was revised, there is no figure for the quarter.
    """
    found: dict[date, Decimal] = {}
    for period, total in cumulative.items():
        before = Decimal(0) if period.month == 3 else cumulative.get(date(period.year, max(period.month - 3, 1), 1))
        if total is not None and before is not None and total >= before:
            found[period] = total - before
    return found
