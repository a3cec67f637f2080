"""Conditions and readings in the words of an official's table. Korean: the evidence sheet is a Korean document."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

from companies.tiers.rules.evaluate import MET, NOT_MET, UNKNOWN, Judged, Result
from companies.tiers.rules.metrics import FLAG, MONEY, NUMERIC, PERCENT, YEARS, Reading
from companies.tiers.rules.tree import ALL, ANY, OPERATOR_WORDS, Condition, Group, Node

OUTCOME_WORDS = {MET: "충족", NOT_MET: "미충족", UNKNOWN: "확인 필요"}
_HUNDRED_MILLION = 100_000_000
_WORDS = {
    "VENTURE": "벤처기업", "INNOBIZ": "이노비즈", "MAINBIZ": "메인비즈", "ROOT": "뿌리기업",
    "MATERIALS": "소부장 전문기업", "LAB": "기업부설연구소", "RND_UNIT": "연구개발전담부서", "OTHER": "그 밖의 인증",
    "MICRO": "소상공인", "SMALL": "소기업", "MEDIUM": "중기업", "MID_SIZED": "중견기업", "LARGE": "대기업",
    "OPERATING": "계속사업", "SUSPENDED": "휴업", "CLOSED": "폐업",
    "11": "서울", "26": "부산", "27": "대구", "28": "인천", "29": "광주", "30": "대전", "31": "울산", "36": "세종",
    "41": "경기", "42": "강원", "43": "충북", "44": "충남", "45": "전북", "46": "전남", "47": "경북", "48": "경남",
    "50": "제주", "51": "강원", "52": "전북", "PJ": "전남광주",
    "NONE": "없음", "POTENTIAL": "잠재기업", "PRELIMINARY": "예비선도기업", "LEADING": "선도기업",
}  # fmt: skip

_SIDO = ("11", "26", "27", "28", "29", "30", "31", "36", "41", "42", "43", "44", "45", "46", "47", "48", "50", "51",
         "52", "PJ")  # fmt: skip
VOCABULARY: dict[str, tuple[str, ...]] = {
    "SIZE": ("MICRO", "SMALL", "MEDIUM", "MID_SIZED", "LARGE"),
    "STATE": ("OPERATING", "SUSPENDED", "CLOSED"),
    "CERTIFICATIONS": ("VENTURE", "INNOBIZ", "MAINBIZ", "ROOT", "MATERIALS", "LAB", "RND_UNIT", "OTHER"),
    "HQ_REGION": _SIDO,
    "REGIONS": _SIDO,
    "TIER": ("NONE", "POTENTIAL", "PRELIMINARY", "LEADING"),
}
"""The codes a metric of words may take. A region's old and new code carry one name: the name means both."""


def word(code: str, metric: str) -> str:
    """A code of a metric in words; itself where the metric has none."""
    return _WORDS[code] if code in VOCABULARY.get(metric, ()) else code


def words_of(metric: str) -> dict[str, list[str]]:
    """Each word of a metric with the codes it stands for."""
    found: dict[str, list[str]] = {}
    for code in VOCABULARY.get(metric, ()):
        found.setdefault(_WORDS[code], []).append(code)
    return found


def _plain(value: Fraction, places: int) -> str:
    """Rounded half up, away from nought, without trailing noughts: whole numbers all the way, for thousands of firms."""
    scale = 10**places
    whole = (2 * abs(value.numerator) * scale + value.denominator) // (2 * value.denominator)
    units, rest = divmod(whole, scale)
    part = str(rest).zfill(places).rstrip("0") if rest else ""
    text = f"{units:,}.{part}" if part else f"{units:,}"
    return f"△{text}" if value < 0 and whole else text


def amount(value: Fraction, kind: str, finer: int = 0) -> str:
    """A number in its unit: won in 억원 and 만원, percents, heads, years; with `finer` more decimals than usual."""
    if kind == MONEY:
        sign, won = ("△" if value < 0 else ""), abs(value)
        if won >= _HUNDRED_MILLION:
            return f"{sign}{_plain(won / _HUNDRED_MILLION, 2 + finer)}억원"
        return f"{sign}{_plain(won / 10_000, 1 + finer)}만원"
    if kind == PERCENT:
        return f"{_plain(value, 2 + finer)}%"
    return f"{_plain(value, 2 + finer)}{'년' if kind == YEARS else ''}"


FINEST = 6


@lru_cache(maxsize=512)
def _threshold(value: Fraction, kind: str) -> str:
    return amount(value, kind)


def beside(value: Fraction, threshold: Fraction, kind: str) -> str:
    """A value as it is shown beside the threshold it is held against: never rounded onto it, so that no one reads
    ‘5% 이상 – 미충족(5%)’."""
    if value == threshold:
        return amount(value, kind)
    told = _threshold(threshold, kind)
    for finer in range(FINEST + 1):
        text = amount(value, kind, finer)
        if text != told:
            return text
    return f"{told}보다 조금 {'작음' if value < threshold else '큼'}"


def shown(value: Any, kind: str) -> str:
    """A metric's value or a condition's threshold in words; empty for None."""
    if value is None:
        return ""
    if kind in NUMERIC:
        return amount(Fraction(value), kind)
    if kind == FLAG:
        return "예" if value else "아니오"
    if isinstance(value, frozenset | set | list | tuple):
        return ", ".join(_WORDS.get(one, one) for one in sorted(value)) or "없음"
    return _WORDS.get(str(value), str(value))


def condition_text(condition: Condition) -> str:
    """`평균 매출액(3년) 50억원 이상`"""
    metric = condition.metric
    label = f"{metric.label}({condition.years}년)" if condition.years else metric.label
    value = shown(condition.value, metric.kind)
    if metric.kind == FLAG:
        return f"{label}: {value}"
    if metric.kind in NUMERIC:
        return f"{label} {value} {OPERATOR_WORDS[condition.operator]}"
    return f"{label}: {OPERATOR_WORDS[condition.operator]} ({value})"


def group_text(group: Group) -> str:
    head = {ALL: "모두 충족", ANY: "하나 이상 충족"}.get(
        group.kind, f"{len(group.members)}개 중 {group.need}개 이상 충족"
    )
    return f"{head}{f' – {group.note}' if group.note else ''}"


def outline(node: Node) -> dict[str, Any]:
    """A tree for reading: `text` and `members` of a group; `text`, `note` and `at_review` of a condition."""
    if isinstance(node, Condition):
        return {"text": condition_text(node), "note": node.note, "at_review": node.at_review, "members": []}
    return {"text": group_text(node), "members": [outline(member) for member in node.members]}


def reading_text(reading: Reading, kind: str, threshold: Any = None) -> str:
    """The value (as told apart from the threshold), the bound or the reason there is none."""
    if reading.value is not None:
        if kind in NUMERIC and isinstance(threshold, Fraction):
            return beside(Fraction(reading.value), threshold, kind)  # type: ignore[arg-type]
        return shown(reading.value, kind)
    if reading.at_least is not None:
        return f"{amount(reading.at_least, kind)} 이상({reading.reason})"
    return reading.reason


def standing_in_the_way(result: Result) -> Iterator[str]:
    """Why a result is not MET: the conditions that failed or are not known, in words."""
    if result.outcome == MET:
        return
    if isinstance(result, Judged):
        text = condition_text(result.node)
        yield f"{text} – {OUTCOME_WORDS[result.outcome]}({reading_text(result.reading, result.node.metric.kind, result.node.value)})"
        return
    for member in result.members:
        yield from standing_in_the_way(member)
