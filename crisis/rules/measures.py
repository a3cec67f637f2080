"""What an evaluation works from: changes, sizes and the ancestors' figures, for one tree or one shard of it.

A shard holds one subtree only. What it must know of the areas above (their c, for credibility and for the gap to the
nation) travels in a :class:`NationalReference`, computed once from the whole panel and exact through JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from crisis.rules.changes import BASE_NONPOSITIVE, HALF_YEAR, KNOWN, UNKNOWN, Changes, compute_changes
from crisis.rules.exact import BoolArray, IntArray, integer_array, narrow, read, show
from crisis.rules.months import month_index, month_text
from crisis.rules.panel import Panel
from crisis.rules.ruleset import RuleSet
from crisis.rules.tree import AreaNode, Tree

_FLAGS = {"partial": "w", "prelim": "p", "verified": "v"}  # as written in JSON


@dataclass(frozen=True)
class Measures:
    """Changes, sizes (n) and spread weights of every area of a tree.

    The size is ``size / 10**size_places`` where ``size_known``; ``weight`` is (integers, whether known, decimal
    places), None when the rule set has no spread rule.
    """

    tree: Tree
    changes: Mapping[str, Changes]
    size: IntArray
    size_known: BoolArray
    size_places: int
    weight: tuple[IntArray, BoolArray, int] | None


def measure(panel: Panel) -> Measures:
    """The measures of a panel, computed once and kept with it."""
    if "measures" not in panel.kept:
        size, size_known, size_places = panel.size
        changes = {i.code: compute_changes(panel, i) for i in panel.ruleset.ordered}
        weight = panel.newest(panel.ruleset.spread.weight_indicator) if panel.ruleset.spread else None
        panel.kept["measures"] = Measures(panel.tree, changes, size, size_known, size_places, weight)
    measures: Measures = panel.kept["measures"]
    return measures


@dataclass(frozen=True)
class CarriedArea:
    """One area's figures as they travel: indicator → month index → (c or None, members, flags)."""

    node: AreaNode
    size: str | None
    weight: str | None
    changes: Mapping[str, Mapping[int, tuple[int | None, int, str]]]


