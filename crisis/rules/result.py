"""The result of one area: a light view on the round's arrays, written out as the public, auditable record on demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crisis.rules.badge import badge_name
from crisis.rules.composite import REL, VIEWS, weight_texts
from crisis.rules.digest import digest
from crisis.rules.exact import half_up, show, show_optional
from crisis.rules.months import month_text
from crisis.rules.rollup import NO_SPREAD, SpreadResult
from crisis.rules.ruleset import RuleSet
from crisis.rules.scoring import FLAGS, OK, SUSPECT, flag_names
from crisis.rules.stages import GRADES, NO_STAGE, stage_name
from crisis.rules.tree import AreaNode
from crisis.rules.version import ENGINE_VERSION

INSUFFICIENT = "INSUFFICIENT"
_FLAG_NAMES = [flag_names(bits) for bits in range(1 << len(FLAGS))]
_STATUS = ("OK", "MISSING", "SUSPECT")


@dataclass
class Outcome:
    """Everything a round computed, as plain lists by row, so that a single result can be written without numpy."""

    ruleset: RuleSet
    reference_month: int
    columns: dict[str, list[Any]]
    indicators: dict[str, dict[str, list[Any]]]
    contributions: list[list[int]]
    contributing: list[list[bool]]
    live: list[tuple[tuple[int, ...], tuple[int, ...]]]
    size_places: int
    weight_places: int
    with_badge: bool
    _weights: dict[tuple[int, ...], dict[str, str]] = field(default_factory=dict)

    def weights(self, live: tuple[int, ...]) -> dict[str, str]:
        if live not in self._weights:
            self._weights[live] = weight_texts(self.ruleset, live)
        return self._weights[live]


@dataclass(frozen=True)
class AreaResult:
    """One area's result. ``stage`` ranks are -1 (none), 0, 1, 2; the ``public()`` record spells everything out."""

    node: AreaNode
    outcome: Outcome
    row: int
    raw: int
    model: int
    previous: int
    spread: SpreadResult = NO_SPREAD

    def _get(self, name: str) -> Any:
        return self.outcome.columns[name][self.row]

    @property
    def code(self) -> str:
        return self.node.code

    @property
    def sufficient(self) -> bool:
        """Whether the evidence allows a stage (grade A, B or C)."""
        return self.grade != "D"

    @property
    def grade(self) -> str:
        return GRADES[self._get("grade")]

    @property
    def raw_stage(self) -> str | None:
        return stage_name(self.raw)

    @property
    def model_stage(self) -> str | None:
        """The stage in force by the model; without enough data the previous one, carried."""
        return stage_name(self.model)

    @property
    def rci(self) -> Decimal | None:
        """The index, one decimal; shown even when the data do not allow a stage."""
        return Decimal(self._get("rci")).scaleb(-1) if self._get("live") else None

    @property
    def weight(self) -> str | None:
        """What the area weighs in the spread rule of the areas above it (employment), as a decimal."""
        return show_optional(self._get("weight"), self.outcome.weight_places)

    def public(self) -> dict[str, Any]:
        """The canonical JSON-ready record: decimals as strings, absent figures as None."""
        outcome, ruleset = self.outcome, self.outcome.ruleset
        live, enough = bool(self._get("live")), self.sufficient
        view = self._get("view")
        live_places = outcome.live[self.row][1 if view == REL else 0]
        record: dict[str, Any] = {
            "engine": ENGINE_VERSION,
            "ruleset": ruleset.version,
            "ruleset_sha256": ruleset.sha256,
            "area": self.node.code,
            "level": self.node.level,
            "reference_month": month_text(outcome.reference_month),
            "status": "OK" if enough else INSUFFICIENT,
            "reason": None if enough else self._why_insufficient(),
            "grade": self.grade,
            "coverage": show(self._get("coverage"), 2),
            "quality": show(self._get("quality"), 2),
            "mean_B": show(self._get("mean_b"), 2),
            "n": _number(self._get("size"), outcome.size_places),
            "weight": _number(self._get("weight"), outcome.weight_places),
            "RCI": show(self._get("rci"), 1) if live else None,
            "CA": show(self._get("ca"), 1) if enough else None,
            "CR": show(self._get("cr"), 1) if enough and self._get("cr_known") else None,
            "view": VIEWS[view] if enough else None,
            "score_stage": stage_name(self._get("score_stage")) if enough else None,
            "raw_stage": self.raw_stage,
            "previous_stage": stage_name(self.previous),
            "model_stage": self.model_stage,
            "held": self.model != self.raw if enough else None,
            "carried": not enough and self.model != NO_STAGE,
            "watch": enough and self.raw == 0 and bool(self._get("watch")),
            "spread": {"p1": self.spread.p1_text, "p2": self.spread.p2_text, "stage": stage_name(self.spread.stage)}
            if self.spread.stage is not None
            else None,
            "weights": outcome.weights(live_places) if enough else {},
            "contributions": self._contributions() if enough else {},
            "indicators": {code: self._indicator(code) for code in ruleset.order},
        }
        record.update(self._margin(enough))
        record.update(self._badge(enough))
        return record

    def digest(self) -> str:
        """SHA-256 of the public record."""
        return digest(self.public())

    def _why_insufficient(self) -> str:
        return "TOO_SMALL" if self._get("too_small") else "LOW_COVERAGE"

    def _contributions(self) -> dict[str, str]:
        row = self.row
        values, has = self.outcome.contributions[row], self.outcome.contributing[row]
        return {code: show(values[place], 2) for place, code in enumerate(self.outcome.ruleset.order) if has[place]}

    def _margin(self, enough: bool) -> dict[str, Any]:
        if not enough:
            return {"margin": None, "nearest_threshold": None}
        ruleset = self.outcome.ruleset
        thresholds = ((abs(threshold * 10 - self._get("rci")), name, threshold)
                      for name, threshold in (("T1", ruleset.caution_at), ("T2", ruleset.severe_at)))  # fmt: skip
        distance, name, _ = min(thresholds)
        return {"margin": show(half_up(distance.numerator, distance.denominator), 1), "nearest_threshold": name}

    def _badge(self, enough: bool) -> dict[str, Any]:
        if not (enough and self.outcome.with_badge):
            return dict.fromkeys(("rho", "badge", "badge_best", "badge_worst", "scenarios"))
        rho = self._get("rho")
        return {
            "rho": show(rho, 2),
            "badge": badge_name(rho),
            "badge_best": stage_name(self._get("best")),
            "badge_worst": stage_name(self._get("worst")),
            "scenarios": self._get("total"),
        }

    def _indicator(self, code: str) -> dict[str, Any]:
        columns, row = self.outcome.indicators[code], self.row
        status = columns["status"][row]
        entry: dict[str, Any] = dict.fromkeys(
            ("reason", "period", "c", "c_prev6", "B", "c_shrunk", "c_shrunk_prev6", "a", "d", "sA", "sR", "nation_c")
        )
        entry |= {"status": _STATUS[status], "flags": [], "members": 0, "suspect": status == SUSPECT}
        if status not in (OK, SUSPECT):
            entry["reason"] = "BASE_NONPOSITIVE" if columns["base_nonpositive"][row] else "NO_RECENT_DATA"
            return entry
        entry["period"] = month_text(columns["period"][row])
        entry["members"] = columns["members"][row]
        entry["c"] = show(columns["c"][row], 4)
        if status == SUSPECT:
            entry["reason"] = "SUSPECT_CHANGE"
            return entry
        gap = columns["d_known"][row]
        entry["flags"] = list(_FLAG_NAMES[columns["flags"][row]])
        entry["c_prev6"] = show(columns["prev6"][row], 4) if columns["prev6_known"][row] else None
        entry["B"] = show(columns["b"][row], 4)
        entry["c_shrunk"] = show(columns["shrunk"][row], 4)
        entry["c_shrunk_prev6"] = show(columns["shrunk_prev6"][row], 4) if columns["known6"][row] else None
        entry["a"] = show(columns["a"][row], 4)
        entry["sA"] = show(columns["s_abs"][row], 2)
        if gap:
            entry["d"] = show(columns["d"][row], 4)
            entry["sR"] = show(columns["s_rel"][row], 2)
            entry["nation_c"] = show(columns["nation"][row], 4)
        return entry


def _number(value: int | None, places: int) -> str | None:
    """A count as people write it: no trailing zeros after the point."""
    if value is None:
        return None
    text = show(value, places)
    return text.rstrip("0").rstrip(".") if "." in text else text


def stages_of(results: Mapping[str, AreaResult]) -> dict[str, str | None]:
    """Code → model stage: what the next round takes as ``previous``."""
    return {code: result.model_stage for code, result in results.items()}
