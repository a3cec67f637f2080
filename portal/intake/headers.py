"""Which column of a sheet is which column of the template; where the head stands; what is wrong with it."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.intake.cells import is_blank, narrow
from portal.intake.packages import column_letters
from portal.intake.readers import Book, Sheet
from portal.intake.registry import Column, Problem

SEARCHED_ROWS = 30
PROBLEM_HEADER = "고칠 점"
"""The column an error workbook adds: passed over when the mended file comes back."""
_CLOSE = 0.5


def header_key(written: object) -> str:
    """What counts of a header: without blanks, `*`, `·`, `_`, and in small letters."""
    return re.sub(r"[\s*·_]+", "", narrow(written)).casefold()


def _bare(key: str) -> str:
    """`값(명)` → `값`."""
    return re.sub(r"\([^)]*\)$", "", key)


@dataclass(slots=True)
class Layout:
    """Where the head stands (row from 0), which column (from 0) holds which name, and every fault of the head."""

    sheet: Sheet
    row: int
    places: dict[str, int]
    headers: list[str]
    problems: list[Problem] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    """Headers nobody knows, as written."""
    remembered: list[str] = field(default_factory=list)
    """Columns found by a header of the body's own."""

    @property
    def lacks_required(self) -> bool:
        return any(problem.rule == "column_missing" for problem in self.problems)


def find_layout(book: Book, columns: Sequence[Column], remembered: Mapping[str, str] | None = None) -> Layout | None:
    """The first sheet with a row that looks like the head: the best of its first rows. None if no sheet has one.

    `remembered`: what headers of the body's own mean (`header_key` → column name, "" to pass over). The template's own
    headers go before them.
    """
    known = {header_key(name): column for column in columns for name in (column.header, *column.aliases)}
    own = {key: name for key, name in (remembered or {}).items() if key not in known}
    by_name = {column.name: column for column in columns}
    known |= {key: by_name[name] for key, name in own.items() if name in by_name}
    enough = min(2, len(columns))
    for sheet in book.sheets:
        best, place = 0, -1
        for at, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
            found = {column.name for cell in row if (column := _match(cell, known)) is not None}
            if len(found) > best:
                best, place = len(found), at
        if best >= enough:
            return _layout(sheet, place, columns, known, own)
    return None


def _match(cell: object, known: dict[str, Column]) -> Column | None:
    if not isinstance(cell, str) or is_blank(cell):
        return None
    key = header_key(cell)
    return known.get(key) or known.get(_bare(key))


def _layout(
    sheet: Sheet, at: int, columns: Sequence[Column], known: dict[str, Column], own: Mapping[str, str]
) -> Layout:
    head = sheet.rows[at]
    layout = Layout(sheet, at, {}, [narrow(cell) for cell in head])
    for place, cell in enumerate(head):
        letter = column_letters(place)
        if is_blank(cell):
            if any(place < len(row) and not is_blank(row[place]) for row in sheet.rows[at + 1 :]):
                layout.problems.append(
                    Problem(
                        "column_unnamed",
                        f"{letter}열에 값은 있는데 머리글이 없습니다. 머리글을 적거나 열을 지워 주세요.",
                    )
                )
            continue
        column = _match(cell, known)
        key = header_key(cell)
        if column is None:
            if key != header_key(PROBLEM_HEADER) and key not in own:
                layout.problems.append(_unknown(narrow(cell), letter, columns))
                layout.strange.append(narrow(cell))
        elif column.name in layout.places:
            first = column_letters(layout.places[column.name])
            layout.problems.append(
                Problem(
                    "column_doubled",
                    f"‘{column.header}’ 열이 {first}열과 {letter}열에 두 번 있습니다. 하나를 지워 주세요.",
                )
            )
        else:
            layout.places[column.name] = place
            if key in own:
                layout.remembered.append(column.name)
    for column in columns:
        if column.required and column.name not in layout.places:
            layout.problems.append(
                Problem(
                    "column_missing", f"‘{column.header}’ 열이 없습니다. {at + 1}행 머리글에 넣어 주세요.", column.name
                )
            )
    return layout


def _unknown(written: str, letter: str, columns: Sequence[Column]) -> Problem:
    names = {header_key(name): column.header for column in columns for name in (column.header, *column.aliases)}
    close = difflib.get_close_matches(header_key(written), names, n=1, cutoff=_CLOSE)
    hint = f" ‘{names[close[0]]}’을(를) 뜻했다면 머리글을 고쳐 주세요." if close else " 쓰지 않는 열이면 지워 주세요."
    return Problem("column_unknown", f"{letter}열의 ‘{written[:40]}’은(는) 모르는 열입니다.{hint}")
