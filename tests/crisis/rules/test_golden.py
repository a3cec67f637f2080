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


def listed(shown: Any, expected: Any) -> Any:
    """The part of an answer that the case speaks of: only keys listed under ``expected`` are checked."""
    if isinstance(shown, dict) and isinstance(expected, dict):
        return {key: listed(find(shown, key), value) for key, value in expected.items()}
    return shown


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["id"])
def test_golden_case(case: dict[str, Any]) -> None:
    shown = run_case(case, GOLDEN["ruleset"])
    assert listed(shown, case["expected"]) == case["expected"], case.get("derivation", "")


def test_every_kind_of_case_is_run() -> None:
    assert {case["function"] for case in GOLDEN["cases"]} <= set(KINDS)
