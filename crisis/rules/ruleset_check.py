"""Reading and checking a rule-set JSON: every fault becomes one Korean sentence saying where and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from crisis.rules.months import WINDOW
from crisis.rules.ruleset import Grades, Indicator, RuleSet, RuleSetError, Spread, ruleset_sha256

KINDS = ("LEVEL", "RATE")
FREQUENCIES = ("M", "Q", "H")
MAX_INDICATORS = 40
LARGEST, MOST_PLACES = 10**12, 6

_TOP_KEYS = {
    "version", "order", "dimensions", "indicators", "window_months", "momentum", "T1", "T2", "hysteresis",
    "suspect_abs_change", "min_n", "rel_min_share", "reference_area", "exposure_indicator", "sensitivity_draws",
    "grades", "spread", "floors", "council", "dimension_names", "name_ko", "name_en", "status", "valid_from",
    "valid_to", "approved_by",
}  # fmt: skip
_INDICATOR_KEYS = {
    "dimension", "freq", "kind", "direction", "weight", "window_months", "pub_lag_months", "max_stale_months",
    "credibility_k", "core", "anchors_abs", "anchors_rel", "suspect_abs_change", "rate_weight", "unit",
    "unit_factors", "name_ko", "name_en", "source", "legal_basis",
}  # fmt: skip
_ABSENT = object()


class _Reader:
    """Reads typed entries of one JSON object, gathering a sentence for each fault instead of stopping at the first."""

    def __init__(self, raw: Mapping[str, Any], where: str, faults: list[str]) -> None:
        self.raw, self.where, self.faults = raw, where, faults

    def fault(self, key: str, complaint: str) -> None:
        self.faults.append(f"판정 기준의 '{self.where}{key}' 항목: {complaint}")

    def get(self, key: str, default: Any = _ABSENT) -> Any:
        value = self.raw.get(key, default)
        if value is _ABSENT:
            self.fault(key, "없습니다. 이 항목을 추가하십시오.")
            return None
        return value

    def number(
        self, key: str, default: Any = _ABSENT, *, least: int | None = None, most: int | None = None
    ) -> Fraction:
        return self.checked_number(key, self.get(key, default), least=least, most=most)

    def checked_number(self, key: str, value: Any, *, least: int | None = None, most: int | None = None) -> Fraction:
        if value is None and key not in self.raw:
            return Fraction(0)
        number = as_fraction(value)
        if number is None:
            self.fault(key, f'쓸 수 있는 숫자가 아닙니다({value!r}). "0.5"처럼 소수 {MOST_PLACES}자리까지 적으십시오.')
            return Fraction(0)
        if least is not None and number < least:
            self.fault(key, f"{least} 이상이어야 합니다(지금 {value}).")
        if most is not None and number > most:
            self.fault(key, f"{most} 이하여야 합니다(지금 {value}).")
        return number

    def whole(self, key: str, default: Any = _ABSENT, *, least: int, most: int) -> int:
        number = self.number(key, default, least=least, most=most)
        if number.denominator != 1:
            self.fault(key, f"정수여야 합니다(지금 {self.raw.get(key)}).")
        return int(number)

    def text(self, key: str, default: Any = _ABSENT) -> str:
        value = self.get(key, default)
        if value is None and key not in self.raw:
            return ""
        if not isinstance(value, str) or not value:
            self.fault(key, f"글자로 적어야 합니다(지금 {value!r}).")
            return ""
        return value

    def flag(self, key: str) -> bool:
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            self.fault(key, f"true 또는 false여야 합니다(지금 {value!r}).")
        return bool(value)

    def choice(self, key: str, allowed: tuple[Any, ...], default: Any = _ABSENT) -> Any:
        value = self.get(key, default)
        if value is None and key not in self.raw:
            return allowed[0]
        if isinstance(value, bool) or value not in allowed:
            self.fault(key, f"{', '.join(map(str, allowed))} 가운데 하나여야 합니다(지금 {value!r}).")
            return allowed[0]
        return value

    def mapping(self, key: str, default: Any = _ABSENT) -> Mapping[str, Any]:
        value = self.get(key, default)
        if isinstance(value, Mapping):
            return value
        if value is not None or key in self.raw:
            self.fault(key, "이름과 값의 묶음({ … })이어야 합니다.")
        return {}

    def numbers(self, key: str, count: int) -> tuple[Fraction, ...]:
        value = self.get(key)
        if not isinstance(value, list | tuple) or len(value) != count:
            if key in self.raw:
                self.fault(key, f"숫자 {count}개의 목록이어야 합니다(지금 {value!r}).")
            return tuple(Fraction(place) for place in range(count))
        return tuple(self.checked_number(key, entry) for entry in value)


def as_fraction(value: Any) -> Fraction | None:
    """The exact number behind a JSON number or decimal string; None when it is neither or beyond the limits above."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    number = number.normalize()
    if abs(number) >= LARGEST or -int(number.as_tuple().exponent) > MOST_PLACES:
        return None
    return Fraction(number)


