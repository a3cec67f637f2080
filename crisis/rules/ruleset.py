"""The rule set: weights, anchors and thresholds of one version of the method, as data (method §3, §4, §10).

The legal factors (decree §30②: employment and income, sales, workplaces, others by notice) appear as dimensions; each
indicator belongs to one. A rule set is a JSON object; :func:`parse_ruleset` checks it whole and returns a frozen value.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any


class RuleSetError(ValueError):
    """The rule set cannot be used. ``sentences`` lists, in Korean, everything that must be mended."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Indicator:
    """One indicator (지표) of a rule set. ``anchors_*`` are (L0, L1, L2); ``direction`` is +1 if higher is worse."""

    code: str
    dimension: str
    frequency: str
    kind: str
    direction: int
    weight: Fraction
    window: int
    publication_lag: int
    max_stale: int
    credibility_k: Fraction
    core: bool
    anchors_abs: tuple[Fraction, Fraction, Fraction]
    anchors_rel: tuple[Fraction, Fraction, Fraction]
    suspect_abs_change: Fraction
    rate_weight: str | None
    unit: str | None
    unit_factors: Mapping[str, Decimal]

    @property
    def is_rate(self) -> bool:
        return self.kind == "RATE"

    @property
    def needed_months(self) -> int:
        """How many matched months a change needs: ceil(2K/3)."""
        return -(-2 * self.window // 3)


@dataclass(frozen=True)
class Spread:
    """The roll-up spread rule (method §6b), shares in percent."""

    caution_p1: Fraction
    caution_p2: Fraction
    severe_p2: Fraction
    weight_indicator: str
    member_level: str | None


@dataclass(frozen=True)
class Grades:
    """Evidence grades (method §5): (least quality, least mean credibility) for A and B, least coverage for any."""

    a: tuple[Fraction, Fraction]
    b: tuple[Fraction, Fraction]
    min_coverage: Fraction


@dataclass(frozen=True)
class RuleSet:
    """One version of the policy figures. ``unused_keys`` names entries of the JSON the method does not know."""

    version: str
    sha256: str
    order: tuple[str, ...]
    dimensions: Mapping[str, Fraction]
    indicators: Mapping[str, Indicator]
    momentum: Fraction
    caution_at: Fraction
    severe_at: Fraction
    hysteresis: Fraction
    min_n: Fraction
    rel_min_share: Fraction
    reference_area: str
    exposure_indicator: str
    draws: int
    grades: Grades
    spread: Spread | None
    council_reason_codes: tuple[str, ...]
    unused_keys: tuple[str, ...]

    @cached_property
    def ordered(self) -> tuple[Indicator, ...]:
        """The indicators in the rule set's own order."""
        return tuple(self.indicators[code] for code in self.order)

    @cached_property
    def series_codes(self) -> tuple[str, ...]:
        """Every series a round reads: the indicators, then exposure, rate weights and the spread weight."""
        extra = [self.exposure_indicator, *(i.rate_weight for i in self.ordered if i.rate_weight)]
        if self.spread:
            extra.append(self.spread.weight_indicator)
        return tuple(dict.fromkeys([*self.order, *extra]))

    @cached_property
    def nominal_weights(self) -> Mapping[str, Fraction]:
        """W_j: the share of each indicator when all are available; they add up to one."""
        inside: dict[str, Fraction] = {}
        for indicator in self.ordered:
            inside[indicator.dimension] = inside.get(indicator.dimension, Fraction(0)) + indicator.weight
        total = sum((self.dimensions[dimension] for dimension in inside), Fraction(0))
        return {i.code: i.weight / inside[i.dimension] * self.dimensions[i.dimension] / total for i in self.ordered}


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, no spaces and characters as they are: one text for one value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain_number)


def _plain_number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in canonical JSON")


def ruleset_sha256(raw: Mapping[str, Any]) -> str:
    """The SHA-256 (hex) of a rule set's canonical JSON: it names the policy a result was computed under."""
    return hashlib.sha256(canonical_json(raw).encode()).hexdigest()


def parse_ruleset(raw: Mapping[str, Any]) -> RuleSet:
    """The rule set behind a JSON object. Raises :class:`RuleSetError` naming everything that is wrong at once."""
    from crisis.rules.ruleset_check import read_ruleset

    return read_ruleset(raw)
