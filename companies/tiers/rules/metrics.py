"""Every metric of every criteria set, defined once. Exact: integers and fractions, never a float.

A metric is a function of (facts, years) that returns a Reading: the value, the inputs it was made of, and, when there
is no value, why not. Definitions the notices leave open are fixed here and named in each docstring:

- averages are over whole business years, fewer for a young firm (see `windows`);
- a year without a figure makes the value unknown: a gap is never read as nought;
- growth is the arithmetic mean of yearly rates (`SALES_GROWTH`, `EMPLOYEES_GROWTH`) or the compound rate
  (`SALES_CAGR`); a criterion says which it means;
- ratios of several years are sum over sum.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from companies.tiers.rules.facts import Facts, Year
from companies.tiers.rules.windows import Window, last_years

MONEY, PERCENT, COUNT, YEARS, FLAG, WORD, WORDS, CODE = (
    "MONEY", "PERCENT", "COUNT", "YEARS", "FLAG", "WORD", "WORDS", "CODE",
)  # fmt: skip
NUMERIC = frozenset({MONEY, PERCENT, COUNT, YEARS})
Value = Fraction | bool | str | frozenset[str]
Input = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Compound:
    """A compound rate kept exact: (ratio) over `years`; the rate is its root and is compared without taking it."""

    ratio: Fraction
    years: int


@dataclass(frozen=True, slots=True)
class Reading:
    """`value` None is unknown, with `reason`. `at_least` is a bound known although the value is not.

    `compound` replaces the value in comparisons where the value shown is a rounded root.
    """

    value: Value | None
    inputs: tuple[Input, ...] = ()
    reason: str = ""
    note: str = ""
    at_least: Fraction | None = None
    compound: Compound | None = None


def unknown(reason: str, inputs: tuple[Input, ...] = (), note: str = "", at_least: Fraction | None = None) -> Reading:
    return Reading(None, inputs, reason, note, at_least)


_ITEM = {
    "sales": "매출액", "exports_direct": "직접수출액", "exports_indirect": "간접수출액", "rnd": "연구개발비",
    "employees": "상시근로자",
}  # fmt: skip


def _input(facts: Facts, year: int, item: str) -> Input:
    row = facts.years.get(year)
    return {
        "year": year,
        "item": item,
        "label": _ITEM[item],
        "value": getattr(row, item) if row else None,
        "source": row.sources.get(item, "") if row else "",
        "preliminary": bool(row and item in row.preliminary),
    }


def _read(facts: Facts, years: tuple[int, ...], items: tuple[str, ...]) -> tuple[tuple[Input, ...], str]:
    """The figures of the years, and what is missing among them in words (empty: nothing)."""
    inputs = tuple(_input(facts, year, item) for item in items for year in years)
    gaps = [f"{row['year']}년 {row['label']}" for row in inputs if row["value"] is None]
    return inputs, f"자료 없음: {', '.join(gaps)}" if gaps else ""


def _average(facts: Facts, years: int, item: str) -> Reading:
    window = last_years(facts, years)
    if not window.years:
        return unknown(window.note)
    inputs, gaps = _read(facts, window.years, (item,))
    if gaps:
        return unknown(gaps, inputs, window.note)
    return Reading(Fraction(sum(row["value"] for row in inputs), len(inputs)), inputs, note=window.note)


def sales_last(facts: Facts, years: int) -> Reading:
    """Sales of the base year, in won."""
    return _average(facts, 1, "sales")


def sales_average(facts: Facts, years: int) -> Reading:
    """Mean yearly sales in won over the last `years` whole business years, fewer for a young firm."""
    return _average(facts, years, "sales")


def employees_last(facts: Facts, years: int) -> Reading:
    """Regular employees (상시근로자) reported for the base year."""
    return _average(facts, 1, "employees")


def _growth_window(facts: Facts, years: int) -> Window:
    """The years between which `years` yearly changes lie; fewer for a young firm, none with a single whole year."""
    window = last_years(facts, years + 1)
    if len(window.years) < 2:
        return Window((), "증가율을 계산할 두 사업연도가 아직 없음")
    return window


def _growth(facts: Facts, years: int, item: str) -> Reading:
    window = _growth_window(facts, years)
    if not window.years:
        return unknown(window.note)
    inputs, gaps = _read(facts, window.years, (item,))
    if gaps:
        return unknown(gaps, inputs, window.note)
    values = [row["value"] for row in inputs]
    for row, before in zip(inputs, values[:-1], strict=False):
        if before <= 0:
            return unknown(f"{row['year']}년 {row['label']}이(가) 0이라 증가율을 계산할 수 없음", inputs, window.note)
    rates = [Fraction(now - before, before) for before, now in pairwise(values)]
    return Reading(100 * sum(rates, Fraction(0)) / len(rates), inputs, note=window.note)


def sales_growth(facts: Facts, years: int) -> Reading:
    """Arithmetic mean of the last `years` yearly growth rates of sales, in percent."""
    return _growth(facts, years, "sales")


def employees_growth(facts: Facts, years: int) -> Reading:
    """Arithmetic mean of the last `years` yearly growth rates of regular employees, in percent."""
    return _growth(facts, years, "employees")


def _root(ratio: Fraction, degree: int, places: int = 8) -> Fraction:
    """The positive root of a fraction, rounded down at `places` decimals: integers only."""
    scale = 10**places
    target = ratio.numerator * scale**degree // ratio.denominator
    low, high = 0, max(target, 1)
    high = min(high, 1 << (target.bit_length() // degree + 1))
    while low < high:
        middle = (low + high + 1) // 2
        if middle**degree <= target:
            low = middle
        else:
            high = middle - 1
    return Fraction(low, scale)


def sales_cagr(facts: Facts, years: int) -> Reading:
    """Compound yearly growth of sales over the last `years` changes, in percent.

    (last ÷ first)^(1/n) − 1. The value shown is a root rounded down; comparisons use the exact ratio and power.
    """
    window = _growth_window(facts, years)
    if not window.years:
        return unknown(window.note)
    inputs, gaps = _read(facts, (window.years[0], window.years[-1]), ("sales",))
    if gaps:
        return unknown(gaps, inputs, window.note)
    first, last = inputs[0]["value"], inputs[1]["value"]
    if first <= 0:
        return unknown(f"{window.years[0]}년 매출액이 0이라 증가율을 계산할 수 없음", inputs, window.note)
    changes = len(window.years) - 1
    ratio = Fraction(last, first)
    return Reading(100 * (_root(ratio, changes) - 1), inputs, note=window.note, compound=Compound(ratio, changes))


def _ratio(facts: Facts, years: int, items: tuple[str, ...], spare: str = "") -> Reading:
    """Sum of `items` over sum of sales, in percent. A gap only in `spare` still gives a lower bound."""
    window = last_years(facts, years)
    if not window.years:
        return unknown(window.note)
    inputs, gaps = _read(facts, window.years, (*items, "sales"))
    sales = sum(row["value"] or 0 for row in inputs if row["item"] == "sales")
    if gaps:
        sure = all(row["value"] is not None for row in inputs if row["item"] != spare)
        parts = sum(row["value"] or 0 for row in inputs if row["item"] not in ("sales", spare))
        bound = Fraction(100 * parts, sales) if spare and sure and sales > 0 else None
        return unknown(gaps, inputs, window.note, bound)
    if sales <= 0:
        return unknown("매출액 합계가 0이라 비율을 계산할 수 없음", inputs, window.note)
    return Reading(
        Fraction(100 * sum(row["value"] for row in inputs if row["item"] != "sales"), sales), inputs, note=window.note
    )


def rnd_ratio(facts: Facts, years: int) -> Reading:
    """R&D spending ÷ sales over the last `years`, sum over sum, in percent."""
    return _ratio(facts, years, ("rnd",))


def export_share(facts: Facts, years: int) -> Reading:
    """(Direct + indirect exports) ÷ sales over the last `years`, sum over sum, in percent.

    Where only indirect exports are missing, direct ones alone are a lower bound: enough to say yes, never to say no.
    """
    return _ratio(facts, years, ("exports_direct", "exports_indirect"), spare="exports_indirect")


def age(facts: Facts, years: int) -> Reading:
    """Years in business on the day, exact: whole years and the part of the year since the last anniversary."""
    if facts.founded_on is None:
        return unknown("설립일이 없음")
    given: tuple[Input, ...] = ({"item": "founded_on", "label": "설립일", "value": facts.founded_on.isoformat()},)
    if facts.founded_on > facts.on:
        return unknown("설립일이 판정일보다 늦음", given)
    whole = facts.on.year - facts.founded_on.year
    if _anniversary(facts.founded_on, whole) > facts.on:
        whole -= 1
    last, following = _anniversary(facts.founded_on, whole), _anniversary(facts.founded_on, whole + 1)
    return Reading(whole + Fraction((facts.on - last).days, (following - last).days), given)


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February in a common year
        return date(day.year + years, 3, 1)


def patents_per_year(facts: Facts, years: int) -> Reading:
    """Patents filed and registered in the last `years` whole business years, per year."""
    window = last_years(facts, years)
    if not window.years:
        return unknown(window.note)
    counted = [(day, what) for day, what in facts.patents if day.year in window.years]
    inputs = tuple(
        {
            "item": "patents",
            "label": "특허 출원·등록",
            "year": year,
            "value": sum(day.year == year for day, _ in counted),
        }
        for year in window.years
    )
    return Reading(Fraction(len(counted), len(window.years)), inputs, note=window.note)


def has_lab(facts: Facts, years: int) -> Reading:
    """Whether a corporate research institute (기업부설연구소) is registered and in force on the day."""
    return Reading("LAB" in facts.certifications, (_certified(facts),))


def certifications(facts: Facts, years: int) -> Reading:
    """Certifications in force on the day, by kind. Nothing registered means none."""
    return Reading(facts.certifications, (_certified(facts),))


def _certified(facts: Facts) -> Input:
    return {"item": "certifications", "label": "유효한 인증", "value": sorted(facts.certifications)}


def _plain(item: str, label: str) -> Callable[[Facts, int], Reading]:
    def read(facts: Facts, years: int) -> Reading:
        value = getattr(facts, item)
        if value in ("", None, "UNKNOWN"):
            return unknown(f"{label} 자료가 없음")
        shown = sorted(value) if isinstance(value, frozenset) else value
        return Reading(value, ({"item": item, "label": label, "value": shown},))

    read.__doc__ = f"The firm's {item.replace('_', ' ')} as registered."
    return read


def hq_outside_capital(facts: Facts, years: int) -> Reading:
    """Whether the headquarters lie outside 서울, 인천 and 경기."""
    if facts.hq_capital is None:
        return unknown("본사 소재지가 없음")
    return Reading(not facts.hq_capital, ({"item": "hq_region", "label": "본사 시·도", "value": facts.hq_region},))


def tier_held(facts: Facts, years: int) -> Reading:
    """The tier held on the day on the main ladder; `NONE` without one."""
    return Reading(facts.tier or "NONE", ({"item": "tier", "label": "현재 등급", "value": facts.tier or "NONE"},))


def designated(facts: Facts, years: int) -> Reading:
    """Whether a designation as 지역혁신 선도기업 is in force on the day."""
    return Reading(facts.designated, ({"item": "designated", "label": "지역혁신 선도기업", "value": facts.designated},))


def _stated(code: str, label: str) -> Callable[[Facts, int], Reading]:
    def read(facts: Facts, years: int) -> Reading:
        found = facts.stated.get(code)
        if found is None:
            return unknown(f"‘{label}’ 확인 서류가 없음")
        shown = found.value if isinstance(found.value, bool) else str(found.value)
        return Reading(found.value, ({"item": code, "label": label, "value": shown, "source": found.document},))

    read.__doc__ = f"Stated with a document: {code}."
    return read


@dataclass(frozen=True, slots=True)
class Metric:
    """`years` is the usual window, 0 where a metric has none and a criterion may not name one."""

    code: str
    label: str
    kind: str
    read: Callable[[Facts, int], Reading]
    years: int = 0


def _listed() -> dict[str, Metric]:
    rows = [
        Metric("SALES_LAST", "전년 매출액", MONEY, sales_last),
        Metric("SALES_AVERAGE", "평균 매출액", MONEY, sales_average, 3),
        Metric("SALES_GROWTH", "평균 매출증가율", PERCENT, sales_growth, 5),
        Metric("SALES_CAGR", "연평균 매출성장률(복리)", PERCENT, sales_cagr, 5),
        Metric("EMPLOYEES", "상시근로자 수", COUNT, employees_last),
        Metric("EMPLOYEES_GROWTH", "평균 고용증가율", PERCENT, employees_growth, 3),
        Metric("RND_RATIO", "매출 대비 연구개발비", PERCENT, rnd_ratio, 3),
        Metric("EXPORT_SHARE", "수출 비중(간접 포함)", PERCENT, export_share, 3),
        Metric("PATENTS", "연평균 특허 출원·등록", COUNT, patents_per_year, 3),
        Metric("AGE", "업력(년)", YEARS, age),
        Metric("HAS_LAB", "기업부설연구소", FLAG, has_lab),
        Metric("CERTIFICATIONS", "인증", WORDS, certifications),
        Metric("SIZE", "기업 규모", WORD, _plain("size", "기업 규모")),
        Metric("STATE", "영업 상태", WORD, _plain("state", "영업 상태")),
        Metric("INDUSTRY", "표준산업분류", CODE, _plain("industry", "표준산업분류")),
        Metric("HQ_REGION", "본사 시·도", WORD, _plain("hq_region", "본사 시·도")),
        Metric("REGIONS", "사업장 시·도", WORDS, _plain("regions", "사업장 시·도")),
        Metric("HQ_OUTSIDE_CAPITAL", "비수도권 본사", FLAG, hq_outside_capital),
        Metric("TIER", "현재 등급", WORD, tier_held),
        Metric("DESIGNATED", "지역혁신 선도기업 선정", FLAG, designated),
    ]
    flags = {
        "MAIN_INDUSTRY": "주축산업 또는 연관 업종", "FUTURE_INDUSTRY": "미래 신산업 연계 업종",
        "LARGE_AFFILIATE": "대기업 관계회사", "TAX_ARREARS": "국세·지방세 체납", "DEFAULTED": "채무불이행",
        "RND_BANNED": "연구개발 참여제한", "STAR_COMPANY": "지역스타기업",
        "OUTSIDE_LINK": "초광역권 밖 협약·거래 실적", "SALES_TEST": "공고의 매출 요건",
    }  # fmt: skip
    rows += [Metric(code, label, FLAG, _stated(code, label)) for code, label in flags.items()]
    rows += [
        Metric("LOCAL_YOUTH_SHARE", "신규채용 지역 청년 비율", PERCENT, _stated("LOCAL_YOUTH_SHARE", "지역 청년 비율")),
        Metric("EXPORTS_USD", "전년 수출액(달러)", COUNT, _stated("EXPORTS_USD", "전년 수출액(달러)")),
    ]
    return {row.code: row for row in rows}


METRICS = _listed()
LONGEST_WINDOW = 10


def read(metric: str, facts: Facts, years: int = 0) -> Reading:
    """The metric of a firm over `years` (its usual window when 0). KeyError for a metric that does not exist."""
    found = METRICS[metric]
    return found.read(facts, years or found.years)


__all__ = ["METRICS", "NUMERIC", "Compound", "Metric", "Reading", "Year", "read"]
