"""Files of yearly figures: one row a company and year (long), or one row a company with a column a year (wide)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone

from companies import rules, services
from companies.enums import FigureSource, FigureStatus
from companies.importers import cell_readers as read
from companies.importers import figure_books as books
from companies.models import FIGURES, Company, CompanyYear, Workplace
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.intake import cells
from portal.intake.models import Upload
from portal.intake.registry import Column, Problem, Row

SOURCES = {str(label): str(value) for value, label in FigureSource.choices}
STATUSES = {"확정": "FINAL", "잠정": "PRELIM"}
UNITS = {"원": 1, "천원": 1_000, "백만원": 1_000_000, "억원": 100_000_000}
HEADERS = {
    "sales": "매출액",
    "exports_direct": "직접수출액",
    "exports_indirect": "간접수출액",
    "rnd": "연구개발비",
    "operating_profit": "영업이익",
    "assets": "자산총계",
    "employees": "상시근로자 수",
}
_ALIASES = {
    "sales": ("매출",),
    "exports_direct": ("직수출", "수출액"),
    "exports_indirect": ("간접수출",),
    "rnd": ("R&D비", "R&D", "연구개발투자"),
    "operating_profit": ("operating_profit",),
    "assets": ("자산", "총자산"),
    "employees": ("상시근로자", "종업원수", "고용"),
}
_MOST = 10**16
_YEARS = range(1950, 2201)
_WORDS = {str(value): label for label, value in SOURCES.items()}
_STATUS_WORDS = {value: word for word, value in STATUSES.items()}


def amount(cell: Any) -> Decimal | None:
    """A figure in the unit of its row; None if it is not given."""
    found = read.plain(cell) if isinstance(cell, str) else cell
    value = cells.number(found) if found != "" else None
    if value is not None and abs(value) > _MOST:
        raise ValueError("값이 너무 큽니다. 단위를 확인해 주세요.")
    return value


def year(cell: Any) -> int:
    found = cells.narrow(cell).removesuffix(".0").removesuffix("년").strip()
    if not (found.isascii() and found.isdigit() and int(found) in _YEARS):
        raise ValueError(f"‘{found[:20]}’은(는) 연도가 아닙니다. 2025처럼 적어 주세요.")
    return int(found)


def _word_of(words: Mapping[str, Any]) -> Callable[[Scope], list[str]]:
    return lambda scope: list(words)


_COMPANY = (
    Column(
        "business_number", "사업자등록번호", read.optional(rules.business_number), required=False, width=16, text=True,
        aliases=("사업자번호", "사업자 등록번호", "bizr_no"), example="124-81-00998",
        show=rules.written_business_number, help="기업의 아무 사업장의 번호. 비우면 기업명으로 찾습니다.",
    ),
    Column(
        "name", "기업명", read.text(120), required=False, width=24, text=True,
        aliases=("회사명", "업체명", "상호", "corp_name"),
        help="번호가 있으면 확인에만 씁니다. 번호가 없으면 관할 기업 가운데 이름이 같은 한 곳을 찾습니다.",
    ),
)  # fmt: skip
_SOURCE = (
    Column(
        "source", "출처", read.word(SOURCES), required=False, width=16, text=True, choices=_word_of(SOURCES),
        show=lambda kept: _WORDS.get(kept, kept), help="비우면 ‘테크노파크 조사’로 봅니다.",
    ),
    Column(
        "status", "구분", read.word(STATUSES | {"확정치": "FINAL", "잠정치": "PRELIM"}), required=False, width=8,
        text=True, choices=_word_of(STATUSES), show=lambda kept: _STATUS_WORDS.get(kept, kept),
        help="확정이나 잠정. 비우면 새 실적은 확정으로 봅니다.",
    ),
    Column(
        "as_of", "기준일", read.optional(cells.day), required=False, width=12, text=True, aliases=("결산일",),
        help="자료가 말하는 날.", example="2025-12-31",
    ),
    Column(
        "unit", "단위", read.word({word: word for word in UNITS}), required=False, width=8, text=True,
        choices=_word_of(UNITS), help="금액의 단위. 비우면 원으로 봅니다.",
    ),
)  # fmt: skip


def _figure(name: str, header: str, aliases: tuple[str, ...], key: str) -> Column:
    unit = "명" if name == "employees" else "원, ‘단위’를 적으면 그 단위"
    text = f"숫자({unit}). 줄어든 값은 △나 -를 붙입니다. 비우면 지금 값을 그대로 둡니다."
    return Column(key, header, amount, required=False, width=18, aliases=aliases, help=text)


class FigureImporter:
    """Figures of the companies the uploader keeps, a row a year."""

    kind = "company_figures"
    title = "기업 실적(세로: 한 행에 한 해)"
    version = "1"
    capability = Capability.MANAGE_COMPANIES

    @property
    def columns(self) -> tuple[Column, ...]:
        years = Column(
            "year",
            "연도",
            year,
            width=8,
            text=True,
            aliases=("해당년도", "해당연도", "회계연도", "year"),
            example="2025",
        )
        figures = (_figure(name, HEADERS[name], (*_ALIASES[name], name), name) for name in FIGURES)
        return (*_COMPANY, years, *_SOURCE, *figures)

    def places(self) -> Iterator[tuple[str, str | int, str]]:
        """(column, year or the column that says it, figure) of every figure in a row."""
        return ((name, "year", name) for name in FIGURES)

    def check(self, rows: list[Row], *, scope: Scope, say: Callable[..., None]) -> None:
        """Find the companies, put the figures into won, lay them beside the books."""
        say(message="기업을 찾는 중")
        books.find_companies(rows, scope)
        this_year = timezone.localdate().year
        for row in rows:
            self._gather(row, this_year)
        self._refuse_doubles(rows)
        say(message="지금 자료와 맞대는 중")
        held = books.standing(rows)
        for row in rows:
            self._compare(row, held)

    def _gather(self, row: Row, this_year: int) -> None:
        """`_years`: figures in won by year."""
        values = row.values
        values["_row"] = row.number
        values["source"] = values.get("source") or str(FigureSource.TECHNOPARK)
        factor = UNITS[values.get("unit") or "원"]
        gathered: dict[int, dict[str, int]] = defaultdict(dict)
        for column, when, name in self.places():
            at = values.get(when) if isinstance(when, str) else when
            value = values.get(column)
            if value is None or at is None:
                continue
            exact = value if name == "employees" else value * factor
            if exact != exact.to_integral_value():
                problem = "사람 수는 정수로 적어 주세요." if name == "employees" else "원 아래는 적을 수 없습니다."
                row.problems.append(Problem("not_whole", problem, column))
                continue
            if exact < 0 and name not in {"sales", "operating_profit"}:
                row.problems.append(Problem("negative", f"{HEADERS[name]}은(는) 0보다 작을 수 없습니다.", column))
                continue
            if at > this_year:
                row.problems.append(Problem("year_in_future", f"{at}년은 아직 오지 않았습니다.", column))
                continue
            values[column] = int(exact)
            gathered[at][name] = int(exact)
        if not gathered and not row.is_wrong:
            text = "실적이 하나도 없는 행이어서 건너뜁니다."
            row.problems.append(Problem("no_figures", text, warning=True))
            row.same = True
        for at, figures in gathered.items():
            exports = figures.get("exports_direct", 0) + figures.get("exports_indirect", 0)
            if "sales" in figures and exports > figures["sales"]:
                text = f"{at}년 수출액이 매출액보다 큽니다. 단위를 확인해 주세요."
                row.problems.append(Problem("exports_above_sales", text, warning=True))
        values["unit"] = None
        values["_years"] = {str(at): figures for at, figures in gathered.items()}

    @staticmethod
    def _refuse_doubles(rows: list[Row]) -> None:
        first: dict[tuple[int, str, str], Row] = {}
        for row in rows:
            for at in row.values["_years"] if row.values.get("_company") else ():
                twin = first.setdefault((row.values["_company"], at, row.values["source"]), row)
                if twin is not row:
                    text = f"{twin.number}행과 같은 기업·연도·출처입니다. 한 행만 남겨 주세요."
                    row.problems.append(Problem("doubled", text, "business_number"))

    def _compare(self, row: Row, held: Mapping[books.Key, CompanyYear]) -> None:
        values = row.values
        company = values.get("_company")
        if company is None or row.is_wrong or row.same:
            return
        seen, before, differs = {}, {}, False
        places = {(when if isinstance(when, int) else None, name): column for column, when, name in self.places()}
        for at, figures in values["_years"].items():
            now = held.get((company, int(at), values["source"]))
            seen[at] = now.version if now else 0
            if now is None:
                differs = True
                continue
            for name, value in figures.items():
                if getattr(now, name) != value:
                    before[places.get((int(at), name)) or places[None, name]] = getattr(now, name)
            for name in ("status", "as_of"):
                if values.get(name) and getattr(now, name) != values[name]:
                    before[name] = getattr(now, name)
            if now.status == FigureStatus.FINAL and values.get("status") == FigureStatus.PRELIM:
                text = f"{at}년의 확정치가 잠정치로 바뀝니다. 맞는지 확인해 주세요."
                row.problems.append(Problem("final_figure", text, "status", warning=True))
        values["_seen"] = seen
        row.before, row.same = before, not before and not differs
        if row.same:
            row.problems = []

    # --- the deeds ----------------------------------------------------------------------------------------------------
    def commit(self, upload: Upload, rows: Iterable[Mapping[str, Any]], *, actor: User) -> dict[str, Any]:
        """Write the rows as one set."""
        done = services.upsert_figures(
            rows=(line for row in rows for line in _written(row)), actor=actor, upload=upload
        )
        return {"new": done.new, "changed": done.changed, "same": done.same}

    def undo(self, upload: Upload, *, actor: User, reason: str) -> dict[str, Any]:
        """Take the figures of the upload back, if none of them was changed since."""
        return services.undo_figures(upload=upload, actor=actor, reason=reason)

    def export(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """Every year the books hold of the companies the scope keeps."""
        for row, company in _kept_years(scope):
            yield {**company, **_about(row), "year": row.year, **{name: getattr(row, name) for name in FIGURES}}


class WideFigureImporter(FigureImporter):
    """The same, one row a company and source, a column for each figure and year."""

    kind = "company_figures_wide"
    title = "기업 실적(가로: 한 열에 한 해)"
    span: ClassVar[int] = 6

    def _years(self) -> range:
        this_year = timezone.localdate().year
        return range(this_year - self.span + 1, this_year + 1)

    @property
    def columns(self) -> tuple[Column, ...]:
        figures = (
            _figure(name, f"{HEADERS[name]} {at}", _spelled(name, at), f"{name}_{at}")
            for name in FIGURES
            for at in self._years()
        )
        return (*_COMPANY, *_SOURCE, *figures)

    def places(self) -> Iterator[tuple[str, str | int, str]]:
        return ((f"{name}_{at}", at, name) for name in FIGURES for at in self._years())

    def export(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """The years of the columns; a company takes a row for each source, status and day."""
        held: dict[str, Any] = {}
        for row, company in _kept_years(scope):
            if row.year not in self._years():
                continue
            about = {**company, **_about(row)}
            if held and any(held[key] != value for key, value in about.items()):
                yield held
                held = {}
            held |= about | {f"{name}_{row.year}": getattr(row, name) for name in FIGURES}
        if held:
            yield held


def _spelled(name: str, at: int) -> tuple[str, ...]:
    names = (HEADERS[name], *_ALIASES[name])
    return tuple(f"{word}{mark}" for word in names for mark in (f" {at}년", f"({at})", f"({at}년)")) + tuple(
        f"{at}{mark}{word}" for word in names for mark in (" ", "년 ")
    )


def _about(row: CompanyYear) -> dict[str, Any]:
    status = _STATUS_WORDS[row.status]
    return {"source": _WORDS.get(row.source, row.source), "status": status, "as_of": row.as_of}


def _kept_years(scope: Scope) -> Iterator[tuple[CompanyYear, dict[str, str]]]:
    """Years with figures, by company, source, status and day, with the number and name of their company."""
    seen = Company.objects.visible_to(scope).not_merged()
    numbers = {
        company: rules.written_business_number(number)
        for company, number in Workplace.objects.headquarters()
        .filter(company__in=seen)
        .values_list("company_id", "business_number")
    }
    rows = CompanyYear.objects.filter(company__in=seen).select_related("company")
    order = ("company__name_key", "company_id", "source", "status", "as_of", "year")
    for row in rows.order_by(*order).iterator(chunk_size=5000):
        if row.company_id in numbers and any(getattr(row, name) is not None for name in FIGURES):
            yield row, {"business_number": numbers[row.company_id], "name": row.company.name_ko}


def _written(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for at, figures in row["_years"].items():
        yield {
            "number": row["_row"],
            "company_id": row["_company"],
            "year": int(at),
            "source": row["source"],
            "status": row.get("status"),
            "as_of": row.get("as_of") or None,
            "seen": row["_seen"][at],
            **figures,
        }


COMPANY_FIGURES = FigureImporter()
COMPANY_FIGURES_WIDE = WideFigureImporter()
