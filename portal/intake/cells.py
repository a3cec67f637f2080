"""What people write into cells, and what they mean by it.

Each reader takes a raw cell (text, int, float, bool, date, datetime …; None or "" for an empty one) and returns a
value or raises ValueError with a Korean sentence that says how to mend it. What could mean two things is refused.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\xad\0"
_BLANKS = str.maketrans(dict.fromkeys(_INVISIBLE, None))
_HIDDEN = re.compile(f"[{_INVISIBLE}]")
_EXCEL_ERROR = re.compile(r"^#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)$", re.IGNORECASE)
NOT_GIVEN = frozenset(
    {"-", "x", "*", "…", "...", "미제공", "비공개", "비공표", "자료없음", "해당없음", "결측", "n/a", "na", "null"}
)
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "―": "-", "ー": "-", "△": "-", "▲": "-", "∆": "-", "▵": "-"})
_NUMBER = re.compile(r"^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$")
_EXPONENT = re.compile(r"^[+-]?\d+(\.\d+)?e[+-]?\d+$", re.IGNORECASE)
_FLOAT_DIGITS = ".15g"  # what Excel itself shows of a number at most
_FLOAT_PLACES = Decimal("0.000001")

_MONTH = re.compile(r"^(\d{4})(?:년|[-./])(\d{1,2})월?[.]?$")
_MONTH_DIGITS = re.compile(r"^(\d{4})(\d{2})$")
_DAY = re.compile(r"^(\d{4})(?:년|[-./])(\d{1,2})(?:월|[-./])(\d{1,2})일?[.]?$")
_DAY_DIGITS = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_QUARTER = re.compile(r"^(\d{4})(?:년)?[-./_]?(?:q([1-4])|([1-4])q|([1-4])(?:/4)?분기|([1-4])/4)$", re.IGNORECASE)
_HALF = re.compile(r"^(\d{4})(?:년)?[-./_]?(?:h([12])|(상|하)반기)$", re.IGNORECASE)
_TIME_TAIL = re.compile(r"[ T]00:00(:00(\.0+)?)?$")
_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 80_001)  # 1954 to 2119
_YEARS = range(1900, 2201)


def clean(cell: Any) -> str:
    """The text of a cell: no invisible characters, single blanks, ends trimmed. Whole floats lose their `.0`."""
    if isinstance(cell, str):
        if not cell.isascii():
            cell = _HIDDEN.sub("", unicodedata.normalize("NFC", cell))
        tidy = " ".join(cell.replace("\0", "").split())
        return cell if tidy == cell else tidy  # the same text is not kept twice: a file has a million cells
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return format(cell, _FLOAT_DIGITS)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


def narrow(cell: Any) -> str:
    """`clean`, with full-width letters and digits made narrow: for codes, numbers and days."""
    return clean(cell if not isinstance(cell, str) or cell.isascii() else unicodedata.normalize("NFKC", cell))


def is_blank(cell: Any) -> bool:
    """Whether nothing is written in a cell: blanks and invisible characters are nothing."""
    if not isinstance(cell, str):
        return cell is None
    bare = cell.strip()
    return not bare or (ord(bare[0]) in _BLANKS and not clean(bare))


def _sound(text: str) -> str:
    if text.startswith("#") and _EXCEL_ERROR.match(text):
        raise ValueError(f"엑셀 오류값({text})입니다. 수식을 고치거나 값을 직접 적어 주세요.")
    return text


def text(cell: Any) -> str:
    """Free text. An apostrophe that an export put before `=`, `+`, `-`, `@` comes off again."""
    found = clean(cell)
    if not found or found[0] not in "#'":
        return found
    return found[1:] if found[0] == "'" and found[1:2] in {"=", "+", "-", "@"} else _sound(found)


def code(cell: Any) -> str:
    """A code: narrow characters, upper case."""
    return _sound(narrow(cell)).upper()


def number(cell: Any) -> Decimal | None:
    """A number; None for the marks of a figure that is not given (`-`, `X`, `미제공` …).

    Takes `1,234`, `△5`, full-width digits. Floats from Excel are rounded to six decimals.
    """
    if isinstance(cell, bool):
        raise ValueError("참·거짓이 아니라 숫자를 적어 주세요.")
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        value = Decimal(format(cell, _FLOAT_DIGITS))
        return value if value == value.to_integral_value() else value.quantize(_FLOAT_PLACES, ROUND_HALF_UP).normalize()
    if isinstance(cell, date | timedelta):
        raise ValueError(f"날짜({cell})가 들어 있습니다. 칸의 서식을 ‘숫자’로 바꾸고 값을 다시 적어 주세요.")
    found = _sound(narrow(cell)).replace(" ", "")
    if found.lower() in NOT_GIVEN or found.translate(_MINUS) == "-":
        return None
    found = found.translate(_MINUS).removeprefix("'")
    if _NUMBER.match(found):
        return Decimal(found.replace(",", ""))
    raise ValueError(_why_no_number(found))


def _why_no_number(found: str) -> str:
    if found.startswith("(") and found.endswith(")"):
        return f"‘{found}’처럼 괄호로 적은 수는 알 수 없습니다. 줄어든 값이면 △1,234나 -1,234처럼 적어 주세요."
    if _EXPONENT.match(found):
        return (
            f"‘{found}’처럼 줄여 적힌 수는 자릿수가 잘렸을 수 있습니다. 칸의 서식을 ‘숫자’로 바꾸어 모두 적어 주세요."
        )
    if re.match(r"^[+-]?[\d,.]+[%℃가-힣a-zA-Z$￦₩]+$", found):
        return f"‘{found}’에서 단위를 빼고 숫자만 적어 주세요."
    if "," in found and re.match(r"^[+-]?[\d,.]+$", found):
        return f"‘{found}’의 쉼표 자리를 알 수 없습니다. 1,234처럼 세 자리마다 찍거나 빼 주세요."
    return f"‘{found[:40]}’은(는) 숫자가 아닙니다. 값이 없으면 ‘-’나 ‘미제공’을 적어 주세요."


def _day_of(year: int, month: int, day: int, written: str) -> date:
    if year not in _YEARS:
        raise ValueError(f"‘{written}’의 연도는 1900년부터 2200년까지여야 합니다.")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"‘{written}’은(는) 달력에 없는 날입니다.") from error


def day(cell: Any) -> date:
    """A day: `2025-09-01`, `2025.9.1`, `2025. 9. 1.`, `2025/9/1`, `20250901`, `2025년 9월 1일`, a date or serial."""
    if isinstance(cell, datetime):
        return _day_of(cell.year, cell.month, cell.day, clean(cell))
    if isinstance(cell, date):
        return _day_of(cell.year, cell.month, cell.day, clean(cell))
    found = _TIME_TAIL.sub("", _sound(narrow(cell))).replace(" ", "")
    for pattern in (_DAY, _DAY_DIGITS):
        if match := pattern.match(found):
            year, month, number = map(int, match.groups())
            return _day_of(year, month, number, found)
    if found.isdigit() and int(found) in _SERIALS and not isinstance(cell, str):
        return _EPOCH + timedelta(days=int(found))
    raise ValueError(f"‘{clean(cell)[:40]}’은(는) 날짜로 읽을 수 없습니다. 2025-09-01처럼 적어 주세요.")


def month(cell: Any) -> date:
    """The first day of a month; of the last month of a quarter or half-year.

    Takes `2025-09`, `2025.9`, `2025/9`, `2025년 9월`, `202509`, `2025Q3`, `2025년 3분기`, `2025 3/4`, `2025H1`,
    `2025년 상반기` and every form of `day`. `2025.1` is refused: Excel turns 2025.10 into it.
    """
    if isinstance(cell, bool):
        raise ValueError("기간을 2025-09처럼 적어 주세요.")
    if isinstance(cell, date):
        return day(cell).replace(day=1)
    found = _TIME_TAIL.sub("", _sound(narrow(cell))).replace(" ", "")
    if re.match(r"^\d{4}\.1$", found):
        raise ValueError(
            f"‘{found}’이 1월인지 10월인지 알 수 없습니다. {found[:4]}-01이나 {found[:4]}-10처럼 적어 주세요."
        )
    if match := _QUARTER.match(found):
        return _day_of(int(match[1]), 3 * int(match[2] or match[3] or match[4] or match[5]), 1, found)
    if match := _HALF.match(found):
        return _day_of(int(match[1]), 6 if match[2] == "1" or match[3] == "상" else 12, 1, found)
    for pattern in (_MONTH, _MONTH_DIGITS):
        if match := pattern.match(found):
            return _day_of(int(match[1]), int(match[2]), 1, found)
    try:
        return day(cell).replace(day=1)
    except ValueError as error:
        if "달력" in str(error) or "연도" in str(error):
            raise
        raise ValueError(
            f"‘{clean(cell)[:40]}’은(는) 기간으로 읽을 수 없습니다. 2025-09나 2025Q3처럼 적어 주세요."
        ) from error


_YES = frozenset({"o", "○", "◯", "●", "y", "yes", "예", "네", "true", "1", "v", "✓", "✔", "√", "확인"})
_NO = frozenset({"", "x", "×", "n", "no", "아니오", "아니요", "false", "0", "-"})


def flag(cell: Any) -> bool:
    """Yes (`○`, `O`, `Y`, `예`, `1` …) or no (empty, `X`, `N`, `아니오`, `0` …)."""
    found = _sound(narrow(cell)).lower()
    if found in _YES:
        return True
    if found in _NO:
        return False
    raise ValueError(f"‘{found[:40]}’ 대신 ○를 적거나 비워 주세요.")


def one_of(words: Mapping[str, str], default: str | None = None) -> Callable[[Any], str]:
    """A reader of one of some words (word → value); an empty cell is `default`, if there is one."""
    known = {key.lower(): value for key, value in words.items()}
    offered = ", ".join(dict.fromkeys(words))

    def read(cell: Any) -> str:
        found = _sound(narrow(cell)).lower()
        if not found and default is not None:
            return default
        if found in known:
            return known[found]
        raise ValueError(f"‘{found[:40]}’은(는) 쓸 수 없습니다. 쓸 수 있는 말: {offered}")

    return read


def as_decimal(value: str | None) -> Decimal | None:
    """A kept JSON value as a number again."""
    try:
        return None if value is None else Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"kept value {value!r} is no number") from error
