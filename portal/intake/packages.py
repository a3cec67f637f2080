"""What a file is before it is read: its format, whether it may be opened, and what the reader would not tell.

The spreadsheet reader gives neither formulas nor the true extent of a sheet, and reads the template's stamp not at all;
these are taken from the package's XML here.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.etree import ElementTree

MOST_UNPACKED = 600 * 1024 * 1024
MOST_PARTS = 5_000
OWN_HIDDEN_SHEETS = frozenset({"목록"})
"""Hidden sheets of the portal's own templates: not worth a remark."""
STAMP = "template_version"

_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]{0,200}?\br="([A-Z]{1,3})([0-9]{1,7})"')
_OPEN_FORMULA = re.compile(
    rb'<(?:\w+:)?c\b[^>]{0,200}?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]{0,200}>\s*'
    rb"<(?:\w+:)?f\b[^>]{0,200}?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_STAMP = re.compile(rb'name="' + STAMP.encode() + rb'"[^>]*>\s*<(?:\w+:)?lpwstr\b[^>]*>([^<]{1,80})</')
_BROKEN = "파일이 깨져 읽을 수 없습니다. 엑셀에서 열어 ‘다른 이름으로 저장’(.xlsx)한 다음 다시 올려 주세요."
_LOCKED = "암호가 걸린 파일은 읽을 수 없습니다. 엑셀에서 암호를 풀고 저장한 다음 다시 올려 주세요."
_NO_TABLE = "표를 담은 파일이 아닙니다. 엑셀(.xlsx)이나 CSV로 저장한 파일을 올려 주세요."


class FileProblem(Exception):
    """Why a file as a whole cannot be taken: `rule` for machines, `message` for people."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule, self.message = rule, message


@dataclass(slots=True)
class Package:
    """Format; by sheet name its extent (rows, columns) and its formulas without a kept result; the template's stamp."""

    format: str
    extents: dict[str, tuple[int, int]] = field(default_factory=dict)
    open_formulas: dict[str, frozenset[tuple[int, int]]] = field(default_factory=dict)
    template: str = ""


def column_number(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def inspect(data: bytes) -> Package:
    """Look into a zip package. FileProblem if it is not a spreadsheet, locked, broken or far too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _inspect(archive)
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, EOFError, OSError, KeyError, ValueError) as error:
        raise FileProblem("file_broken", _BROKEN) from error
    except (RuntimeError, NotImplementedError) as error:  # an encrypted member, an unknown compression
        raise FileProblem("file_locked", _LOCKED) from error


def _inspect(archive: zipfile.ZipFile) -> Package:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise FileProblem("file_vast", "압축을 풀면 너무 큰 파일입니다. 필요한 시트만 남기고 나누어 올려 주세요.")
    names = {part.filename for part in parts}
    if "xl/workbook.xml" in names:
        return _inspect_xlsx(archive, names)
    if "xl/workbook.bin" in names:
        return Package("XLSB")
    kind = archive.read("mimetype")[:80] if "mimetype" in names else b""
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        if b"manifest:encryption-data" in archive.read("META-INF/manifest.xml"):
            raise FileProblem("file_locked", _LOCKED)
        return Package("ODS")
    if b"hwp" in kind:
        raise FileProblem("format", "한글 문서입니다. 표를 엑셀로 옮겨 .xlsx로 저장한 다음 올려 주세요.")
    raise FileProblem("format", _NO_TABLE)


def _inspect_xlsx(archive: zipfile.ZipFile, names: set[str]) -> Package:
    package = Package("XLSX")
    targets: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for link in _xml(archive.read("xl/_rels/workbook.xml.rels")):
            targets[link.get("Id", "")] = link.get("Target", "")
    for sheet in _xml(archive.read("xl/workbook.xml")).iter():
        if not sheet.tag.endswith("}sheet"):
            continue
        target = targets.get(sheet.get(_OFFICE, ""), "")
        path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if path in names:
            name = sheet.get("name", "")
            package.extents[name], package.open_formulas[name] = _scan(archive.read(path))
    if "docProps/custom.xml" in names and (stamp := _STAMP.search(archive.read("docProps/custom.xml"))):
        package.template = stamp[1].decode("utf-8", "replace")
    return package


def _xml(text: bytes) -> ElementTree.Element:
    """A small part of a package. Spreadsheets declare no entities; whatever does is not let near the parser."""
    if b"<!" in text:
        raise ValueError("a declaration in a package part")
    return ElementTree.fromstring(text)  # noqa: S314


def _scan(xml: bytes) -> tuple[tuple[int, int], frozenset[tuple[int, int]]]:
    """How far a sheet's cells reach, and which of them hold a formula whose result was never computed."""
    rows, columns = 0, set()
    for cell in _CELL.finditer(xml):
        rows = max(rows, int(cell[2]))
        columns.add(cell[1])
    widest = max((column_number(letters.decode()) + 1 for letters in columns), default=0)
    if b"<f" not in xml and b":f" not in xml:
        return (rows, widest), frozenset()
    found = {(int(cell[2]) - 1, column_number(cell[1].decode())) for cell in _OPEN_FORMULA.finditer(xml)}
    return (rows, widest), frozenset(found)


def refuse_old_documents(data: bytes) -> None:
    """Files in the old compound format that are no open spreadsheet: locked ones, 한글 and word documents."""
    head = data[: 4 * 1024 * 1024]
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise FileProblem("file_locked", _LOCKED)
    if b"HWP Document File" in head or "HwpSummaryInformation".encode("utf-16-le") in data:
        raise FileProblem("format", "한글 문서입니다. 표를 엑셀로 옮겨 .xlsx로 저장한 다음 올려 주세요.")
    if "Workbook".encode("utf-16-le") not in data and "Book".encode("utf-16-le") not in data:
        raise FileProblem("format", _NO_TABLE)


def refuse_other_formats(data: bytes) -> None:
    """Common files that are no table, or only look like one."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf"):
        raise FileProblem("format", "PDF입니다. 표를 엑셀(.xlsx)이나 CSV로 저장한 파일을 올려 주세요.")
    if head.startswith((b"<!doctype html", b"<html")) or b"<table" in head:
        raise FileProblem(
            "format",
            "이름만 엑셀이고 속은 웹 문서(HTML)입니다. 엑셀에서 열어 ‘다른 이름으로 저장’(.xlsx)한 다음 올려 주세요.",
        )
    if head.startswith(b"<?xml"):
        raise FileProblem("format", "XML 문서입니다. 엑셀에서 열어 .xlsx로 저장한 다음 올려 주세요.")
    if head.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"rar!", b"\x89png", b"\xff\xd8\xff", b"gif8")):
        raise FileProblem("format", _NO_TABLE)
