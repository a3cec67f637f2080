"""The catalogue of indicators: what each is, whose it is, how far it has come, and where it is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from crisis.enums import AreaLevel
from crisis.models import Area, Indicator, IndicatorUnit, Observation, RuleSet
from crisis.sources.models import FeedReceipt, FeedSeries, IndicatorSource, SeriesBreak
from crisis.sources.rules import periods
from portal.directory.models import Region
from portal.directory.scope import Scope

YEARS_BACK = 2
MONTHS_CHARTED = 84

_LAST_BY_AREA = """
SELECT area, max(receipt.period)
  FROM sources_feedreceipt AS receipt, unnest(receipt.areas) AS area
 WHERE receipt.indicator_id = %(indicator)s
 GROUP BY area
"""


def catalogue(scope: Scope) -> QuerySet[Indicator]:
    """Indicators with `publisher`, `owner`, `lag_days`, `feed_code`, `feed_name` and `last_period` (None: nothing came)."""
    source = IndicatorSource.objects.filter(indicator=OuterRef("pk"))
    series = FeedSeries.objects.filter(indicator=OuterRef("pk"))
    receipts = FeedReceipt.objects.filter(indicator=OuterRef("pk")).holding().order_by("-period")
    return Indicator.objects.visible_to(scope).annotate(
        publisher=Coalesce(Subquery(source.values("publisher")[:1]), "source"),
        owner=Subquery(source.values("owner__name_ko")[:1]),
        lag_days=Coalesce(Subquery(series.values("feed__lag_days")[:1]), Subquery(source.values("lag_days")[:1])),
        feed_code=Subquery(series.values("feed__code")[:1]),
        feed_name=Subquery(series.values("feed__name_ko")[:1]),
        last_period=Subquery(receipts.values("period")[:1]),
    )


@dataclass(frozen=True, slots=True)
class Province:
    """One 시·도: how many of its areas ever had figures, how far the newest of them reaches, how many lag behind it."""

    region: Region
    areas: int
    have: int
    newest: date | None
    behind: int


@dataclass(frozen=True, slots=True)
class Place:
    area: Area
    last: date | None


def coverage(scope: Scope, indicator: Indicator, day: date | None = None) -> tuple[str, dict[Region, list[Place]]]:
    """The level most figures are of, and by 시·도 its areas of the reader's scope with their last period. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_BY_AREA, {"indicator": indicator.pk})
        last = dict(cursor.fetchall())
    areas = list(
        Area.objects.visible_to(scope)
        .in_force_on(day or timezone.localdate())
        .exclude(level__in=[AreaLevel.NATION])
        .select_related("region__parent")
        .order_by("code")
    )
    counts = {level: sum(area.pk in last for area in areas if area.level == level) for level in AreaLevel.values}
    level = max(counts, key=lambda one: counts[one]) if any(counts.values()) else AreaLevel.SIGUNGU
    found: dict[Region, list[Place]] = {}
    for area in areas:
        if area.level == level:
            region = area.region if area.level == AreaLevel.SIDO else area.region.parent or area.region
            found.setdefault(region, []).append(Place(area, last.get(area.pk)))
    return level, dict(sorted(found.items(), key=lambda item: item[0].code))


def provinces(found: dict[Region, list[Place]]) -> list[Province]:
    """The line of each 시·도."""
    newest_of_all = max((place.last for places in found.values() for place in places if place.last), default=None)
    rows = []
    for region, places in found.items():
        known = [place.last for place in places if place.last]
        behind = sum(last < newest_of_all for last in known) if newest_of_all else 0
        rows.append(Province(region, len(places), len(known), max(known, default=None), behind))
    return rows


def series(area: Area, indicator: Indicator, frequency: str) -> list[tuple[date, Any]]:
    """(period, value in the indicator's own unit or None) of the last seven years, every period between its ends."""
    factors = dict(IndicatorUnit.objects.filter(indicator=indicator).values_list("unit", "factor"))
    rows = (
        Observation.objects.filter(area=area, indicator=indicator)
        .known_by(timezone.now())
        .values_list("period", "value", "unit")
    )
    known = {period: None if value is None else value * factors.get(unit, 1) for period, value, unit in rows}
    if not known:
        return []
    last = max(known)
    first = max(min(known), periods.after(last, "M", -MONTHS_CHARTED))
    every = periods.between(periods.aligned(first, frequency), last, frequency)
    return [(period, known.get(period)) for period in every]


def breaks(indicator: Indicator) -> Sequence[SeriesBreak]:
    return list(SeriesBreak.objects.filter(indicator=indicator).order_by("period"))


@dataclass(frozen=True, slots=True)
class Use:
    """A rule set in force that counts with the indicator: share inside its dimension, months of its window."""

    rule_set: RuleSet
    weight: str
    window: int
    max_stale: int
    limit: str


def uses(indicator: Indicator, day: date | None = None) -> list[Use]:
    """Where the rule sets in force count with an indicator."""
    found = []
    for rules in RuleSet.objects.in_force_on(day or timezone.localdate()).order_by("version"):
        facts = rules.body.get("indicators", {}).get(indicator.code)
        if facts:
            window = facts.get("window_months") or rules.body.get("window_months", 0)
            limit = facts.get("suspect_abs_change") or rules.body.get("suspect_abs_change", "")
            found.append(
                Use(rules, str(facts.get("weight", "")), int(window), int(facts.get("max_stale_months", 0)), str(limit))
            )
    return found
