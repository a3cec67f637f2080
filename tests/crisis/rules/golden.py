"""Runs one golden case, of any kind, through the engine's own functions and returns what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from crisis.rules import (
    AreaNode,
    Reading,
    Readings,
    Tree,
    build_panel,
    evaluate,
    month_index,
    month_text,
    national_reference,
    parse_ruleset,
)
from crisis.rules.badge import U01_DENOMINATOR, u01_numerator
from crisis.rules.composite import build_index, contributions, patterns, weight_texts
from crisis.rules.council import departure_is_valid
from crisis.rules.exact import plain, round_fraction, show
from crisis.rules.measures import measure
from crisis.rules.rollup import spread
from crisis.rules.ruleset import RuleSet
from crisis.rules.stages import rank, raw_stages, stage_name, with_hysteresis

ALIASES = {"Q": "quality", "B_mean": "mean_B", "meanB": "mean_B", "eff": "weights"}


def merge(base: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """The base with the patch laid over it, objects merged key by key; a None in the patch removes the key."""
    merged = dict(base)
    for key, value in patch.items():
        if isinstance(value, Mapping) and isinstance(merged.get(key), Mapping):
            merged[key] = merge(merged[key], value)
        elif value is None:
            merged.pop(key, None)
        else:
            merged[key] = value
    return merged


def run_case(case: Mapping[str, Any], base: Mapping[str, Any]) -> Any:
    """The engine's answer to the case, shaped like its ``expected``."""
    given = case["input"]
    ruleset = parse_ruleset(merge(merge(base, given.get("ruleset", {})), given.get("ruleset_patch", {})))
    return KINDS[case["function"]](given, ruleset)


def find(shown: Mapping[str, Any], key: str) -> Any:
    """A figure by its name in the golden file; None when the answer has none of that name."""
    return shown.get(key if key in shown else ALIASES.get(key, key))


def _tree(given: Mapping[str, Any]) -> Tree:
    areas = given.get("areas") or {"KR": None, given.get("area", "A"): "KR"}
    return Tree(AreaNode(code, parent) for code, parent in areas.items())


def _readings(given: Mapping[str, Any]) -> list[Reading]:
    marked = {name: {_key(entry) for entry in given.get(name, ())} for name in ("provisional", "prelim", "verified")}
    return [
        Reading(
            *(key := (*series.split("|"), month_index(period))),
            value=None if value in (None, "X") else Decimal(value),
            status="PRELIM" if key in marked["provisional"] | marked["prelim"] else "FINAL",
            verified=key in marked["verified"],
        )
        for series, months in given.get("series", {}).items()
        for period, value in months.items()
    ]


def _key(entry: Any) -> tuple[str, str, int]:
    area, indicator, period = entry.split("|") if isinstance(entry, str) else entry
    return area, indicator, month_index(period)


def _rows(rows: list[Mapping[str, Any]]) -> Readings:
    return Readings.of(
        Reading(
            row["area"],
            row["indicator"],
            month_index(row["period"]),
            None if row["value"] in (None, "X", "") else Decimal(row["value"]),
            row.get("unit"),
            row.get("status", "FINAL"),
            bool(row.get("verified", False)),
            row["known_at"],
            row.get("seq", number),
        )
        for number, row in enumerate(rows)
    )


def _evaluate(given: Mapping[str, Any], ruleset: RuleSet) -> dict[str, Any]:
    winners: Any = _readings(given)
    if "rows" in given:
        winners = _rows(given["rows"]).as_of(given["cutoff"])
    panel = build_panel(_tree(given), ruleset, winners, month_index(given["ref"]))
    previous = given.get("prev")
    stages = previous if isinstance(previous, Mapping) else {given["area"]: previous}
    results = evaluate(panel, national_reference(panel), [given["area"]], stages)
    return results[0].public()


def _indicator(given: Mapping[str, Any], ruleset: RuleSet) -> dict[str, Any]:
    return _evaluate(given, ruleset)["indicators"][given["indicator"]]


def _change(given: Mapping[str, Any], ruleset: RuleSet) -> dict[str, Any]:
    tree = _tree(given)
    panel = build_panel(tree, ruleset, _readings(given), month_index(given["t"]))
    change = measure(panel).changes[given["indicator"]]
    row = tree.index[given.get("area", "A")]
    state = int(change.state[row, -1])
    return {
        "c": show(int(change.c[row, -1]), 4) if state == 1 else None,
        "members": int(change.members[row, -1]),
        "reason": (("NO_RECENT_DATA"), None, "BASE_NONPOSITIVE")[state],
        "status": "OK" if state == 1 else "MISSING",
    }


