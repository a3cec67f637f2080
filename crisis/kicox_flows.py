"""Figures of the quarter beside the totals of the year so far, kept in step with them.

A reading made here says so in its note; one that somebody published or typed is never touched.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from companies.kicox.flows import by_quarter, quarters_of
from crisis.enums import ObservationStatus
from crisis.models import Indicator, IndicatorUnit
from crisis.services.observation_checks import Cell, NewReading, Standing, standing

#: Total of the year so far → figure of the quarter.
FLOWS = {"CX_PROD_CUM": "CX_PROD", "CX_EXP_CUM": "CX_EXP"}
MADE = "누계의 차로 낸 값"


def flows_after(given: Mapping[Cell, Decimal | None], years: Iterable[tuple[int, int]]) -> Iterator[NewReading]:
    """The readings that bring the quarters of some (area, year) in step with the totals.

    `given` are totals about to be recorded, in the indicator's own unit; the others are as they stand. Five queries.
    """
    indicators = {one.code: one for one in Indicator.objects.filter(code__in=[*FLOWS, *FLOWS.values()])}
    factors = {(one.indicator_id, one.unit): one.factor for one in IndicatorUnit.objects.all()}
    years = sorted(set(years))
    for total, flow in FLOWS.items():
        if total not in indicators or flow not in indicators:
            continue
        totals, flows = indicators[total], indicators[flow]
        cells = {(area, one.pk, day) for area, year in years for day in quarters_of(year) for one in (totals, flows)}
        books = standing(cells)

        def known(cell: Cell, totals: Indicator = totals, books: Mapping[Cell, Standing] = books) -> Decimal | None:
            now = books.get(cell)
            if cell in given or now is None or now.value is None:
                return given.get(cell)
            return now.value * (1 if now.unit == totals.unit else factors[totals.pk, now.unit])

        for area, year in years:
            days = quarters_of(year)
            made = by_quarter({day: known((area, totals.pk, day)) for day in days})
            for day in days:
                found = _reading(area, day, flows, made.get(day), books.get((area, flows.pk, day)))
                if found is not None:
                    yield found


def _reading(area: int, day: date, flow: Indicator, value: Decimal | None, now: Standing | None) -> NewReading | None:
    if now is not None and not now.note.startswith(MADE):
        return None
    if (now.value if now else None) == value:
        return None
    return NewReading(
        area_id=area,
        indicator_id=flow.pk,
        period=day,
        value=value,
        unit=flow.unit,
        status=ObservationStatus.FINAL,
        note=MADE if value is not None else f"{MADE}을 거둠: 누계가 없음",
        seen=now.pk if now else 0,
    )
