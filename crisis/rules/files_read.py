"""The rows of the areas, rounds and observations files, each cell checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from crisis.rules.exact import integer_array
from crisis.rules.months import instant, month_index
from crisis.rules.readings import FINAL, PRELIM, WITHDRAWN, Readings, microseconds
from crisis.rules.ruleset import RuleSet
from crisis.rules.tables import Faults, Table
from crisis.rules.tree import AreaNode, Tree

AREA_COLUMNS = ("area", "parent", "level")
ROUND_COLUMNS = ("round", "reference_month", "cutoff")
OBSERVATION_COLUMNS = ("area", "indicator", "period", "value", "known_at", "status")
OPTIONAL_COLUMNS = ("unit", "seq", "verified", "batch")

_NUMBER = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,12})?")
_SEQUENCE = re.compile(r"[0-9]{1,18}")
_YES = {"true", "1", "y", "yes", "예"}
_NO = {"", "false", "0", "n", "no", "아니요"}

_MONTH_HELP = "달이 아닙니다. 2026-05 또는 2026Q2처럼 적으십시오."
_MOMENT_HELP = "날짜가 아닙니다. 2026-07-10 또는 2026-07-10T09:00:00+09:00처럼 적으십시오."


@dataclass(frozen=True)
class RoundPlan:
    """One line of the rounds file."""

    code: str
    reference_month: int
    cutoff: datetime


class _Cells:
    """Parses repeated cells once: a file holds few distinct months and moments."""

    def __init__(self, table: Table, faults: Faults) -> None:
        self.table, self.faults = table, faults
        self.kept: dict[tuple[str, str], int] = {}

    def parse(self, line: int, column: str, text: str, reader: Callable[[str], int], complaint: str) -> int:
        """The parsed cell; a fault and 0 when it cannot be parsed."""
        key = (column, text)
        if key in self.kept:
            return self.kept[key]
        try:
            self.kept[key] = reader(text)
        except (ValueError, OverflowError):
            shown = f"'{text}'은(는) " if text else "비어 있습니다. "
            self.faults.add(self.table.path, line, column, shown + complaint)
            return 0
        return self.kept[key]


def read_areas(path: Path, faults: Faults) -> Tree | None:
    """The tree of the areas file; None, with faults, when the rows do not form one."""
    table = Table(path, AREA_COLUMNS, (), faults)
    before = faults.total
    lines: dict[str, int] = {}
    nodes: dict[str, AreaNode] = {}
    for line, (code, parent, level) in table.rows():
        if not code:
            faults.add(path, line, "area", "지역 부호가 비어 있습니다.")
        elif code in nodes:
            faults.add(path, line, "area", f"'{code}'은(는) {lines[code]}행에 이미 있습니다. 하나만 남기십시오.")
        else:
            lines[code], nodes[code] = line, AreaNode(code, parent or None, level)
        if not level:
            faults.add(path, line, "level", "지역 단계가 비어 있습니다. NATION, SIDO, SIGUNGU, CLUSTER처럼 적으십시오.")
    for code, node in nodes.items():
        if node.parent is not None and node.parent not in nodes:
            faults.add(path, lines[code], "parent", f"상위 지역 '{node.parent}'이(가) 이 파일에 없습니다.")
    for code in _in_circles(nodes):
        faults.add(path, lines[code], "parent", f"'{code}'의 상위 지역을 따라가면 자기 자신에 이릅니다. 고치십시오.")
    return Tree(nodes.values()) if table.usable and faults.total == before else None


def _in_circles(nodes: dict[str, AreaNode]) -> list[str]:
    """The areas that lie on a circle of parents."""
    state: dict[str, int] = {}  # 1 while on the path being walked, 2 when done
    circles: list[str] = []
    for start in nodes:
        path: list[str] = []
        code: str | None = start
        while code is not None and code in nodes and code not in state:
            state[code] = 1
            path.append(code)
            code = nodes[code].parent
        if code is not None and state.get(code) == 1:
            circles.extend(path[path.index(code) :])
        state.update(dict.fromkeys(path, 2))
    return circles


def read_rounds(path: Path, faults: Faults) -> list[RoundPlan] | None:
    """The rounds in the order of the file, which must be the order of time."""
    table = Table(path, ROUND_COLUMNS, (), faults)
    before = faults.total
    cells = _Cells(table, faults)
    plans: list[RoundPlan] = []
    lines: dict[str, int] = {}
    for line, (code, month_cell, cutoff) in table.rows():
        if not code:
            faults.add(path, line, "round", "회차 이름이 비어 있습니다.")
        elif code in lines:
            faults.add(path, line, "round", f"회차 '{code}'은(는) {lines[code]}행에 이미 있습니다.")
        lines.setdefault(code, line)
        month = cells.parse(line, "reference_month", month_cell, month_index, _MONTH_HELP)
        cells.parse(line, "cutoff", cutoff, microseconds, _MOMENT_HELP)
        if plans and month and month <= plans[-1].reference_month:
            faults.add(path, line, "reference_month", "앞 회차보다 나중이어야 합니다. 회차를 시간 순서로 적으십시오.")
        if faults.total == before:
            plans.append(RoundPlan(code, month, instant(cutoff)))
    return plans if table.usable and faults.total == before else None


def read_observations(path: Path, tree: Tree | None, ruleset: RuleSet | None, faults: Faults) -> Readings | None:
    """The observations in columns; unknown areas and indicators are checked where tree and rule set could be read."""
    table = Table(path, OBSERVATION_COLUMNS, OPTIONAL_COLUMNS, faults)
    before = faults.total
    cells = _Cells(table, faults)
    areas = None if tree is None else tree.index
    codes = None if ruleset is None else frozenset(ruleset.series_codes)
    numbered, has_units = "seq" in table.present, "unit" in table.present
    column: dict[str, list[int]] = {name: [] for name in ("period", "mantissa", "places", "known", "seq", "line")}
    names: dict[str, list[str]] = {"area": [], "indicator": []}
    units: list[str | None] = []
    prelim: list[bool] = []
    verified: list[bool] = []
    withdrawn: list[bool] = []
    for line, (area, code, period, value, known_at, status, unit, seq, verified_cell, _) in table.rows():
        if areas is not None and area not in areas:
            faults.add(path, line, "area", f"'{area}'은(는) 지역 파일에 없는 지역입니다.")
        if codes is not None and code not in codes:
            faults.add(path, line, "indicator", f"'{code}'은(는) 판정 기준에 없는 지표입니다.")
        gone = value in ("", WITHDRAWN)
        if not gone and not _NUMBER.fullmatch(value):
            faults.add(path, line, "value", f"'{value}'은(는) 숫자가 아닙니다. 쉼표 없이 적고, 철회한 값은 비우십시오.")
            gone = True
        if status not in (PRELIM, FINAL):
            faults.add(path, line, "status", f"'{status}' 대신 PRELIM(잠정) 또는 FINAL(확정)을 적으십시오.")
        confirmed = verified_cell.lower()
        if confirmed not in _YES and confirmed not in _NO:
            faults.add(path, line, "verified", f"'{verified_cell}' 대신 true 또는 false를 적으십시오.")
        if numbered and not _SEQUENCE.fullmatch(seq):
            faults.add(path, line, "seq", f"'{seq}'은(는) 순번이 아닙니다. 0 이상의 정수를 적으십시오.")
        whole, _, part = value.partition(".")
        names["area"].append(area)
        names["indicator"].append(code)
        column["period"].append(cells.parse(line, "period", period, month_index, _MONTH_HELP))
        column["mantissa"].append(0 if gone else int(whole + part))
        column["places"].append(0 if gone else len(part))
        column["known"].append(cells.parse(line, "known_at", known_at, microseconds, _MOMENT_HELP))
        column["seq"].append(int(seq) if numbered and seq.isascii() and seq.isdigit() else line)
        column["line"].append(line)
        units.append(unit or None)
        prelim.append(status == PRELIM)
        verified.append(confirmed in _YES)
        withdrawn.append(gone)
    readings = Readings.from_columns(
        names["area"],
        names["indicator"],
        column["period"],
        scaled=(integer_array(column["mantissa"]), np.array(column["places"], dtype=np.int64)),
        prelim=prelim,
        verified=verified,
        units=units if has_units else None,
        known=column["known"],
        seq=column["seq"],
        withdrawn=withdrawn,
    )
    if numbered and faults.total == before:
        _refuse_ties(readings, column["line"], path, faults)
    return readings if table.usable and faults.total == before else None


def _refuse_ties(readings: Readings, lines: list[int], path: Path, faults: Faults) -> None:
    """Two rows of one month with the same known_at and seq: nobody could say which of them is newer."""
    columns = (readings.area, readings.indicator, readings.period, readings.known, readings.seq)
    order = np.lexsort(columns[::-1])
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for values in columns:
        same &= values[order][1:] == values[order][:-1]
    for place in np.flatnonzero(same).tolist():
        first, second = sorted((lines[order[place]], lines[order[place + 1]]))
        faults.add(path, second, "seq", f"{first}행과 같은 자료인데 known_at과 seq도 같습니다. seq를 고치십시오.")
