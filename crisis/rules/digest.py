"""Digests that let anyone check that a round is reproduced byte for byte (method §10).

An area's input digest depends on its winning readings alone and a run's on those of its areas, so neither depends on
how the round was cut into shards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from crisis.rules.exact import show
from crisis.rules.months import WINDOW, first_month, month_text
from crisis.rules.readings import Readings
from crisis.rules.ruleset import canonical_json


def digest(public: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a record's canonical JSON: sorted keys, no spaces, characters as they are."""
    return hashlib.sha256(canonical_json(public).encode()).hexdigest()


def area_input_digests(winners: Readings, reference_month: int) -> dict[str, str]:
    """Area → SHA-256 over its winning readings of the round's 40 months, one line each in canonical order.

    A line is ``indicator|month|value|unit|flags``; the value has no trailing zeros, X stands for withdrawn, flags are
    P (preliminary) and V (verified). Areas without readings are left out.
    """
    return {area: hashlib.sha256(lines).hexdigest() for area, lines in _by_area(winners, reference_month)}


def area_input_lines(winners: Readings, reference_month: int) -> dict[str, list[str]]:
    """Area → the lines its input digest is made of, so that a reader of a dossier can make it again."""
    return {area: lines.decode().splitlines() for area, lines in _by_area(winners, reference_month)}


def lines_digest(lines: Iterable[str]) -> str:
    """The input digest of an area from its lines."""
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _by_area(winners: Readings, reference_month: int) -> Iterator[tuple[str, bytes]]:
    start = first_month(reference_month)
    rows = winners.take((winners.period >= start) & (winners.period < start + WINDOW))
    if not len(rows):
        return
    indicator_rank = np.argsort(np.argsort(np.array(rows.indicators, dtype=object)))
    rows = rows.take(np.lexsort((rows.period, indicator_rank[rows.indicator], rows.area)))
    months = {month: month_text(month) for month in range(start, start + WINDOW)}
    units = (*rows.units, "")  # position -1 is the indicator's own unit
    bounds = np.flatnonzero(np.diff(rows.area, prepend=-1, append=-1)).tolist()
    for first, last in pairwise(bounds):
        yield rows.areas[rows.area[first]], _lines(rows, slice(first, last), months, units)


def _lines(rows: Readings, part: slice, months: Mapping[int, str], units: tuple[str, ...]) -> bytes:
    columns = (rows.indicator, rows.period, rows.mantissa, rows.places, rows.withdrawn, rows.unit, rows.prelim)
    cells = zip(*(column[part].tolist() for column in (*columns, rows.verified)), strict=True)
    return "".join(
        f"{rows.indicators[indicator]}|{months[period]}|{'X' if gone else _value(number, places)}"
        f"|{units[unit]}|{'P' if prelim else ''}{'V' if verified else ''}\n"
        for indicator, period, number, places, gone, unit, prelim, verified in cells
    ).encode()


def combined_digest(by_area: Mapping[str, str] | Iterable[tuple[str, str]]) -> str:
    """One SHA-256 over (area, digest) pairs in area order: a run's input or output digest from those of its areas."""
    pairs = sorted(dict(by_area).items())
    return hashlib.sha256("".join(f"{area}|{value}\n" for area, value in pairs).encode()).hexdigest()


def input_digest(winners: Readings, reference_month: int) -> str:
    """The input digest of a whole run in one step."""
    return combined_digest(area_input_digests(winners, reference_month))


def _value(number: int, places: int) -> str:
    text = show(number, places)
    return text.rstrip("0").rstrip(".") if places else text
