"""The rule set: what is read from it, and what is said of a bad one."""

from __future__ import annotations

import json
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from crisis.rules import RuleSetError, parse_ruleset, ruleset_sha256

RAW: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "crisis_golden.json").read_text(encoding="utf-8"))[
    "ruleset"
]


def _with(path: str, value: Any) -> dict[str, Any]:
    raw = deepcopy(RAW)
    *way, last = path.split(".")
    place = raw
    for step in way:
        place = place[step]
    if value is ...:
        place.pop(last)
    else:
        place[last] = value
    return raw


def test_a_good_rule_set() -> None:
    rules = parse_ruleset(RAW)
    assert rules.order == ("EMP", "EST", "DEL")
    assert rules.nominal_weights == {"EMP": Fraction(1, 2), "EST": Fraction(3, 10), "DEL": Fraction(1, 5)}
    assert rules.series_codes == ("EMP", "EST", "DEL")
    assert rules.spread is not None
    assert rules.spread.weight_indicator == "EMP"
    assert rules.indicators["EMP"].needed_months == 2
    assert rules.unused_keys == ()


def test_spread_weight_defaults_to_the_exposure_indicator() -> None:
    raw = json.loads(json.dumps(RAW).replace('"EMP"', '"JOBS"'))
    assert parse_ruleset(raw).spread.weight_indicator == "EST"  # type: ignore[union-attr]
    raw["spread"]["weight_indicator"] = "JOBS"
    assert parse_ruleset(raw).spread.weight_indicator == "JOBS"  # type: ignore[union-attr]
    del raw["spread"]
    assert parse_ruleset(raw).spread is None


def test_quarterly_series_stand_alone() -> None:
    assert parse_ruleset(_with("indicators.EMP.freq", "Q")).indicators["EMP"].window == 1


def test_numbers_may_be_json_numbers() -> None:
    assert parse_ruleset(_with("momentum", 0.1)).momentum == Fraction(1, 10)


def test_sha_knows_content_not_layout() -> None:
    again = json.loads(json.dumps(RAW, indent=3))
    turned = dict(reversed(list(again.items())))
    assert ruleset_sha256(RAW) == ruleset_sha256(turned) == parse_ruleset(RAW).sha256
    assert ruleset_sha256(_with("T1", "41")) != ruleset_sha256(RAW)


def test_unknown_keys_are_listed_not_lost() -> None:
    assert parse_ruleset(_with("indicators.EMP.wieght", "3")).unused_keys == ("indicators.EMP.wieght",)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("version", ..., "'version' 항목: 없습니다"),
        ("momentum", "half", "'momentum' 항목: 쓸 수 있는 숫자가 아닙니다"),
        ("momentum", "Infinity", "'momentum' 항목: 쓸 수 있는 숫자가 아닙니다"),
        ("momentum", True, "'momentum' 항목: 쓸 수 있는 숫자가 아닙니다"),
        ("T2", "40", "'T2' 항목: 심각 기준"),
        ("T1", "-1", "'T1' 항목: 0 이상"),
        ("order", ["EMP", "EST"], "'order' 항목: indicators의 모든 지표"),
        ("order", ["EMP", "EST", "EST"], "'order' 항목: indicators의 모든 지표"),
        ("indicators", [], "'indicators' 항목: 이름과 값의 묶음"),
        ("indicators", {}, "'indicators' 항목: 지표가 하나도 없습니다"),
        ("indicators.EMP", "x", "'indicators.EMP' 항목: 이름과 값의 묶음"),
        ("indicators.EMP.dimension", "Z", "'indicators.EMP.dimension' 항목: 'Z'"),
        ("indicators.EMP.kind", "INDEX", "'indicators.EMP.kind' 항목: LEVEL, RATE"),
        ("indicators.EMP.direction", 2, "'indicators.EMP.direction' 항목: 1, -1"),
        ("indicators.EMP.freq", "W", "'indicators.EMP.freq' 항목: M, Q, H"),
        ("indicators.EMP.weight", "0", "'indicators.EMP.weight' 항목: 0보다 커야"),
        ("indicators.EMP.core", "yes", "'indicators.EMP.core' 항목: true 또는 false"),
        ("indicators.EMP.anchors_abs", ["0", "5"], "'indicators.EMP.anchors_abs' 항목: 숫자 3개"),
        ("indicators.EMP.anchors_rel", ["0", "5", "5"], "'indicators.EMP.anchors_rel' 항목: 작은 값에서"),
        ("indicators.EMP.max_stale_months", 1.5, "'indicators.EMP.max_stale_months' 항목: 정수"),
        ("indicators.EMP.max_stale_months", 20, "'indicators.EMP.max_stale_months' 항목: 너무 깁니다"),
        ("indicators.EMP.credibility_k", ..., "'indicators.EMP.credibility_k' 항목: 없습니다"),
        ("indicators.DEL.rate_weight", 3, "'indicators.DEL.rate_weight' 항목"),
        ("dimensions.E", "0", "'dimensions.E' 항목: 0보다 커야"),
        ("grades.A", "0.8", "'grades.A' 항목: 숫자 2개"),
        ("grades", ..., "'grades' 항목: 없습니다"),
        ("spread.caution_p1", ..., "'spread.caution_p1' 항목: 없습니다"),
        ("sensitivity_draws", -1, "'sensitivity_draws' 항목: 0 이상"),
        ("window_months", "13", "'window_months' 항목: 12 이하"),
    ],
)
def test_a_bad_entry_is_named(path: str, value: Any, words: str) -> None:
    with pytest.raises(RuleSetError) as caught:
        parse_ruleset(_with(path, value))
    assert any(words in sentence for sentence in caught.value.sentences), caught.value.sentences


def test_all_faults_at_once() -> None:
    raw = _with("momentum", "half")
    raw["T2"] = "1"
    raw["indicators"]["EST"]["weight"] = None
    with pytest.raises(RuleSetError) as caught:
        parse_ruleset(raw)
    assert len(caught.value.sentences) >= 3


@pytest.mark.parametrize("raw", [None, [], "x", 3, {}])
def test_something_else_altogether(raw: Any) -> None:
    with pytest.raises(RuleSetError):
        parse_ruleset(raw)
