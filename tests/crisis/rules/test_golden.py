"""Worked cases with hand-derived answers. CRISIS_GOLDEN may name another file of the same form."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.crisis.rules.golden import KINDS, find, run_case

FILE = Path(os.environ.get("CRISIS_GOLDEN") or Path(__file__).parent / "data" / "crisis_golden.json")
GOLDEN: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["id"])
def test_golden_case(case: dict[str, Any]) -> None:
    shown = run_case(case, GOLDEN["ruleset"])
    answer = {key: find(shown, key) for key in case["expected"]}
    for key, value in case["expected"].items():
        if isinstance(value, dict) and isinstance(answer[key], dict):  # only what the case lists is checked
            answer[key] = {name: answer[key].get(name) for name in value}
    assert answer == case["expected"], case["derivation"]


def test_every_kind_of_case_is_run() -> None:
    assert {case["function"] for case in GOLDEN["cases"]} <= set(KINDS)
