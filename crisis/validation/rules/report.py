"""The back-test report (method §11) as one JSON-ready record: decimals as strings, None where there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from crisis.validation.rules import curves, timing
from crisis.validation.rules.cases import STAGES, Case, Episode

THETAS = (Fraction(1, 2), Fraction(7, 10))
THRESHOLDS = tuple(Fraction(step) for step in range(20, 100, 10))
AMBER, RED = Fraction(9, 10), Fraction(66, 100)  # shares of crises to be caught
FEW_CRISES, FEW_ONSETS = 30, 20  # below these the figures describe cases, they do not estimate


def shown(value: Fraction | None, places: int = 3) -> str | None:
    """A figure as text, half away from zero; None stays None."""
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def report(
    cases: Iterable[Case],
    episodes: Iterable[Episode],
    rounds: Sequence[tuple[str, date]],
    *,
    first: int = 0,
    last: int | None = None,
    caution_at: Fraction = Fraction(40),
) -> dict[str, Any]:
    """Measure the rounds ``first`` to ``last`` (all of them).

    ``rounds`` are (code, cut-off day) in their order, ``cases`` of any of them: earlier ones serve the lead of alarms.
    ``caution_at`` is the rule set's own threshold, told in the table of thresholds beside the round ones.
    """
    everything = list(cases)
    end = len(rounds) - 1 if last is None else last
    inside = [case for case in everything if first <= case.round <= end]
    judged = [case for case in inside if case.counts]
    fresh = [case for case in judged if not case.in_crisis]
    found = curves.counts([(case.alarmed, bool(case.crisis)) for case in judged])
    outcomes = timing.onsets(everything, episodes, [day for _, day in rounds], first=first, last=end)
    calm = timing.restlessness(inside)
    scored = _scored(judged)
    crises = sum(1 for case in judged if case.crisis)
    return {
        "rounds": [rounds[first][0], rounds[end][0]] if rounds else [],
        "cases": len(judged),
        "without_stage": sum(1 for case in inside if case.stage is None),
        "label_open": sum(1 for case in inside if case.stage is not None and case.crisis is None),
        "crises": crises,
        "base_rate": shown(Fraction(crises, len(judged)) if judged else None),
        "auroc": shown(curves.auroc(scored)),
        "auroc_fresh": shown(curves.auroc(_scored(fresh))),
        "cases_fresh": len(fresh),
        "average_precision": shown(curves.average_precision(scored)),
        **_counts(found),
        "by_stage": {stage: _stage(judged, stage) for stage in STAGES},
        "onsets": len(outcomes),
        "onsets_alarmed": sum(one.alarmed for one in outcomes),
        "mean_lead_months": shown(timing.mean_lead(outcomes), 1),
        "changes_per_year": shown(calm.per_year(calm.changes)),
        "reversals_per_year": shown(calm.per_year(calm.reversals)),
        "thresholds": _thresholds(scored, caution_at),
        "amber_threshold": shown(curves.quietest_threshold(scored, AMBER), 1),
        "red_threshold": shown(curves.quietest_threshold(scored, RED), 1),
        "by_round": _by_round(inside, rounds, first, end),
        "onset_list": [
            {
                "area": one.area,
                "onset": one.onset.isoformat(),
                "round": rounds[one.round][0],
                "stage": one.stage,
                "lead_months": one.lead_months,
            }
            for one in outcomes
        ],
        "small": crises < FEW_CRISES or len(outcomes) < FEW_ONSETS,
    }


def _scored(cases: Iterable[Case]) -> list[tuple[Fraction, bool]]:
    return [(case.score, bool(case.crisis)) for case in cases if case.score is not None]


def _counts(found: curves.Counts) -> dict[str, Any]:
    return {
        "hits": found.hits,
        "false_alarms": found.false_alarms,
        "misses": found.misses,
        "calm": found.calm,
        "recall": shown(found.recall),
        "precision": shown(found.precision),
        "false_alarm_rate": shown(found.false_alarm_rate),
        "noise_to_signal": shown(found.noise_to_signal),
        "usefulness": {shown(theta, 1): shown(found.usefulness(theta)) for theta in THETAS},
    }


def _stage(cases: Iterable[Case], stage: str) -> dict[str, Any]:
    mine = [case for case in cases if case.stage == stage]
    crises = sum(1 for case in mine if case.crisis)
    return {
        "cases": len(mine),
        "crises": crises,
        "share": shown(Fraction(crises, len(mine)) if mine else None),
    }


def _thresholds(scored: curves.Scored, caution_at: Fraction) -> list[dict[str, Any]]:
    rows = []
    for threshold in sorted({*THRESHOLDS, caution_at}):
        found = curves.at_threshold(scored, threshold)
        rows.append({"threshold": shown(threshold, 1), "own": threshold == caution_at, **_counts(found)})
    return rows


def _by_round(cases: Sequence[Case], rounds: Sequence[tuple[str, date]], first: int, last: int) -> list[dict[str, Any]]:
    rows = []
    for number in range(first, last + 1):
        mine = [case for case in cases if case.round == number and case.stage is not None]
        known = [case for case in mine if case.crisis is not None]
        rows.append(
            {
                "round": rounds[number][0],
                "areas": len(mine),
                "alarms": sum(case.alarmed for case in mine),
                "severe": sum(case.stage == "SEVERE" for case in mine),
                "known": len(known),
                "crises": sum(1 for case in known if case.crisis),
                "hits": sum(1 for case in known if case.crisis and case.alarmed),
            }
        )
    return rows
