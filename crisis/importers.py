"""Files of figures: one row a reading. The columns read the file, make the template and name the export."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from crisis.enums import BatchKind, Frequency, ObservationStatus
from crisis.models import Indicator, Observation, ObservationBatch
from crisis.services.area_names import AreaNames
from crisis.services.observation_checks import (
    Cell,
    NewReading,
    Rulebook,
    Standing,
    standing,
    suspect_change,
    suspect_limits,
    value_fault,
    year_before,
)
from crisis.services.observations import record_batch, undo_batch
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import Scope, scope_of
from portal.intake import cells
from portal.intake.models import Upload
from portal.intake.registry import Column, Problem, Row
from portal.kernel import display
from portal.kernel.dates import month_text
from portal.kernel.errors import Refusal

_STATUS = {
    "확정": ObservationStatus.FINAL,
    "잠정": ObservationStatus.PRELIM,
    "확정치": ObservationStatus.FINAL,
    "잠정치": ObservationStatus.PRELIM,
    "FINAL": ObservationStatus.FINAL,
    "PRELIM": ObservationStatus.PRELIM,
    "P": ObservationStatus.PRELIM,
}
_STATUS_WORD = {ObservationStatus.FINAL: "확정", ObservationStatus.PRELIM: "잠정"}
NOT_GIVEN = "미제공"


def _value(cell: Any) -> str:
    """A figure as text, or the word for one that is not given: an empty cell is neither."""
    value = cells.number(cell)
    if fault := value_fault(value):
        raise ValueError(fault)
    return NOT_GIVEN if value is None else format(value, "f")


def _areas(scope: Scope) -> Sequence[str]:
    return AreaNames.writable_by(scope).labels()


def _indicators(scope: Scope) -> Sequence[str]:
    return [f"{i.code} {i.name_ko}" for i in Indicator.objects.order_by("code")]


def _words(*offered: str) -> Callable[[Scope], Sequence[str]]:
    return lambda scope: offered


_COLUMNS = (
    Column(
        "area", "지역코드", cells.text, aliases=("지역", "area"), choices=_areas, width=28, text=True,
        help="통계 지역의 코드나 이름. 목록에서 고르거나 48310, 경상남도 거제시처럼 적습니다.", example="R48310",
    ),
    Column(
        "area_name", "지역이름", cells.text, required=False, aliases=("지역명",), width=22, text=True,
        help="적지 않아도 됩니다. 적으면 지역코드와 맞는지 봅니다.", example="경상남도 거제시",
    ),
    Column(
        "indicator", "지표코드", cells.text, aliases=("지표", "지표명", "indicator"), choices=_indicators, width=26,
        text=True, help="지표의 코드나 이름.", example="EMP",
    ),
    Column(
        "period", "기간", cells.month, aliases=("기준월", "기준년월", "period"), width=12, text=True,
        help="달은 2025-09, 분기는 2025Q3, 반기는 2025H1처럼 적습니다.", example="2025-09",
        show=lambda kept: display.period(kept[:7]),
    ),
    Column(
        "value", "값", _value, aliases=("수치", "value"), width=18,
        help="숫자만 적습니다. 음수는 △나 -를 앞에 붙입니다. 값이 없으면 ‘미제공’이나 -를 적습니다.", example="583",
        show=lambda kept: kept if kept == NOT_GIVEN else display.number(kept),
    ),
    Column(
        "unit", "단위", cells.text, required=False, aliases=("unit",), width=10, text=True,
        help="비우면 지표의 기본 단위로 봅니다.", example="명",
    ),
    Column(
        "status", "구분", cells.one_of(_STATUS), required=False, aliases=("잠정확정", "status"), width=10, text=True,
        choices=_words("확정", "잠정"), help="확정이나 잠정. 비우면 확정으로 봅니다.", example="확정",
        show=lambda kept: _STATUS_WORD[kept],
    ),
    Column("note", "비고", cells.text, required=False, aliases=("note",), width=30, text=True, help="300자까지."),
    Column(
        "verified", "이상값확인", cells.flag, required=False, aliases=("확인",), choices=_words("○"), width=12,
        help="일 년 전보다 크게 달라진 값을 확인했으면 ○를 적고 비고에 내용을 적습니다.",
        show=lambda kept: "○" if kept else "",
    ),
)  # fmt: skip


class ObservationImporter:
    """Readings of the areas the uploader may write to."""

    kind = "observations"
    title = "지표 자료"
    version = "1"
    capability = Capability.ENTER_OBSERVATIONS
    columns: tuple[Column, ...] = _COLUMNS

    # --- the preview --------------------------------------------------------------------------------------------------
    def check(self, rows: list[Row], *, scope: Scope, say: Callable[..., None]) -> None:
        """Find area and indicator, apply the rules of a single figure, then those between rows and with the books."""
        names, rulebook = AreaNames.writable_by(scope), Rulebook()
        indicators = _IndicatorNames(rulebook)
        found: dict[str, Any] = {}
        for row in rows:
            self._resolve(row, names, indicators, rulebook, found)
        self._refuse_doubles(rows)
        say(message="지금 자료와 맞대는 중")
        placed = [row for row in rows if _cell(row)]
        wanted = {cell for row in placed if (cell := _cell(row))}
        books = standing(wanted | {(area, indicator, year_before(month)) for area, indicator, month in wanted})
        in_file = {_cell(row): _own(row, rulebook) for row in placed if not row.is_wrong}
        limits = suspect_limits()
        for row in placed:
            if not row.is_wrong:
                _compare(row, books.get(_cell(row)))  # type: ignore[arg-type]
                _suspect(row, rulebook, books, in_file, limits)

    def _resolve(
        self, row: Row, names: AreaNames, indicators: "_IndicatorNames", rulebook: Rulebook, found: dict[str, Any]
    ) -> None:
        values, period = row.values, row.values.get("period")
        written = values.get("area")
        if written is not None:
            key = f"{written}|{period}"
            if key not in found:
                found[key] = _tried(lambda: names.find(written, period))
            area = found[key]
            if isinstance(area, str):
                row.problems.append(Problem("area_unknown", area, "area"))
            else:
                values["_area"], values["area"] = area.pk, area.code
                name = values.get("area_name")
                if name and not names.answers_to(area, name):
                    text = (
                        f"지역코드 {area.code}의 이름은 ‘{area.name_ko}’입니다. 코드와 이름 가운데 하나를 고쳐 주세요."
                    )
                    row.problems.append(Problem("area_disagrees", text, "area_name"))
                values["area_name"] = area.name_ko
        if values.get("indicator") is None:
            return
        indicator = indicators.find(values["indicator"])
        if isinstance(indicator, str):
            row.problems.append(Problem("indicator_unknown", indicator, "indicator"))
            return
        values["_indicator"], values["indicator"] = indicator.pk, indicator.code
        values["unit"] = values.get("unit") or indicator.unit
        values["status"] = values.get("status") or ObservationStatus.FINAL
        values["note"], values["verified"] = values.get("note") or "", bool(values.get("verified"))
        if period is not None and values.get("value") is not None:
            for field, sentence in rulebook.faults_of(_reading(values, area_id=0)):
                row.problems.append(Problem(f"{field}_refused", sentence, field))

    @staticmethod
    def _refuse_doubles(rows: list[Row]) -> None:
        first: dict[Cell, Row] = {}
        for row in rows:
            cell = _cell(row)
            if cell is None:
                continue
            twin = first.setdefault(cell, row)
            if twin is not row:
                text = "{}행과 같은 지역·지표·기간입니다. 한 행만 남겨 주세요."
                row.problems.append(Problem("doubled", text.format(twin.number), "period"))
                if not any(problem.rule == "doubled" for problem in twin.problems):
                    twin.problems.append(Problem("doubled", text.format(row.number), "period"))

    # --- the deeds ----------------------------------------------------------------------------------------------------
    def commit(self, upload: Upload, rows: Iterable[Mapping[str, Any]], *, actor: User) -> dict[str, Any]:
        """Record the rows as one batch. Refuses if an area is out of the actor's reach or a value moved meanwhile."""
        writable = AreaNames.writable_by(scope_of(actor).within(self.capability)).areas

        def readings() -> Iterator[NewReading]:
            for values in rows:
                if values["_area"] not in writable:
                    raise Refusal("out_of_scope", "반영할 권한이 없는 지역의 행이 있습니다. 파일을 다시 확인해 주세요.")
                yield _reading({**values, "period": date.fromisoformat(values["period"])}, seen=values["_seen"])

        report = record_batch(
            kind=BatchKind.FILE,
            title=upload.filename,
            rows=list(readings()),  # read to the end first: the connection cannot fetch while it copies
            actor=actor,
            organization=upload.organization,
            upload=upload,
        )
        return {"new": report.new, "changed": report.changed, "same": report.same}

    def undo(self, upload: Upload, *, actor: User, reason: str) -> dict[str, Any]:
        """Take the upload's batch back."""
        batch = ObservationBatch.objects.filter(upload=upload).first()
        if batch is None:
            raise Refusal("nothing_to_undo", "이 파일로 바뀐 값이 없어 되돌릴 것이 없습니다.")
        writable = AreaNames.writable_by(scope_of(actor).within(self.capability)).areas
        if set(batch.observations.values_list("area_id", flat=True).distinct()) - writable.keys():
            raise Refusal("out_of_scope", "되돌릴 권한이 없는 지역의 값이 있습니다. 본부 담당자에게 요청해 주세요.")
        report = undo_batch(batch=batch, actor=actor, reason=reason)
        return {"restored": report.changed, "withdrawn": report.withdrawn, "kept": report.kept}

    def export(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """Current rows of the areas this scope may write to."""
        areas = AreaNames.writable_by(scope).areas
        indicators = Indicator.objects.in_bulk()
        rows = Observation.objects.current().order_by("area_id", "indicator_id", "period")
        if not scope.nationwide:
            rows = rows.filter(area__in=list(areas))
        for row in rows.iterator(chunk_size=5000):
            area, indicator = areas[row.area_id], indicators[row.indicator_id]
            yield {
                "area": area.code,
                "area_name": area.name_ko,
                "indicator": indicator.code,
                "period": period_text(indicator, row.period),
                "value": row.value,
                "unit": row.unit,
                "status": _STATUS_WORD[ObservationStatus(row.status)],
                "note": row.note,
                "verified": "○" if row.verified else "",
            }


def period_text(indicator: Indicator, period: date) -> str:
    """`2025-09`, or `2025Q3` for a quarterly series."""
    if indicator.frequency == Frequency.QUARTERLY:
        return f"{period.year}Q{period.month // 3}"
    return month_text(period)


class _IndicatorNames:
    """Indicators by code or name."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._known: dict[str, Indicator | str] = {}
        for indicator in rulebook.indicators.values():
            for name in {indicator.code, indicator.name_ko, f"{indicator.code} {indicator.name_ko}"}:
                key = self._key(name)
                several = key in self._known and key != self._key(indicator.code)
                self._known[key] = "이름이 같은 지표가 여럿입니다. 지표코드로 적어 주세요." if several else indicator

    @staticmethod
    def _key(written: object) -> str:
        return "".join(cells.narrow(written).split()).upper()

    def find(self, written: str) -> Indicator | str:
        unknown = f"‘{written[:40]}’은(는) 없는 지표입니다. 지표코드를 확인해 주세요."
        return self._known.get(self._key(written), unknown)


def _tried(find: Callable[[], Any]) -> Any:
    try:
        return find()
    except ValueError as error:
        return str(error)


def _cell(row: Row) -> Cell | None:
    values = row.values
    if "_area" in values and "_indicator" in values and values.get("period") is not None:
        return values["_area"], values["_indicator"], values["period"]
    return None


def _number(values: Mapping[str, Any]) -> Decimal | None:
    return None if values["value"] == NOT_GIVEN else Decimal(values["value"])


def _reading(values: Mapping[str, Any], *, area_id: int | None = None, seen: int | None = None) -> NewReading:
    return NewReading(
        area_id=values["_area"] if area_id is None else area_id,
        indicator_id=values["_indicator"],
        period=values["period"],
        value=_number(values),
        unit=values["unit"],
        status=values["status"],
        verified=values["verified"],
        note=values["note"],
        seen=seen,
    )


def _own(row: Row, rulebook: Rulebook) -> Decimal | None:
    """The row's value in the indicator's own unit."""
    value = _number(row.values)
    return None if value is None else value * rulebook.factors[row.values["_indicator"], row.values["unit"]]


def _compare(row: Row, now: Standing | None) -> None:
    """Put what stands in the books beside the row, where they differ."""
    values = row.values
    values["_seen"] = now.pk if now else 0
    if now is None:
        return
    held = {
        "value": NOT_GIVEN if now.value is None else format(now.value.normalize(), "f"),
        "unit": now.unit,
        "status": now.status,
        "verified": now.verified,
        "note": now.note,
    }
    new = _number(values)
    row.same = (new, values["unit"], values["status"], values["verified"]) == (
        now.value, now.unit, now.status, now.verified
    )  # fmt: skip
    row.before = {} if row.same else {name: old for name, old in held.items() if name == "value" or values[name] != old}


def _suspect(
    row: Row,
    rulebook: Rulebook,
    books: Mapping[Cell, Standing],
    in_file: Mapping[Cell | None, Decimal | None],
    limits: Mapping[str, Decimal],
) -> None:
    """Warn of a change within a year so large that unit or digits are likely wrong."""
    cell = _cell(row)
    if cell is None or row.same or row.values["verified"]:
        return
    area, indicator_id, period = cell
    before = (area, indicator_id, year_before(period))
    base = in_file.get(before)
    if base is None and (held := books.get(before)) is not None and held.value is not None:
        base = held.value * rulebook.factors.get((indicator_id, held.unit), Decimal(1))
    change = suspect_change(rulebook.indicators[indicator_id], _own(row, rulebook), base, limits)
    if change is not None:
        text = (
            f"일 년 전보다 {display.percent(change)} 달라진 값입니다. 이대로면 산출에서 빠집니다. "
            "맞는 값이면 ‘이상값확인’에 ○를, 비고에 확인한 내용을 적어 주세요."
        )
        row.problems.append(Problem("suspect_change", text, "value", warning=True))


OBSERVATIONS = ObservationImporter()
