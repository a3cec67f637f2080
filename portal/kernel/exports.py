"""Tables as files: XLSX and CSV that Excel opens rightly and that carry nobody's formula.

Public: `Field`, `write(target, format, fields, rows, title)`, `filename(title, format)`, `FORMATS`.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone
from django.utils.functional import Promise

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
EXACT_DIGITS = 15
"""Excel keeps a number as a float of 15 digits; a longer one is written as text rather than altered."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a file. `text` keeps codes and words as text whatever they look like."""

    header: str | Promise
    text: bool = False
    width: int = 16


def filename(title: str, format: str) -> str:
    """`지표 자료_20260131.xlsx`, fit for every file system."""
    return f"{_NOT_IN_NAMES.sub(' ', title).strip()}_{timezone.localdate():%Y%m%d}.{format}"


def harmless(text: str) -> str:
    """A text no spreadsheet takes for a formula: `=1+1` becomes `'=1+1`. Reading takes the apostrophe off again."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def is_exact(value: Decimal | int) -> bool:
    """Whether Excel keeps this number unchanged."""
    digits = Decimal(value).normalize().as_tuple().digits
    return len(digits) <= EXACT_DIGITS


def plain(value: Decimal | int) -> str:
    """The number in full, without exponent and trailing noughts."""
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _csv_cell(value: Any, field: Field) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "예" if value else "아니오"
    if isinstance(value, int | Decimal) and not field.text:
        return plain(value)
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return harmless(str(value))


def write_csv(target: BinaryIO, fields: Sequence[Field], rows: Iterable[Sequence[Any]], title: str = "") -> int:
    """CSV in UTF-8 with its mark, as Excel expects it. Returns the number of rows."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([str(field.header) for field in fields])
    count = 0
    for row in rows:
        writer.writerow([_csv_cell(value, field) for value, field in zip(row, fields, strict=True)])
        count += 1
    text.detach()
    return count


def write_xlsx(target: BinaryIO, fields: Sequence[Field], rows: Iterable[Sequence[Any]], title: str = "") -> int:
    """One sheet with a fixed head. Texts are never written as formulas or links. Returns the number of rows."""
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31] or None)
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#eef2f7", "text_wrap": True})
    words = book.add_format({"num_format": "@"})
    numbers = book.add_format({"num_format": "#,##0.######"})
    whole = book.add_format({"num_format": "#,##0"})
    days, moments = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for at, field in enumerate(fields):
        sheet.set_column(at, at, field.width)
        sheet.write_string(0, at, str(field.header), head)
    sheet.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(rows, 1):
        for at, (value, field) in enumerate(zip(row, fields, strict=True)):
            if value is None or value == "":
                continue
            if isinstance(value, bool):
                sheet.write_string(count, at, "예" if value else "아니오")
            elif isinstance(value, int | Decimal) and not field.text and is_exact(value):
                sheet.write_number(count, at, value, whole if value == int(value) else numbers)
            elif isinstance(value, int | Decimal):
                sheet.write_string(count, at, plain(value), words)
            elif isinstance(value, datetime):
                sheet.write_datetime(count, at, timezone.localtime(value).replace(tzinfo=None), moments)
            elif isinstance(value, date):
                sheet.write_datetime(count, at, value, days)
            else:
                sheet.write_string(count, at, str(value)[:32767], words)
    if fields and count:
        sheet.autofilter(0, 0, count, len(fields) - 1)
    book.close()
    return count


def write(
    target: BinaryIO, format: str, fields: Sequence[Field], rows: Iterable[Sequence[Any]], title: str = ""
) -> int:
    """Write rows as `format` ("xlsx" or "csv"). Cells: None, bool, int, Decimal, date, datetime (aware) or text."""
    return {"csv": write_csv, "xlsx": write_xlsx}[format](target, fields, rows, title)
