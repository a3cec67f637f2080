"""How figures, money, days and periods are written: one way for pages, files and messages.

House style: thousands with commas, a decrease with `△`, a missing value `–`, days `2026. 1. 31.`; English writes
`31 Jan 2026`. Rounding is half up, away from zero, on Decimal.
"""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

MISSING = "–"
DECREASE = "△"
#: What one unit of money is worth, in won.
UNITS = {"원": 1, "천원": 10**3, "백만원": 10**6, "억원": 10**8, "조원": 10**12}
STAGE_WORDS = {"good": _("양호"), "caution": _("주의"), "severe": _("심각"), "hold": _("판정보류")}
_PERIOD = re.compile(r"^(\d{4})[-. ]?(?:(0[1-9]|1[0-2])|Q([1-4])|H([12]))?$", re.IGNORECASE)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Numeric = int | float | Decimal | str


def korean() -> bool:
    """Whether the page is being written in Korean (also when no language is active)."""
    return (translation.get_language() or "ko").startswith("ko")


def decimal(value: Numeric | None) -> Decimal | None:
    """The value as an exact Decimal; None when it is missing or not a number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def number(value: Numeric | None, places: int | None = None) -> str:
    """`1,234.5`. Without `places` the figure keeps its own decimals, trailing noughts cut. Missing: `–`."""
    found = decimal(value)
    if found is None:
        return MISSING
    if places is None:
        text = f"{abs(found):,f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        found = _rounded(found, places)
        text = f"{abs(found):,f}"
    return f"{DECREASE}{text}" if found < 0 else text


def won(value: Numeric | None) -> str:
    """Whole won with the unit: `12,345,678원`, in English `KRW 12,345,678`."""
    text = number(value, 0)
    if text == MISSING:
        return text
    return f"{text}원" if korean() else f"KRW {text}"


def money_bare(value: Numeric | None, unit: str = "백만원") -> str:
    """Won counted in `unit` (원 천원 백만원 억원 조원), without the unit's name: for tables that print it above.

    Whole numbers; 억원 and 조원 keep one decimal. Raises KeyError for a unit that does not exist.
    """
    found = decimal(value)
    if found is None:
        return MISSING
    return number(found / UNITS[unit], 1 if unit in {"억원", "조원"} else 0)


def money(value: Numeric | None, unit: str = "백만원") -> str:
    """As `money_bare`, with the unit: `1,235백만원`."""
    text = money_bare(value, unit)
    return text if text == MISSING else f"{text}{unit}"


def percent(value: Numeric | None, places: int = 1) -> str:
    """A ratio already in percent: `△3.2%`."""
    text = number(value, places)
    return text if text == MISSING else f"{text}%"


def points(value: Numeric | None, places: int = 1) -> str:
    """A difference of ratios: `△0.4%p`."""
    text = number(value, places)
    return text if text == MISSING else f"{text}%p"


def period(value: date | str | None) -> str:
    """A month, quarter, half-year or year in words.

    Takes a date (its month counts) or `2017-11`, `2017Q4`, `2017H1`, `2017`; any other text comes back as it is.
    """
    if value is None or value == "":
        return MISSING
    if isinstance(value, date):
        year, month = value.year, value.month
        return f"{year}년 {month}월" if korean() else f"{_MONTHS[month - 1]} {year}"
    match = _PERIOD.match(value.strip())
    if match is None:
        return value
    year_text, month_text, quarter, half = match.groups()
    if month_text:
        return period(date(int(year_text), int(month_text), 1))
    if not korean():
        return f"Q{quarter} {year_text}" if quarter else f"H{half} {year_text}" if half else year_text
    if quarter:
        return f"{year_text}년 {quarter}분기"
    if half:
        return f"{year_text}년 {'상' if half == '1' else '하'}반기"
    return f"{year_text}년"


def day(value: date | datetime | None) -> str:
    """`2026. 1. 31.`; an aware datetime is read in the portal's time zone first."""
    if not value:
        return MISSING
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if korean():
        return f"{value.year}. {value.month}. {value.day}."
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | None) -> str:
    """`2026. 1. 31. 14:30`, in the portal's time zone."""
    if not value:
        return MISSING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)} {local:%H:%M}"


def stage_key(value: object) -> str:
    """`good`, `caution`, `severe` or `hold` for a stage as stored (`GOOD`…), None and the empty text being hold."""
    key = str(getattr(value, "value", value) or "").lower()
    return key if key in {"good", "caution", "severe"} else "hold"


def stage_word(value: object) -> str:
    """The stage's legal word; 판정보류 when there is none."""
    return str(STAGE_WORDS[stage_key(value)])
