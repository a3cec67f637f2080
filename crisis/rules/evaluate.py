"""One round: from a panel to results, for a whole tree or any shard of it with identical bytes (method §4-§7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from crisis.rules.badge import compute_badge
from crisis.rules.composite import Pattern, build_index, contributions, over_common_denominator, patterns
from crisis.rules.exact import BoolArray, IntArray, half_up, half_up_array
from crisis.rules.measures import Measures, NationalReference, carried_measures, measure
from crisis.rules.panel import Panel
from crisis.rules.result import AreaResult, Outcome
from crisis.rules.rollup import NO_SPREAD, SpreadResult, spread
from crisis.rules.ruleset import RuleSet
from crisis.rules.scoring import FULL_SCORE, OK, Picked, Pressure, momentum_flag, pick, score_all
from crisis.rules.stages import NO_STAGE, grades, rank, raw_stages, too_small, with_hysteresis
from crisis.rules.tree import AreaNode

Stages = Mapping[str, str | None]


def evaluate(
    panel: Panel,
    national: NationalReference,
    areas: Iterable[str] | None = None,
    previous: Stages | None = None,
    member_stages: Stages | None = None,
    *,
    badge: bool = True,
) -> list[AreaResult]:
    """Results of ``areas`` (all of the panel by default) in code order.

    ``previous`` maps area → model stage of the round before (or of its shadow under the new rules); areas not in it
    have none. ``member_stages`` gives the stages of member clusters decided elsewhere, for the spread rule; the others
    are computed here. Raises ValueError when ``national`` belongs to another round or rule set.
    """
    if (national.ruleset_sha256, national.reference_month) != (panel.ruleset.sha256, panel.reference_month):
        raise ValueError("the national reference belongs to another round or rule set")
    measures = measure(panel)
    outcome = _compute(panel.ruleset, measures, national, panel.reference_month, badge)
    results = _decide(outcome, measures, previous or {}, member_stages or {})
    wanted = None if areas is None else set(areas)
    return [result for result in results if wanted is None or result.code in wanted]


def evaluate_nation(
    ruleset: RuleSet,
    national: NationalReference,
    members: Iterable[tuple[AreaNode, str | None, str | None]],
    previous: str | None = None,
    *,
    badge: bool = True,
) -> AreaResult:
    """The nation's own result, from what is carried of it and its clusters' results.

    ``members`` are (node, model stage or None without enough data, weight as a decimal) of every area below the nation
    that has no members of its own; see :func:`member_of`. The same bytes as evaluating the whole tree at once.
    """
    measures = carried_measures(ruleset, national, ruleset.reference_area)
    outcome = _compute(ruleset, measures, national, national.reference_month, badge)
    listed = [
        (node, None if stage is None else rank(stage), None if weight is None else Fraction(weight))
        for node, stage, weight in members
    ]
    return _result(outcome, measures.tree.nodes[0], 0, _spread_over(ruleset, listed), rank(previous))


def member_of(result: AreaResult) -> tuple[AreaNode, str | None, str | None]:
    """What :func:`evaluate_nation` needs of one cluster's result."""
    return result.node, result.model_stage if result.sufficient else None, result.weight


