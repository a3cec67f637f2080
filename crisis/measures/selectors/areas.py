"""Every entitled area on a day, measure by measure: the list finance bodies go by."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from companies.models import Cluster
from crisis.measures.enums import StatusCode
from crisis.measures.models import PreferentialMeasure
from crisis.measures.rules import Interval, entitled
from crisis.measures.selectors.askers import asker_of
from crisis.measures.sources import Wanted, statuses
from crisis.models import Area
from portal.directory.models import Region
from portal.directory.scope import Scope


@dataclass(frozen=True, slots=True)
class EntitledArea:
    """One area and one measure on a day. `last_day`: the last day of it, None while it is open."""

    area: str
    area_code: str
    sido: str
    sido_code: str
    status: StatusCode
    measure: str
    measure_code: str
    provider: str
    start: date
    last_day: date | None
    reference: str
    provisional: bool
    is_demo: bool


def entitled_areas(scope: Scope, *, day: date, known_at: datetime | None = None) -> list[EntitledArea]:
    """By area, then by measure. Finance bodies see the whole country, others their own regions. Six queries."""
    asker = asker_of(scope)
    everywhere = scope.nationwide or (asker is not None and asker.everywhere)
    areas = {area.pk: area for area in Area.objects.select_related("region__parent", "cluster__region__parent")}
    clusters = {c.pk: c for c in Cluster.objects.select_related("region__parent")}
    measures = list(PreferentialMeasure.objects.in_force_on(day))
    rows = []
    for one in statuses(Wanted(known_at=known_at)):
        place = areas.get(one.area_id) if one.area_id is not None else clusters.get(one.cluster_id or 0)
        if place is None:
            continue
        region: Region = place.region
        if not everywhere and region.pk not in scope.region_ids:
            continue
        sido = region.parent if region.parent and region.parent.parent_id else region
        for measure in measures:
            interval = entitled(
                measure.rule,
                one.code,
                Interval(one.start, one.before),
                capital=region.capital_area or sido.capital_area,
            )
            if interval is not None and interval.holds_on(day):
                rows.append(
                    EntitledArea(
                        area=place.name, area_code=place.code, sido=sido.name, sido_code=sido.code,
                        status=StatusCode(one.code), measure=measure.name_ko, measure_code=measure.code,
                        provider=measure.provider_name, start=interval.start,
                        last_day=interval.before - timedelta(days=1) if interval.before else None,
                        reference=one.reference, provisional=measure.provisional, is_demo=one.is_demo,
                    )
                )  # fmt: skip
    return sorted(rows, key=lambda row: (row.sido_code, row.area_code, row.measure_code, row.start))
