"""The published book as figures: `read_book(data)` gives a `KicoxBook` or raises `KicoxProblem` in Korean.

The book is a workbook whose sheet `전국산업단지현황` lists every complex under notes and a head of two merged rows.
Parts of a complex are indented under it and already contained in its row. `X` is a figure suppressed because two firms
or fewer operate. Production and exports are totals of the year so far. Names may be spelled in decomposed Hangul (NFD).
The sheet `시도별` carries totals; they are kept for checking and are no complexes.

Pure: knows neither the portal's tables nor Django.
"""

import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook

MAIN_SHEET, TOTALS_SHEET = "전국산업단지현황", "시도별"
TYPES = ("국가", "일반", "도시첨단", "농공")
FIGURES = ("tenants", "operating", "employees", "production", "exports")
"""입주업체(개), 가동업체(개), 고용 계(명), 누계생산(백만원), 누계수출(천달러)."""
HIDDEN = "X"

_QUARTER = re.compile(r"(20\d\d)\s*년\s*([1-4])\s*(?:/\s*4\s*)?분기")
_PART_MARK = re.compile(r"\s*(?:\([①-⑳\s+]+\)|[①-⑳])\s*$")
_PROVINCE_ROW = re.compile(rf"^(\S+?)({'|'.join(TYPES)})$")
_INDENTS = frozenset("\xa0 \u3000▷")
_SEARCHED = 30
_MOST_CELLS = 1_000_000
"""The book has some 1,400 rows and 60 columns."""
#: Column → the words of its head, upper row and (where it has one) lower row.
_HEAD = {
    "type": ("유형", ""), "sido": ("시도", ""), "sigungu": ("시군", ""), "name": ("단지명", ""), "status": ("조성상태", ""),
    "designated": ("지정면적", ""), "tenants": ("입주업체", ""), "operating": ("가동업체", ""),
    "employees": ("고용현황", "계"), "production": ("누계생산", ""), "exports": ("누계수출", ""),
}  # fmt: skip


class KicoxProblem(Exception):
    """Why a file is not the book: `rule` for machines, `message` for people."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule, self.message = rule, message


@dataclass(slots=True)
class Complex:
    """One row. `figures` holds FIGURES; None where suppressed. `whole`: index of the complex it is directly part of."""

    row: int
    type: str
    sido: str
    sigungu: str
    name: str
    status: str
    figures: dict[str, int | None]
    designated: int = 0
    whole: int | None = None
    faults: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_part(self) -> bool:
        return self.whole is not None

    @property
    def hidden(self) -> list[str]:
        return [name for name in FIGURES if self.figures.get(name) is None]


@dataclass(slots=True)
class Total:
    """A total the book itself gives, by type and 시·도 (empty: all of them)."""

    type: str
    sido: str
    count: int | None
    figures: dict[str, int]


@dataclass(slots=True)
class KicoxBook:
    """`quarter` is `2023Q4`; `columns` says which column (from 0) of the main sheet holds what."""

    quarter: str
    complexes: list[Complex]
    totals: list[Total]
    columns: dict[str, int]
    head_row: int

    @property
    def wholes(self) -> list[Complex]:
        """Complexes without the parts contained in them."""
        return [one for one in self.complexes if not one.is_part]


def text(cell: Any) -> str:
    """A cell's words: composed Hangul, single blanks, no hard spaces."""
    return " ".join(unicodedata.normalize("NFC", str(cell if cell is not None else "")).replace("\xa0", " ").split())


def _squeezed(cell: Any) -> str:
    return text(cell).replace(" ", "")


def bare_name(cell: Any) -> str:
    """The name of a complex without the marks that number its parts: `녹산지구(산업단지) (①)` → `녹산지구(산업단지)`."""
    return _PART_MARK.sub("", text(cell).lstrip("▷ "))


def depth(cell: Any) -> int:
    """How deep a name stands indented: 0 a whole, 1 a part of it, 2 (behind `▷`) a part of that part."""
    written = str(cell)
    if written[:1] not in _INDENTS:
        return 0
    return 2 if written.strip("".join(_INDENTS - {"▷"})).startswith("▷") else 1