def _compute(
    ruleset: RuleSet,
    measures: Measures,
    outside: NationalReference,
    reference_month: int,
    badge: bool,
) -> Outcome:
    picked = {i.code: pick(measures, ruleset, i, outside, reference_month) for i in ruleset.ordered}
    pressures, s_abs, s_rel = score_all(picked, ruleset.momentum)
    available = np.column_stack([one.status == OK for one in picked.values()])
    with_gap = np.column_stack([pressure.d_known for pressure in pressures.values()])
    flags = {code: picked[code].flags | momentum_flag(pressures[code]) for code in picked}
    groups = patterns(ruleset, available, with_gap)
    index = build_index(ruleset, groups, s_abs, s_rel)
    parts, has = contributions(ruleset, groups, index, s_abs, s_rel)
    flagged = np.column_stack([bits != 0 for bits in flags.values()])
    coverage, quality = _coverage(ruleset, available, flagged)
    mean_b = _mean_credibility(ruleset, available, list(pressures.values()))
    small = too_small(measures.size, measures.size_known, measures.size_places, ruleset)
    columns: dict[str, IntArray] = {
        "live": index.live,
        "ca": index.ca,
        "cr": index.cr,
        "cr_known": index.cr_known,
        "rci": index.rci,
        "view": index.view,
        "score_stage": raw_stages(index.rci, ruleset),
        "coverage": coverage,
        "quality": quality,
        "mean_b": mean_b,
        "too_small": small,
        "grade": grades(coverage, quality, mean_b, small | ~index.live, ruleset),
        "watch": _watch(ruleset, available, pressures, s_abs, s_rel),
        "size": _known_only(measures.size, measures.size_known),
    }
    places = 0
    columns["weight"] = np.full(len(coverage), None, dtype=object)
    if measures.weight is not None:
        values, known, places = measures.weight
        columns["weight"] = _known_only(values, known)
    if badge:
        made = compute_badge(ruleset, picked, groups=groups, index=index, s_abs=s_abs, s_rel=s_rel)
        columns |= {"rho": made.rho, "best": made.best, "worst": made.worst, "total": made.total}
    return Outcome(
        ruleset=ruleset,
        reference_month=reference_month,
        columns={name: column.tolist() for name, column in columns.items()},
        indicators={
            code: _indicator_columns(one, pressures[code])
            | {
                "period": (one.column + reference_month - measures.changes[code].width + 1).tolist(),
                "flags": flags[code].tolist(),
                "s_abs": s_abs[:, place].tolist(),
                "s_rel": s_rel[:, place].tolist(),
            }
            for place, (code, one) in enumerate(picked.items())
        },
        contributions=parts.tolist(),
        contributing=has.tolist(),
        live=_live_by_row(groups, len(coverage)),
        size_places=measures.size_places,
        weight_places=places,
        with_badge=badge,
    )


def _decide(outcome: Outcome, measures: Measures, previous: Stages, given: Stages) -> list[AreaResult]:
    """Stages leaf first, so that the spread rule of an area finds those of the clusters below it."""
    tree, rule = measures.tree, outcome.ruleset.spread
    results: list[AreaResult | None] = [None] * len(tree)
    leaf = tree.is_leaf.tolist()
    below: list[list[tuple[AreaNode, int | None, Fraction | None]]] = [[] for _ in tree.nodes]
    parents = tree.parent.tolist()
    unit = 10**outcome.weight_places
    for places in reversed(tree.by_depth):
        for row in places.tolist():
            node = tree.nodes[row]
            reach = NO_SPREAD if leaf[row] else _spread_over(outcome.ruleset, below[row])
            result = _result(outcome, node, row, reach, rank(previous.get(node.code)))
            results[row] = result
            if rule is None or parents[row] < 0:
                continue
            if leaf[row]:
                stage = rank(given[node.code]) if node.code in given else (result.model if result.sufficient else -1)
                amount = outcome.columns["weight"][row]
                weight = None if amount is None else Fraction(amount, unit)
                below[parents[row]].append((node, None if stage < 0 else stage, weight))
            else:
                below[parents[row]].extend(below[row])
    return [result for result in results if result is not None]


def _spread_over(ruleset: RuleSet, members: Sequence[tuple[AreaNode, int | None, Fraction | None]]) -> SpreadResult:
    rule = ruleset.spread
    if rule is None or not members:
        return NO_SPREAD
    counted = (
        (stage, weight) for node, stage, weight in members
        if weight is not None and weight > 0 and rule.member_level in (None, node.level)
    )  # fmt: skip
    return spread(rule, counted)


