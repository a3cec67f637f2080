"""What people write into the cells of company files."""

import html
from collections.abc import Callable, Mapping
from typing import Any

from companies import rules
from portal.intake import cells

CLEAR_WORD = "지움"
CLEAR = ""
"""What a reader gives for CLEAR_WORD: the portal's value goes away. None (an empty cell) leaves it as it is."""
ABSENT = frozenset(
    {"-", "–", "—", "미제공", "비공개", "미상", "없음", "자료없음", "해당없음", "n/a", "na", "null", "none", "nan"}
)
_LONGEST_ABSENT = max(map(len, ABSENT))
Reader = Callable[[Any], Any]


def plain(cell: Any) -> str:
    """The text of a cell; "" for the marks of nothing (`-`, `미제공`, `&nbsp;` …)."""
    found = cells.text(cell)
    if "&" in found:
        found = cells.clean(html.unescape(found))
    return "" if len(found) <= _LONGEST_ABSENT and found.lower() in ABSENT else found


def text(limit: int) -> Reader:
    """Text of at most `limit` characters."""

    def read(cell: Any) -> str | None:
        found = plain(cell)
        if len(found) > limit:
            raise ValueError(f"{limit}자까지 적을 수 있는데 {len(found)}자입니다. 줄여 주세요.")
        return CLEAR if found == CLEAR_WORD else found or None

    return read


def needed(limit: int, what: str) -> Reader:
    """Text that must be there."""
    read_text = text(limit)

    def read(cell: Any) -> str:
        found = read_text(cell)
        if not found:
            raise ValueError(f"{what}을(를) 적어 주세요.")
        return str(found)

    return read


def optional(reader: Reader) -> Reader:
    """A reader for a cell that may hold a mark of nothing, or the word that clears."""

    def read(cell: Any) -> Any:
        if isinstance(cell, str):
            found = plain(cell)
            if not found:
                return None
            if found == CLEAR_WORD:
                return CLEAR
        return reader(cell)

    return read


def word(words: Mapping[str, str]) -> Reader:
    """One of some words; never cleared."""
    read_word = cells.one_of(words)

    def read(cell: Any) -> str | None:
        return read_word(cell) if plain(cell) else None

    return read


def business_number(cell: Any) -> str:
    """The ten digits of a business number."""
    found = plain(cell) if isinstance(cell, str) else cell
    if found in ("", None):
        raise ValueError("사업자등록번호를 적어 주세요.")
    return rules.business_number(found)


def industry(cell: Any) -> str:
    """A KSIC code: `C26299`, `26299`, `26299.0` → `26299`; a section letter alone stays."""
    found = cells.code(cell).removesuffix(".0").replace(".", "")
    bare = found[1:] if len(found) > 1 and found[0].isalpha() else found
    if not (bare.isdigit() and 2 <= len(bare) <= 5) and not (len(bare) == 1 and bare.isalpha()):
        raise ValueError(
            f"‘{found[:20]}’은(는) 업종코드가 아닙니다. 26299처럼 두 자리에서 다섯 자리 숫자로 적어 주세요."
        )
    return bare


def email(cell: Any) -> str:
    found = plain(cell)
    local, _, host = found.partition("@")
    if not local or "." not in host or " " in found or len(found) > 254:
        raise ValueError(f"‘{found[:40]}’은(는) 전자우편 주소가 아닙니다. name@example.kr처럼 적어 주세요.")
    return found
