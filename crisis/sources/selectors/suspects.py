"""What an officer needs before their eyes to judge a suspect value."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from crisis.models import Area, AreaMembership, IndicatorUnit, Observation
from crisis.services.observation_checks import year_before
from crisis.sources.models import SuspectValue
from portal.directory.scope import Scope

MOST_NEIGHBOURS = 12


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An area under the same parent, in the same months."""

    area: Area
    now: Decimal | None
    before: Decimal | None

    @property
    def change(self) -> Decimal | None:
        if self.now is None or not self.before or self.before < 0:
            return None
        return (self.now / self.before - 1) * 100


@dataclass(frozen=True, slots=True)
class Evidence:
    """The value, the one a year ago, every row its cell ever had, and the neighbours."""

    row: Observation
    before: Decimal | None
    history: list[Observation]
    neighbours: list[Neighbour]
    moved: bool
    """A newer row has come since: the decision would be about another value."""


def evidence(suspect: SuspectValue, scope: Scope, day: date | None = None) -> Evidence:
    """Everything the page shows of a suspect value besides the chart. Six queries."""
    row = Observation.objects.select_related(
        "area", "indicator", "batch__actor", "batch__upload", "batch__organization"
    ).get(pk=suspect.observation_id)
    cell = Observation.objects.filter(area=suspect.area_id, indicator=suspect.indicator_id, period=suspect.period)
    history = list(cell.select_related("batch__actor").order_by("-known_at", "-pk"))
    day = day or timezone.localdate()
    parents = AreaMembership.objects.in_force_on(day).filter(area=suspect.area_id).values("parent")
    beside = AreaMembership.objects.in_force_on(day).filter(parent__in=parents).exclude(area=suspect.area_id)
    areas = list(
        Area.objects.visible_to(scope)
        .filter(pk__in=beside.values("area"), level=suspect.area.level)
        .order_by("code")[:MOST_NEIGHBOURS]
    )
    values = _values(suspect, [suspect.area_id, *(area.pk for area in areas)])
    before = year_before(suspect.period)
    return Evidence(
        row=row,
        before=values.get((suspect.area_id, before)),
        history=history,
        neighbours=[Neighbour(a, values.get((a.pk, suspect.period)), values.get((a.pk, before))) for a in areas],
        moved=bool(history) and history[0].pk != row.pk,
    )


def _values(suspect: SuspectValue, areas: list[int]) -> dict[tuple[int, date], Decimal]:
    """(area, month) → value in the indicator's own unit, now, for the month and the one a year ago."""
    factors: dict[str, Any] = dict(
        IndicatorUnit.objects.filter(indicator=suspect.indicator_id).values_list("unit", "factor")
    )
    rows = Observation.objects.current().filter(
        area__in=areas, indicator=suspect.indicator_id, period__in=[suspect.period, year_before(suspect.period)]
    )
    return {
        (area, period): value * factors.get(unit, 1)
        for area, period, value, unit in rows.values_list("area", "period", "value", "unit")
    }