def read_ruleset(raw: Mapping[str, Any]) -> RuleSet:
    """Check the whole object and build the rule set; raises RuleSetError with every fault found."""
    if not isinstance(raw, Mapping):
        raise RuleSetError(["판정 기준은 JSON 객체({ … })여야 합니다."])
    faults: list[str] = []
    top = _Reader(raw, "", faults)
    defaults = {
        "window_months": top.whole("window_months", 3, least=1, most=12),
        "suspect_abs_change": top.number("suspect_abs_change", "50", least=0),
    }
    dimensions = {code: top.checked_number(f"dimensions.{code}", value, least=0) for code, value in
                  top.mapping("dimensions").items()}  # fmt: skip
    bodies = top.mapping("indicators")
    indicators: dict[str, Indicator] = {}
    for code, body in bodies.items():
        if isinstance(body, Mapping):
            indicators[code] = _indicator(code, body, dimensions, defaults, faults)
        else:
            top.fault(f"indicators.{code}", "이름과 값의 묶음({ … })이어야 합니다.")
    order = _order(top, list(bodies))
    severe, caution = top.number("T2", least=0, most=100), top.number("T1", least=0, most=100)
    if severe <= caution:
        top.fault("T2", "심각 기준(T2)은 주의 기준(T1)보다 커야 합니다.")
    _check_weights(dimensions, indicators, faults)
    exposure = top.text("exposure_indicator")
    grades = _grades(_Reader(top.mapping("grades"), "grades.", faults))
    spread = _spread(_Reader(top.mapping("spread"), "spread.", faults), indicators, exposure) if raw.get(
        "spread") is not None else None  # fmt: skip
    council = raw.get("council")
    reasons = council.get("reason_codes", []) if isinstance(council, Mapping) else []
    version, reference_area = top.text("version"), top.text("reference_area")
    momentum, hysteresis, min_n = (top.number(name, least=0) for name in ("momentum", "hysteresis", "min_n"))
    rel_min_share = top.number("rel_min_share", least=0, most=1)
    draws = top.whole("sensitivity_draws", 0, least=0, most=1000)
    if faults:
        raise RuleSetError(faults)
    return RuleSet(
        version=version, reference_area=reference_area, momentum=momentum, hysteresis=hysteresis, min_n=min_n,
        rel_min_share=rel_min_share, draws=draws, sha256=ruleset_sha256(raw), order=tuple(order),
        dimensions=dimensions, indicators=indicators, caution_at=caution, severe_at=severe,
        exposure_indicator=exposure, grades=grades, spread=spread, unused_keys=_unused(raw),
        council_reason_codes=tuple(str(code) for code in reasons),
    )  # fmt: skip


