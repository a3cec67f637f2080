"""The method once more, written as plainly as its text, in fractions and without any thought of speed.

It shares no code with the engine but the rule-set value and the month helpers; the property tests hold the two against
each other on random panels.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction as F  # noqa: N817  (formulas read better so)
from typing import Any

from crisis.rules import AreaNode, Reading, RuleSet
from crisis.rules.months import month_text
from crisis.rules.ruleset import Indicator

STAGES = ["GOOD", "CAUTION", "SEVERE"]
BASE = "BASE_NONPOSITIVE"


def rounded(value: F, places: int) -> F:
    """Half up away from zero."""
    scaled = abs(value) * 10**places
    whole = scaled.numerator // scaled.denominator
    if scaled - whole >= F(1, 2):
        whole += 1
    return F(-whole if value < 0 else whole, 10**places)


def text(value: F | None, places: int) -> str | None:
    if value is None:
        return None
    digits = f"{abs(int(value * 10**places)):0{places + 1}d}"
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


class Reference:
    """One round over one whole tree."""

    def __init__(
        self,
        nodes: list[AreaNode],
        rules: RuleSet,
        winners: list[Reading],
        month: int,
        previous: Mapping[str, str | None],
    ) -> None:
        self.nodes = {node.code: node for node in nodes}
        self.rules, self.month, self.previous = rules, month, previous
        self.x: dict[tuple[str, str], dict[int, F]] = defaultdict(dict)
        self.marks: dict[tuple[str, str, int], Reading] = {}
        for row in winners:
            if row.value is not None and month - 40 < row.period <= month:
                indicator = rules.indicators.get(row.indicator)
                factor = F(1)
                if indicator and indicator.unit and row.unit and row.unit != indicator.unit:
                    if row.unit not in indicator.unit_factors:
                        continue
                    factor = F(indicator.unit_factors[row.unit])
                self.x[row.area, row.indicator][row.period] = F(row.value) * factor
                self.marks[row.area, row.indicator, row.period] = row
        self.children: dict[str, list[str]] = defaultdict(list)
        for node in nodes:
            if node.parent:
                self.children[node.parent].append(node.code)

    # -- changes ---------------------------------------------------------------------------------------------------

    def series_of(self, area: str, code: str) -> list[str]:
        """The areas whose own series make up the area's: itself, or the nearest ones below."""
        if self.x.get((area, code)):
            return [area]
        return [found for child in self.children[area] for found in self.series_of(child, code)]

    def matched(self, area: str, i: Indicator, t: int) -> list[int]:
        x = self.x[area, i.code]
        months = [m for m in range(t - i.window + 1, t + 1) if m in x and m - 12 in x]
        return months if t in months and len(months) >= -(-2 * i.window // 3) else []

    def exposure_at(self, area: str, code: str, month: int) -> F | None:
        values = [self.x[a, code][month] for a in self.series_of(area, code) if month in self.x[a, code]]
        return sum(values, F(0)) if values else None

    def weight_of(self, area: str, i: Indicator, months: list[int]) -> F:
        if i.rate_weight is None:
            return F(1)
        values = [v for m in months if (v := self.exposure_at(area, i.rate_weight, m - 12)) is not None]
        return max(sum(values, F(0)) / len(values), F(0)) if values else F(0)

    def alone(self, area: str, i: Indicator, t: int) -> F | str | None:
        """c of an own series."""
        x, months = self.x[area, i.code], self.matched(area, i, t)
        if not months:
            return None
        now, then = sum(x[m] for m in months), sum(x[m - 12] for m in months)
        if i.is_rate:
            return i.direction * (now - then) / len(months)
        return BASE if then <= 0 else i.direction * 100 * (F(now) / then - 1)

    def members(self, area: str, i: Indicator, t: int) -> list[str]:
        if self.x.get((area, i.code)):
            return [area] if self.matched(area, i, t) else []
        found = [a for a in self.series_of(area, i.code) if self.matched(a, i, t)]
        return [a for a in found if not i.is_rate or self.weight_of(a, i, self.matched(a, i, t)) > 0]

    def change(self, area: str, i: Indicator, t: int) -> F | str | None:
        members = self.members(area, i, t)
        if not members:
            return None
        if members == [area]:
            c = self.alone(area, i, t)
        elif i.is_rate:
            weights = [self.weight_of(a, i, self.matched(a, i, t)) for a in members]
            c = sum(w * self.alone(a, i, t) for w, a in zip(weights, members, strict=True)) / sum(weights)
        else:
            pairs = [(self.x[a, i.code], m) for a in members for m in self.matched(a, i, t)]
            now, then = sum(x[m] for x, m in pairs), sum(x[m - 12] for x, m in pairs)
            c = BASE if then <= 0 else i.direction * 100 * (F(now) / then - 1)
        return rounded(c, 4) if isinstance(c, F) else c

    def known_change(self, area: str, i: Indicator, t: int) -> F | None:
        c = self.change(area, i, t)
        return c if isinstance(c, F) else None

    # -- sizes -----------------------------------------------------------------------------------------------------

    def newest(self, area: str, code: str, limit: int) -> F | None:
        values = []
        for a in self.series_of(area, code):
            months = [m for m in self.x[a, code] if m <= limit]
            if months:
                values.append(self.x[a, code][max(months)])
        return sum(values, F(0)) if values else None

    def size(self, area: str) -> F | None:
        code = self.rules.exposure_indicator
        found = [v for limit in (self.month, self.month - 12) if (v := self.newest(area, code, limit)) is not None]
        return max(max(found), F(0)) if found else None

    def above(self, area: str, i: Indicator, t: int) -> F | None:
        parent = self.nodes[area].parent
        while parent:
            if (c := self.known_change(parent, i, t)) is not None:
                return c
            parent = self.nodes[parent].parent
        return None

    # -- one indicator ---------------------------------------------------------------------------------------------

    def indicator(self, area: str, i: Indicator, momentum: F, k_factor: F, stretch: F) -> dict[str, Any]:
        t, c, reason = None, None, "NO_RECENT_DATA"
        for back in range(i.max_stale + 1):
            found = self.change(area, i, self.month - back)
            if isinstance(found, F):
                t, c = self.month - back, found
                break
            if found == BASE:
                reason = BASE
        if t is None or c is None:
            return {"status": "MISSING", "reason": reason}
        members = self.members(area, i, t)
        if not i.is_rate and abs(c) > i.suspect_abs_change:
            alone = {a: self.alone(a, i, t) for a in members}
            beyond = [a for a, own in alone.items() if isinstance(own, F) and abs(own) > i.suspect_abs_change]
            if not beyond or not all(self.marks[a, i.code, t].verified for a in beyond):
                return {"status": "SUSPECT", "t": t, "c": c, "members": len(members)}
        flags = set()
        if self.month - t > i.publication_lag:
            flags.add("STALE")
        if 2 * sum(len(self.matched(a, i, t)) < i.window for a in members) >= len(members):
            flags.add("PARTIAL_WINDOW")
        if 2 * sum(self.marks[a, i.code, t].status == "PRELIM" for a in members) >= len(members):
            flags.add("PROVISIONAL")
        nation = self.rules.reference_area
        k, n, b = i.credibility_k * k_factor, self.size(area), F(1)
        if i.credibility_k != 0 and area != nation:
            if self.above(area, i, t) is None:
                flags.add("NO_PARENT")
            elif n is None:
                flags.add("NO_EXPOSURE")
                b = F(1, 2)
            else:
                b = n / (n + k)
        trusted = i.credibility_k == 0 or area == nation or "NO_PARENT" in flags
        mix = lambda own, up: own if trusted else rounded(b * own + (1 - b) * up, 4)  # noqa: E731
        shrunk = mix(c, self.above(area, i, t))
        prev, up6 = self.known_change(area, i, t - 6), self.above(area, i, t - 6)
        shrunk6 = None if prev is None or (not trusted and up6 is None) else mix(prev, up6)
        if shrunk6 is None:
            flags.add("NO_MOMENTUM")
        a = shrunk if shrunk6 is None else rounded(shrunk + momentum * (shrunk - shrunk6), 4)
        d, country = None, None
        if area != nation and nation in self.nodes and (country := self.known_change(nation, i, t)) is not None:
            country6 = self.known_change(nation, i, t - 6)
            if shrunk6 is None or country6 is None:
                d = shrunk - country
            else:
                d = a - rounded(country + momentum * (country - country6), 4)
        return {
            "status": "OK", "t": t, "c": c, "prev": prev, "B": b, "shrunk": shrunk, "shrunk6": shrunk6, "a": a, "d": d,
            "sA": self.score(a, i.anchors_abs, stretch),
            "sR": None if d is None else self.score(d, i.anchors_rel, stretch),
            "flags": sorted(flags), "members": len(members), "nation": country,
        }  # fmt: skip

    @staticmethod
    def score(v: F, anchors: tuple[F, F, F], stretch: F) -> F:
        low = anchors[0]
        middle, high = low + stretch * (anchors[1] - low), low + stretch * (anchors[2] - low)
        if v <= low:
            return F(0)
        if v < middle:
            return rounded(50 * (v - low) / (middle - low), 2)
        if v < high:
            return rounded(50 + 50 * (v - middle) / (high - middle), 2)
        return F(100)

    # -- composite -------------------------------------------------------------------------------------------------

    def weights(self, live: list[str], factors: Mapping[str, F]) -> dict[str, F]:
        r = self.rules
        w = {code: r.indicators[code].weight * factors.get(code, F(1)) for code in live}
        dims = {r.indicators[code].dimension for code in live}
        total = sum((r.dimensions[d] for d in dims), F(0))
        inside = {d: sum(w[c] for c in live if r.indicators[c].dimension == d) for d in dims}
        return {c: w[c] / inside[(d := r.indicators[c].dimension)] * r.dimensions[d] / total for c in live}

    def composite(
        self, found: Mapping[str, dict[str, Any]], factors: Mapping[str, F], drop: str | None = None
    ) -> dict[str, Any] | None:
        r, nominal = self.rules, self.rules.nominal_weights
        live = [c for c in r.order if found[c]["status"] == "OK" and c != drop]
        gaps = [c for c in live if found[c]["sR"] is not None]
        if not live:
            return None
        w = self.weights(live, factors)
        ca = rounded(sum(w[c] * found[c]["sA"] for c in live), 1)
        result = {"CA": ca, "CR": None, "RCI": ca, "view": "ABS", "w": w, "s": {c: found[c]["sA"] for c in live}}
        if gaps and sum(nominal[c] for c in gaps) >= r.rel_min_share * sum(nominal[c] for c in live):
            w = self.weights(gaps, factors)
            result["CR"] = cr = rounded(sum(w[c] * found[c]["sR"] for c in gaps), 1)
            if cr > ca:
                result |= {"RCI": cr, "view": "REL", "w": w, "s": {c: found[c]["sR"] for c in gaps}}
        return result

    def stage(self, rci: F, shift: int = 0) -> int:
        return int(rci >= self.rules.caution_at + shift) + int(rci >= self.rules.severe_at + shift)

    # -- an area ---------------------------------------------------------------------------------------------------

    def find(self, area: str, momentum: F | None = None, k: F = F(1), stretch: F = F(1)) -> dict[str, dict[str, Any]]:
        momentum = self.rules.momentum if momentum is None else momentum
        return {i.code: self.indicator(area, i, momentum, k, stretch) for i in self.rules.ordered}

    def badge(self, area: str, found: dict[str, dict[str, Any]], base: dict[str, Any]) -> dict[str, Any]:
        r, stages = self.rules, []
        live = [c for c in r.order if found[c]["status"] == "OK"]
        for code in live:
            stages += [self.composite(found, {code: F(1, 2)}), self.composite(found, {code: F(3, 2)})]
            stages.append(self.composite(found, {}, drop=code))
        stages += [self.composite(self.find(area, stretch=f), {}) for f in (F(4, 5), F(5, 4))]
        stages += [self.composite(self.find(area, momentum=f), {}) for f in (F(0), F(1))]
        stages += [self.composite(self.find(area, k=f), {}) for f in (F(1, 2), F(2))]
        for draw in range(r.draws):
            u = {c: int(hashlib.sha256(f"{r.version}|w|{draw}|{c}".encode()).hexdigest()[:12], 16) for c in live}
            stages.append(self.composite(found, {c: F(1, 2) + F(v, 16**12) for c, v in u.items()}))
        ranks = [self.stage(s["RCI"]) for s in stages if s] + [self.stage(base["RCI"], shift) for shift in (-5, 5)]
        raw = self.stage(base["RCI"])
        rho = rounded(F(sum(rank == raw for rank in ranks), len(ranks)), 2)
        return {
            "rho": text(rho, 2), "scenarios": len(ranks),
            "badge": "ROBUST" if rho >= F(9, 10) else "MODERATE" if rho >= F(7, 10) else "SENSITIVE",
            "badge_best": STAGES[min([*ranks, raw])], "badge_worst": STAGES[max([*ranks, raw])],
        }  # fmt: skip

    def leaves(self, area: str) -> list[str]:
        below = self.children[area]
        return [leaf for child in below for leaf in (self.leaves(child) if self.children[child] else [child])]

    def spread(self, area: str) -> dict[str, Any] | None:
        rule = self.rules.spread
        total = known = bad = worst = F(0)
        for leaf in self.leaves(area) if rule else []:
            weight = self.newest(leaf, rule.weight_indicator, self.month)
            if weight is None or weight <= 0:
                continue
            total += weight
            shown = self.public(leaf)
            if shown["status"] == "OK":
                known += weight
                bad += weight if shown["model_stage"] != "GOOD" else 0
                worst += weight if shown["model_stage"] == "SEVERE" else 0
        if not rule or known == 0 or known < total / 2:
            return None
        p1, p2 = rounded(100 * bad / known, 1), rounded(100 * worst / known, 1)
        stage = 2 if p2 >= rule.severe_p2 else 1 if p2 >= rule.caution_p2 or p1 >= rule.caution_p1 else 0
        return {"p1": text(p1, 1), "p2": text(p2, 1), "stage": STAGES[stage]}

    def public(self, area: str) -> dict[str, Any]:
        """The part of the public record that the method defines."""
        r, found = self.rules, self.find(area)
        live = [c for c in r.order if found[c]["status"] == "OK"]
        nominal = r.nominal_weights
        coverage = rounded(sum((nominal[c] for c in live), F(0)), 2)
        quality = rounded(sum((nominal[c] / (2 if found[c]["flags"] else 1) for c in live), F(0)), 2)
        share = sum((nominal[c] for c in live), F(0))
        mean_b = rounded(sum((nominal[c] * found[c]["B"] for c in live), F(0)) / share, 2) if live else F(0)
        n, base = self.size(area), self.composite(found, {})
        previous = self.previous.get(area)
        g = r.grades
        grade = "C"
        if coverage < g.min_coverage or (n is not None and n < r.min_n) or base is None:
            grade = "D"
        elif quality >= g.a[0] and mean_b >= g.a[1]:
            grade = "A"
        elif quality >= g.b[0] and mean_b >= g.b[1]:
            grade = "B"
        shown: dict[str, Any] = {
            "status": "OK", "grade": grade, "coverage": text(coverage, 2), "quality": text(quality, 2),
            "mean_B": text(mean_b, 2), "RCI": text(base["RCI"], 1) if base else None, "model_stage": previous,
            "raw_stage": None, "CA": None, "CR": None, "view": None, "held": None, "watch": False, "contributions": {},
            "rho": None, "badge": None, "badge_best": None, "badge_worst": None, "scenarios": None,
            "spread": self.spread(area), "indicators": {c: self.entry(found[c]) for c in r.order},
        }  # fmt: skip
        if grade == "D":
            return shown | {"status": "INSUFFICIENT"}
        assert base is not None
        parts = {c: rounded(base["w"][c] * s, 2) for c, s in base["s"].items()}
        largest = max(parts, key=lambda c: (parts[c], -r.order.index(c)))
        parts[largest] += base["RCI"] - sum(parts.values())
        raw = max(self.stage(base["RCI"]), STAGES.index(shown["spread"]["stage"]) if shown["spread"] else 0)
        held = -1 if previous is None else STAGES.index(previous)
        model = raw
        if raw < held:
            threshold = r.severe_at if held == 2 else r.caution_at
            model = held - 1 if base["RCI"] < threshold - r.hysteresis else held
        watch = raw == 0 and any(
            r.indicators[c].core and found[c]["B"] >= F(1, 2) and 100 in (found[c]["sA"], found[c]["sR"]) for c in live
        )
        return shown | self.badge(area, found, base) | {
            "CA": text(base["CA"], 1), "CR": text(base["CR"], 1), "view": base["view"], "raw_stage": STAGES[raw],
            "model_stage": STAGES[model], "held": model != raw, "watch": watch,
            "contributions": {c: text(v, 2) for c, v in parts.items()},
        }  # fmt: skip

    def entry(self, f: dict[str, Any]) -> dict[str, Any]:
        keys = ("reason", "period", "c", "c_prev6", "B", "c_shrunk", "c_shrunk_prev6", "a", "d", "sA", "sR", "nation_c")
        shown: dict[str, Any] = dict.fromkeys(keys)
        shown |= {"status": f["status"], "flags": [], "members": 0, "suspect": False}
        if f["status"] == "MISSING":
            return shown | {"reason": f["reason"]}
        shown |= {"period": month_text(f["t"]), "c": text(f["c"], 4), "members": f["members"]}
        if f["status"] == "SUSPECT":
            return shown | {"reason": "SUSPECT_CHANGE", "suspect": True}
        return shown | {
            "flags": f["flags"], "c_prev6": text(f["prev"], 4), "B": text(rounded(f["B"], 4), 4),
            "c_shrunk": text(f["shrunk"], 4), "c_shrunk_prev6": text(f["shrunk6"], 4), "a": text(f["a"], 4),
            "d": text(f["d"], 4), "sA": text(f["sA"], 2), "sR": text(f["sR"], 2),
            "nation_c": None if f["d"] is None else text(f["nation"], 4),
        }  # fmt: skip