def _result(outcome: Outcome, node: AreaNode, row: int, reach: SpreadResult, previous: int) -> AreaResult:
    """The raw stage is the worse of the score's and the spread's, then hysteresis (method §6, §4.8)."""
    if outcome.columns["grade"][row] == 3:
        return AreaResult(node, outcome, row, NO_STAGE, previous, previous, reach)
    raw = max(outcome.columns["score_stage"][row], NO_STAGE if reach.stage is None else reach.stage)
    rci = np.array([outcome.columns["rci"][row]])
    model = int(with_hysteresis(np.array([raw]), rci, np.array([previous]), outcome.ruleset)[0])
    return AreaResult(node, outcome, row, raw, model, previous, reach)


def _coverage(ruleset: RuleSet, available: BoolArray, flagged: BoolArray) -> tuple[IntArray, IntArray]:
    """Coverage and quality in units of 0.01: a flagged indicator counts half (method §5)."""
    numerators, common = over_common_denominator([ruleset.nominal_weights[code] for code in ruleset.order])
    weights = np.array(numerators, dtype=object if common >= 2**40 else np.int64)
    whole, half = available @ weights, (available & flagged) @ weights
    return half_up_array(whole, common, 100), half_up_array(2 * whole - half, 2 * common, 100)


def _mean_credibility(ruleset: RuleSet, available: BoolArray, pressures: list[Pressure]) -> IntArray:
    """The coverage-weighted mean of B in units of 0.01; equal rows are computed once."""
    numerators, _ = over_common_denominator([ruleset.nominal_weights[code] for code in ruleset.order])
    tops = zip(*(pressure.b_top.tolist() for pressure in pressures), strict=True)
    bottoms = zip(*(pressure.b_bottom.tolist() for pressure in pressures), strict=True)
    known: dict[tuple[object, ...], int] = {}
    means: list[int] = []
    for live, top, bottom in zip(map(tuple, available.tolist()), tops, bottoms, strict=True):
        key = (live, top, bottom)
        if key not in known:
            known[key] = _mean([(w, t, b) for w, t, b, on in zip(numerators, top, bottom, live, strict=True) if on])
        means.append(known[key])
    return np.array(means, dtype=np.int64)


def _mean(parts: list[tuple[int, int, int]]) -> int:
    weight = sum(part[0] for part in parts)
    if not weight:
        return 0
    mean = sum((Fraction(w * top, bottom) for w, top, bottom in parts), Fraction(0)) / weight
    return half_up(mean.numerator * 100, mean.denominator)


def _watch(
    ruleset: RuleSet, available: BoolArray, pressures: Mapping[str, Pressure], s_abs: IntArray, s_rel: IntArray
) -> BoolArray:
    """Whether a core indicator with B of at least one half scores 100 in either view (method §4.11)."""
    watch = np.zeros(len(available), dtype=bool)
    for place, indicator in enumerate(ruleset.ordered):
        if indicator.core:
            pressure = pressures[indicator.code]
            full = (s_abs[:, place] == FULL_SCORE) | (pressure.d_known & (s_rel[:, place] == FULL_SCORE))
            watch |= available[:, place] & full & (2 * pressure.b_top >= pressure.b_bottom).astype(bool)
    return watch


def _indicator_columns(one: Picked, pressure: Pressure) -> dict[str, list[Any]]:
    columns = {
        "status": one.status,
        "base_nonpositive": one.base_nonpositive,
        "members": one.members,
        "c": one.c,
        "prev6": one.prev6,
        "prev6_known": one.prev6_known,
        "b": half_up_array(pressure.b_top, pressure.b_bottom, 10_000),
        "shrunk": pressure.shrunk,
        "shrunk_prev6": pressure.shrunk_prev6,
        "known6": pressure.shrunk_prev6_known,
        "a": pressure.a,
        "d": pressure.d,
        "d_known": pressure.d_known,
        "nation": one.nation,
    }
    return {name: column.tolist() for name, column in columns.items()}


def _known_only(values: IntArray, known: BoolArray) -> IntArray:
    shown = values.astype(object)
    shown[~known] = None
    return shown


def _live_by_row(groups: Sequence[Pattern], count: int) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    live: list[tuple[tuple[int, ...], tuple[int, ...]]] = [((), ())] * count
    for group in groups:
        for row in group.rows.tolist():
            live[row] = (group.live_abs, group.live_rel)
    return live
