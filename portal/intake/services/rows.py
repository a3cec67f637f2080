"""The rows below the head: each cell read by its column, every fault kept with its row.

A column whose cells mostly repeat (kinds, regions, codes) has each distinct cell read once only.
"""

from collections.abc import Callable, Iterator
from typing import Any

from portal.intake import cells
from portal.intake.headers import Layout
from portal.intake.registry import Column, Problem, Row

Say = Callable[..., None]
_SAY_EVERY = 5_000
_SAMPLE = 1_000
_MOST_KNOWN = 50_000
_UNSEEN = object()


def read_rows(layout: Layout, columns: tuple[Column, ...], say: Say) -> Iterator[Row]:
    """Every row below the head that is not empty, its cells read column by column."""
    sheet = layout.sheet
    total, width = len(sheet.rows), len(layout.headers)
    placed = [
        (column, layout.places[column.name], column.name, _memory(layout, layout.places[column.name]))
        for column in columns
        if column.name in layout.places
    ]
    is_blank = cells.is_blank
    for at in range(layout.row + 1, total):
        written = sheet.rows[at]
        if is_blank(written[0] if written else None) and all(map(is_blank, written)):
            continue
        if at % _SAY_EVERY == 0:
            say(message="행을 읽는 중", done=at, total=total)
        have = len(written)
        row = Row(sheet=sheet.name, number=at + 1, cells=written if have <= width else written[:width])
        values = row.values
        for column, place, name, known in placed:
            raw = written[place] if place < have else None
            if known is not None and type(raw) is str:
                value = known.get(raw, _UNSEEN)
                if value is not _UNSEEN:
                    values[name] = value
                    continue
            if is_blank(raw):
                _blank_cell(row, column, layout, (at, place))
                continue
            try:
                value = values[name] = column.read(raw)
            except ValueError as fault:
                values[name] = None
                row.problems.append(Problem("cell", str(fault), name))
            else:
                if known is not None and type(raw) is str and len(known) < _MOST_KNOWN:
                    known[raw] = value
        yield row


def _memory(layout: Layout, place: int) -> dict[str, Any] | None:
    """Something to remember a column's cells in, if at most half of its first ones differ."""
    sample = [row[place] for row in layout.sheet.rows[layout.row + 1 : layout.row + 1 + _SAMPLE] if place < len(row)]
    told = [cell for cell in sample if type(cell) is str]
    return {} if 2 * len(set(told)) <= len(told) else None


def _blank_cell(row: Row, column: Column, layout: Layout, where: tuple[int, int]) -> None:
    """An empty cell: a fault where something must stand, or where a formula left no result."""
    row.values[column.name] = None
    if where in layout.sheet.open_formulas:
        text = "수식의 결과가 저장되어 있지 않습니다. 엑셀에서 열어 한 번 저장한 다음 올려 주세요."
        row.problems.append(Problem("formula_without_value", text, column.name))
    elif column.required and where in layout.sheet.merged:
        text = f"‘{column.header}’이(가) 합친 칸이라 비어 있습니다. 칸 합치기를 풀고 행마다 적어 주세요."
        row.problems.append(Problem("merged", text, column.name))
    elif column.required:
        row.problems.append(Problem("required", f"‘{column.header}’을(를) 적어 주세요.", column.name))