def _composite(given: Mapping[str, Any], ruleset: RuleSet) -> dict[str, Any]:
    scores, order = given["scores"], ruleset.order
    table = {
        view: np.array([[int(Decimal(scores.get(code, {}).get(view) or 0) * 100) for code in order]])
        for view in ("sA", "sR")
    }
    available = np.array([[code in scores for code in order]])
    with_gap = np.array([[scores.get(code, {}).get("sR") is not None for code in order]])
    groups = patterns(ruleset, available, with_gap)
    index = build_index(ruleset, groups, table["sA"], table["sR"])
    parts, has = contributions(ruleset, groups, index, table["sA"], table["sR"])
    live = groups[0].live_rel if index.view[0] else groups[0].live_abs
    return {
        "CA": show(int(index.ca[0]), 1),
        "CR": show(int(index.cr[0]), 1) if index.cr_known[0] else None,
        "RCI": show(int(index.rci[0]), 1),
        "view": "REL" if index.view[0] else "ABS",
        "raw_stage": stage_name(int(raw_stages(index.rci, ruleset)[0])),
        "weights": weight_texts(ruleset, live),
        "contributions": {code: show(int(parts[0, place]), 2) for place, code in enumerate(order) if has[0, place]},
    }


def _tenths(values: list[str]) -> np.ndarray:
    return np.array([round_fraction(Fraction(value), 1) for value in values])


def _raw_stage(given: Mapping[str, Any], ruleset: RuleSet) -> dict[str, Any]:
    rounded = _tenths(given["values"])
    stages = raw_stages(rounded, ruleset)
    return {"rounded": [show(int(v), 1) for v in rounded], "stages": [stage_name(int(s)) for s in stages]}


def _hysteresis_path(given: Mapping[str, Any], ruleset: RuleSet) -> dict[str, Any]:
    held, stages = np.array([rank(given.get("start"))]), []
    for value in given["rci"]:
        index = _tenths([value])
        held = with_hysteresis(raw_stages(index, ruleset), index, held, ruleset)
        stages.append(stage_name(int(held[0])))
    return {"stages": stages}


def _spread(given: Mapping[str, Any], ruleset: RuleSet) -> dict[str, Any]:
    assert ruleset.spread is not None
    result = spread(ruleset.spread, [(None if s is None else rank(s), Fraction(w)) for s, w in given["children"]])
    stage = None if result.stage is None else stage_name(result.stage)
    return {"p1": result.p1_text, "p2": result.p2_text, "stage": stage}


def _as_of(given: Mapping[str, Any], ruleset: RuleSet) -> dict[str, Any]:
    rows = _rows(given["rows"])
    months = [int(month) for month in rows.period]
    results = []
    for cutoff in given["cutoffs"]:
        tree = Tree(AreaNode(area, None) for area in sorted(set(rows.areas)))
        panel = build_panel(tree, ruleset, rows.as_of(cutoff), max(months))
        shown, prelim = {}, []
        for code, series in panel.series.items():
            for row, column in np.argwhere(series.known).tolist():
                key = f"{tree.codes[row]}|{code}|{month_text(panel.reference_month - 39 + column)}"
                shown[key] = plain(Decimal(int(series.values[row, column])).scaleb(-series.places))
                if series.prelim[row, column]:
                    prelim.append(key)
        results.append({"obs": shown, "provisional": sorted(prelim), "rejects": len(panel.rejects)})
    return {"results": results}


def _u01(given: Mapping[str, Any], ruleset: RuleSet) -> dict[str, Any]:
    return {"numerators": [u01_numerator(*key) for key in given["keys"]], "denominator": U01_DENOMINATOR}


def _council(given: Mapping[str, Any], ruleset: RuleSet) -> dict[str, Any]:
    return {"valid": [_decision_is_valid(row) for row in given["rows"]]}


def _decision_is_valid(row: Mapping[str, Any]) -> bool:
    names = ("model", "decided", "reason", "floors", "field_survey", "votes_for", "votes_total")
    given = {name: row[name] for name in names if name in row}
    return departure_is_valid(**{"model": None, "reason": None, **given})


KINDS = {
    "indicator": _indicator,
    "change": _change,
    "composite": _composite,
    "raw_stage": _raw_stage,
    "hysteresis_path": _hysteresis_path,
    "evaluate": _evaluate,
    "spread": _spread,
    "as_of": _as_of,
    "u01": _u01,
    "council": _council,
}
