"""The index: weights renormalised over what is available, CA, CR, RCI, contributions (method §4.6, §4.10, §5).

Areas in which the same indicators are available share their weights, so they are computed together. Scores are in
units of 0.01; CA, CR and RCI in 0.1; contributions in 0.01.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from crisis.rules.exact import SAFE, BoolArray, IntArray, half_up_array, show, widen
from crisis.rules.ruleset import RuleSet

ABS, REL = 0, 1
VIEWS = ("ABS", "REL")


def effective_weights(
    ruleset: RuleSet, live: Iterable[str], multipliers: Mapping[str, Fraction] | None = None
) -> dict[str, Fraction]:
    """Weights adding up to one over ``live``: renormalised inside each dimension, then across dimensions."""
    weight = {code: ruleset.indicators[code].weight * (multipliers or {}).get(code, Fraction(1)) for code in live}
    inside: dict[str, Fraction] = {}
    for code, share in weight.items():
        dimension = ruleset.indicators[code].dimension
        inside[dimension] = inside.get(dimension, Fraction(0)) + share
    total = sum((ruleset.dimensions[dimension] for dimension in inside), Fraction(0))
    return {
        code: share / inside[ruleset.indicators[code].dimension]
        * ruleset.dimensions[ruleset.indicators[code].dimension] / total
        for code, share in weight.items()
    }  # fmt: skip


def over_common_denominator(weights: Sequence[Fraction]) -> tuple[list[int], int]:
    """The weights as integers over one denominator."""
    common = lcm(*(weight.denominator for weight in weights)) if weights else 1
    return [int(weight * common) for weight in weights], common


@dataclass(frozen=True)
class Pattern:
    """Areas (row positions) in which the same indicators are available; the tuples hold column positions.

    ``gaps`` are the indicators that have a gap to the nation, ``live_rel`` those CR is made of: the same or none.
    """

    rows: IntArray
    live_abs: tuple[int, ...]
    live_rel: tuple[int, ...]
    gaps: tuple[int, ...]


def patterns(ruleset: RuleSet, available: BoolArray, with_gap: BoolArray) -> list[Pattern]:
    """The groups of areas by live indicators; a CR with too little nominal weight has none live (method §4.6)."""
    count = available.shape[1]
    bits = 1 << np.arange(count, dtype=np.int64)
    keys = (available @ bits) * (1 << count) + (available & with_gap) @ bits if count <= 31 else None
    if keys is None:  # more indicators than two bit fields of an int64 hold
        rows = np.hstack([available, available & with_gap])
        _, keys = np.unique(rows, axis=0, return_inverse=True)
    found: list[Pattern] = []
    for key in np.unique(keys).tolist():
        members = np.flatnonzero(keys == key)
        first = members[0]
        live_abs = tuple(np.flatnonzero(available[first]).tolist())
        gaps = tuple(np.flatnonzero(available[first] & with_gap[first]).tolist())
        found.append(Pattern(members, live_abs, rel_if_heavy(ruleset, live_abs, gaps), gaps))
    return found


def rel_if_heavy(ruleset: RuleSet, live_abs: tuple[int, ...], gaps: tuple[int, ...]) -> tuple[int, ...]:
    """``gaps``, or nothing when their nominal weight is under ``rel_min_share`` of that of ``live_abs``."""
    nominal = ruleset.nominal_weights
    heavy = sum((nominal[ruleset.order[place]] for place in gaps), Fraction(0))
    needed = ruleset.rel_min_share * sum((nominal[ruleset.order[place]] for place in live_abs), Fraction(0))
    return gaps if gaps and heavy >= needed else ()


@dataclass(frozen=True)
class Index:
    """CA, CR, RCI and the chosen view for every area; ``live`` says whether there is an index at all."""

    live: BoolArray
    ca: IntArray
    cr: IntArray
    cr_known: BoolArray
    rci: IntArray
    view: IntArray


def build_index(ruleset: RuleSet, groups: Sequence[Pattern], s_abs: IntArray, s_rel: IntArray) -> Index:
    """The index of every area from its scores."""
    count = len(s_abs)
    ca, cr = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    live, cr_known = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    for group in groups:
        if group.live_abs:
            live[group.rows] = True
            ca[group.rows] = weighted_mean(ruleset, group.live_abs, s_abs[group.rows])
        if group.live_rel:
            cr_known[group.rows] = True
            cr[group.rows] = weighted_mean(ruleset, group.live_rel, s_rel[group.rows])
    relative = cr_known & (cr > ca)
    return Index(live, ca, cr, cr_known, np.where(relative, cr, ca), relative.astype(np.int64))


def weighted_mean(ruleset: RuleSet, live: tuple[int, ...], scores: IntArray) -> IntArray:
    """Σ w·s over the live columns, in units of 0.1."""
    products, common = weighted(ruleset, live, scores)
    return half_up_array(products.sum(axis=1), common * 10)


def weighted(ruleset: RuleSet, live: tuple[int, ...], scores: IntArray) -> tuple[IntArray, int]:
    """(w·s for each live column as integers, their common denominator)."""
    codes = [ruleset.order[place] for place in live]
    weights = effective_weights(ruleset, codes)
    numerators, common = over_common_denominator([weights[code] for code in codes])
    mine = scores[:, live]
    if common * 20_000 >= SAFE:
        return widen(mine) * np.array(numerators, dtype=object), common
    return mine * np.array(numerators, dtype=np.int64), common


def contributions(
    ruleset: RuleSet, groups: Sequence[Pattern], index: Index, s_abs: IntArray, s_rel: IntArray
) -> tuple[IntArray, BoolArray]:
    """(contribution of each indicator, which indicators have one); a row adds up to RCI exactly (method §4.10).

    What rounding leaves over goes to the largest contribution, the first in the rule set's order among equals.
    """
    parts = np.zeros(s_abs.shape, dtype=np.int64)
    has = np.zeros(s_abs.shape, dtype=bool)
    for group in groups:
        for view, live, scores in ((ABS, group.live_abs, s_abs), (REL, group.live_rel, s_rel)):
            rows = group.rows[index.view[group.rows] == view]
            if not live or not len(rows):
                continue
            products, common = weighted(ruleset, live, scores[rows])
            shares = half_up_array(products, common)
            largest = np.argmax(shares, axis=1)
            shares[np.arange(len(rows)), largest] += index.rci[rows] * 10 - shares.sum(axis=1)
            parts[np.ix_(rows, live)] = shares
            has[np.ix_(rows, live)] = True
    return parts, has


def weight_texts(ruleset: RuleSet, live: tuple[int, ...]) -> dict[str, str]:
    """The weights actually used, four decimals, by indicator."""
    weights = effective_weights(ruleset, [ruleset.order[place] for place in live])
    numerators = np.array([weight.numerator for weight in weights.values()], dtype=object)
    denominators = np.array([weight.denominator for weight in weights.values()], dtype=object)
    shown = half_up_array(numerators, denominators, 10_000).tolist()
    return {code: show(value, 4) for code, value in zip(weights, shown, strict=True)}
