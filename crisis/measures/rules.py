"""From when to when somebody is entitled: arithmetic on days. Imports no Django.

Every interval is half open: its first day, and the day from which it no longer holds (None: open).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Interval:
    start: date
    before: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.start <= day and (self.before is None or day < self.before)


@dataclass(frozen=True, slots=True)
class Rule:
    """How a measure follows from a status: which ones, how many days later it begins and how many it lasts on."""

    statuses: frozenset[str]
    lag_before: int = 0
    lag_after: int = 0
    outside_capital: bool = False
    start: date | None = None
    before: date | None = None


def entitled(rule: Rule, status: str, period: Interval, *, capital: bool) -> Interval | None:
    """The days on which a status in force during `period` entitles by a rule; None for none.

    `capital`: the place lies in the capital area. The measure's own days (`rule.start`, `rule.before`) bound the answer.
    """
    if status not in rule.statuses or (capital and rule.outside_capital):
        return None
    start = period.start + timedelta(days=rule.lag_before)
    before = period.before + timedelta(days=rule.lag_after) if period.before else None
    start = max(start, rule.start) if rule.start else start
    if rule.before:
        before = min(before, rule.before) if before else rule.before
    return Interval(start, before) if before is None or start < before else None


def unbroken(intervals: Iterable[Interval], day: date) -> Interval | None:
    """The longest stretch without a gap that holds on a day, made of intervals that overlap or touch."""
    start: date | None = None
    before: date | None = None
    for one in sorted(intervals, key=lambda each: each.start):
        if start is not None and (before is None or one.start <= before):
            before = None if before is None or one.before is None else max(before, one.before)
            continue
        if start is not None and Interval(start, before).holds_on(day):
            return Interval(start, before)
        start, before = one.start, one.before
    return Interval(start, before) if start is not None and Interval(start, before).holds_on(day) else None
