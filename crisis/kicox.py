"""The book of every industrial complex as figures of the complexes: the file is taken as it is published.

`open_book` lays the published sheet out as the pipeline expects a table: the two-row head becomes one, every row stays
where it stands in the file, so that faults are told by the cell of the user's own file. Parts of a complex are left out
(their figures are in the whole), totals are compared and told, suppressed figures (X) are recorded as not given.
Production and exports are totals of the year so far: what the quarter added is recorded beside them where it is known.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from companies.kicox import book as published
from companies.kicox.check import disagreements, part_disagreements
from crisis.enums import BatchKind, ObservationStatus
from crisis.importers import NOT_GIVEN, ObservationImporter
from crisis.kicox_flows import FLOWS, flows_after
from crisis.kicox_places import STAGES, TYPES, Complexes, Provinces
from crisis.models import Area, Indicator, Observation
from crisis.services.observation_checks import Cell, NewReading, Standing, standing
from crisis.services.observations import record_batch
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import Scope, scope_of
from portal.intake import cells
from portal.intake.headers import find_layout
from portal.intake.models import Upload
from portal.intake.packages import FileProblem
from portal.intake.readers import Book, Sheet, read_book
from portal.intake.registry import Column, Row
from portal.kernel import display
from portal.kernel.errors import Refusal

#: Column of the book → indicator.
INDICATORS = {
    "tenants": "TENANTS", "operating": "OPERATING", "employees": "CX_EMP", "production": "CX_PROD_CUM",
    "exports": "CX_EXP_CUM",
}  # fmt: skip
SUPPRESSED = "공단이 비공개(X)로 공표: 가동업체 2개 이하"
_TOLD = 20


def _figure(cell: Any) -> str:
    value = cells.number(cell)
    if value is None:
        return NOT_GIVEN
    if value < 0 or value != value.to_integral_value():
        raise ValueError("0이나 그보다 큰 정수여야 합니다. 공표한 값을 확인해 주세요.")
    return str(int(value))


def _told(kept: str) -> str:
    return "X" if kept == NOT_GIVEN else display.number(kept)


_COLUMNS = (
    Column("quarter", "기준분기", cells.month, width=12, text=True, example="2023Q4",
           help="2023Q4처럼 적습니다. 공표한 책에서는 제목에서 읽습니다.", show=lambda kept: display.period(f"{kept[:4]}Q{int(kept[5:7]) // 3}")),
    Column("type", "유형", cells.text, text=True, help="국가, 일반, 도시첨단, 농공.", example="일반",
           choices=lambda scope: list(TYPES)),
    Column("sido", "시도", cells.text, text=True, example="경남", help="시·도의 줄임 이름."),
    Column("sigungu", "시군", cells.text, text=True, example="거제시", help="시·군·구. 여럿이면 첫째."),
    Column("name", "단지명", cells.text, text=True, width=30, example="옥포", help="책에 적힌 이름."),
    Column("status", "조성상태", cells.text, required=False, text=True, example="완료",
           help="완료, 조성중, 미개발. 한 시·군·구에 같은 이름의 단지가 있을 때 가르는 데 씁니다."),
    Column("tenants", "입주업체", _figure, help="개. 감춘 값은 X.", show=_told),
    Column("operating", "가동업체", _figure, help="개. 감춘 값은 X.", show=_told),
    Column("employees", "고용(계)", _figure, help="명. 감춘 값은 X.", show=_told),
    Column("production", "누계생산(백만원)", _figure, width=18, help="그해 1월부터의 누계. 감춘 값은 X.", show=_told),
    Column("exports", "누계수출(천달러)", _figure, width=18, help="그해 1월부터의 누계. 감춘 값은 X.", show=_told),
)  # fmt: skip


class KicoxImporter(ObservationImporter):
    """Figures of the complexes the uploader may write for; other regions' rows of the book are passed over."""

    kind = "kicox"
    title = "산업단지 현황통계(공단 분기 자료)"
    version = "1"
    capability = Capability.ENTER_OBSERVATIONS
    columns = _COLUMNS

    # --- the file -----------------------------------------------------------------------------------------------------
    def open_book(self, data: bytes) -> Book:
        """The published book as one flat sheet; a file in the template's own layout as it is. FileProblem otherwise."""
        try:
            sheets = published.open_sheets(data)
        except published.KicoxProblem as fault:
            own = None if fault.rule == "kicox_vast" else read_book(data)
            if own is None or find_layout(own, self.columns) is None:
                raise FileProblem(fault.rule, fault.message) from fault
            return own
        try:
            found = published.read_sheets(sheets)
        except published.KicoxProblem as fault:
            raise FileProblem(fault.rule, fault.message) from fault
        return Book("XLSX", [_flat(found, sheets[published.MAIN_SHEET])], _notes(found))

    # --- the preview --------------------------------------------------------------------------------------------------
    def check(self, rows: list[Row], *, scope: Scope, say: Callable[..., None]) -> None:
        """Match each row to its complex and compare its five figures with the books. Six queries."""
        places = Provinces(scope)
        rows[:] = [row for row in rows if places.holds(row.values.get("sido"))]
        complexes = Complexes(scope)
        indicators = {one.code: one for one in Indicator.objects.filter(code__in=INDICATORS.values())}
        if missing := sorted(set(INDICATORS.values()) - indicators.keys()):
            raise LookupError(f"indicators are not loaded: {missing}")
        meant: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            area = complexes.find(row)
            if area is not None and not row.is_wrong:
                meant[area.pk].append(row)
        wanted: set[Cell] = set()
        for pk, row in complexes.told_apart(meant):
            row.values["_area"] = pk
            wanted |= {(pk, one.pk, row.values["quarter"]) for one in indicators.values()}
        say(message="지금 자료와 맞대는 중")
        books = standing(wanted)
        for row in rows:
            if "_area" in row.values and not row.is_wrong:
                _compare(row, indicators, books)

    # --- the deeds ----------------------------------------------------------------------------------------------------
    def commit(self, upload: Upload, rows: Iterable[Mapping[str, Any]], *, actor: User) -> dict[str, Any]:
        """Record the matched rows as one batch; rows of complexes nobody knows are counted and left out."""
        writable = set(Area.objects.writable_by(scope_of(actor).within(self.capability)).values_list("pk", flat=True))
        indicators = {one.code: one for one in Indicator.objects.filter(code__in=INDICATORS.values())}
        readings: list[NewReading] = []
        unknown = 0
        for values in rows:
            if "_area" not in values:
                unknown += 1
                continue
            if values["_area"] not in writable:
                raise Refusal("out_of_scope", "반영할 권한이 없는 지역의 행이 있습니다. 파일을 다시 확인해 주세요.")
            for column, code in INDICATORS.items():
                readings.append(_reading(values, column, indicators[code]))
        given = {(one.area_id, one.indicator_id, one.period): one.value for one in readings}
        readings += flows_after(given, {(area, period.year) for area, _, period in given})
        report = record_batch(
            kind=BatchKind.FILE, title=upload.filename, rows=readings, actor=actor, organization=upload.organization,
            upload=upload,
        )  # fmt: skip
        return {"new": report.new, "changed": report.changed, "same": report.same, "unknown": unknown}

    def undo(self, upload: Upload, *, actor: User, reason: str) -> dict[str, Any]:
        """Take the totals back; quarters that followed from them follow again."""
        done = super().undo(upload, actor=actor, reason=reason)
        cells = Observation.objects.filter(batch__upload=upload, indicator__code__in=FLOWS)
        years = {(area, period.year) for area, period in cells.values_list("area", "period")}
        if readings := list(flows_after({}, years)):
            record_batch(
                kind=BatchKind.FILE, title=f"분기 값 다시 계산: {upload.filename}", rows=readings, actor=actor,
                organization=upload.organization, reason=reason,
            )  # fmt: skip
        return done

    def export(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """The newest quarter on record of each complex of the scope."""
        codes = {code: column for column, code in INDICATORS.items()}
        areas = Area.objects.writable_by(scope).exclude(cluster=None).select_related("cluster__region__parent")
        held = {area.pk: area for area in areas}
        rows = Observation.objects.current().filter(area__in=held, indicator__code__in=codes)
        figures: dict[tuple[int, date], dict[str, Decimal | None]] = defaultdict(dict)
        newest: dict[int, date] = {}
        for area_id, code, period, value in rows.values_list("area", "indicator__code", "period", "value"):
            figures[area_id, period][codes[code]] = value
            newest[area_id] = max(period, newest.get(area_id, period))
        words = {kind: word for word, kind in TYPES.items()}
        stages = {stage: word for word, stage in STAGES.items()}
        for pk in sorted(newest, key=lambda pk: held[pk].code):
            cluster, period = held[pk].cluster, newest[pk]
            if cluster is None:
                continue
            region = cluster.region
            yield {
                "quarter": f"{period.year}Q{period.month // 3}",
                "type": words.get(cluster.kind, ""),
                "sido": (region.parent or region).short_name_ko,
                "sigungu": region.name_ko,
                "name": cluster.name_ko,
                "status": stages.get(cluster.status, ""),
            } | {column: figures[pk, period].get(column, "X") for column in INDICATORS}


def _flat(found: published.KicoxBook, rows: list[list[Any]]) -> Sheet:
    """The book's sheet with a one-row head, wholes only, and the quarter in a column behind the last."""
    width = max(found.columns.values()) + 1
    kept = {one.name: one.header for one in _COLUMNS}
    flat: list[list[Any]] = [[] for _ in rows]
    head = [""] * width + [kept["quarter"]]
    for name, place in found.columns.items():
        if name in kept:
            head[place] = kept[name]
    flat[found.head_row] = head
    for one in found.wholes:
        row: list[Any] = [""] * width + [found.quarter]
        for name, place in found.columns.items():
            if name in kept:
                written = rows[one.row - 1][place]
                row[place] = {"name": one.name, "sido": one.sido, "sigungu": one.sigungu}.get(name, written)
        flat[one.row - 1] = row
    return Sheet(published.MAIN_SHEET, flat)


def _notes(found: published.KicoxBook) -> list[str]:
    """Where the book's totals and its rows disagree, and what is left out."""
    notes = [f"책의 합계와 맞지 않습니다. {one}" for one in disagreements(found)]
    notes += [
        f"{whole.row}행 {whole.name}의 값({display.number(whole.figures[figure])})이 딸린 구역의 합({display.number(total)})과 다릅니다."
        for whole, figure, total in part_disagreements(found)
    ]
    if len(notes) > _TOLD:
        notes = [*notes[:_TOLD], f"이 밖에 {len(notes) - _TOLD}곳이 맞지 않습니다. 공표한 파일이 맞는지 확인해 주세요."]
    parts, hidden = len(found.complexes) - len(found.wholes), sum(bool(one.hidden) for one in found.wholes)
    notes.append(
        f"{display.period(found.quarter)} 책에서 단지 {len(found.wholes):,}개를 읽었습니다. 딸린 구역 {parts:,}개는 본단지에 "
        f"들어 있어 따로 반영하지 않고, X가 있는 단지 {hidden:,}개는 그 값을 ‘미제공’으로 남깁니다."
    )
    return notes


def _compare(row: Row, indicators: Mapping[str, Indicator], books: Mapping[Cell, Standing]) -> None:
    """What stands in the books beside each figure, where they differ."""
    values = row.values
    seen, before = {}, {}
    for column, code in INDICATORS.items():
        now = books.get((values["_area"], indicators[code].pk, values["quarter"]))
        seen[column] = now.pk if now else 0
        held = None if now is None or now.value is None else format(now.value.normalize(), "f")
        wanted = None if values[column] == NOT_GIVEN else values[column]
        if now is None or held != wanted:
            before[column] = None if now is None else (NOT_GIVEN if held is None else held)
    values["_seen"] = seen
    row.same = not before
    row.before = {column: held for column, held in before.items() if held is not None}


def _reading(values: Mapping[str, Any], column: str, indicator: Indicator) -> NewReading:
    given = values[column] != NOT_GIVEN
    return NewReading(
        area_id=values["_area"],
        indicator_id=indicator.pk,
        period=date.fromisoformat(values["quarter"]),
        value=Decimal(values[column]) if given else None,
        unit=indicator.unit,
        status=ObservationStatus.FINAL,
        note="" if given else SUPPRESSED,
        seen=values["_seen"][column],
    )


KICOX = KicoxImporter()
