"""Workbooks the pipeline gives out: the template (empty or filled) and the uploaded rows with their faults marked."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.directory.scope import Scope
from portal.intake.enums import RowOutcome
from portal.intake.headers import PROBLEM_HEADER
from portal.intake.models import Upload
from portal.intake.packages import OWN_HIDDEN_SHEETS, STAMP, column_letters
from portal.intake.registry import Importer
from portal.kernel.exports import is_exact, plain

SHEET = "자료"
NOTES = "작성요령"
VALIDATED_ROWS = 20_000
(_LISTS,) = OWN_HIDDEN_SHEETS


def write_template(target: BinaryIO, importer: Importer, scope: Scope, *, filled: bool = False) -> int:
    """The template of a kind of file: drop-downs of what this scope may write, notes, and a version stamp.

    Made from the columns that read the file, so the two cannot differ. With `filled` it holds the current rows: edited
    and brought back it changes what was edited and nothing else. Returns the number of rows.
    """
    book = xlsxwriter.Workbook(target, {"constant_memory": filled})
    sheet, notes, lists = book.add_worksheet(SHEET), book.add_worksheet(NOTES), book.add_worksheet(_LISTS)
    book.set_custom_property(STAMP, f"{importer.kind}/{importer.version}")
    head = book.add_format({"bold": True, "bg_color": "#1d56bc", "font_color": "white", "border": 1, "align": "center"})
    must = book.add_format({"bold": True, "bg_color": "#8f1410", "font_color": "white", "border": 1, "align": "center"})
    words, numbers = book.add_format({"num_format": "@"}), book.add_format({"num_format": "#,##0.######"})
    for at, column in enumerate(importer.columns):
        sheet.set_column(at, at, column.width, words if column.text else None)
        sheet.write_string(0, at, column.header, must if column.required else head)
    sheet.freeze_panes(1, 0)
    _write_notes(
        notes, importer, book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    )
    _write_lists(sheet, lists, importer, scope)
    lists.hide()
    count = 0
    if filled:
        for count, row in enumerate(importer.export(scope), 1):
            for at, column in enumerate(importer.columns):
                _write_cell(sheet, count, at, row.get(column.name), words, numbers, text=column.text)
    book.close()
    return count


def _write_notes(notes: Worksheet, importer: Importer, bold: Format, wrapped: Format) -> None:
    notes.set_column(0, 0, 16)
    notes.set_column(1, 1, 90)
    notes.write_string(0, 0, importer.title, bold)
    notes.write_string(
        1, 0, "빨간 머리글은 반드시 적습니다. 머리글의 이름은 바꾸지 않습니다. 열의 순서는 바꾸어도 됩니다."
    )
    for at, column in enumerate(importer.columns, 3):
        example = f" 예: {column.example}" if column.example else ""
        notes.write_string(at, 0, column.header, bold)
        notes.write_string(at, 1, f"{'(필수) ' if column.required else ''}{column.help}{example}", wrapped)


def _write_lists(sheet: Worksheet, lists: Worksheet, importer: Importer, scope: Scope) -> None:
    """Choices lie in a hidden sheet, one column for each of the template's: a list in a cell holds 255 letters only."""
    offered = {at: list(column.choices(scope)) for at, column in enumerate(importer.columns) if column.choices}
    for row in range(max(map(len, offered.values()), default=0)):
        for at, choices in offered.items():
            if row < len(choices):
                lists.write_string(row, at, choices[row])
    for at, choices in offered.items():
        if choices:
            letters = column_letters(at)
            sheet.data_validation(
                1, at, VALIDATED_ROWS, at,
                {
                    "validate": "list",
                    "source": f"={_LISTS}!${letters}$1:${letters}${len(choices)}",
                    "error_type": "warning",
                    "error_title": importer.columns[at].header[:32],
                    "error_message": "목록에 없는 값입니다. 그대로 적을까요?",
                },
            )  # fmt: skip


def _write_cell(  # noqa: PLR0917 (it is called as the sheet's own `write` is)
    sheet: Worksheet, row: int, at: int, value: Any, words: Format | None, numbers: Format | None, *, text: bool
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and not text:
        if isinstance(value, float) or is_exact(value):
            sheet.write_number(row, at, value, numbers)
        else:
            sheet.write_string(row, at, plain(value), words)
    elif isinstance(value, date):
        sheet.write_string(row, at, value.isoformat(), words)
    else:
        sheet.write_string(row, at, str(value)[:32767], words)


def write_errors(target: BinaryIO, upload: Upload) -> int:
    """The user's rows in their places, faulty cells marked, a column that says what to mend. Returns the faulty rows.

    The added column is passed over when the mended file comes back.
    """
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet(SHEET)
    head = book.add_format({"bold": True, "bg_color": "#eef2f7", "border": 1})
    marked = book.add_format({"bg_color": "#fbdad7", "font_color": "#8f1410"})
    told = book.add_format({"font_color": "#8f1410", "text_wrap": True, "valign": "top"})
    layout: Mapping[str, Any] = upload.layout
    headers = [name for name in layout["headers"] if name != PROBLEM_HEADER]
    skipped = [at for at, name in enumerate(layout["headers"]) if name == PROBLEM_HEADER]
    for at, name in enumerate(headers):
        sheet.set_column(at, at, 16)
        sheet.write_string(layout["row"], at, name, head)
    sheet.set_column(len(headers), len(headers), 70)
    sheet.write_string(layout["row"], len(headers), PROBLEM_HEADER, head)
    wrong = 0
    for row in upload.rows.order_by("sheet", "number").iterator(chunk_size=2000):
        faulty = {layout["places"].get(problem["column"]) for problem in row.problems if not problem["warning"]}
        places = [at for at in range(len(headers) + len(skipped)) if at not in skipped]
        for at, place in enumerate(places):
            cell = row.cells[place] if place < len(row.cells) else None
            _write_marked(sheet, row.number - 1, at, cell, marked if place in faulty else None)
        if row.problems:
            text = "\n".join(f"{p['cell']} {p['message']}".strip() for p in row.problems)
            sheet.write_string(row.number - 1, len(headers), text[:32767], told)
        wrong += row.outcome == RowOutcome.ERROR
    sheet.freeze_panes(layout["row"] + 1, 0)
    book.close()
    return wrong


def _write_marked(sheet: Worksheet, row: int, at: int, value: Any, format: Format | None) -> None:
    """A cell as it was written; an empty faulty one is coloured as well."""
    if value is None or value == "":
        if format is not None:
            sheet.write_blank(row, at, None, format)
        return
    _write_cell(sheet, row, at, value, format, format, text=isinstance(value, str | bool))