def looks_like_book(sheet_names: Sequence[str]) -> bool:
    """Whether a workbook carries the book's main sheet."""
    return MAIN_SHEET in {_squeezed(name) for name in sheet_names}


def open_sheets(data: bytes) -> dict[str, list[list[Any]]]:
    """The book's sheets by name. KicoxProblem if the file is no workbook or not this one.

    Only two sheets are read: appendices reach to the edge of the page without holding anything there.
    """
    try:
        work = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = {_squeezed(name): name for name in work.sheet_names}
    except Exception as error:
        raise KicoxProblem(
            "file_broken", "엑셀 파일로 열리지 않습니다. 공단이 공표한 엑셀 파일(.xlsx)을 그대로 올려 주세요."
        ) from error
    if MAIN_SHEET not in names:
        found = ", ".join(list(names)[:6])
        raise KicoxProblem(
            "kicox_sheet",
            f"‘{MAIN_SHEET}’ 시트가 없습니다(있는 시트: {found}). 전국산업단지현황통계의 분기 엑셀 파일인지 확인해 주세요.",
        )
    try:
        return {key: _rows(work.get_sheet_by_name(names[key])) for key in (MAIN_SHEET, TOTALS_SHEET) if key in names}
    except KicoxProblem:
        raise
    except BaseException as error:  # the reader is foreign code: a panic among what it raises
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise KicoxProblem(
            "file_broken", "시트를 읽다가 깨진 곳을 만났습니다. 파일을 다시 내려받아 올려 주세요."
        ) from None


def _rows(sheet: CalamineSheet) -> list[list[Any]]:
    """A sheet as a full rectangle from A1. Refused if a stray cell far out would make it fill the machine."""
    rows, columns = sheet.total_height + 1, sheet.total_width + 1  # the reader gives the last indices
    if rows * columns > _MOST_CELLS:
        raise KicoxProblem(
            "kicox_vast",
            f"‘{text(sheet.name)}’ 시트가 {rows:,}행 {columns:,}열까지 있습니다. 공표한 파일보다 "
            "훨씬 크니, 아래나 오른쪽 끝에 남은 값을 지우거나 공표한 파일을 그대로 올려 주세요.",
        )
    return sheet.to_python(skip_empty_area=False)


def read_book(data: bytes) -> KicoxBook:
    """Read the published file."""
    return read_sheets(open_sheets(data))


def read_sheets(sheets: dict[str, list[list[Any]]]) -> KicoxBook:
    """Read the sheets of the published file (rows of raw cells, from row 1, column A on)."""
    rows = sheets[MAIN_SHEET]
    head, columns = _head(rows)
    quarter = _quarter(rows[:head])
    complexes = list(_complexes(rows, head, columns))
    if not complexes:
        raise KicoxProblem("kicox_empty", "머리글 아래에 산업단지가 없습니다. 공표한 파일을 그대로 올려 주세요.")
    totals = _province_totals(sheets.get(TOTALS_SHEET, []))
    return KicoxBook(quarter, complexes, totals, columns, head)


def _head(rows: list[list[Any]]) -> tuple[int, dict[str, int]]:
    """The index of the head's lower row, and where each column stands."""
    for at, row in enumerate(rows[:_SEARCHED]):
        words = [_squeezed(cell) for cell in row]
        if "단지명" not in words:
            continue
        below = [_squeezed(cell) for cell in rows[at + 1]] if at + 1 < len(rows) else []
        places, missing = {}, []
        for name, (upper, lower) in _HEAD.items():
            place = next((n for n, word in enumerate(words) if word.startswith(upper)), None)
            if place is not None and lower:
                # The upper cell is merged over the columns below it.
                last = next((n for n in range(place + 1, len(words)) if words[n]), len(words))
                place = next((n for n in range(place, last) if n < len(below) and below[n] == lower), None)
            if place is None:
                missing.append(f"{upper}({lower})" if lower else upper)
            else:
                places[name] = place
        if missing:
            raise KicoxProblem(
                "kicox_columns",
                f"{at + 1}행 머리글에 {', '.join(missing)} 열이 없습니다. 2025년 뒤의 판에는 고용·생산이 없으니, "
                "그 판은 지표 자료 양식으로 올려 주세요.",
            )
        lower_head = at + 1 if any(word in below for word in ("계", "남", "전체면적")) else at
        return lower_head, places
    raise KicoxProblem(
        "kicox_head",
        f"‘{MAIN_SHEET}’ 시트의 처음 {_SEARCHED}행에 ‘단지명’ 머리글이 없습니다. 공표한 파일을 그대로 올려 주세요.",
    )


