"""Readings as they were known at a moment: append-only rows, the newest of each month wins (method §3).

A reading is never changed; a correction is a newer row, a withdrawal is a newer row without value. Rounds read tens of
thousands to millions of rows, so the working form is columns (:class:`Readings`); :class:`Reading` is one row of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Self

import numpy as np
import numpy.typing as npt

from crisis.rules.exact import BoolArray, IntArray, integer_array, mantissas
from crisis.rules.months import instant

PRELIM, FINAL = "PRELIM", "FINAL"
WITHDRAWN = "X"


@dataclass(frozen=True)
class Reading:
    """One row. ``period`` is a month index (year*12+month-1); ``value`` None means withdrawn or suppressed.

    ``unit`` None stands for the indicator's own unit. ``known_at`` is any moment :func:`months.instant` reads.
    """

    area: str
    indicator: str
    period: int
    value: Decimal | int | None
    unit: str | None = None
    status: str = FINAL
    verified: bool = False
    known_at: str | date | datetime | None = None
    seq: int = 0


@dataclass(frozen=True)
class Reject:
    """A reading left out, and why (UNIT_UNKNOWN)."""

    area: str
    indicator: str
    period: int
    unit: str | None
    reason: str


@dataclass(frozen=True)
class Readings:
    """Readings in columns, one entry a row; text columns are positions in ``areas``, ``indicators``, ``units``.

    ``mantissa[i] / 10**places[i]`` is the value; rows with ``withdrawn`` have none. ``unit`` -1 is the indicator's own
    unit. ``known`` is microseconds since 1970 UTC; it and ``seq`` matter only to :meth:`as_of`.
    """

    areas: tuple[str, ...]
    indicators: tuple[str, ...]
    units: tuple[str, ...]
    area: IntArray
    indicator: IntArray
    period: IntArray
    mantissa: IntArray
    places: IntArray
    withdrawn: BoolArray
    prelim: BoolArray
    verified: BoolArray
    unit: IntArray
    known: IntArray
    seq: IntArray

    @classmethod
    def from_columns(
        cls,
        areas: Sequence[str],
        indicators: Sequence[str],
        periods: Sequence[int] | IntArray,
        values: Sequence[Decimal | int | None] | None = None,
        *,
        scaled: tuple[IntArray, IntArray | int] | None = None,
        prelim: Sequence[bool] | BoolArray | None = None,
        verified: Sequence[bool] | BoolArray | None = None,
        units: Sequence[str | None] | None = None,
        known: Sequence[int] | IntArray | None = None,
        seq: Sequence[int] | IntArray | None = None,
        withdrawn: Sequence[bool] | BoolArray | None = None,
    ) -> Self:
        """Columns as they come from a query. Values either as Decimals, or ``scaled=(integers, decimal places)``.

        ``scaled`` is the fast road: select ``(value * 10^6)::bigint`` and pass ``(array, 6)`` with ``withdrawn``.
        """
        count = len(periods)
        if scaled is None:
            numbers, decimals = mantissas(values or ())
            mantissa, places = integer_array(numbers), np.array(decimals, dtype=np.int64)
            if withdrawn is None:
                withdrawn = np.fromiter((value is None for value in values or ()), dtype=bool, count=count)
        else:
            mantissa, places = scaled[0], np.broadcast_to(np.asarray(scaled[1], dtype=np.int64), (count,))
        area_names, area = _positions(areas)
        indicator_names, indicator = _positions(indicators)
        unit_names, unit = _positions(units) if units is not None else ((), np.full(count, -1))
        return cls(
            areas=area_names,
            indicators=indicator_names,
            units=unit_names,
            area=area,
            indicator=indicator,
            period=np.asarray(periods, dtype=np.int64),
            mantissa=mantissa,
            places=places,
            withdrawn=_column(withdrawn, count, bool),
            prelim=_column(prelim, count, bool),
            verified=_column(verified, count, bool),
            unit=unit,
            known=_column(known, count, np.int64),
            seq=_column(seq, count, np.int64),
        )

    @classmethod
    def of(cls, rows: Iterable[Reading]) -> Self:
        """The columns of single rows."""
        rows = list(rows)
        return cls.from_columns(
            [row.area for row in rows],
            [row.indicator for row in rows],
            [row.period for row in rows],
            [row.value for row in rows],
            prelim=[row.status == PRELIM for row in rows],
            verified=[row.verified for row in rows],
            units=[row.unit for row in rows],
            known=[0 if row.known_at is None else microseconds(row.known_at) for row in rows],
            seq=[row.seq for row in rows],
        )

    def __len__(self) -> int:
        return len(self.period)

    def take(self, rows: npt.NDArray[np.intp] | BoolArray) -> Self:
        """Only these rows (positions or a mask)."""
        columns = {
            field.name: getattr(self, field.name)[rows]
            for field in fields(self)
            if field.name not in {"areas", "indicators", "units"}
        }
        return replace(self, **columns)

    def as_of(self, cutoff: str | date | datetime) -> Self:
        """Per (area, indicator, period) the row with the largest (known_at, seq) not after the cutoff (method §3).

        Withdrawn rows that win stay in, marked ``withdrawn``: the month is then absent.
        """
        visible = np.flatnonzero(self.known <= microseconds(cutoff))
        key = self._key()[visible]
        order = np.lexsort((self.seq[visible], self.known[visible], key))
        ordered = key[order]
        last = np.ones(len(ordered), dtype=bool)
        last[:-1] = ordered[1:] != ordered[:-1]
        return self.take(visible[order[last]])

    def duplicates(self) -> int:
        """How many rows repeat the (area, indicator, period) of another one; winners have none."""
        return len(self) - len(np.unique(self._key()))

    def _key(self) -> IntArray:
        period = self.period - (self.period.min() if len(self) else 0)
        span = int(period.max()) + 1 if len(self) else 1
        return np.asarray((self.area * len(self.indicators) + self.indicator) * span + period)

    def __iter__(self) -> Iterator[Reading]:
        """The rows one by one, for reports and tests."""
        for row in range(len(self)):
            unit = int(self.unit[row])
            value = Decimal(int(self.mantissa[row])).scaleb(-int(self.places[row]))
            yield Reading(
                area=self.areas[self.area[row]],
                indicator=self.indicators[self.indicator[row]],
                period=int(self.period[row]),
                value=None if self.withdrawn[row] else value,
                unit=None if unit < 0 else self.units[unit],
                status=PRELIM if self.prelim[row] else FINAL,
                verified=bool(self.verified[row]),
                seq=int(self.seq[row]),
            )


def as_of(rows: Iterable[Reading], cutoff: str | date | datetime) -> list[Reading]:
    """The winning rows at the cutoff, withdrawn ones included, in (area, indicator, period) order."""
    rows = list(rows)
    winners: dict[tuple[str, str, int], tuple[tuple[int, int], Reading]] = {}
    limit = microseconds(cutoff)
    for row in rows:
        rank = (0 if row.known_at is None else microseconds(row.known_at), row.seq)
        key = (row.area, row.indicator, row.period)
        if rank[0] <= limit and (key not in winners or rank >= winners[key][0]):
            winners[key] = (rank, row)
    return [winners[key][1] for key in sorted(winners)]


def microseconds(moment: str | date | datetime) -> int:
    """Whole microseconds since 1970-01-01 UTC."""
    difference = instant(moment) - _EPOCH
    return (difference.days * 86_400 + difference.seconds) * 1_000_000 + difference.microseconds


_EPOCH = instant("1970-01-01T00:00:00+00:00")


def _positions(names: Sequence[str | None]) -> tuple[tuple[str, ...], IntArray]:
    places: dict[str | None, int] = {None: -1}
    known = places.setdefault
    column = np.fromiter((known(name, len(places) - 1) for name in names), dtype=np.int64, count=len(names))
    return tuple(name for name in places if name is not None), column


def _column(values: Sequence[int] | IntArray | None, count: int, kind: type) -> IntArray:
    return np.zeros(count, dtype=kind) if values is None else np.asarray(values, dtype=kind)
