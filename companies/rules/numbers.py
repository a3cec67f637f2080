"""사업자등록번호 and 법인등록번호: what is written, whether the check digit fits, how they are shown.

A wrong form is a fault. A check digit that does not fit is only doubtful: foreign and old numbers exist, and corporate
numbers issued lately are said to carry none. The caller asks for a reason or warns.
"""

import re
import unicodedata
from operator import mul
from typing import Any

BUSINESS_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
CORPORATE_WEIGHTS = (1, 2) * 6
_FLOAT_TAIL = re.compile(r"\.0+$")
_SEPARATORS = re.compile(r"[\s\-‐-―−.]")
_TIDY_BUSINESS = re.compile(r"[0-9]{3}-?[0-9]{2}-?[0-9]{5}")
_TIDY_CORPORATE = re.compile(r"[0-9]{6}-?[0-9]{7}")


def _digits(written: Any) -> str:
    """The digits of a number as people and spreadsheets write it: dashes, full-width digits, `1248100998.0`."""
    if isinstance(written, float):
        written = format(written, ".0f") if written.is_integer() else repr(written)
    text = unicodedata.normalize("NFKC", str(written)).strip().removeprefix("'")
    return _SEPARATORS.sub("", _FLOAT_TAIL.sub("", text))


def _checked(written: Any, length: int, name: str, example: str) -> str:
    found = _digits(written)
    if not (found.isascii() and found.isdigit()):
        raise ValueError(f"{name} ‘{str(written)[:30]}’에 숫자가 아닌 글자가 있습니다. {example}처럼 적어 주세요.")
    if len(found) != length:
        raise ValueError(
            f"{name}는 숫자 {length}자리인데 ‘{str(written)[:30]}’은(는) {len(found)}자리입니다. "
            f"{example}처럼 적어 주세요."
        )
    return found


def business_number(written: Any) -> str:
    """The ten digits of a business number. ValueError with a Korean sentence if it cannot be one."""
    if type(written) is str and _TIDY_BUSINESS.fullmatch(written):
        return written.replace("-", "")
    return _checked(written, 10, "사업자등록번호", "124-81-00998")


def corporate_number(written: Any) -> str:
    """The thirteen digits of a corporate number. ValueError with a Korean sentence if it cannot be one."""
    if type(written) is str and _TIDY_CORPORATE.fullmatch(written):
        return written.replace("-", "")
    return _checked(written, 13, "법인등록번호", "130111-0006246")


def business_number_checks(digits: str) -> bool:
    """Whether the tenth digit fits the nine before it (weights 1 3 7 1 3 7 1 3 5, the last product carried over)."""
    values = list(map(int, digits))
    total = sum(map(mul, values, BUSINESS_WEIGHTS))
    return (10 - (total + values[8] * 5 // 10) % 10) % 10 == values[9]


def corporate_number_checks(digits: str) -> bool:
    """Whether the thirteenth digit fits the twelve before it (weights 1 2 1 2 …, products as they are)."""
    values = list(map(int, digits))
    total = sum(map(mul, values, CORPORATE_WEIGHTS))
    return (10 - total % 10) % 10 == values[12]


def written_business_number(digits: str) -> str:
    """`1248100998` → `124-81-00998`; anything else as it is."""
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if len(digits) == 10 else digits


def written_corporate_number(digits: str) -> str:
    """`1301110006246` → `130111-0006246`; anything else as it is."""
    return f"{digits[:6]}-{digits[6:]}" if len(digits) == 13 else digits
