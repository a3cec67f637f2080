"""Published files as figures: the national pension's monthly file, answers of the statistics portal.

Each is laid out (`open_book`) as the table of figures every body fills in, so that preview, comparison with the books,
warning of suspect values, writing and undoing are those of `ObservationImporter`. A file already in that table's own
layout is taken as it is.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from crisis.enums import AreaLevel, ObservationStatus
from crisis.importers import NOT_GIVEN, ObservationImporter
from crisis.models import Area
from crisis.services.area_names import AreaNames
from crisis.sources.adapters import kosis_answer, nps_file, nps_sums
from crisis.sources.adapters.nps_places import Places
from crisis.sources.enums import RegionCodes
from crisis.sources.models import KosisSeries
from portal.directory.models import RegionCode
from portal.directory.scope import Scope
from portal.intake.packages import FileProblem
from portal.intake.readers import Book, Sheet, read_book
from portal.intake.registry import Row
from portal.kernel.dates import month_text
from portal.kernel.loading import read_rows

MOST_TOLD = 20
WORST_SHARE = 0.01
"""Above this share of unreadable lines the file itself is at fault, and nothing of it is taken."""
_HEAD = ["지역코드", "지역이름", "지표코드", "기간", "값", "단위", "구분", "비고"]
_STATUS = {True: "잠정", False: "확정"}
_RATES = Path(__file__).parent / "data" / "nps_rates.csv"


class PublishedImporter(ObservationImporter):
    """Figures of the areas the uploader may write for; other regions' rows of the published file are passed over."""

    version = "1"

    def check(self, rows: list[Row], *, scope: Scope, say: Callable[..., None]) -> None:
        writable = {area.code for area in AreaNames.writable_by(scope).areas.values()}
        # `open_book` writes codes of ours; a typed name, or a code that does not exist, is judged as usual.
        others = set() if scope.nationwide else set(Area.objects.values_list("code", flat=True)) - writable
        rows[:] = [row for row in rows if row.values.get("area") not in others]
        super().check(rows, scope=scope, say=say)


@cache
def rates() -> tuple[nps_sums.Rate, ...]:
    """The contribution rates of the national pension, as shipped."""
    return tuple(
        nps_sums.Rate(date.fromisoformat(row["valid_from"]), Decimal(row["percent"]), row["provisional"] == "1")
        for row in read_rows(_RATES)
    )


