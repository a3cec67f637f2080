"""Figures handed in by a client system: what was sent becomes readings, or faults by row and field."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from rest_framework import exceptions

from crisis import services
from crisis.enums import BatchKind, ObservationStatus
from crisis.models import Area, Indicator, Observation, ObservationBatch
from crisis.services.observation_checks import NewReading, Rulebook
from portal.directory.enums import Capability
from portal.directory.models import Organization, User
from portal.directory.scope import Scope
from portal.kernel.dates import parse_month

MOST_ROWS = 1000
REQUIRED = ("area", "indicator", "period", "value")
KNOWN = frozenset({*REQUIRED, "unit", "status", "note", "verified"})
# A JSON number beyond this many digits has already lost some on its way through a float.
SAFE_DIGITS = 15

Faults = dict[str, list[str]]
Cell = tuple[int, int, date]


@dataclass
class Entry:
    """What one request sent: the readings that can be recorded and the faults of the others, by position."""

    count: int
    readings: dict[int, NewReading] = field(default_factory=dict)
    faults: dict[int, Faults] = field(default_factory=dict)

    def blame(self, row: int, name: str, sentence: str) -> None:
        self.faults.setdefault(row, {}).setdefault(name, []).append(sentence)


def body_of(data: Any) -> tuple[list[Any], bool]:
    """The rows of a request body and whether faulty ones are to be skipped. Raises ValidationError for its shape."""
    if not isinstance(data, Mapping):
        raise exceptions.ValidationError({"rows": [_('{"rows": […]} 꼴로 보내 주세요.')]})
    faults: Faults = {name: [_("모르는 항목입니다.")] for name in set(data) - {"rows", "on_error"}}
    rows, on_error = data.get("rows"), data.get("on_error", "refuse")
    if not isinstance(rows, list) or not rows:
        faults["rows"] = [_("보낼 값을 한 건 이상 적어 주세요.")]
    elif len(rows) > MOST_ROWS:
        faults["rows"] = [
            _("한 번에 %(most)s건까지 보낼 수 있습니다. 나누어 보내 주세요.") % {"most": f"{MOST_ROWS:,}"}
        ]
    if on_error not in ("refuse", "skip"):
        faults["on_error"] = [_("쓸 수 있는 값: refuse, skip")]
    if faults:
        raise exceptions.ValidationError(faults)
    return rows, on_error == "skip"  # type: ignore[return-value]


def read(rows: list[Any], scope: Scope) -> Entry:
    """Readings and faults of all rows at once: four queries for any number of rows.

    Areas the scope may not write in are as unknown as areas that do not exist.
    """
    entry = Entry(len(rows))
    areas = _areas(rows, scope)
    indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
    rulebook = Rulebook()
    first: dict[Cell, int] = {}
    for number, row in enumerate(rows):
        reading = _reading(entry, number, row, areas, indicators)
        if reading is None:
            continue
        for name, sentence in rulebook.faults_of(reading):
            entry.blame(number, name, sentence)
        cell = (reading.area_id, reading.indicator_id, reading.period)
        if (earlier := first.setdefault(cell, number)) != number:
            sentence = _("rows.%(row)s과(와) 지역·지표·기간이 같습니다. 한 번만 보내 주세요.") % {"row": earlier}
            entry.blame(number, "period", sentence)
        if number not in entry.faults:
            entry.readings[number] = reading
    return entry


def _areas(rows: Iterable[Any], scope: Scope) -> dict[str, int]:
    codes = {row["area"] for row in rows if isinstance(row, Mapping) and isinstance(row.get("area"), str)}
    writable = Area.objects.writable_by(scope.within(Capability.ENTER_OBSERVATIONS))
    return dict(writable.filter(code__in=codes).values_list("code", "pk"))


def _reading(
    entry: Entry, number: int, row: Any, areas: Mapping[str, int], indicators: Mapping[str, Indicator]
) -> NewReading | None:
    """One row in the service's words, or None with its faults blamed."""
    if not isinstance(row, Mapping):
        entry.blame(number, "row", _("한 건은 {…} 꼴이어야 합니다."))
        return None
    for name in sorted(set(row) - KNOWN):
        entry.blame(number, str(name), _("모르는 항목입니다."))
    for name in REQUIRED:
        if name not in row:
            entry.blame(number, name, _("빠졌습니다."))
    texts = {name: row.get(name, "") for name in ("area", "indicator", "period", "unit", "status", "note")}
    for name, value in texts.items():
        if not isinstance(value, str):
            entry.blame(number, name, _("문자열로 보내 주세요."))
    verified = row.get("verified", False)
    if not isinstance(verified, bool):
        entry.blame(number, "verified", _("true나 false로 보내 주세요."))
    value = _value(entry, number, row["value"], note=texts["note"]) if "value" in row else None
    if number in entry.faults:
        return None
    area, indicator, period = areas.get(texts["area"]), indicators.get(texts["indicator"]), parse_month(texts["period"])
    if area is None:
        sentence = _("‘%(code)s’은(는) 없거나 입력할 수 없는 지역입니다.") % {"code": texts["area"]}
        entry.blame(number, "area", sentence)
    if indicator is None:
        entry.blame(number, "indicator", _("‘%(code)s’은(는) 없는 지표입니다.") % {"code": texts["indicator"]})
    if period is None:
        entry.blame(number, "period", _("기간은 2025-09 또는 2025Q3처럼 적어 주세요."))
    if area is None or indicator is None or period is None:
        return None
    return NewReading(
        area_id=area,
        indicator_id=indicator.pk,
        period=period,
        value=value,
        unit=texts["unit"] or indicator.unit,
        status=texts["status"] or ObservationStatus.FINAL,
        verified=verified,
        note=texts["note"].strip(),
    )


