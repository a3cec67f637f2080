"""Time and memory of one national round of the crisis-stage engine, on a seeded synthetic panel.

    python -m benchmarks.engine [--areas 2185] [--months 60] [--repeat 5] [--json FILE]

2,185 areas (nation, 17 시·도, 226 시·군·구, the rest clusters), 7 indicators, 60 months, clusters and the levels above
them with own series where Korea has them; 2 % of the months missing. Prints a table, the medians as JSON with --json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from crisis import rules

REFERENCE_MONTH = 2026 * 12 + 4
LEVELS = {  # code: (dimension, weight, k, typical value per establishment, publication lag)
    "EMP": ("E", "5", "120", 12, 2),
    "PAY": ("E", "2", "120", 36_000_000, 2),
    "SALES": ("S", "6", "120", 400_000_000, 4),
    "POWER": ("S", "4", "120", 9_000, 2),
    "EST": ("B", "7", "60", 1, 2),
}
RATES = {"LOSS": ("E", "3", "120", "EMP"), "CLOSE": ("B", "3", "60", "EST")}


def ruleset() -> dict[str, Any]:
    """A rule set in the shape of the Korean draft: seven indicators, 24 random weight sets, spread rule."""
    common = {"max_stale_months": 5, "core": False, "pub_lag_months": 2, "freq": "M"}
    indicators: dict[str, Any] = {}
    for code, (dimension, weight, k, _, lag) in LEVELS.items():
        indicators[code] = common | {
            "dimension": dimension, "weight": weight, "credibility_k": k, "kind": "LEVEL", "direction": -1,
            "anchors_abs": ["-1", "4", "10"], "anchors_rel": ["0", "5", "10"], "pub_lag_months": lag,
            "freq": "Q" if code == "SALES" else "M", "max_stale_months": 7 if code == "SALES" else 5,
            "core": code in {"EMP", "SALES", "EST"},
        }  # fmt: skip
    for code, (dimension, weight, k, exposure) in RATES.items():
        indicators[code] = common | {
            "dimension": dimension, "weight": weight, "credibility_k": k, "kind": "RATE", "direction": 1,
            "anchors_abs": ["0", "0.4", "1.2"], "anchors_rel": ["0", "0.3", "1"], "rate_weight": exposure,
        }  # fmt: skip
    return {
        "version": "BENCHMARK", "order": list(indicators), "dimensions": {"E": "45", "S": "20", "B": "20"},
        "indicators": indicators, "momentum": "0.5", "T1": "40", "T2": "70", "hysteresis": "10", "min_n": "5",
        "rel_min_share": "0.5", "reference_area": "KR", "exposure_indicator": "EST", "sensitivity_draws": 24,
        "grades": {"A": ["0.8", "0.5"], "B": ["0.6", "0.25"], "min_coverage": "0.4"},
        "spread": {"caution_p1": "50", "caution_p2": "20", "severe_p2": "50"},
    }  # fmt: skip


def tree(areas: int) -> rules.Tree:
    """1 nation, 17 시·도, 226 시·군·구 and clusters up to the wanted number of areas."""
    nodes = [rules.AreaNode("KR", None, "NATION")]
    nodes += [rules.AreaNode(f"{s:02d}", "KR", "SIDO") for s in range(17)]
    nodes += [rules.AreaNode(f"{g % 17:02d}{g:03d}", f"{g % 17:02d}", "SIGUNGU") for g in range(226)]
    for c in range(areas - len(nodes)):
        g = c * 7 % 226
        nodes.append(rules.AreaNode(f"{g % 17:02d}{g:03d}-{c:05d}", f"{g % 17:02d}{g:03d}", "CLUSTER"))
    return rules.Tree(nodes)


def readings(areas: rules.Tree, months: int, seed: int = 1) -> rules.Readings:
    """Winning readings of every cluster (rates with three decimals), 2 % missing, a tenth of the newest preliminary."""
    random = np.random.default_rng(seed)
    clusters = [node.code for node in areas.nodes if node.level == "CLUSTER"]
    size = np.maximum(3, random.pareto(1.1, len(clusters)) * 8).astype(np.int64)
    trend = random.normal(0, 0.004, (len(clusters), 1)) - (random.random((len(clusters), 1)) < 0.15) * 0.01
    periods = REFERENCE_MONTH - np.arange(months)[::-1]
    names: list[str] = []
    codes: list[str] = []
    columns: dict[str, list[np.ndarray]] = {"period": [], "mantissa": [], "places": [], "prelim": []}
    for code in [*LEVELS, *RATES]:
        steps = np.cumsum(trend + random.normal(0, 0.02, (len(clusters), months)), axis=1)
        if code in LEVELS:
            values = (size[:, None] * LEVELS[code][3] * np.exp(steps)).astype(np.int64)
        else:
            values = (2_000 - 1_500 * steps + random.normal(0, 100, steps.shape)).astype(np.int64)
        kept = random.random(values.shape) >= 0.02
        if code == "SALES":
            kept &= (periods % 3 == 2)[None, :]
        area, column = np.nonzero(kept)
        names += [clusters[place] for place in area]
        codes += [code] * len(area)
        columns["period"].append(periods[column])
        columns["mantissa"].append(values[kept])
        columns["places"].append(np.full(len(area), 0 if code in LEVELS else 3))
        columns["prelim"].append((column == months - 1) & (random.random(len(area)) < 0.1))
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    return rules.Readings.from_columns(
        names, codes, joined["period"], scaled=(joined["mantissa"], joined["places"]), prelim=joined["prelim"]
    )


def clock(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def one_round(areas: rules.Tree, policy: rules.RuleSet, rows: rules.Readings) -> dict[str, float]:
    """Seconds of each step of one round; `bytes` checks that shards give the digest of the whole."""
    took: dict[str, float] = {}
    took["panel"], panel = clock(lambda: rules.build_panel(areas, policy, rows, REFERENCE_MONTH))
    took["national reference"], national = clock(lambda: rules.national_reference(panel))
    took["index without badge"], _ = clock(lambda: rules.evaluate(panel, national, badge=False))
    took["index with badge"], results = clock(lambda: rules.evaluate(panel, national))
    took["public records"], publics = clock(lambda: [result.public() for result in results])
    took["digests"], digests = clock(lambda: {public["area"]: rules.digest(public) for public in publics})
    took["input digest"], _ = clock(lambda: rules.input_digest(rows, REFERENCE_MONTH))
    took["whole round"] = sum(seconds for step, seconds in took.items() if step != "index without badge")
    took["index alone"] = took["panel"] + took["national reference"] + took["index without badge"]
    took["as 17 shards"], sharded = clock(lambda: in_shards(areas, policy, rows, national))
    if sharded != {code: value for code, value in digests.items() if code != policy.reference_area}:
        raise SystemExit("the shards' bytes differ from the whole round's")
    return took


def in_shards(
    areas: rules.Tree, policy: rules.RuleSet, rows: rules.Readings, national: rules.NationalReference
) -> dict[str, str]:
    """The round a 시·도 at a time, digests of all results but the nation's."""
    found: dict[str, str] = {}
    for top in [node.code for node in areas.nodes if node.parent == policy.reference_area]:
        panel = rules.build_panel(areas.subtree(top), policy, rows, REFERENCE_MONTH)
        for result in rules.evaluate(panel, national):
            found[result.code] = result.digest()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, default=2185)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the medians to this file")
    options = parser.parse_args()
    areas, policy = tree(options.areas), rules.parse_ruleset(ruleset())
    built, rows = clock(lambda: readings(areas, options.months))
    runs = [one_round(areas, policy, rows) for _ in range(options.repeat)]
    medians = {step: statistics.median(run[step] for run in runs) for step in runs[0]}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(areas):,} areas, {len(policy.order)} indicators, {len(rows):,} readings (made in {built:.1f} s)")
    for step, seconds in medians.items():
        print(f"  {step:<22}{seconds:8.3f} s")
    print(f"  {'peak memory':<22}{peak:8,d} MB")
    if options.json:
        record = {
            "areas": len(areas), "readings": len(rows), "seconds": medians, "peak_mb": peak,
            "python": platform.python_version(), "engine": rules.ENGINE_VERSION,
            "ruleset": hashlib.sha256(json.dumps(ruleset(), sort_keys=True).encode()).hexdigest()[:16],
        }  # fmt: skip
        options.json.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
