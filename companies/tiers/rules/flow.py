"""Half-years of reports, and the flow between tiers from one day to another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

NONE = ""
LADDER = (NONE, "POTENTIAL", "PRELIMINARY", "LEADING")


@dataclass(frozen=True, slots=True)
class Half:
    """A half-year, written `2024H1`."""

    year: int
    half: int

    @property
    def code(self) -> str:
        return f"{self.year}H{self.half}"

    @property
    def start(self) -> date:
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def due(self) -> date:
        """The last day of the month after: the notice asks for a report each half-year and names no day, so the
        portal's default is a month to write it."""
        return date(self.year, 7, 31) if self.half == 1 else date(self.year + 1, 1, 31)

    @property
    def following(self) -> "Half":
        return Half(self.year, 2) if self.half == 1 else Half(self.year + 1, 1)


def half_of(day: date) -> Half:
    return Half(day.year, 1 if day.month <= 6 else 2)


def halves(start: date, end: date) -> Iterator[Half]:
    """Half-years of which a day lies in [start, end), in order."""
    here, last = half_of(start), half_of(end - timedelta(days=1))
    while start < end and (here.year, here.half) <= (last.year, last.half):
        yield here
        here = here.following


def years_later(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 1 March in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def matrix(moves: Iterable[tuple[str, str, int]], order: tuple[str, ...] = LADDER) -> list[list[int]]:
    """Counts by (tier before, tier after), rows before and columns after in `order`.

    ValueError for a tier that is not in the order: a firm is never dropped silently.
    """
    place = {tier: at for at, tier in enumerate(order)}
    table = [[0] * len(order) for _ in order]
    for before, after, count in moves:
        if before not in place or after not in place:
            raise ValueError(f"unknown tier: {before!r} -> {after!r}")
        table[place[before]][place[after]] += count
    return table
