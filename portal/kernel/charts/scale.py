"""Axes: round ticks for values, sparse ticks for periods."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.kernel import display

_PART = re.compile(r"^(\d{4})-?(0[1-9]|1[0-2]|Q[1-4]|H[12])$")
#: The part of a year at which its tick stands.
_FIRST = {"01", "Q1", "H1"}


def round_ticks(low: float, high: float, about: int = 5) -> list[Decimal]:
    """Ticks at 1, 2 or 5 times a power of ten that enclose `low` and `high`."""
    span = (high - low) or abs(high) or 1.0
    power = math.floor(math.log10(span / about))
    for factor in (1, 2, 5, 10):
        step = Decimal(factor).scaleb(power)
        if span / float(step) <= about:
            break
    first = math.floor(round(low / float(step), 6))
    last = math.ceil(round(high / float(step), 6))
    return [step * n for n in range(first, max(last, first + 1) + 1)]


def period_ticks(labels: Sequence[str], room: int) -> list[tuple[int, str]]:
    """(position, words) of at most about `room` ticks: years where the periods span more than two, else periods."""
    parts = [_PART.match(label) for label in labels]
    years = {match[1] for match in parts if match}
    if all(parts) and len(years) > 2:
        starts = [(at, match[1]) for at, match in enumerate(parts) if match and match[2] in _FIRST]
        every = max(1, math.ceil(len(starts) / room))
        return [(at, display.period(year) if room > 6 else year) for at, year in starts[::every]]
    every = max(1, math.ceil(len(labels) / max(room // 2, 2)))
    return [(at, display.period(label)) for at, label in enumerate(labels) if at % every == 0]


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot area inside a drawing, and the two scales."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    count: int

    @property
    def end(self) -> float:
        return self.width - self.right

    @property
    def floor(self) -> float:
        return self.height - self.bottom

    def x(self, at: int) -> float:
        if self.count < 2:
            return (self.left + self.end) / 2
        return self.left + (self.end - self.left) * at / (self.count - 1)

    def y(self, value: float) -> float:
        share = (self.high - min(max(value, self.low), self.high)) / (self.high - self.low)
        return self.top + (self.floor - self.top) * share
