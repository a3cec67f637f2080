"""The robustness badge: does the stage survive other weights, thresholds, anchors, momentum and k? (method §7)

Every scenario is deterministic. Only "is the index at least this threshold" is asked, so weights are floored to 2^-40
and the few cases that the flooring cannot decide are settled in fractions: the answer is exact and all areas with the
same available indicators go through one integer matrix product.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from crisis.rules.composite import Index, Pattern, build_index, effective_weights, rel_if_heavy
from crisis.rules.exact import IntArray, half_up_array
from crisis.rules.ruleset import RuleSet
from crisis.rules.scoring import Picked, score_all
from crisis.rules.stages import raw_stages, reach

U01_DENOMINATOR = 16**12
ROBUST, MODERATE, SENSITIVE = "ROBUST", "MODERATE", "SENSITIVE"
THRESHOLD_SHIFTS = (-5, 5)
_PRECISION = 40
_HALF, _MORE = Fraction(1, 2), Fraction(3, 2)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One trial change. ``kind`` is THRESHOLD, ANCHORS, MOMENTUM, CREDIBILITY, WEIGHT, DROP or RANDOM.

    ``change`` is what was added (THRESHOLD, in points of the index), put in place (MOMENTUM), multiplied (ANCHORS,
    CREDIBILITY, WEIGHT) or drawn (RANDOM: the number of the draw); ``indicator`` is the one concerned, if it is one.
    """

    kind: str
    change: str = ""
    indicator: str = ""


Listener = Callable[[Scenario, IntArray, IntArray], None]


@dataclass(frozen=True)
class Badge:
    """Per area: how many scenarios there were, how many kept the raw stage, the best and the worst stage rank met.

    ``rho`` is in units of 0.01. Areas without an index have ``total`` 0.
    """

    total: IntArray
    same: IntArray
    best: IntArray
    worst: IntArray

    @property
    def rho(self) -> IntArray:
        return half_up_array(self.same, np.maximum(self.total, 1), 100)


def badge_name(rho: int) -> str:
    """ROBUST from 0.90, MODERATE from 0.70, else SENSITIVE; ``rho`` in units of 0.01."""
    return ROBUST if rho >= 90 else MODERATE if rho >= 70 else SENSITIVE


def u01_numerator(*key: str | int) -> int:
    """The portable perturbation number: first 12 hex digits of SHA-256("version|w|draw|indicator"), over 16^12."""
    text = "|".join(map(str, key))
    return int(hashlib.sha256(text.encode()).hexdigest()[:12], 16)


def random_weights(ruleset: RuleSet) -> list[dict[str, Fraction]]:
    """The random weight sets as multipliers 0.5 + u."""
    return [
        {
            code: _HALF + Fraction(u01_numerator(ruleset.version, "w", draw, code), U01_DENOMINATOR)
            for code in ruleset.order
        }
        for draw in range(ruleset.draws)
    ]


def compute_badge(
    ruleset: RuleSet,
    picked: Mapping[str, Picked],
    *,
    groups: Sequence[Pattern],
    index: Index,
    s_abs: IntArray,
    s_rel: IntArray,
    heard: Listener | None = None,
) -> Badge:
    """Run every scenario for every area that has an index. ``heard`` is told (scenario, rows, stage ranks) of each."""
    base = raw_stages(index.rci, ruleset)
    total, same = np.zeros_like(base), np.zeros_like(base)
    best, worst = base.copy(), base.copy()

    def count(scenario: Scenario, rows: IntArray, stages: IntArray) -> None:
        total[rows] += 1
        same[rows] += stages == base[rows]
        best[rows] = np.minimum(best[rows], stages)
        worst[rows] = np.maximum(worst[rows], stages)
        if heard is not None:
            heard(scenario, rows, stages)

    live = np.flatnonzero(index.live)
    for shift in THRESHOLD_SHIFTS:
        count(Scenario("THRESHOLD", f"{shift:+d}"), live, raw_stages(index.rci, ruleset, shift)[live])
    for scenario, momentum, k_factor, stretch in _recomputations(ruleset):
        _, other_abs, other_rel = score_all(picked, momentum, k_factor, stretch)
        other = build_index(ruleset, groups, other_abs, other_rel)
        count(scenario, live, raw_stages(other.rci, ruleset)[live])
    draws = random_weights(ruleset)
    for group in groups:
        if group.live_abs:
            for scenario, stages in _weight_scenarios(ruleset, group, draws, s_abs[group.rows], s_rel[group.rows]):
                count(scenario, group.rows, stages)
    return Badge(total, same, best, worst)