@dataclass(frozen=True)
class NationalReference:
    """The nation's changes, and those of any other area that a shard has above it, of one round."""

    ruleset_sha256: str
    reference_month: int
    areas: Mapping[str, CarriedArea] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """A JSON object; :meth:`from_json` gives back an equal reference."""
        return {
            "ruleset_sha256": self.ruleset_sha256,
            "reference_month": month_text(self.reference_month),
            "areas": {code: _area_to_json(area) for code, area in sorted(self.areas.items())},
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """The reference written by :meth:`to_json`."""
        return cls(
            raw["ruleset_sha256"],
            month_index(raw["reference_month"]),
            {code: _area_from_json(code, area) for code, area in raw["areas"].items()},
        )

    def ancestors(self, code: str | None) -> list[CarriedArea]:
        """The carried areas from ``code`` upwards, nearest first; ValueError if one of them is not carried."""
        line: list[CarriedArea] = []
        while code is not None:
            if code not in self.areas:
                raise ValueError(f"the reference does not carry {code}, which is above an area of this shard")
            line.append(self.areas[code])
            code = line[-1].node.parent
        return line


def national_reference(panel: Panel, also: Iterable[str] = ()) -> NationalReference:
    """The reference of a whole panel; ``also`` names further areas to carry, for shards below them.

    Shards that hold a 시도 each need nothing more: only the nation is above them. An empty reference results when the
    tree does not hold the reference area.
    """
    tree = panel.tree
    codes: set[str] = set()
    for code in [panel.ruleset.reference_area, *also]:
        place = tree.index.get(code, -1)
        while place >= 0:
            codes.add(tree.codes[place])
            place = int(tree.parent[place])
    measures = measure(panel)
    areas = {code: _carry(measures, panel, tree.index[code]) for code in sorted(codes)}
    return NationalReference(panel.ruleset.sha256, panel.reference_month, areas)


def _carry(measures: Measures, panel: Panel, row: int) -> CarriedArea:
    changes: dict[str, dict[int, tuple[int | None, int, str]]] = {}
    for code, change in measures.changes.items():
        first = panel.reference_month - change.width + 1
        months = changes.setdefault(code, {})
        for column in np.flatnonzero(change.state[row] != UNKNOWN).tolist():
            c = int(change.c[row, column]) if change.state[row, column] == KNOWN else None
            flags = "".join(letter for name, letter in _FLAGS.items() if getattr(change, name)[row, column])
            months[first + column] = (c, int(change.members[row, column]), flags)
    size = show(int(measures.size[row]), measures.size_places) if measures.size_known[row] else None
    values, known, places = measures.weight or (None, None, 0)
    weight = show(int(values[row]), places) if values is not None and known is not None and known[row] else None
    return CarriedArea(panel.tree.nodes[row], size, weight, changes)


def carried_measures(ruleset: RuleSet, reference: NationalReference, code: str) -> Measures:
    """The measures of one carried area as a tree of its own, to evaluate the nation from its reference."""
    area = reference.areas[code]
    changes: dict[str, Changes] = {}
    for indicator in ruleset.ordered:
        width = indicator.max_stale + HALF_YEAR + 1
        first = reference.reference_month - width + 1
        c, state, members, flags = ([0] * width, [UNKNOWN] * width, [0] * width, [""] * width)
        for month, entry in area.changes.get(indicator.code, {}).items():
            column = month - first
            c[column], members[column], flags[column] = entry[0] or 0, entry[1], entry[2]
            state[column] = BASE_NONPOSITIVE if entry[0] is None else KNOWN
        raised = {name: np.array([[letter in text for text in flags]]) for name, letter in _FLAGS.items()}
        changes[indicator.code] = Changes(
            integer_array(c).reshape(1, width), np.array([state]), np.array([members]), **raised
        )
    top = AreaNode(area.node.code, None, area.node.level)
    weight = _amount(area.weight) if ruleset.spread else None
    return Measures(Tree([top]), changes, *_amount(area.size), weight)


def _amount(text: str | None) -> tuple[IntArray, BoolArray, int]:
    places = len(text.partition(".")[2]) if text else 0
    return integer_array([read(text, places) if text else 0]), np.array([text is not None]), places


def ancestor_changes(
    measures: Measures, code: str, outside: NationalReference, reference_month: int
) -> tuple[IntArray, BoolArray]:
    """For each area and month the c of the nearest ancestor that has one (method §4.2): (c, whether there is one)."""
    change, tree = measures.changes[code], measures.tree
    above = np.zeros(change.c.shape, dtype=object)
    known = np.zeros(change.c.shape, dtype=bool)
    for parent in {name for name in tree.outside if name is not None}:
        c, present = _outside_line(change.width, code, outside.ancestors(parent), reference_month)
        rows = [row for row, name in enumerate(tree.outside) if name == parent]
        above[rows], known[rows] = c, present
    for places in tree.by_depth[1:]:
        parents = tree.parent[places]
        near = change.state[parents] == KNOWN
        above[places] = np.where(near, change.c[parents], above[parents])
        known[places] = near | known[parents]
    return narrow(above), known


def reference_changes(
    measures: Measures, code: str, reference_area: str, outside: NationalReference, reference_month: int
) -> tuple[IntArray, BoolArray]:
    """The nation's c by month: (c, whether known), from the tree itself or from what is carried."""
    change = measures.changes[code]
    row = measures.tree.index.get(reference_area)
    if row is not None:
        return change.c[row], change.state[row] == KNOWN
    line = [outside.areas[reference_area]] if reference_area in outside.areas else []
    c, known = _outside_line(change.width, code, line, reference_month)
    return narrow(c), known


def _outside_line(width: int, code: str, line: list[CarriedArea], reference_month: int) -> tuple[IntArray, BoolArray]:
    c, known = np.zeros(width, dtype=object), np.zeros(width, dtype=bool)
    first = reference_month - width + 1
    for area in reversed(line):
        for month, entry in area.changes.get(code, {}).items():
            if entry[0] is not None:
                c[month - first], known[month - first] = entry[0], True
    return c, known


def _area_to_json(area: CarriedArea) -> dict[str, Any]:
    return {
        "parent": area.node.parent,
        "level": area.node.level,
        "size": area.size,
        "weight": area.weight,
        "changes": {
            code: {
                month_text(month): [None if c is None else show(c, 4), members, flags]
                for month, (c, members, flags) in sorted(months.items())
            }
            for code, months in sorted(area.changes.items())
        },
    }


def _area_from_json(code: str, raw: Mapping[str, Any]) -> CarriedArea:
    return CarriedArea(
        AreaNode(code, raw["parent"], raw["level"]),
        raw["size"],
        raw["weight"],
        {
            indicator: {
                month_index(month): (None if c is None else read(c, 4), members, flags)
                for month, (c, members, flags) in months.items()
            }
            for indicator, months in raw["changes"].items()
        },
    )
