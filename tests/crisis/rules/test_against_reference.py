"""The fast engine says the same as the literal one, on random panels, and the same again when cut into shards."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis.rules import (
    AreaResult,
    NationalReference,
    Tree,
    build_panel,
    digest,
    evaluate,
    evaluate_nation,
    member_of,
    national_reference,
    parse_ruleset,
)
from crisis.rules.stages import STAGES
from tests.crisis.rules.panels import MONTH, random_readings, random_ruleset, random_tree
from tests.crisis.rules.reference import Reference

seeds = st.integers(min_value=0, max_value=2**32)
scales = st.sampled_from([1, 10**6, 10**13, 10**15])  # up to sums that no int64 holds


def _round(seed: int, scale: int) -> tuple[Any, ...]:
    random = Random(seed)
    raw = random_ruleset(random)
    nodes = random_tree(random)
    rows = random_readings(random, nodes, raw, scale)
    previous = {node.code: random.choice([None, *STAGES]) for node in nodes}
    return parse_ruleset(raw), nodes, rows, previous


@settings(max_examples=60, deadline=None)
@given(seeds, scales)
def test_fast_engine_agrees_with_the_literal_one(seed: int, scale: int) -> None:
    ruleset, nodes, rows, previous = _round(seed, scale)
    panel = build_panel(nodes, ruleset, rows, MONTH)
    results = evaluate(panel, national_reference(panel), previous=previous)
    literal = Reference(nodes, ruleset, rows, MONTH, previous)
    for result in results:
        expected, shown = literal.public(result.code), result.public()
        assert {key: shown[key] for key in expected} == expected, (seed, scale, result.code)


@settings(max_examples=40, deadline=None)
@given(seeds, scales, st.randoms(use_true_random=False))
def test_shards_give_the_same_bytes(seed: int, scale: int, cut: Random) -> None:
    ruleset, nodes, rows, previous = _round(seed, scale)
    tree = Tree(nodes)
    panel = build_panel(tree, ruleset, rows, MONTH)
    whole = {r.code: digest(r.public()) for r in evaluate(panel, national_reference(panel), previous=previous)}
    tops = _cut(tree, cut)
    above = {node.code for node in tree.nodes} - {n.code for top in tops for n in tree.subtree(top)}
    carried = json.loads(json.dumps(national_reference(panel, also=above).to_json()))
    reference = NationalReference.from_json(carried)
    parts: list[AreaResult] = []
    for top in tops:
        shard = build_panel(tree.subtree(top), ruleset, rows, MONTH)
        parts += evaluate(shard, reference, previous=previous)
    for result in parts:
        assert digest(result.public()) == whole[result.code]
    leaf = {node.code for node, is_leaf in zip(tree.nodes, tree.is_leaf.tolist(), strict=True) if is_leaf}
    if "KR" in above and leaf - {"LONE"} <= {result.code for result in parts}:
        members = [member_of(result) for result in parts if result.code in leaf - {"LONE"}]
        assert evaluate_nation(ruleset, reference, members, previous["KR"]).digest() == whole["KR"]


def _cut(tree: Tree, cut: Random) -> list[str]:
    """Tops of a random division of the tree: each area either is a shard or is divided further."""
    children: dict[str | None, list[str]] = {}
    for node in tree.nodes:
        children.setdefault(node.parent, []).append(node.code)
    tops, open_areas = [], list(children[None])
    while open_areas:
        area = open_areas.pop()
        if area in children and cut.random() < 0.6:
            open_areas += children[area]
        else:
            tops.append(area)
    return tops


def test_a_reference_survives_json() -> None:
    ruleset, nodes, rows, _ = _round(7, 1)
    reference = national_reference(build_panel(nodes, ruleset, rows, MONTH), also=["S0"])
    assert NationalReference.from_json(json.loads(json.dumps(reference.to_json()))) == reference
    assert reference.areas["KR"].changes


def test_a_foreign_reference_is_refused() -> None:
    ruleset, nodes, rows, _ = _round(7, 1)
    panel = build_panel(nodes, ruleset, rows, MONTH)
    other = national_reference(build_panel(nodes, ruleset, rows, MONTH - 6))
    with pytest.raises(ValueError, match="another round"):
        evaluate(panel, other)


def test_a_shard_needs_what_is_above_it() -> None:
    ruleset, nodes, rows, _ = _round(7, 1)
    panel = build_panel(nodes, ruleset, rows, MONTH)
    shard = build_panel(Tree(nodes).subtree("S0"), ruleset, rows, MONTH)
    with pytest.raises(ValueError, match="KR"):
        evaluate(shard, NationalReference(ruleset.sha256, MONTH))
    assert evaluate(shard, national_reference(panel))