def _recomputations(ruleset: RuleSet) -> Iterator[tuple[Scenario, Fraction, Fraction, Fraction]]:
    """(scenario, λ, factor of k, stretch of the anchors) of the scenarios that need new scores."""
    one, momentum = Fraction(1), ruleset.momentum
    yield Scenario("ANCHORS", "0.8"), momentum, one, Fraction(4, 5)
    yield Scenario("ANCHORS", "1.25"), momentum, one, Fraction(5, 4)
    yield Scenario("MOMENTUM", "0"), Fraction(0), one, one
    yield Scenario("MOMENTUM", "1"), one, one, one
    yield Scenario("CREDIBILITY", "0.5"), momentum, _HALF, one
    yield Scenario("CREDIBILITY", "2"), momentum, Fraction(2), one


def _weight_scenarios(
    ruleset: RuleSet, group: Pattern, draws: list[dict[str, Fraction]], s_abs: IntArray, s_rel: IntArray
) -> Iterator[tuple[Scenario, IntArray]]:
    """Stage ranks of the group's areas under each other set of weights."""
    names: list[Scenario] = []
    variants: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Fraction]]] = []
    for place in group.live_abs:
        code = ruleset.order[place]
        variants.append((group.live_abs, group.live_rel, {code: _HALF}))
        variants.append((group.live_abs, group.live_rel, {code: _MORE}))
        names += [Scenario("WEIGHT", "0.5", code), Scenario("WEIGHT", "1.5", code)]
        rest = tuple(other for other in group.live_abs if other != place)
        if rest:  # without its only indicator an area has no index to compare
            gaps = tuple(other for other in group.gaps if other != place)
            variants.append((rest, rel_if_heavy(ruleset, rest, gaps), {}))
            names.append(Scenario("DROP", indicator=code))
    variants.extend((group.live_abs, group.live_rel, draw) for draw in draws)
    names.extend(Scenario("RANDOM", str(draw)) for draw in range(len(draws)))
    at_least = Comparison(ruleset, [v[0] for v in variants], [v[2] for v in variants], s_abs)
    gap_at_least = Comparison(ruleset, [v[1] for v in variants], [v[2] for v in variants], s_rel)
    caution = at_least(ruleset.caution_at) | gap_at_least(ruleset.caution_at)
    severe = at_least(ruleset.severe_at) | gap_at_least(ruleset.severe_at)
    stages = caution.astype(np.int64) + severe
    yield from zip(names, stages.T, strict=True)


class Comparison:
    """Whether the weighted mean of scores, rounded to one decimal, reaches a threshold: areas × weight sets."""

    def __init__(
        self,
        ruleset: RuleSet,
        lives: Sequence[tuple[int, ...]],
        multipliers: Sequence[Mapping[str, Fraction]],
        scores: IntArray,
    ) -> None:
        self.weights: list[dict[int, Fraction]] = []
        floored = np.zeros((scores.shape[1], len(lives)), dtype=np.int64)
        used = np.zeros_like(floored)
        for column, (live, factors) in enumerate(zip(lives, multipliers, strict=True)):
            codes = [ruleset.order[place] for place in live]
            weights = effective_weights(ruleset, codes, factors) if live else {}
            self.weights.append(dict(zip(live, weights.values(), strict=True)))
            for place, weight in self.weights[-1].items():
                floored[place, column] = (weight.numerator << _PRECISION) // weight.denominator
                used[place, column] = 1
        self.scores = scores
        self.low = scores @ floored
        self.high = self.low + scores @ used  # flooring lost less than one unit for each score point
        self.empty = np.array([not live for live in lives], dtype=bool)

    def __call__(self, threshold: Fraction) -> IntArray:
        """A mean rounds (half up, one decimal) to the threshold or more from 0.05 below it on."""
        needed = reach(threshold, 1) * 10 - 5  # in units of the scores, 0.01
        limit = needed << _PRECISION
        reached = self.low >= limit
        for row, column in np.argwhere(~reached & (self.high >= limit)).tolist():
            weights = self.weights[column]
            mean = sum((weight * int(self.scores[row, place]) for place, weight in weights.items()), Fraction(0))
            reached[row, column] = mean >= needed
        reached[:, self.empty] = False
        return reached
