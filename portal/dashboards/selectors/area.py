"""One area: its results through the rounds, its series, decisions, designations and members."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from crisis.enums import AreaLevel
from crisis.models import Area, AreaMembership, Determination, IndicatorUnit, Observation, Result
from portal.dashboards.selectors.board import SHOWN, results
from portal.directory.scope import Scope


def through_the_rounds(area: Area) -> list[Any]:
    """The official results of an area, oldest first: round `code`, `rci`, `ca`, `cr`, `shown` stage, `indicators`."""
    return list(
        Result.objects.filter(area=area, official=True, run__finished_at__isnull=False)
        .annotate(code=F("run__round__code"), shown=SHOWN, indicators=KeyTransform("indicators", "public"))
        .order_by("run__round__reference_month")
        .values("code", "rci", "ca", "cr", "shown", "model_stage", "grade", "indicators")
    )


def result_and_before(area: Area, run: Any) -> tuple[Result | None, Result | None]:
    """The area's result in a run with its whole record, and the one in the run before."""
    runs = [key for key in (run.pk, run.previous_id) if key]
    found = {row.run_id: row for row in Result.objects.filter(area=area, run__in=runs).annotate(shown=SHOWN)}
    return found.get(run.pk), found.get(run.previous_id)


def series(area: Area, codes: Sequence[str], start: date, end: date) -> dict[str, list[tuple[date, Any]]]:
    """Indicator code → (month, value in the indicator's unit) of the area's own current figures
    between two days. Withdrawn months are left out: the line breaks there.
    """
    factor = IndicatorUnit.objects.filter(indicator=OuterRef("indicator"), unit=OuterRef("unit")).values("factor")
    known = (
        Observation.objects.filter(area=area, indicator__code__in=codes)
        .between(start, end)
        .annotate(factor=Subquery(factor[:1]))
        .known_by(timezone.now())
        .values_list("indicator__code", "period", "value", "factor")
    )
    found: dict[str, list[tuple[date, Any]]] = {}
    for code, period, value, times in known:
        if value is not None:
            found.setdefault(code, []).append((period, value * times if times else value))
    return found


def decisions(area: Area) -> list[Determination]:
    """Every determination of the area, newest round first, with its council's meeting."""
    return list(
        Determination.objects.filter(area=area)
        .select_related("round", "agenda_item__meeting__council", "confirmed_by")
        .order_by("-round__reference_month", "-pk")
    )


def in_force(found: Iterable[Determination], day: date) -> Determination | None:
    """The determination that holds on a day, among those given."""
    return next((one for one in found if one.state == "CONFIRMED" and one.effective and day in one.effective), None)


def parent_of(area: Area, day: date) -> Area | None:
    """What the area was part of on a day, short of the nation."""
    membership = AreaMembership.objects.in_force_on(day).filter(area=area).select_related("parent").first()
    if membership is None or membership.parent.level == AreaLevel.NATION:
        return None
    return membership.parent


def members(area: Area, run: Any, scope: Scope) -> list[Result]:
    """The results of the areas right below this one in a run, by index."""
    below = {AreaLevel.NATION: AreaLevel.SIDO, AreaLevel.SIDO: AreaLevel.SIGUNGU, AreaLevel.SIGUNGU: AreaLevel.CLUSTER}
    level = below.get(AreaLevel(area.level))
    if level is None or level not in run.rule_set.levels:
        return []
    inside = AreaMembership.objects.in_force_on(run.round.reference_month).filter(parent=area).values("area")
    rows = results(run, scope, level).filter(area__in=inside).select_related("area").defer("public")
    return list(rows.order_by(F("rci").desc(nulls_last=True), "area__code"))
