"""The evidence sheet: what was judged by which criteria, every value with its inputs, as JSON that can be hashed."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from companies.tiers.rules import words
from companies.tiers.rules.evaluate import Judged, Result
from companies.tiers.rules.facts import Facts
from companies.tiers.rules.metrics import Reading
from companies.tiers.rules.tree import Condition, Node

SHEET_VERSION = 1


def exact(value: Any) -> Any:
    """A value JSON can carry without loss: whole numbers as they are, fractions as `n/d`, sets in order."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def _reading(reading: Reading, condition: Condition) -> dict[str, Any]:
    told: dict[str, Any] = {
        "value": exact(reading.value),
        "shown": words.reading_text(reading, condition.metric.kind, condition.value),
        "inputs": [dict(row) for row in reading.inputs],
    }
    if reading.reason:
        told["reason"] = reading.reason
    if reading.note:
        told["note"] = reading.note
    if reading.at_least is not None:
        told["at_least"] = exact(reading.at_least)
    if reading.compound is not None:
        told["compound"] = {"ratio": exact(reading.compound.ratio), "years": reading.compound.years}
    return told


def texts(node: Node) -> dict[str, str]:
    """The words of every condition and group by path: made once for many firms under one set."""
    found = {node.path: words.condition_text(node) if isinstance(node, Condition) else words.group_text(node)}
    for member in () if isinstance(node, Condition) else node.members:
        found |= texts(member)
    return found


def _node(result: Result, texts: Mapping[str, str]) -> dict[str, Any]:
    if isinstance(result, Judged):
        condition = result.node
        return {
            "metric": condition.metric.code,
            "text": texts[condition.path],
            "operator": condition.operator,
            "threshold": exact(condition.value),
            "years": condition.years,
            "note": condition.note,
            "outcome": result.outcome,
            **_reading(result.reading, condition),
        }
    group = result.node
    return {
        "group": group.kind,
        "need": group.need,
        "text": texts[group.path],
        "outcome": result.outcome,
        "members": [_node(member, texts) for member in result.members],
    }


def sheet(
    result: Result, facts: Facts, *, criteria: str, criteria_sha256: str, words_by_path: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The whole sheet of one firm under one criteria set (its code and hash); `words_by_path` are its `texts`."""
    return {
        "version": SHEET_VERSION,
        "criteria": criteria,
        "criteria_sha256": criteria_sha256,
        "on": facts.on.isoformat(),
        "base_year": facts.base_year,
        "outcome": result.outcome,
        "result": _node(result, words_by_path or texts(result.node)),
    }
