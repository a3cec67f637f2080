"""What changed since the last round: differences of contributions, and where the data themselves changed (§4.10)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from crisis.rules.exact import plain

APPEARED, DISAPPEARED, DATA_CHANGED = "APPEARED", "DISAPPEARED", "DATA_CHANGED"


def explain_change(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """The change between two public records of one area, the largest effect first.

    The ``differences`` add up to the change of RCI exactly, because each round's contributions add up to its RCI; an
    indicator that was or is absent counts 0 on that side and is marked APPEARED or DISAPPEARED ("자료 변동"). A changed
    view, rule set, or number of roll-up members is named, since contributions then compare unlike things. Without an
    index on both sides ``comparable`` is false and only the data events are listed.
    """
    comparable = bool(before["contributions"]) and bool(now["contributions"])
    codes = list(dict.fromkeys([*now["indicators"], *before["indicators"]]))
    differences = []
    for code in codes if comparable else ():
        difference = _number(now["contributions"].get(code)) - _number(before["contributions"].get(code))
        if code in now["contributions"] or code in before["contributions"]:
            differences.append(
                {
                    "indicator": code,
                    "before": before["contributions"].get(code),
                    "now": now["contributions"].get(code),
                    "difference": str(difference),
                    "event": _event(before, now, code),
                }
            )
    differences.sort(key=lambda entry: -abs(_number(entry["difference"])))  # stable: ties stay in the rule set's order
    return {
        "comparable": comparable,
        "RCI_before": before["RCI"],
        "RCI_now": now["RCI"],
        "difference": str(_number(now["RCI"]) - _number(before["RCI"])) if comparable else None,
        "stage_before": before["model_stage"],
        "stage_now": now["model_stage"],
        "view_changed": comparable and before["view"] != now["view"],
        "ruleset_changed": before["ruleset_sha256"] != now["ruleset_sha256"],
        "differences": differences,
        "data_events": [
            {"indicator": code, "event": event, "reason": _reason(now if event == DISAPPEARED else before, code)}
            for code in codes
            if (event := _event(before, now, code))
        ],
    }


def _event(before: Mapping[str, Any], now: Mapping[str, Any], code: str) -> str | None:
    """How the data behind an indicator changed, beyond their figures."""
    was, is_ = (record["indicators"].get(code, {}) for record in (before, now))
    if was.get("status") != "OK" and is_.get("status") == "OK":
        return APPEARED
    if was.get("status") == "OK" and is_.get("status") != "OK":
        return DISAPPEARED
    if was.get("status") == "OK" and was.get("members") != is_.get("members"):
        return DATA_CHANGED
    return None


def _reason(record: Mapping[str, Any], code: str) -> str | None:
    reason: str | None = record["indicators"].get(code, {}).get("reason")
    return reason


def _number(text: str | None) -> Decimal:
    return Decimal(text) if text is not None else Decimal(0)


def largest_effects(explanation: Mapping[str, Any], count: int = 3) -> list[tuple[str, str]]:
    """The indicators that moved the index most, as (code, signed difference without trailing zeros)."""
    return [
        (entry["indicator"], plain(Decimal(entry["difference"])))
        for entry in explanation["differences"][:count]
        if Decimal(entry["difference"])
    ]