def _value(entry: Entry, number: int, sent: Any, *, note: Any) -> Decimal | None:
    """The figure exactly as written. Text is safest; a JSON number must be short enough to have lost nothing."""
    if sent is None:
        if isinstance(note, str) and not note.strip():
            entry.blame(number, "note", _("값을 취소(null)할 때는 까닭을 비고에 적어 주세요."))
        return None
    if isinstance(sent, bool) or not isinstance(sent, str | int | float):
        entry.blame(number, "value", _("값은 숫자나 숫자로 된 문자열이어야 합니다."))
        return None
    try:
        value = Decimal(sent.strip() if isinstance(sent, str) else repr(sent))
    except InvalidOperation:
        entry.blame(number, "value", _("‘%(value)s’은(는) 숫자가 아닙니다.") % {"value": str(sent)[:40]})
        return None
    if isinstance(sent, float) and len(value.normalize().as_tuple().digits) > SAFE_DIGITS:
        entry.blame(number, "value", _("자릿수가 많은 값은 문자열로 보내 주세요."))
    return value


def record(entry: Entry, *, actor: User, scope: Scope) -> tuple[ObservationBatch | None, list[dict[str, Any]]]:
    """Write the readings of an entry as one batch and say of every row sent what became of it."""
    readings = entry.readings
    bodies = scope.within(Capability.ENTER_OBSERVATIONS).organization_ids
    report = services.record_batch(
        kind=BatchKind.API,
        title=_("연계 입력 %(count)s건") % {"count": f"{len(readings):,}"},
        rows=readings.values(),
        actor=actor,
        organization=Organization.objects.get(pk=next(iter(bodies))) if len(bodies) == 1 else None,
    )
    written = _written(report.batch) if report.batch else {}
    outcomes: list[dict[str, Any]] = []
    for number in range(entry.count):
        if number in entry.faults:
            outcomes.append({"row": number, "outcome": "refused", "errors": entry.faults[number]})
        else:
            reading = readings[number]
            cell = (reading.area_id, reading.indicator_id, reading.period)
            outcomes.append({"row": number, "outcome": written.get(cell, "same")})
    return report.batch, outcomes


def _written(batch: ObservationBatch) -> dict[Cell, str]:
    """Of each cell a batch wrote, whether it had a row before."""
    before = Observation.objects.filter(
        area=OuterRef("area"), indicator=OuterRef("indicator"), period=OuterRef("period"), pk__lt=OuterRef("pk")
    )
    rows = batch.observations.annotate(known=Exists(before)).order_by("pk")
    return {
        (area, indicator, period): "changed" if known else "new"
        for area, indicator, period, known in rows.values_list("area_id", "indicator_id", "period", "known")
    }


def answer(batch: ObservationBatch | None, outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    """The body of the answer: the batch's public number, the counts and each row's outcome."""
    counts = Counter(row["outcome"] for row in outcomes)
    return {
        "batch": str(batch.public_id) if batch else None,
        **{word: counts[word] for word in ("new", "changed", "same", "refused")},
        "rows": outcomes,
    }
