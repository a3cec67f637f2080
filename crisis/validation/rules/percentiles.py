"""Anchors from the past: pooled percentiles of a and d, rounded (method §4, anchors)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

SHARES = (Fraction(50, 100), Fraction(90, 100), Fraction(975, 1000))


def percentile(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    """The value below which ``share`` of the sorted values lie, between neighbours in proportion. ValueError if empty."""
    if not ordered:
        raise ValueError("no values")
    place = (len(ordered) - 1) * share
    below = place.numerator // place.denominator
    if below + 1 >= len(ordered):
        return ordered[-1]
    return ordered[below] + (ordered[below + 1] - ordered[below]) * (place - below)


def to_step(value: Fraction, step: Fraction) -> Fraction:
    """The nearest multiple of ``step``, half away from zero. ValueError for a step that is not positive."""
    if step <= 0:
        raise ValueError("a step is positive")
    quotient = abs(value) / step + Fraction(1, 2)
    whole = quotient.numerator // quotient.denominator
    return step * whole * (1 if value >= 0 else -1)


@dataclass(frozen=True)
class Anchors:
    """Percentiles as found and as proposed; ``usable`` when the three proposed values rise."""

    count: int
    found: tuple[Fraction, ...]
    proposed: tuple[Fraction, ...]

    @property
    def usable(self) -> bool:
        return len(self.proposed) == 3 and self.proposed[0] < self.proposed[1] < self.proposed[2]


def anchors(values: Sequence[Fraction], step: Fraction) -> Anchors:
    """The 50th, 90th and 97.5th percentile of pooled values and their rounding; empty where there are no values."""
    if not values:
        return Anchors(0, (), ())
    ordered = sorted(values)
    found = tuple(percentile(ordered, share) for share in SHARES)
    return Anchors(len(ordered), found, tuple(to_step(value, step) for value in found))
