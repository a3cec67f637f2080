"""A copy of a rule set with something changed: pure arithmetic on its JSON, no database.

The copy keeps the version of its original. The version seeds the badge's random weights, so an unchanged copy gives
the same bytes, and whatever differs in the result comes from the change alone.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from crisis.rules.ruleset_check import as_fraction

#: Figures of the whole rule set that may be tried, in the order they are shown.
FIGURES = ("T1", "T2", "hysteresis", "momentum")
Change = list[str | None]
"""[what, before, after]; `after` None: switched off."""


def changed_copy(
    body: Mapping[str, Any],
    *,
    figures: Mapping[str, Any] | None = None,
    dimensions: Mapping[str, Any] | None = None,
    weights: Mapping[str, Any] | None = None,
    off: Collection[str] = (),
) -> tuple[dict[str, Any], list[Change]]:
    """The changed body and what differs: `figures` (T1, T2, hysteresis, momentum), weights of dimensions and of
    indicators by code, and the indicators switched off. Values equal in number to the original's are no change.

    KeyError for a name the rule set does not have. Whether the result is a usable rule set is for `parse_ruleset`.
    """
    made = copy.deepcopy(dict(body))
    changes: list[Change] = []

    def put(holder: dict[str, Any], key: str, value: Any, path: str) -> None:
        before = holder[key]
        if as_fraction(before) != as_fraction(value):
            changes.append([path, str(before), str(value)])
            holder[key] = str(value)

    for name, value in (figures or {}).items():
        if name not in FIGURES:
            raise KeyError(name)
        put(made, name, value, name)
    for code, value in (dimensions or {}).items():
        put(made["dimensions"], code, value, f"dimensions.{code}")
    for code, value in (weights or {}).items():
        if code not in off:
            put(made["indicators"][code], "weight", value, f"indicators.{code}.weight")
    for code in sorted(off):
        _switch_off(made, body, code)
        changes.append([f"indicators.{code}", str(body["indicators"][code]["weight"]), None])
    return made, changes


def _switch_off(made: dict[str, Any], body: Mapping[str, Any], code: str) -> None:
    """Take an indicator out of the index. What else is read from its series (size, spread, exposure) stays."""
    del made["indicators"][code]
    made["order"] = [other for other in made.get("order", sorted(body["indicators"])) if other != code]
    spread = made.get("spread")
    if spread and not spread.get("weight_indicator"):  # the default would otherwise change with the indicators
        spread["weight_indicator"] = "EMP" if "EMP" in body["indicators"] else body["exposure_indicator"]


Pair = tuple[str | None, str | None]
STAGE_ORDER: tuple[str | None, ...] = ("SEVERE", "CAUTION", "GOOD", None)


def transition_matrix(moves: Iterable[tuple[str | None, str | None, int]]) -> list[tuple[str | None, list[int], int]]:
    """Rows (stage now, how many at each stage under the change, sum) in `STAGE_ORDER`, from (now, then, how many)."""
    counted: Counter[Pair] = Counter()
    for before, after, number in moves:
        counted[before, after] += number
    rows = []
    for before in STAGE_ORDER:
        line = [counted[before, after] for after in STAGE_ORDER]
        rows.append((before, line, sum(line)))
    return rows
