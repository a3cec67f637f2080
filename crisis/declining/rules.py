"""Arithmetic of fund projects: half-years, due days, what is overspent. Imports no Django. Money in whole won."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from portal.kernel.deadlines import next_working_day


def half_start(day: date) -> date:
    """The first day of the half-year a day lies in."""
    return date(day.year, 1 if day.month <= 6 else 7, 1)


def next_half(half: date) -> date:
    return date(half.year, 7, 1) if half.month == 1 else date(half.year + 1, 1, 1)


def half_end(half: date) -> date:
    """The last day of a half-year given by its first."""
    return next_half(half) - timedelta(days=1)


def halves(start: date, end: date) -> Iterator[date]:
    """The half-years a period touches, by their first days."""
    half = half_start(start)
    while half <= end:
        yield half
        half = next_half(half)


def half_text(half: date) -> str:
    """`2024H1`."""
    return f"{half.year}H{1 if half.month == 1 else 2}"


def parse_half(text: str) -> date | None:
    """`2024H1` as its first day; None for anything else."""
    year, mark, number = text.partition("H")
    if mark and len(year) == 4 and year.isdigit() and year.isascii() and number in {"1", "2"} and int(year):
        return date(int(year), 1 if number == "1" else 7, 1)
    return None


def legal_due(half: date) -> date:
    """A month after the half-year ended: 07-31 or 01-31. The portal's own term, provisional: no notice was found."""
    after = next_half(half)
    return after.replace(day=31)


def due_day(half: date, holidays: Collection[date]) -> date:
    """The legal day, moved on to a working day when it falls on a day off."""
    return next_working_day(legal_due(half), holidays)


def overspent(agreed: Mapping[str, int], spent: Mapping[str, int]) -> dict[str, int]:
    """By how much the money of each purse is exceeded; purses that are not exceeded are left out."""
    return {purse: won - agreed.get(purse, 0) for purse, won in spent.items() if won > agreed.get(purse, 0)}
