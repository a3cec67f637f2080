"""The panel of a round: for each series a table of areas × the 40 months up to the reference month (method §3).

Winners of as_of go in; withdrawn rows, rows in an unknown unit and months outside the window do not take part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from crisis.rules.exact import SAFE, BoolArray, IntArray, peak, widen
from crisis.rules.months import WINDOW, first_month
from crisis.rules.readings import Reading, Readings, Reject
from crisis.rules.rollup import carry_up
from crisis.rules.ruleset import RuleSet
from crisis.rules.tree import AreaNode, Tree


@dataclass(frozen=True)
class Series:
    """One series over all areas: ``values[area, month] / 10**places`` where ``known``; rows follow the tree's order.

    ``own`` marks the areas that have a reading of their own in the window; the others are roll-ups of their members.
    """

    values: IntArray
    known: BoolArray
    prelim: BoolArray
    verified: BoolArray
    own: BoolArray
    places: int


class Panel:
    """What one round (or one shard of it) computes from. Build it with :func:`build_panel`."""

    def __init__(
        self, tree: Tree, ruleset: RuleSet, reference_month: int, series: dict[str, Series], rejects: tuple[Reject, ...]
    ) -> None:
        self.tree = tree
        self.ruleset = ruleset
        self.reference_month = reference_month
        self.series = series
        self.rejects = rejects
        self.kept: dict[str, Any] = {}  # tables derived from the series, computed once

    def summed(self, code: str) -> tuple[IntArray, BoolArray]:
        """Month by month values of a series, areas without own series as the sum of their members."""
        if f"sum {code}" not in self.kept:
            series = self.series[code]
            values, known = carry_up(self.tree, series.own, series.values, series.known.astype(np.int64))
            self.kept[f"sum {code}"] = (values, known > 0)
        values, present = self.kept[f"sum {code}"]
        return values, present

    @cached_property
    def size(self) -> tuple[IntArray, BoolArray, int]:
        """n of method §4.2: (integers, whether known, decimal places) of the exposure indicator.

        The larger of the newest value up to the reference month and the newest a year earlier: the size before the
        shock. Roll-ups add their members up first.
        """
        series = self.series[self.ruleset.exposure_indicator]
        now, now_known = self._newest(series, WINDOW)
        then, then_known = self._newest(series, WINDOW - 12)
        now, now_known, then, then_known = carry_up(self.tree, series.own, now, now_known, then, then_known)
        larger = np.where((now_known > 0) & ((then_known == 0) | (now > then)), now, then)
        present = np.asarray((now_known > 0) | (then_known > 0))
        return np.maximum(larger, 0), present, series.places

    def newest(self, code: str) -> tuple[IntArray, BoolArray, int]:
        """The newest value of a series up to the reference month: (integers, whether known, decimal places)."""
        series = self.series[code]
        values, known = carry_up(self.tree, series.own, *self._newest(series, WINDOW))
        return values, known > 0, series.places

    @staticmethod
    def _newest(series: Series, months: int) -> tuple[IntArray, IntArray]:
        known = series.known[:, :months]
        last = months - 1 - np.argmax(known[:, ::-1], axis=1)
        present = np.asarray(known.any(axis=1))
        values = series.values[np.arange(len(last)), last]
        return np.asarray(np.where(present, values, 0)), present.astype(np.int64)


def build_panel(
    tree: Tree | Iterable[AreaNode], ruleset: RuleSet, winners: Readings | Iterable[Reading], reference_month: int
) -> Panel:
    """The panel of one round from the rows that won as_of.

    ``winners`` must hold each (area, indicator, period) once (ValueError otherwise). Rows of areas outside the tree
    or of series the rule set does not read are passed over, so a shard may be handed more than its own rows.
    """
    tree = tree if isinstance(tree, Tree) else Tree(tree)
    rows = winners if isinstance(winners, Readings) else Readings.of(winners)
    start = first_month(reference_month)
    places_in_tree = np.array([tree.index.get(code, -1) for code in rows.areas] or [-1], dtype=np.int64)
    column = rows.period - start
    area = places_in_tree[rows.area]
    takes_part = (area >= 0) & (column >= 0) & (column < WINDOW) & ~rows.withdrawn
    rejects: list[Reject] = []
    series: dict[str, Series] = {}
    position = {code: place for place, code in enumerate(rows.indicators)}
    for code in ruleset.series_codes:
        mine = np.flatnonzero(takes_part & (rows.indicator == position.get(code, -2)))
        mantissa, places = _in_one_unit(rows, mine, code, ruleset, rejects)
        kept = places >= 0
        if not kept.all():
            mine, mantissa, places = mine[kept], mantissa[kept], places[kept]
        table = _Cells(len(tree), area[mine], column[mine])
        values, most = _on_one_scale(mantissa, places, len(tree))
        series[code] = table.series(values, most, rows.prelim[mine], rows.verified[mine])
    return Panel(tree, ruleset, reference_month, series, tuple(rejects))


def _in_one_unit(
    rows: Readings, mine: IntArray, code: str, ruleset: RuleSet, rejects: list[Reject]
) -> tuple[IntArray, IntArray]:
    """Values in the indicator's unit (method §3 Unit); decimal places -1 marks a row in an unknown unit."""
    mantissa, places = rows.mantissa[mine], rows.places[mine].copy()
    indicator = ruleset.indicators.get(code)
    if indicator is None or indicator.unit is None:
        return mantissa, places
    for number, unit in enumerate(rows.units):
        if unit == indicator.unit:
            continue
        hit = rows.unit[mine] == number
        if not hit.any():
            continue
        factor = indicator.unit_factors.get(unit)
        if factor is None:
            places[hit] = -1
            rejects.extend(
                Reject(rows.areas[rows.area[row]], code, int(rows.period[row]), unit, "UNIT_UNKNOWN")
                for row in mine[hit].tolist()
            )
            continue
        top, digits = _integer_and_places(factor)
        if peak(mantissa[hit]) * top >= SAFE:
            mantissa = widen(mantissa)
        mantissa = mantissa.copy()
        mantissa[hit] = mantissa[hit] * top
        places[hit] += digits
    return mantissa, places


