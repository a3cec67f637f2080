"""A file as sheets of raw cells, whatever its encoding and format. Its content decides, never its name.

`read_book(data)` gives a `Book` or raises `FileProblem` with a Korean sentence; it raises nothing else, whatever the
bytes are.
"""

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from portal.intake import packages
from portal.intake.packages import FileProblem

__all__ = ["Book", "FileProblem", "Sheet", "read_book", "refuse_unopenable"]

MOST_ROWS = 200_000
MOST_COLUMNS = 300
MOST_CELLS = 12_000_000
"""A sheet is laid out in memory as a full rectangle; two cells at its far corners would fill the machine."""
_CSV_FIELD = 100_000
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(slots=True)
class Sheet:
    """Rows of raw cells from row 1, column A on. `open_formulas`, `merged`: cells (row, column), counted from 0."""

    name: str
    rows: list[list[Any]]
    open_formulas: frozenset[tuple[int, int]] = frozenset()
    merged: frozenset[tuple[int, int]] = frozenset()


@dataclass(slots=True)
class Book:
    """What a file holds: visible sheets, remarks for the reader, and the version its template was stamped with."""

    format: str
    sheets: list[Sheet]
    notes: list[str] = field(default_factory=list)
    template: str = ""


def read_book(data: bytes) -> Book:
    """Read a file's content. See the head of this module."""
    _refuse_empty(data)
    if data.startswith(_ZIP):
        return _read_package(data)
    if data.startswith(_COMPOUND):
        return _read_old(data)
    packages.refuse_other_formats(data)
    return _read_text(data)


def refuse_unopenable(data: bytes) -> None:
    """What `read_book` looks at before it reads: empty, locked or broken files, bombs, and other formats by content."""
    _refuse_empty(data)
    if data.startswith(_ZIP):
        packages.inspect(data)
    elif data.startswith(_COMPOUND):
        packages.refuse_old_documents(data)
    else:
        packages.refuse_other_formats(data)


def _refuse_empty(data: bytes) -> None:
    if not data.strip(b"\0 \t\r\n"):
        raise FileProblem("file_empty", "빈 파일입니다. 자료를 적어 저장한 파일인지 확인해 주세요.")


# --- spreadsheets -----------------------------------------------------------------------------------------------------
def _read_package(data: bytes) -> Book:
    package = packages.inspect(data)
    book = _calamine(data, package.format, package)
    book.template = package.template
    return book


def _read_old(data: bytes) -> Book:
    packages.refuse_old_documents(data)
    return _calamine(data, "XLS", packages.Package("XLS"))


def _calamine(data: bytes, format: str, package: packages.Package) -> Book:
    book = Book(format, [])
    try:
        work = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for about in work.sheets_metadata:
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            if about.visible is not SheetVisibleEnum.Visible:
                if about.name not in packages.OWN_HIDDEN_SHEETS:
                    book.notes.append(f"숨긴 시트 ‘{about.name[:60]}’은(는) 읽지 않았습니다.")
                continue
            _refuse_vast(about.name, *package.extents.get(about.name, (0, 0)))
            book.sheets.append(_sheet(work.get_sheet_by_name(about.name), package))
    except FileProblem:
        raise
    except BaseException as error:
        # The reader is foreign code: what it cannot read it tells in many ways, a panic among them.
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise FileProblem(
            "file_broken",
            "파일이 깨져 읽을 수 없습니다. 엑셀에서 열어 ‘다른 이름으로 저장’(.xlsx)한 다음 다시 올려 주세요.",
        ) from None
    if not book.sheets:
        raise FileProblem("no_sheet", "보이는 시트가 없습니다. 시트의 숨김을 풀고 다시 올려 주세요.")
    return book


def _refuse_vast(name: str, rows: int, columns: int) -> None:
    if rows > MOST_ROWS + 100:
        raise FileProblem(
            "too_many_rows",
            f"‘{name[:60]}’ 시트가 {rows:,}행까지 있습니다. 한 번에 {MOST_ROWS:,}행까지 올릴 수 있습니다. "
            "맨 아래에 쓰지 않는 값이 남아 있으면 그 행을 지워 주세요.",
        )
    if columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise FileProblem(
            "too_many_columns",
            f"‘{name[:60]}’ 시트가 {columns:,}열까지 있습니다. 오른쪽 끝에 남은 값이 있으면 그 열을 지워 주세요.",
        )


def _sheet(sheet: CalamineSheet, package: packages.Package) -> Sheet:
    _refuse_vast(sheet.name, sheet.total_height, sheet.total_width)
    rows = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = {
        (row, column)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if (bottom - top) * (right - left) < MOST_CELLS // 100
        for row in range(top, min(bottom, len(rows)) + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    return Sheet(sheet.name[:60], rows, package.open_formulas.get(sheet.name, frozenset()), frozenset(merged))


def _plain(cell: Any) -> Any:
    """A cell that JSON and Postgres can keep."""
    if isinstance(cell, str):
        return cell.replace("\0", "") if "\0" in cell else cell
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    return cell


# --- text -------------------------------------------------------------------------------------------------------------
def _decoded(data: bytes) -> tuple[str, str]:
    """The text and its encoding: by its mark, else strictly UTF-8, else strictly the Korean code page."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), "UTF-16"
        if data.startswith(b"\xef\xbb\xbf"):
            return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        raise _unreadable() from error
    for encoding in ("utf-8", "cp949"):
        try:
            return data.decode(encoding), encoding.upper()
        except UnicodeDecodeError:
            continue
    raise _unreadable()


def _unreadable() -> FileProblem:
    return FileProblem(
        "encoding", "글자를 읽을 수 없는 파일입니다. 엑셀에서 ‘CSV UTF-8’이나 .xlsx로 저장한 다음 다시 올려 주세요."
    )


def _read_text(data: bytes) -> Book:
    text, encoding = _decoded(data)
    sample = text[:4000]
    strange = sum(not letter.isprintable() and letter not in "\t\r\n\ufeff" for letter in sample)
    if strange > len(sample) // 100 + 1:
        raise FileProblem("format", "표를 담은 파일이 아닙니다. 엑셀(.xlsx)이나 CSV로 저장한 파일을 올려 주세요.")
    text = text.replace("\0", "").encode("utf-8", "replace").decode()
    head = text[:4000].splitlines()[:5]
    delimiter = max(",\t;|", key=lambda sign: sum(line.count(sign) for line in head))
    try:
        rows = list(_csv_rows(text, delimiter))
    except csv.Error as error:
        raise FileProblem(
            "csv_broken", "CSV를 읽다가 따옴표가 맞지 않는 곳을 만났습니다. 엑셀에서 다시 저장한 다음 올려 주세요."
        ) from error
    return Book(f"CSV({encoding})", [Sheet("", rows)])


def _csv_rows(text: str, delimiter: str) -> Iterator[list[Any]]:
    csv.field_size_limit(_CSV_FIELD)
    for count, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
        _refuse_vast("CSV", count if count > MOST_ROWS else 0, len(row))
        yield row
