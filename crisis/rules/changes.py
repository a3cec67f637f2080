"""Changes on a year earlier over matched months, for every area and recent month at once (method §4.1).

c is an integer in units of 0.0001 (percent for LEVEL, percentage points for RATE); positive is always worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm

import numpy as np

from crisis.rules.exact import SAFE, BoolArray, IntArray, half_up_array, narrow, peak, widen
from crisis.rules.months import WINDOW
from crisis.rules.panel import Panel, Series
from crisis.rules.rollup import carry_up
from crisis.rules.ruleset import Indicator

YEAR = 12
HALF_YEAR = 6
UNKNOWN, KNOWN, BASE_NONPOSITIVE = 0, 1, 2


@dataclass(frozen=True)
class Changes:
    """c of one indicator: rows are areas, columns the last ``width`` months up to the reference month.

    ``state`` is UNKNOWN, KNOWN or BASE_NONPOSITIVE. ``members`` counts the series in the sums (1 for an own series).
    The flags hold when at least half of the members carry them; ``verified`` when an officer has confirmed every
    member whose own change passes the suspect limit, and there is one.
    """

    c: IntArray
    state: IntArray
    members: IntArray
    partial: BoolArray
    prelim: BoolArray
    verified: BoolArray

    @property
    def width(self) -> int:
        return int(self.c.shape[1])


def compute_changes(panel: Panel, indicator: Indicator) -> Changes:
    """c(t) of one indicator for every area of the panel and every month an evaluation can look at."""
    series = panel.series[indicator.code]
    width = indicator.max_stale + HALF_YEAR + 1
    matched, months = _matched(series, indicator, width)
    if indicator.is_rate:
        own_top, own_bottom, top, bottom, scale = _rate_parts(panel, indicator, months, matched)
        if peak(top) * max(len(panel.tree), 1) >= SAFE:
            top, bottom = widen(top), widen(bottom)
    else:
        now = _window_sum(series.values, months, indicator.window, width, 0)
        base = _window_sum(series.values, months, indicator.window, width, YEAR)
        own_top, own_bottom = np.where(matched, now - base, 0), np.where(matched, base, 0)
        top, bottom, scale = own_top, own_bottom, 1
    factor = indicator.direction * (10_000 if indicator.is_rate else 1_000_000)
    beyond, confirmed = _suspects(series, indicator, matched, own_top, own_bottom)
    partial = matched & (_count(months, indicator.window, width) < indicator.window)
    prelim = matched & series.prelim[:, -width:]
    counting = matched & (bottom > 0) if indicator.is_rate else matched  # a member without weight is in neither sum
    alone = (own_top, own_bottom, matched, partial, prelim, beyond, confirmed)
    together = (top, bottom, *(mask & counting for mask in alone[2:]))
    carried = carry_up(panel.tree, series.own, *(table * 1 for table in together))  # masks become counts
    top, bottom, members, partial, prelim, beyond, confirmed = (
        np.where(series.own[:, None], one, summed) for one, summed in zip(alone, carried, strict=True)
    )
    state = np.where(members == 0, UNKNOWN, np.where(bottom > 0, KNOWN, BASE_NONPOSITIVE))
    known = state == KNOWN
    if peak(bottom) * scale >= SAFE:
        bottom = widen(bottom)
    c = half_up_array(np.where(known, top, 0), np.where(known, bottom, 1) * scale, factor)
    some = members > 0
    return Changes(
        c=narrow(c),
        state=state,
        members=members,
        partial=some & (2 * partial >= members),
        prelim=some & (2 * prelim >= members),
        verified=(beyond == confirmed) & (confirmed > 0),
    )


def _matched(series: Series, indicator: Indicator, width: int) -> tuple[BoolArray, BoolArray]:
    """(matched windows, matched months): a window needs its own month and ceil(2K/3) months known in both years."""
    months = np.zeros_like(series.known)
    months[:, YEAR:] = series.known[:, YEAR:] & series.known[:, :-YEAR]
    enough = _count(months, indicator.window, width) >= indicator.needed_months
    return months[:, -width:] & enough, months


def _count(months: BoolArray, window: int, width: int) -> IntArray:
    return sum(months[:, _columns(width, back)].astype(np.int64) for back in range(window))  # type: ignore[return-value]


def _columns(width: int, back: int) -> slice:
    """The columns of the last ``width`` months, shifted ``back`` months into the past."""
    return slice(WINDOW - width - back, WINDOW - back)


def _window_sum(values: IntArray, months: BoolArray, window: int, width: int, lag: int) -> IntArray:
    """Sum over the matched months m of each window of x(m - lag)."""
    total = np.zeros((len(values), width), dtype=values.dtype)
    for back in range(window):
        total += np.where(months[:, _columns(width, back)], values[:, _columns(width, back + lag)], 0)
    return total


def _rate_parts(
    panel: Panel, indicator: Indicator, months: BoolArray, matched: BoolArray
) -> tuple[IntArray, IntArray, IntArray, IntArray, int]:
    """Numerators and denominators of a mean difference, alone and weighted by exposure.

    With L the common multiple of 1..K every mean is an integer over L: own = (L·mean difference, 1); as a member it
    counts with (L·mean exposure · L·mean difference, L·mean exposure); c = top / (bottom · L · 10^places).
    """
    series, width = panel.series[indicator.code], matched.shape[1]
    common = lcm(*range(1, indicator.window + 1))
    count = np.maximum(_count(months, indicator.window, width), 1)
    difference = _window_sum(series.values, months, indicator.window, width, 0) - _window_sum(
        series.values, months, indicator.window, width, YEAR
    )
    if peak(difference) * common >= SAFE:
        difference = widen(difference)
    own_top = np.where(matched, difference * (common // count), 0)
    own_bottom = matched.astype(np.int64)
    scale = common * 10**series.places
    if indicator.rate_weight is None:
        return own_top, own_bottom, own_top, own_bottom, scale
    exposure, exposure_known = panel.summed(indicator.rate_weight)
    base_known = np.zeros_like(months)
    base_known[:, YEAR:] = months[:, YEAR:] & exposure_known[:, :-YEAR]
    weighing = np.maximum(_count(base_known, indicator.window, width), 1)
    weight = _window_sum(exposure, base_known, indicator.window, width, YEAR)
    if peak(weight) * common >= SAFE:
        weight = widen(weight)
    weight = np.where(matched, np.maximum(weight * (common // weighing), 0), 0)
    if peak(weight) * peak(own_top) >= SAFE or peak(weight) * max(len(weight), 1) >= SAFE:
        weight = widen(weight)
    return own_top, own_bottom, own_top * weight, weight, scale


def _suspects(
    series: Series, indicator: Indicator, matched: BoolArray, top: IntArray, bottom: IntArray
) -> tuple[BoolArray, BoolArray]:
    """Per own series: whether its change passes the suspect limit, and whether its newest month is verified too."""
    if indicator.is_rate:
        none = np.zeros(matched.shape, dtype=bool)
        return none, none
    limit = indicator.suspect_abs_change / 100
    bound = max(peak(top) * limit.denominator, peak(bottom) * limit.numerator)
    if bound >= SAFE:
        top, bottom = widen(top), widen(bottom)
    beyond = matched & (bottom > 0) & (np.abs(top) * limit.denominator > bottom * limit.numerator)
    return beyond, beyond & series.verified[:, -matched.shape[1] :]
