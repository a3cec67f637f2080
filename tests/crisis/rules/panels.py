"""Random small panels with everything that makes real ones awkward: gaps, zeros, rates, roll-ups, marks, units."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from crisis.rules import AreaNode, Reading

MONTH = 2026 * 12 + 4
ANCHORS = [["0", "5", "10"], ["-1", "4.5", "12"], ["0", "0.5", "1.5"]]


def random_ruleset(random: Random) -> dict[str, Any]:
    """A valid rule set with three to five indicators of both kinds."""
    indicators: dict[str, Any] = {}
    for code in ["EMP", "EST", "RATE", "SALES", "BSI"][: random.randint(3, 5)]:
        rate = code in {"RATE", "BSI"}
        body: dict[str, Any] = {
            "dimension": random.choice("XYZ"),
            "freq": "Q" if code == "SALES" and random.random() < 0.5 else "M",
            "kind": "RATE" if rate else "LEVEL",
            "direction": random.choice([1, -1]),
            "weight": random.choice(["1", "2", "3.5", "7"]),
            "pub_lag_months": random.randint(0, 3),
            "max_stale_months": random.randint(0, 5),
            "credibility_k": random.choice(["0", "30", "120", "7.5"]),
            "core": random.random() < 0.5,
            "anchors_abs": random.choice(ANCHORS),
            "anchors_rel": random.choice(ANCHORS),
            "unit": "명",
            "unit_factors": {"천명": "1000"},
        }
        if random.random() < 0.3:
            body["window_months"] = random.choice([1, 2, 12])
        if rate and random.random() < 0.8:
            body["rate_weight"] = "EMP"
        indicators[code] = body
    raw: dict[str, Any] = {
        "version": f"R-{random.randint(0, 9)}",
        "order": random.sample(sorted(indicators), len(indicators)),
        "dimensions": {"X": "50", "Y": "30", "Z": random.choice(["20", "7.5"])},
        "indicators": indicators,
        "momentum": random.choice(["0.5", "0", "0.33"]),
        "T1": "40",
        "T2": random.choice(["70", "65.5"]),
        "hysteresis": "10",
        "suspect_abs_change": random.choice(["50", "20", "300"]),
        "min_n": "5",
        "rel_min_share": random.choice(["0.5", "0.9"]),
        "reference_area": "KR",
        "exposure_indicator": "EST",
        "sensitivity_draws": random.randint(0, 5),
        "grades": {"A": ["0.8", "0.5"], "B": ["0.6", "0.25"], "min_coverage": random.choice(["0.4", "0"])},
    }
    if random.random() < 0.7:
        raw["spread"] = {"caution_p1": "50", "caution_p2": "20", "severe_p2": "50"}
    return raw


def random_tree(random: Random) -> list[AreaNode]:
    """A nation, a few 시도, some with 시군구, clusters below; now and then an area of nobody."""
    nodes = [AreaNode("KR", None, "NATION")]
    for s in range(random.randint(1, 3)):
        nodes.append(AreaNode(f"S{s}", "KR", "SIDO"))
        above = [f"S{s}"]
        for g in range(random.randint(0, 2)):
            nodes.append(AreaNode(f"S{s}G{g}", f"S{s}", "SIGUNGU"))
            above.append(f"S{s}G{g}")
        for c in range(random.randint(0, 3)):
            nodes.append(AreaNode(f"S{s}C{c}", random.choice(above), "CLUSTER"))
    if random.random() < 0.2:
        nodes.append(AreaNode("LONE", None, "CLUSTER"))
    return nodes


def random_readings(random: Random, nodes: list[AreaNode], raw: dict[str, Any], scale: int = 1) -> list[Reading]:
    """Winners: clusters mostly have series, upper areas seldom; some months missing, some values zero or withdrawn."""
    rows: list[Reading] = []
    parents = {node.parent for node in nodes}
    for node in nodes:
        for code, body in raw["indicators"].items():
            if random.random() < (0.85 if node.code in parents else 0.1):
                continue
            missing = random.choice([0, 0, 0.1, 0.4])
            base = random.choice([0, 1, 3, 40, 2_000]) if body["kind"] == "LEVEL" else random.randint(-2, 5)
            swing = random.choice([0, 1, 10, 40])
            for back in range(random.choice([3, 17, 25, 45])):
                if random.random() < missing:
                    continue
                drift = Decimal(random.randint(-100, 100) * swing) / 10_000
                value = Decimal(base) + drift if body["kind"] == "RATE" else Decimal(base) * (1 + drift)
                if random.random() < 0.05:
                    value = Decimal(0)
                rows.append(
                    Reading(
                        node.code,
                        code,
                        MONTH - back,
                        None if random.random() < 0.02 else round(value * scale, random.choice([0, 1, 3])),
                        random.choice(
                            [None, "명", "명", "명", "천명", "평"] if random.random() < 0.1 else [None, "명"]
                        ),
                        random.choice(["FINAL", "FINAL", "PRELIM"]),
                        random.random() < 0.1,
                    )
                )
    return rows