def _integer_and_places(factor: Decimal) -> tuple[int, int]:
    digits = max(0, -int(factor.normalize().as_tuple().exponent))
    return int(factor.scaleb(digits)), digits


def _on_one_scale(mantissa: IntArray, places: IntArray, areas: int) -> tuple[IntArray, int]:
    """All values at the largest number of decimal places among them, wide enough to be summed exactly."""
    most = int(places.max()) if len(places) else 0
    lift = most - places
    if len(lift) and lift.any():
        if peak(mantissa) * 10 ** int(lift.max()) >= SAFE:
            mantissa = widen(mantissa)
        mantissa = mantissa * 10 ** lift.astype(mantissa.dtype)
    if peak(mantissa) * max(areas, 1) * WINDOW >= SAFE:
        mantissa = widen(mantissa)  # sums over members and months stay exact
    return mantissa, most


@dataclass(frozen=True)
class _Cells:
    """Where the rows of one series belong in its table."""

    areas: int
    row: IntArray
    column: IntArray

    def series(self, mantissa: IntArray, places: int, prelim: BoolArray, verified: BoolArray) -> Series:
        known = self._fill(np.ones(len(self.row), dtype=bool))
        if int(known.sum()) != len(self.row):
            raise ValueError("an (area, indicator, period) occurs twice: hand over the winners of as_of")
        own = np.asarray(known.any(axis=1))
        return Series(self._fill(mantissa), known, self._fill(prelim), self._fill(verified), own, places)

    def _fill(self, values: IntArray) -> IntArray:
        table = np.zeros((self.areas, WINDOW), dtype=values.dtype)
        table[self.row, self.column] = values
        return table