def _indicator(
    code: str, body: Mapping[str, Any], dimensions: Mapping[str, Fraction], defaults: Mapping[str, Any],
    faults: list[str],
) -> Indicator:  # fmt: skip
    reader = _Reader(body, f"indicators.{code}.", faults)
    frequency = reader.choice("freq", FREQUENCIES, "M")
    dimension = reader.text("dimension")
    if dimension and dimension not in dimensions:
        reader.fault("dimension", f"'{dimension}'이(가) dimensions에 없습니다.")
    window = reader.whole("window_months", defaults["window_months"], least=1, most=12)
    stale = reader.whole("max_stale_months", least=0, most=WINDOW)
    if frequency != "M":
        window = 1  # a quarter stands for itself (method §4: quarterly series K=1)
    if stale + 6 + 12 + window > WINDOW:
        reader.fault("max_stale_months", f"너무 깁니다. 한 회차는 {WINDOW}개월 자료만 봅니다.")
    anchors = {key: reader.numbers(key, 3) for key in ("anchors_abs", "anchors_rel")}
    for key, (low, middle, high) in anchors.items():
        if not low < middle < high:
            reader.fault(key, "작은 값에서 큰 값으로 세 값이 모두 달라야 합니다.")
    unit = body.get("unit")
    if unit is not None and not isinstance(unit, str):
        reader.fault("unit", "글자로 적어야 합니다.")
    factors = {
        name: Decimal(number.numerator) / Decimal(number.denominator)
        for name, value in reader.mapping("unit_factors", {}).items()
        if (number := reader.checked_number(f"unit_factors.{name}", value))
    }
    rate_weight = body.get("rate_weight")
    if rate_weight is not None and (not isinstance(rate_weight, str) or not rate_weight):
        reader.fault("rate_weight", "가중에 쓸 지표의 부호를 글자로 적어야 합니다.")
    return Indicator(
        code=code,
        dimension=dimension,
        frequency=frequency,
        kind=reader.choice("kind", KINDS),
        direction=int(reader.choice("direction", (1, -1))),
        weight=reader.number("weight", least=0),
        window=window,
        publication_lag=reader.whole("pub_lag_months", 0, least=0, most=WINDOW),
        max_stale=stale,
        credibility_k=reader.number("credibility_k", least=0),
        core=reader.flag("core"),
        anchors_abs=anchors["anchors_abs"],  # type: ignore[arg-type]
        anchors_rel=anchors["anchors_rel"],  # type: ignore[arg-type]
        suspect_abs_change=reader.number("suspect_abs_change", defaults["suspect_abs_change"], least=0),
        rate_weight=rate_weight,
        unit=unit,
        unit_factors=factors,
    )


def _order(top: _Reader, codes: list[str]) -> list[str]:
    if not codes and isinstance(top.raw.get("indicators"), Mapping):
        top.fault("indicators", "지표가 하나도 없습니다.")
    order = top.raw.get("order", sorted(codes))
    if not isinstance(order, list | tuple) or sorted(map(str, order)) != sorted(codes):
        top.fault("order", "indicators의 모든 지표를 한 번씩 적은 목록이어야 합니다.")
        return codes
    if len(codes) > MAX_INDICATORS:
        top.fault("indicators", f"지표는 {MAX_INDICATORS}개까지 쓸 수 있습니다(지금 {len(codes)}개).")
    return list(order)


def _check_weights(dimensions: Mapping[str, Fraction], indicators: Mapping[str, Indicator], faults: list[str]) -> None:
    for code, indicator in indicators.items():
        if indicator.weight <= 0:
            faults.append(f"판정 기준의 'indicators.{code}.weight' 항목: 0보다 커야 합니다. 쓰지 않으면 지우십시오.")
    for code in {i.dimension for i in indicators.values()} & set(dimensions):
        if dimensions[code] <= 0:
            faults.append(f"판정 기준의 'dimensions.{code}' 항목: 0보다 커야 합니다. 쓰지 않으면 지우십시오.")


def _grades(reader: _Reader) -> Grades:
    a, b = reader.numbers("A", 2), reader.numbers("B", 2)
    return Grades((a[0], a[1]), (b[0], b[1]), reader.number("min_coverage", least=0, most=1))


def _spread(reader: _Reader, indicators: Mapping[str, Indicator], exposure: str) -> Spread:
    default = "EMP" if "EMP" in indicators else exposure
    level = reader.raw.get("member_level")
    return Spread(
        caution_p1=reader.number("caution_p1", least=0),
        caution_p2=reader.number("caution_p2", least=0),
        severe_p2=reader.number("severe_p2", least=0),
        weight_indicator=reader.text("weight_indicator", default),
        member_level=None if level is None else str(level),
    )


def _unused(raw: Mapping[str, Any]) -> tuple[str, ...]:
    unused = [key for key in raw if key not in _TOP_KEYS]
    for code, body in raw["indicators"].items():
        unused.extend(f"indicators.{code}.{key}" for key in body if key not in _INDICATOR_KEYS)
    return tuple(sorted(unused))
