"""What a back-test counts: an area in a round (a case), and the spells in which an area was in crisis (an episode)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

GOOD, CAUTION, SEVERE = "GOOD", "CAUTION", "SEVERE"
STAGES = (GOOD, CAUTION, SEVERE)
RANK = {stage: rank for rank, stage in enumerate(STAGES)}
STAYS_MONTHS = 3  # a crisis under way counts as one to come when it lasts that much longer


@dataclass(frozen=True, slots=True)
class Case:
    """One area in one round.

    ``round`` counts the rounds from 0 in their order. ``score`` is the index (RCI) and ``stage`` the model stage; both
    None where the data did not allow a stage. ``crisis``: did a crisis lie within the horizon after the cut-off; None
    while that horizon is not over and nothing has happened yet. ``in_crisis``: was the area in one at the cut-off.
    """

    area: str
    round: int
    score: Fraction | None
    stage: str | None
    crisis: bool | None
    in_crisis: bool = False

    @property
    def alarmed(self) -> bool:
        return self.stage in (CAUTION, SEVERE)

    @property
    def counts(self) -> bool:
        """Whether the case can be judged: it has a stage and its label is known."""
        return self.stage is not None and self.score is not None and self.crisis is not None


@dataclass(frozen=True, slots=True, order=True)
class Episode:
    """A spell of crisis of one area: from its onset to its last known day (None: not known to be over)."""

    area: str
    onset: date
    end: date | None = None


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last day of the month where that month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def whole_months(start: date, end: date) -> int:
    """How many whole months lie between two days: 2008-12-31 → 2009-01-01 is 0, 2008-06-30 → 2009-01-01 is 6."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months_later(start, months) <= end else months - 1


def merged(episodes: Iterable[Episode], *, gap_months: int = 0) -> list[Episode]:
    """Overlapping or touching spells of an area as one; with ``gap_months`` also those that follow that soon.

    A spell without a known end reaches as far as anything that follows it.
    """
    found: list[Episode] = []
    for one in sorted(episodes, key=lambda e: (e.area, e.onset)):
        last = found[-1] if found else None
        if last is None or last.area != one.area:
            found.append(one)
        elif last.end is None or one.onset <= months_later(last.end, gap_months):
            end = None if last.end is None or one.end is None else max(last.end, one.end)
            found[-1] = Episode(last.area, last.onset, end)
        else:
            found.append(one)
    return found


@dataclass(frozen=True)
class Label:
    """What is known of an area after a cut-off."""

    crisis: bool | None
    in_crisis: bool


def label(area: str, cutoff: date, episodes: Mapping[str, list[Episode]], *, horizon: int, today: date) -> Label:
    """Whether a crisis of ``area`` begins within ``horizon`` months after ``cutoff``, or goes on for three more months.

    A spell without a known end counts as under way for ``horizon`` months from its onset. Until the horizon is over
    (``today``) only a crisis that has come is known; its absence is not.
    """
    until = months_later(cutoff, horizon)
    comes = running = False
    for one in episodes.get(area, ()):
        last = one.end if one.end is not None else months_later(one.onset, horizon)
        under_way = one.onset <= cutoff <= last
        running = running or under_way
        comes = comes or cutoff < one.onset <= min(until, today)
        comes = comes or (under_way and last >= months_later(cutoff, STAYS_MONTHS))
    if comes:
        return Label(True, running)
    return Label(False if until <= today else None, running)