def _quarter(rows: list[list[Any]]) -> str:
    found = {f"{m[1]}Q{m[2]}" for row in rows for cell in row if (m := _QUARTER.search(text(cell)))}
    if len(found) != 1:
        told = f"제목에 분기가 여럿입니다({', '.join(sorted(found))})" if found else "제목에서 분기를 찾지 못했습니다"
        raise KicoxProblem("kicox_quarter", f"{told}. ‘2023년 4분기 전국산업단지 현황’ 같은 제목이 있어야 합니다.")
    return found.pop()


def _complexes(rows: list[list[Any]], head: int, columns: dict[str, int]) -> Iterator[Complex]:
    above: list[int] = []
    """Indices of the complexes the next indented row is part of, the outermost first."""
    count = 0
    for at in range(head + 1, len(rows)):
        row = rows[at]

        def cell(name: str, row: list[Any] = row) -> Any:
            return row[columns[name]] if columns[name] < len(row) else ""

        kind, name = text(cell("type")), bare_name(cell("name"))
        if kind not in TYPES or not name:
            continue  # notes, totals and blank lines
        deep = depth(cell("name"))
        found = Complex(at + 1, kind, text(cell("sido")), text(cell("sigungu")), name, text(cell("status")), {})
        for figure in FIGURES:
            _read_figure(found, figure, cell(figure))
        found.designated = _plain(cell("designated"))
        if deep and not above:
            found.faults.append(("name", "들여 쓴 단지인데 위에 본단지가 없습니다. 공표한 파일을 그대로 올려 주세요."))
        del above[deep:]
        found.whole = above[-1] if above else None
        above.append(count)
        count += 1
        yield found


def _read_figure(found: Complex, figure: str, raw: Any) -> None:
    written = text(raw).replace(",", "")
    if written.upper() == HIDDEN:
        found.figures[figure] = None
        return
    try:
        value = float(written)
    except ValueError:
        found.figures[figure] = None
        told = f"‘{text(raw)[:20]}’" if written else "빈 칸"
        found.faults.append((figure, f"{told}은 수가 아닙니다. 감춘 값은 X, 없는 값은 0으로 적혀 있어야 합니다."))
        return
    if value < 0 or value != int(value):
        found.faults.append(
            (figure, f"‘{written[:20]}’은(는) 0보다 작거나 끝수가 있습니다. 공표한 값을 확인해 주세요.")
        )
    found.figures[figure] = int(value)


def _plain(raw: Any) -> int:
    try:
        return int(float(text(raw).replace(",", "")))
    except ValueError:
        return 0


def _province_totals(rows: list[list[Any]]) -> list[Total]:
    """시도별: by 시·도 and type (`서울국가`), by type and over all, with every figure."""
    at = next((n for n, row in enumerate(rows) if row and _squeezed(row[0]) == "구분"), None)
    if at is None:
        return []
    head = [_squeezed(cell) for cell in rows[at]]
    names = {
        "tenants": "입주업체",
        "operating": "가동업체",
        "employees": "고용",
        "production": "누계생산",
        "exports": "누계수출",
    }
    places = {name: next((n for n, w in enumerate(head) if w.startswith(word)), None) for name, word in names.items()}
    found = []
    for row in rows[at + 1 :]:
        key = _squeezed(row[0]) if row else ""
        figures = {name: _plain(row[place]) for name, place in places.items() if place is not None}
        digits = re.search(r"(\d[\d,]*)\s*개", text(row[1]) if len(row) > 1 else "")
        count = int(digits[1].replace(",", "")) if digits else None
        if key in TYPES or key == "총합":
            found.append(Total("" if key == "총합" else key, "", count, figures))
        elif match := _PROVINCE_ROW.match(key):
            found.append(Total(match[2], match[1], count, figures))
        elif match := re.match(r"^(\S+?)(?:합계|소계|계)$", key):
            found.append(Total("", match[1], count, figures))
    return found
