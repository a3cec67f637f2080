"""Codes of a record in the words of an office. A paper is Korean and says the same in ten years: no translation here."""

from typing import Any

STAGES = {"GOOD": "● 양호", "CAUTION": "▲ 주의", "SEVERE": "◆ 심각", None: "– 판정보류"}
CHOICES = {"FOR": "찬성", "AGAINST": "반대", "ABSTAIN": "기권", None: "–"}
BADGES = {"ROBUST": "견고", "MODERATE": "보통", "SENSITIVE": "민감", None: "–"}
FLAGS = {
    "STALE": "오래된 자료",
    "PARTIAL_WINDOW": "일부 달만 있음",
    "PROVISIONAL": "잠정치",
    "NO_MOMENTUM": "지난 반기 변화 모름",
    "NO_PARENT": "상위지역 없음",
    "NO_EXPOSURE": "사업체 수 모름",
}
NO_DATA = {
    "BASE_NONPOSITIVE": "비교할 값이 0 이하",
    "NO_RECENT_DATA": "최근 자료 없음",
    "SUSPECT_CHANGE": "의심 값(확인 전)",
}
NONE = "–"


def stage(code: Any) -> str:
    return STAGES.get(code, str(code))


def day(text: str | None) -> str:
    """`2026-01-31` as `2026. 1. 31.`."""
    if not text:
        return NONE
    year, month, number = text[:10].split("-")
    return f"{year}. {int(month)}. {int(number)}."


def moment(text: str | None) -> str:
    """`2026-01-31T14:30:00+09:00` as `2026. 1. 31. 14:30`."""
    return f"{day(text)} {text[11:16]}" if text else NONE


def month(text: str | None) -> str:
    """`2025-05` as `2025. 5.`."""
    return f"{text[:4]}. {int(text[5:7])}." if text else NONE


def span(start: str | None, before: str | None) -> str:
    return f"{day(start)}부터" + (f" {day(before)} 전까지" if before else "")


def number(text: str | None) -> str:
    """A decimal as text, grouped by thousands, a decrease with △; anything else (X: withdrawn) as it is."""
    if text is None or text == "":
        return NONE
    whole, point, rest = text.removeprefix("-").partition(".")
    grouped = f"{int(whole):,}" if whole.isdigit() else whole
    return ("△" if text.startswith("-") else "") + grouped + point + rest


def or_none(text: Any) -> str:
    return str(text) if text not in (None, "") else NONE
