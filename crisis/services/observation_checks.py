"""What a figure must be to be recorded, what stands in the books now, and when a change looks like a slip."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from crisis.enums import Frequency, IndicatorKind, ObservationStatus
from crisis.models import Indicator, IndicatorUnit, RuleSet
from crisis.services import observation_sql as sql
from portal.kernel.errors import Refusal

Cell = tuple[int, int, date]
"""Area, indicator, first day of the month."""

MOST_FAULTS = 100
MOST_DIGITS = 18
"""A value is computed with as an integer of 64 bits (its digits without the point)."""
MOST_DECIMALS = 6
NOTE_LENGTH = 300
_STATUSES = frozenset(ObservationStatus.values)
SUSPECT_CHANGE = Decimal(50)
"""Percent within a year, where the rule set in force names no other."""

_MONTHS: dict[str, tuple[int, ...]] = {Frequency.QUARTERLY: (3, 6, 9, 12), Frequency.HALF_YEARLY: (6, 12)}
_FITTING: dict[str, str] = {
    Frequency.QUARTERLY: "분기 자료는 3·6·9·12월에만 적을 수 있습니다.",
    Frequency.HALF_YEARLY: "반기 자료는 6월과 12월에만 적을 수 있습니다.",
}


@dataclass(frozen=True, slots=True)
class NewReading:
    """A reading to be recorded. `value` None withdraws; `known_at` None is now; `seen` see `enter_observation`."""

    area_id: int
    indicator_id: int
    period: date
    value: Decimal | None
    unit: str
    status: str
    known_at: datetime | None = None
    verified: bool = False
    note: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a cell holds now. `value` None: withdrawn."""

    pk: int
    value: Decimal | None
    unit: str
    status: str
    verified: bool
    note: str


class Rulebook:
    """Judges readings one by one as they stream by, keeping every fault under `rows.<n>.<field>`."""

    def __init__(self, *, backdate: bool = False) -> None:
        self.backdate = backdate
        self.today, self.now = timezone.localdate(), timezone.now()
        self.indicators = Indicator.objects.in_bulk()
        self.factors: dict[tuple[int, str], Decimal] = {
            (pk, indicator.unit): Decimal(1) for pk, indicator in self.indicators.items()
        }
        for unit in IndicatorUnit.objects.all():
            self.factors[unit.indicator_id, unit.unit] = unit.factor
        self.faults: dict[str, str] = {}

    def faults_of(self, row: NewReading) -> Iterator[tuple[str, str]]:
        """Field and sentence of everything wrong with a reading."""
        indicator = self.indicators.get(row.indicator_id)
        if indicator is None:
            yield "indicator", "없는 지표입니다."
        else:
            if fault := self.period_fault(indicator, row.period):
                yield "period", fault
            if (row.indicator_id, row.unit) not in self.factors:
                yield "unit", self.unit_fault(indicator, row.unit)
        if fault := value_fault(row.value):
            yield "value", fault
        if row.status not in _STATUSES:
            yield "status", "구분은 잠정치와 확정치 가운데 하나여야 합니다."
        if row.verified and not row.note.strip():
            yield "note", "이상값을 확인했다면 확인한 내용을 비고에 적어야 합니다."
        if len(row.note) > NOTE_LENGTH:
            yield "note", f"비고는 {NOTE_LENGTH}자까지 적을 수 있습니다."
        if row.known_at is not None and not (self.backdate and row.known_at <= self.now):
            yield "known_at", "알려진 일시는 과거 시점을 적재할 때만, 지난 일시로 적을 수 있습니다."

    def period_fault(self, indicator: Indicator, period: date) -> str:
        """Why this indicator cannot have this period; empty if it can."""
        if period.day != 1:
            return "기간은 그 달의 첫날로 적어야 합니다."
        if period > self.today:
            return "아직 오지 않은 기간의 자료는 입력할 수 없습니다."
        if period.year < 1900:
            return "1900년부터의 기간만 적을 수 있습니다."
        months = _MONTHS.get(indicator.frequency)
        return _FITTING[indicator.frequency] if months and period.month not in months else ""

    def unit_fault(self, indicator: Indicator, unit: str) -> str:
        known = [name for pk, name in self.factors if pk == indicator.pk]
        return f"‘{unit}’은(는) 이 지표에 쓸 수 없는 단위입니다. 쓸 수 있는 단위: {', '.join(known)}"

    def checked(self, rows: Iterable[NewReading]) -> Iterator[tuple[Any, ...]]:
        """The rows in the order of `STAGED_COLUMNS`; faulty ones are kept back and remembered in `faults`."""
        for number, row in enumerate(rows):
            faults = list(self.faults_of(row))
            if not faults:
                yield (
                    number, row.area_id, row.indicator_id, row.period, row.value, row.unit, row.status, row.known_at,
                    row.verified, row.note, row.seen,
                )  # fmt: skip
            elif len(self.faults) < MOST_FAULTS:
                self.faults.update({f"rows.{number}.{field}": sentence for field, sentence in faults})


