"""How early alarms come and how restless stages are (method §11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from crisis.validation.rules.cases import RANK, Case, Episode, whole_months

LEAD_CAP = 4  # rounds (method §11)
WATCHED_MONTHS = 12  # an onset is judged by the last round before it, if that is not older than this


@dataclass(frozen=True)
class OnsetOutcome:
    """One onset: was the area alarmed at the last round before it, and since how many whole months without a break."""

    area: str
    onset: date
    round: int
    stage: str | None
    lead_months: int | None

    @property
    def alarmed(self) -> bool:
        return self.lead_months is not None


def onsets(
    cases: Iterable[Case],
    episodes: Iterable[Episode],
    cutoffs: Sequence[date],
    *,
    first: int = 0,
    last: int | None = None,
) -> list[OnsetOutcome]:
    """Each onset with a round before it whose number is between ``first`` and ``last``; earlier rounds count as lead.

    ``cutoffs`` are the days of the rounds in their order. The lead is counted from the first cut-off of the unbroken
    run of alarms that reaches the last round before the onset, at most ``LEAD_CAP`` rounds back.
    """
    stages = {(case.area, case.round): case for case in cases}
    end = len(cutoffs) - 1 if last is None else last
    found = []
    for one in episodes:
        before = [number for number, day in enumerate(cutoffs) if day < one.onset]
        if not before or not first <= before[-1] <= end:
            continue
        newest = before[-1]
        if whole_months(cutoffs[newest], one.onset) >= WATCHED_MONTHS or (one.area, newest) not in stages:
            continue
        run = 0
        while run < LEAD_CAP and newest - run >= 0:
            case = stages.get((one.area, newest - run))
            if case is None or not case.alarmed:
                break
            run += 1
        lead = whole_months(cutoffs[newest - run + 1], one.onset) if run else None
        found.append(OnsetOutcome(one.area, one.onset, newest, stages[one.area, newest].stage, lead))
    return found


def mean_lead(outcomes: Iterable[OnsetOutcome]) -> Fraction | None:
    """Mean lead in months over the onsets that were alarmed; None when none was."""
    leads = [one.lead_months for one in outcomes if one.lead_months is not None]
    return Fraction(sum(leads), len(leads)) if leads else None


@dataclass(frozen=True)
class Restlessness:
    """Changes of stage, and reversals (a change undone in the very next round), over pairs of following rounds."""

    pairs: int
    changes: int
    reversals: int

    def per_year(self, number: int, rounds_a_year: int = 2) -> Fraction | None:
        return Fraction(number * rounds_a_year, self.pairs) if self.pairs else None


def restlessness(cases: Iterable[Case]) -> Restlessness:
    """Count over every area's rounds that follow each other; a round without a stage breaks the line."""
    lines: dict[str, dict[int, int]] = defaultdict(dict)
    for case in cases:
        if case.stage is not None:
            lines[case.area][case.round] = RANK[case.stage]
    pairs = changes = reversals = 0
    for line in lines.values():
        for number, rank in line.items():
            if number - 1 not in line:
                continue
            pairs += 1
            step = rank - line[number - 1]
            changes += step != 0
            if step and number - 2 in line:
                reversals += step * (line[number - 1] - line[number - 2]) < 0
    return Restlessness(pairs, changes, reversals)
