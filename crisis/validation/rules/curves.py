"""How well scores and alarms tell crises from calm (method §11). Exact: every figure is a Fraction or None."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

Scored = Sequence[tuple[Fraction, bool]]


def auroc(scored: Scored) -> Fraction | None:
    """The chance that a crisis scores above a calm case (ties count half). None without both kinds."""
    calm = sorted(score for score, crisis in scored if not crisis)
    crises = [score for score, crisis in scored if crisis]
    if not calm or not crises:
        return None
    twice = sum(bisect_left(calm, score) + bisect_right(calm, score) for score in crises)
    return Fraction(twice, 2 * len(calm) * len(crises))


def average_precision(scored: Scored) -> Fraction | None:
    """Σ (recall gained at a threshold) · (precision there), over all thresholds from the top; None without a crisis."""
    total = sum(crisis for _, crisis in scored)
    if not total:
        return None
    alarms = hits = 0
    area = Fraction(0)
    ordered = sorted(scored, key=lambda pair: pair[0], reverse=True)
    for _, group in groupby(ordered, key=lambda pair: pair[0]):
        crises = [crisis for _, crisis in group]
        alarms, gained = alarms + len(crises), sum(crises)
        hits += gained
        area += Fraction(gained, total) * Fraction(hits, alarms)
    return area


@dataclass(frozen=True)
class Counts:
    """Alarms against what came: hits, false alarms, misses, calm rightly left alone."""

    hits: int
    false_alarms: int
    misses: int
    calm: int

    @property
    def recall(self) -> Fraction | None:
        """Share of crises that were alarmed (TPR)."""
        return _share(self.hits, self.hits + self.misses)

    @property
    def precision(self) -> Fraction | None:
        """Share of alarms that a crisis followed."""
        return _share(self.hits, self.hits + self.false_alarms)

    @property
    def false_alarm_rate(self) -> Fraction | None:
        """Share of calm cases that were alarmed (FPR)."""
        return _share(self.false_alarms, self.false_alarms + self.calm)

    @property
    def noise_to_signal(self) -> Fraction | None:
        """FPR/TPR: below 1 the alarm says something. None without a hit."""
        noise, signal = self.false_alarm_rate, self.recall
        return noise / signal if noise is not None and signal else None

    def usefulness(self, theta: Fraction) -> Fraction | None:
        """Ur(θ): what the alarm saves of the loss of ignoring it, θ being the weight of a missed crisis."""
        recall, noise = self.recall, self.false_alarm_rate
        if recall is None or noise is None:
            return None
        best = min(theta, 1 - theta)
        return (best - (theta * (1 - recall) + (1 - theta) * noise)) / best


def counts(alarms: Sequence[tuple[bool, bool]]) -> Counts:
    """From (alarmed, crisis) pairs."""
    return Counts(
        hits=sum(alarm and crisis for alarm, crisis in alarms),
        false_alarms=sum(alarm and not crisis for alarm, crisis in alarms),
        misses=sum(not alarm and crisis for alarm, crisis in alarms),
        calm=sum(not alarm and not crisis for alarm, crisis in alarms),
    )


def at_threshold(scored: Scored, threshold: Fraction) -> Counts:
    """Alarm at or above a threshold (ties go to the worse side, as in the method)."""
    return counts([(score >= threshold, crisis) for score, crisis in scored])


def quietest_threshold(scored: Scored, least_recall: Fraction) -> Fraction | None:
    """The threshold of least noise-to-signal that still catches that share of crises; the highest of equals.

    The amber (0.90) and red (0.66) rule for early-warning thresholds. None where no threshold does.
    """
    best: tuple[Fraction, Fraction] | None = None
    for threshold in sorted({score for score, _ in scored}, reverse=True):
        found = at_threshold(scored, threshold)
        recall, noise = found.recall, found.noise_to_signal
        if recall is not None and recall >= least_recall and noise is not None and (best is None or noise < best[0]):
            best = (noise, threshold)
    return best[1] if best else None


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
