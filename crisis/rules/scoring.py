"""From changes to scores: evaluation month, credibility, momentum, gap to the nation, score (method §4.1-§4.5, §5).

All figures are arrays over the areas of a tree. Changes, pressures and gaps are in units of 0.0001, scores in 0.01.
Each step rounds half away from zero to these places before the next one uses it (method §4.9).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from crisis.rules.changes import BASE_NONPOSITIVE, HALF_YEAR, KNOWN
from crisis.rules.exact import BoolArray, IntArray, combine, half_up_array, narrow
from crisis.rules.measures import Measures, NationalReference, ancestor_changes, reference_changes
from crisis.rules.ruleset import Indicator, RuleSet

OK, MISSING, SUSPECT = 0, 1, 2
FLAGS = ("NO_EXPOSURE", "NO_MOMENTUM", "NO_PARENT", "PARTIAL_WINDOW", "PROVISIONAL", "STALE")  # bit 0, bit 1, …
FULL_SCORE = 10_000
UNIT = 10_000  # units of c in one percent


@dataclass(frozen=True)
class Picked:
    """What one indicator shows at its evaluation month t, area by area, before credibility and momentum.

    ``column`` counts from the oldest month of the changes; ``prev6`` is c(t-6), ``above`` the nearest ancestor's c,
    ``nation`` the reference area's; each with its own "known" mask. ``trusted`` marks areas with B=1 by rule.
    """

    indicator: Indicator
    status: IntArray
    base_nonpositive: BoolArray
    column: IntArray
    c: IntArray
    prev6: IntArray
    prev6_known: BoolArray
    above: IntArray
    above_prev6: IntArray
    above_prev6_known: BoolArray
    nation: IntArray
    nation_known: BoolArray
    nation_prev6: IntArray
    nation_prev6_known: BoolArray
    size: IntArray
    size_known: BoolArray
    size_places: int
    trusted: BoolArray
    members: IntArray
    flags: IntArray


@dataclass(frozen=True)
class Pressure:
    """c̃, a and d of one indicator: B is ``b_top / b_bottom``."""

    b_top: IntArray
    b_bottom: IntArray
    shrunk: IntArray
    shrunk_prev6: IntArray
    shrunk_prev6_known: BoolArray
    a: IntArray
    d: IntArray
    d_known: BoolArray


def pick(
    measures: Measures, ruleset: RuleSet, indicator: Indicator, outside: NationalReference, reference_month: int
) -> Picked:
    """The evaluation month of each area (newest computable, not older than max_stale) and what is known there."""
    change = measures.changes[indicator.code]
    rows = np.arange(len(measures.tree))
    reach = indicator.max_stale + 1
    usable = change.state[:, -reach:] == KNOWN
    back = np.argmax(usable[:, ::-1], axis=1)  # months before the reference month
    found = usable.any(axis=1)
    column = change.width - 1 - back
    c = np.where(found, change.c[rows, column], 0)
    above, above_known = ancestor_changes(measures, indicator.code, outside, reference_month)
    nation, nation_known = reference_changes(measures, indicator.code, ruleset.reference_area, outside, reference_month)
    is_reference = np.array([code == ruleset.reference_area for code in measures.tree.codes], dtype=bool)
    orphan = ~above_known[rows, column]
    free = indicator.credibility_k == 0
    beyond = np.zeros(len(rows), dtype=bool)
    if not indicator.is_rate:
        beyond = found & (np.abs(c) > int(indicator.suspect_abs_change * UNIT)) & ~change.verified[rows, column]
    earlier = column - HALF_YEAR
    flags = _flag("STALE", back > indicator.publication_lag)
    flags |= _flag("PARTIAL_WINDOW", change.partial[rows, column])
    flags |= _flag("PROVISIONAL", change.prelim[rows, column])
    flags |= _flag("NO_PARENT", orphan & ~is_reference & (not free))
    flags |= _flag("NO_EXPOSURE", ~orphan & ~measures.size_known & ~is_reference & (not free))
    return Picked(
        indicator=indicator,
        status=np.where(found, np.where(beyond, SUSPECT, OK), MISSING),
        base_nonpositive=(change.state[:, -reach:] == BASE_NONPOSITIVE).any(axis=1),
        column=column,
        c=c,
        prev6=change.c[rows, earlier],
        prev6_known=found & (change.state[rows, earlier] == KNOWN),
        above=above[rows, column],
        above_prev6=above[rows, earlier],
        above_prev6_known=above_known[rows, earlier],
        nation=nation[column],
        nation_known=nation_known[column] & ~is_reference,
        nation_prev6=nation[earlier],
        nation_prev6_known=nation_known[earlier],
        size=measures.size,
        size_known=measures.size_known,
        size_places=measures.size_places,
        trusted=orphan | is_reference | free,
        members=change.members[rows, column],
        flags=flags,
    )


def press(picked: Picked, momentum: Fraction, k_factor: Fraction = Fraction(1)) -> Pressure:
    """Credibility-weighted change, pressure and gap (method §4.2-§4.4) for one momentum λ and scale of k."""
    k = picked.indicator.credibility_k * k_factor
    n_part, k_part = k.denominator, k.numerator * 10**picked.size_places
    shared = gcd(n_part, k_part) or 1
    n_part, k_part = n_part // shared, k_part // shared
    n = combine((n_part, picked.size))
    one = np.ones_like(picked.status)
    b_top = np.where(picked.trusted, 1, np.where(picked.size_known, n, 1))
    rest = np.where(picked.trusted, 0, np.where(picked.size_known, k_part * one.astype(object), 1))
    rest = narrow(rest)
    b_bottom = combine((1, b_top), (1, rest))
    shrunk = half_up_array(combine((b_top, picked.c), (rest, picked.above)), b_bottom)
    shrunk_prev6 = half_up_array(combine((b_top, picked.prev6), (rest, picked.above_prev6)), b_bottom)
    known6 = picked.prev6_known & (picked.trusted | picked.above_prev6_known)
    a = np.where(known6, _with_momentum(shrunk, shrunk_prev6, momentum), shrunk)
    nation = _with_momentum(picked.nation, picked.nation_prev6, momentum)
    both = known6 & picked.nation_prev6_known
    d = np.where(both, combine((1, a), (-1, nation)), combine((1, shrunk), (-1, picked.nation)))
    return Pressure(
        b_top, b_bottom, narrow(shrunk), narrow(shrunk_prev6), known6, narrow(a), narrow(d), picked.nation_known
    )


def _with_momentum(now: IntArray, earlier: IntArray, momentum: Fraction) -> IntArray:
    p, q = momentum.numerator, momentum.denominator
    return half_up_array(combine((q + p, now), (-p, earlier)), q)


def score(values: IntArray, anchors: tuple[Fraction, Fraction, Fraction], stretch: Fraction = Fraction(1)) -> IntArray:
    """Scores 0.00-100.00 in units of 0.01 (method §4.5). ``stretch`` scales the anchors' distance from L0."""
    low = anchors[0]
    middle, high = (low + stretch * (anchor - low) for anchor in anchors[1:])
    grid = lcm(low.denominator, middle.denominator, high.denominator, UNIT)
    at_low, at_middle, at_high = (int(anchor * grid) for anchor in (low, middle, high))
    # Clipping on the coarse grid first keeps the product small: outside the anchors the score is constant.
    floor, ceiling = at_low // (grid // UNIT) - 1, at_high // (grid // UNIT) + 1
    clipped = narrow(np.minimum(np.maximum(values, floor), ceiling))
    v = np.minimum(np.maximum(combine((grid // UNIT, clipped)), at_low), at_high)
    half = FULL_SCORE // 2
    lower = half_up_array(v - at_low, at_middle - at_low, half)
    upper = half + half_up_array(v - at_middle, at_high - at_middle, half)
    return np.where(v < at_middle, lower, upper)


def momentum_flag(pressure: Pressure) -> IntArray:
    """The NO_MOMENTUM bit where c̃(t-6) is unknown (method §4.3)."""
    return _flag("NO_MOMENTUM", ~pressure.shrunk_prev6_known)


def flag_names(bits: int) -> list[str]:
    """The names of the raised flags, in alphabetical order."""
    return [name for place, name in enumerate(FLAGS) if bits >> place & 1]


def _flag(name: str, raised: BoolArray) -> IntArray:
    return raised.astype(np.int64) << FLAGS.index(name)


def score_all(
    picked: Mapping[str, Picked], momentum: Fraction, k_factor: Fraction = Fraction(1), stretch: Fraction = Fraction(1)
) -> tuple[dict[str, Pressure], IntArray, IntArray]:
    """Pressures, and the scores sA and sR as (areas × indicators) tables in the mapping's order."""
    pressures = {code: press(one, momentum, k_factor) for code, one in picked.items()}
    s_abs = [score(pressures[code].a, one.indicator.anchors_abs, stretch) for code, one in picked.items()]
    s_rel = [score(pressures[code].d, one.indicator.anchors_rel, stretch) for code, one in picked.items()]
    return pressures, np.column_stack(s_abs).astype(np.int64), np.column_stack(s_rel).astype(np.int64)