def value_fault(value: Decimal | None) -> str:
    """Why a number cannot be kept exactly; empty if it can."""
    if value is None:
        return ""
    if not value.is_finite():
        return "값은 숫자여야 합니다."
    _, digits, exponent = value.normalize().as_tuple()
    if not isinstance(exponent, int) or -exponent > MOST_DECIMALS:
        return f"값은 소수점 아래 {MOST_DECIMALS}자리까지 적을 수 있습니다."
    if len(digits) + max(exponent, 0) > MOST_DIGITS:
        return f"값은 모두 {MOST_DIGITS}자리까지 적을 수 있습니다. 단위를 확인해 주세요."
    return ""


def raise_faults(faults: Mapping[str, str]) -> None:
    """Refuse if there is any fault: the first one in words, all of them by field."""
    if faults:
        place, sentence = next(iter(faults.items()))
        number = int(place.split(".")[1]) + 1
        more = f" (이 밖에 {len(faults) - 1}건)" if len(faults) > 1 else ""
        raise Refusal("rows_refused", f"{number}번째 행: {sentence}{more}", faults)


def standing(cells: Iterable[Cell]) -> dict[Cell, Standing]:
    """What the given cells hold now, withdrawn values included; cells without any row are left out. One query."""
    asked = list(set(cells))
    if not asked:
        return {}
    # Arrays as Postgres writes them: a hundred thousand separate literals would take seconds to parse.
    columns: dict[str, str | datetime] = {
        "areas": _array(cell[0] for cell in asked),
        "indicators": _array(cell[1] for cell in asked),
        "periods": _array(cell[2].isoformat() for cell in asked),
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.CURRENT, columns)
        return {(row[0], row[1], row[2]): Standing(*row[3:]) for row in cursor.fetchall()}


def _array(values: Iterable[object]) -> str:
    """An array literal of numbers or days."""
    return f"{{{','.join(map(str, values))}}}"


def year_before(period: date) -> date:
    return period.replace(year=period.year - 1)


def suspect_limits() -> dict[str, Decimal]:
    """Percent of change by indicator code above which the method sets a figure aside (method §3), from the rule set in
    force today; the key `""` holds for every other indicator."""
    rule_set = RuleSet.objects.in_force_on(timezone.localdate()).order_by("pk").first()
    body: dict[str, Any] = rule_set.body if rule_set else {}
    limits = {"": Decimal(str(body.get("suspect_abs_change", SUSPECT_CHANGE)))}
    for code, facts in body.get("indicators", {}).items():
        if "suspect_abs_change" in facts:
            limits[code] = Decimal(str(facts["suspect_abs_change"]))
    return limits


def suspect_change(
    indicator: Indicator, value: Decimal | None, base: Decimal | None, limits: Mapping[str, Decimal]
) -> Decimal | None:
    """The change against a year ago in percent if it is so large that a slip is likely, else None.

    Both figures in the indicator's own unit. Rates and non-positive bases are not judged.
    """
    if indicator.kind != IndicatorKind.LEVEL or value is None or base is None or base <= 0:
        return None
    change = (value / base - 1) * 100
    limit = limits.get(indicator.code, limits.get("", SUSPECT_CHANGE))
    return change if abs(change) > limit else None