class NpsImporter(PublishedImporter):
    """Workplaces, heads, pay and separations by 시·군·구 and cluster from the file of insured workplaces."""

    kind = "nps"
    title = "국민연금 가입 사업장(월 파일)"
    indicators = ("EST", "EMP", "PAY", "LOSS")

    def open_book(self, data: bytes) -> Book:
        """The file added up by area; FileProblem if it cannot be read. Six queries a month of the file."""
        if not nps_file.is_monthly_file(data):
            return read_book(data)
        tally = nps_file.Tally()
        try:
            sums, astray, places = _added_up(data, tally)
        except nps_file.NpsProblem as fault:
            raise FileProblem(fault.rule, fault.message) from fault
        if len(tally.faults) > max(WORST_SHARE * tally.lines, MOST_TOLD):
            first = "; ".join(f"{line}행 {text}" for line, text in tally.faults[:3])
            raise FileProblem(
                "too_many_faults",
                f"읽을 수 없는 행이 {len(tally.faults):,}개입니다. 파일을 다시 받아 올려 주세요. 처음 몇 곳: {first}",
            )
        rows = [list(_HEAD)]
        for (month, pk), total in sorted(sums.items()):
            rate = nps_sums.rate_of(month, rates())
            area = places[pk]
            rows += [_line(area, month, figure) for figure in nps_sums.figures(total, rate)]
        return Book("CSV", [Sheet("", rows)], _notes(tally, astray, sums))

    def export(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        return (row for row in super().export(scope) if row["indicator"] in self.indicators)


_Sums = dict[tuple[date, int], nps_sums.Sum]


def _added_up(data: bytes, tally: nps_file.Tally) -> tuple[_Sums, Counter[str], dict[int, Area]]:
    """Sums by month and area, workplaces that found no place by the reason, and the areas."""
    sums: _Sums = defaultdict(nps_sums.Sum)
    astray: Counter[str] = Counter()
    months: dict[date, Places] = {}
    areas: dict[int, Area] = {}
    for one in nps_file.workplaces(data, tally):
        if one.month not in months:
            months[one.month] = Places(one.month)
        home, clusters = months[one.month].areas(one)
        if home is None:
            astray["region"] += 1
            continue
        for area in (home, *clusters):
            areas[area.pk] = area
            sums[one.month, area.pk].add(one.insured, one.billed, one.left)
        astray["cluster"] += not clusters
        astray["placed"] += 1
    return sums, astray, areas


def _line(area: Area, month: date, figure: nps_sums.Figure) -> list[Any]:
    value = NOT_GIVEN if figure.value is None else format(figure.value, "f")
    units = {"EST": "개", "EMP": "명", "PAY": "원", "LOSS": "%"}
    return [
        area.code, area.name_ko, figure.indicator, month_text(month), value, units[figure.indicator],
        _STATUS[figure.preliminary], figure.note,
    ]  # fmt: skip


def _notes(tally: nps_file.Tally, astray: Counter[str], sums: _Sums) -> list[str]:
    notes = [f"{line}행을 빼고 셌습니다. {text}." for line, text in tally.faults[:MOST_TOLD]]
    if len(tally.faults) > MOST_TOLD:
        notes.append(f"이 밖에 {len(tally.faults) - MOST_TOLD:,}행도 읽을 수 없어 빼고 셌습니다.")
    small = sum(0 < total.workplaces < nps_sums.FEWEST for total in sums.values())
    notes.append(
        f"{tally.lines:,}행 가운데 등록 사업장 {astray['placed']:,}곳을 지역에 더했습니다. 탈퇴한 사업장 {tally.signed_off:,}곳은 "
        f"빼고, 시·군·구를 알 수 없는 {astray['region']:,}곳은 더하지 못했습니다. 밀집지역을 알 수 없는 "
        f"{astray['cluster']:,}곳은 시·군·구에만 더했습니다. 사업장이 {nps_sums.FEWEST - 1}개 이하인 지역 {small:,}곳은 "
        "사업장수만 남기고 감춥니다."
    )
    return notes


class KosisImporter(PublishedImporter):
    """Cells of statistics tables, read by the mapping rows (`KosisSeries`)."""

    kind = "kosis"
    title = "KOSIS 통계표(OpenAPI 응답)"
    file_types = (".json",)

    def open_book(self, data: bytes) -> Book:
        """A recorded answer as figures; FileProblem for a refusal or an answer nobody mapped."""
        if not kosis_answer.looks_like_answer(data):
            return read_book(data)
        try:
            cells = kosis_answer.read_answer(data)
        except kosis_answer.KosisProblem as fault:
            raise FileProblem(fault.rule, fault.message) from fault
        rows, left_out = _mapped(cells)
        if not rows:
            told = "; ".join(f"{why} {count:,}건" for why, count in left_out.most_common(3))
            raise FileProblem("nothing_mapped", f"받을 수 있는 자료가 없습니다. {told}")
        notes = [f"{why}: {count:,}건은 받지 않습니다." for why, count in left_out.most_common(MOST_TOLD)]
        return Book("JSON", [Sheet("", [list(_HEAD), *rows])], notes)

    def export(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        mapped = set(KosisSeries.objects.values_list("indicator__code", flat=True))
        return (row for row in super().export(scope) if row["indicator"] in mapped)


def _mapped(cells: list[kosis_answer.Cell]) -> tuple[list[list[Any]], Counter[str]]:
    """The cells a mapping knows as lines of figures, and why the others are left out. Four queries."""
    series = list(KosisSeries.objects.select_related("indicator"))
    areas = _Regions()
    rows: list[list[Any]] = []
    left_out: Counter[str] = Counter()
    for cell in cells:
        one = next((one for one in series if _fits(one, cell)), None)
        if one is None:
            left_out[f"연결하지 않은 통계표·항목·분류 {cell.table}/{cell.item}"] += 1
            continue
        if cell.unit != one.unit_name:
            left_out[f"{cell.table}의 단위가 ‘{one.unit_name}’이 아니라 ‘{cell.unit}’"] += 1
            continue
        month = kosis_answer.month_of_period(cell.rhythm, cell.period)
        if month is None:
            left_out[f"읽을 수 없는 시점 {cell.rhythm} {cell.period}"] += 1
            continue
        area = areas.find(cell.classes[one.region_level], one.region_codes)
        if area is None:
            left_out["포털의 통계 지역이 아닌 곳"] += 1
            continue
        if area.level in {AreaLevel.NATION, AreaLevel.SIDO} and not one.with_totals:
            left_out["시·도와 전국의 합계"] += 1
            continue
        status = _STATUS[one.status == ObservationStatus.PRELIM]
        rows.append(
            [
                area.code,
                area.name_ko,
                one.indicator.code,
                month_text(month),
                cell.value or NOT_GIVEN,
                one.unit,
                status,
                "",
            ]
        )
    return rows, left_out


def _fits(one: KosisSeries, cell: kosis_answer.Cell) -> bool:
    """Table, item and every class but the region agree: a class nobody named may hold parts of a whole."""
    if (one.org_id, one.tbl_id, one.itm_id) != (cell.org, cell.table, cell.item):
        return False
    others = {str(level): code for level, code in cell.classes.items() if level != one.region_level}
    return one.region_level in cell.classes and others == {str(key): str(code) for key, code in one.fixed.items()}


class _Regions:
    """Areas by the codes of a statistics table: the nation `00`, a 시·도 by two digits, a 시·군·구 by five."""

    def __init__(self) -> None:
        areas = Area.objects.exclude(level=AreaLevel.CLUSTER).select_related("region").order_by("effective")
        self._known: dict[tuple[str, str], Area] = {}
        by_region: dict[int, Area] = {}
        for area in areas:
            by_region[area.region_id] = area
            if area.level == AreaLevel.NATION:
                self._known |= {(scheme, "00"): area for scheme in RegionCodes.values}
            else:
                self._known[area.region.scheme, area.region.code] = area
        for region, scheme, code in RegionCode.objects.values_list("region", "scheme", "code"):
            if region in by_region:
                self._known[scheme, code] = by_region[region]

    def find(self, code: str, scheme: str) -> Area | None:
        return self._known.get((scheme, code))


NPS, KOSIS = NpsImporter(), KosisImporter()
