"""Stages 양호/주의/심각, hysteresis, evidence grades and the watch flag (decree §30; method §4.7, §4.8, §4.11, §5).

Ranks 0, 1, 2 stand for GOOD, CAUTION, SEVERE; -1 for "no stage". RCI is in units of 0.1.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from crisis.rules.exact import BoolArray, IntArray
from crisis.rules.ruleset import RuleSet

STAGES = ("GOOD", "CAUTION", "SEVERE")
NO_STAGE = -1
GRADES = ("A", "B", "C", "D")


def rank(stage: str | None) -> int:
    """The rank of a stage name, -1 for None; ValueError for an unknown name."""
    if stage is None:
        return NO_STAGE
    if stage not in STAGES:
        raise ValueError(f"unknown stage {stage!r}")
    return STAGES.index(stage)


def stage_name(number: int) -> str | None:
    """The stage of a rank, None for -1."""
    return None if number < 0 else STAGES[number]


def reach(threshold: Fraction, places: int) -> int:
    """The smallest integer in units of ``10**-places`` that is at least the threshold."""
    scaled = threshold * 10**places
    return int(-(-scaled.numerator // scaled.denominator))


def raw_stages(index: IntArray, ruleset: RuleSet, shift: int = 0) -> IntArray:
    """Stage ranks of the displayed RCI; a tie goes to the worse stage (method §4.7)."""
    caution, severe = (reach(threshold + shift, 1) for threshold in (ruleset.caution_at, ruleset.severe_at))
    return (index >= caution).astype(np.int64) + (index >= severe)


def with_hysteresis(raw: IntArray, index: IntArray, previous: IntArray, ruleset: RuleSet) -> IntArray:
    """Model stages from raw ones and the previous model stages (method §4.8).

    Worse or equal holds at once; better only when RCI is under T(previous) - h, and then one step down.
    """
    caution, severe = (
        reach(threshold - ruleset.hysteresis, 1) for threshold in (ruleset.caution_at, ruleset.severe_at)
    )
    released = index < np.where(previous == 2, severe, caution)
    better = np.where(released, previous - 1, previous)
    return np.where((previous < 0) | (raw >= previous), raw, better)


def grades(coverage: IntArray, quality: IntArray, mean_b: IntArray, too_small: BoolArray, ruleset: RuleSet) -> IntArray:
    """Positions in GRADES from coverage, quality and mean B, each in units of 0.01 (method §5)."""
    rule = ruleset.grades
    in_a = (quality >= reach(rule.a[0], 2)) & (mean_b >= reach(rule.a[1], 2))
    in_b = (quality >= reach(rule.b[0], 2)) & (mean_b >= reach(rule.b[1], 2))
    held_back = too_small | (coverage < reach(rule.min_coverage, 2))
    return np.where(held_back, 3, np.where(in_a, 0, np.where(in_b, 1, 2)))


def too_small(size: IntArray, size_known: BoolArray, size_places: int, ruleset: RuleSet) -> BoolArray:
    """Whether the area is known to have fewer than ``min_n`` establishments."""
    return np.asarray(size_known & (size < reach(ruleset.min_n, size_places)), dtype=bool)
