"""Where the workplaces of firms were on a day: region and clusters, now or as known at a past moment.

Business numbers are read by today's register; what is asked of the past is where each workplace stood.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q

from companies.models import Cluster, Workplace, WorkplaceCluster
from companies.models.workplace import FormerPlace
from crisis.enums import AreaLevel
from crisis.measures.selectors.askers import Asker
from crisis.models import Area
from portal.directory.enums import SuccessionKind
from portal.directory.models import Region, RegionSuccession

#: A region of today with these in its past is the same place under another code or above another neighbour.
_SAME_PLACE = (SuccessionKind.RECODED, SuccessionKind.RENAMED, SuccessionKind.MOVED)


@dataclass(frozen=True, slots=True)
class Stand:
    """A workplace on a day."""

    workplace_id: int
    company_id: int
    business_number: str
    name: str
    region_id: int
    cluster_ids: frozenset[int]


def _rows(model: type[models.Model], condition: Q, moment: datetime | None, names: Collection[str]) -> list[Any]:
    """Rows of a table as tuples, as they stand or as they stood at a moment by its history. One query.

    Of the past come all rows that ever met the condition; the caller looks whether they met it then.
    """
    key = "pk" if moment is None else "pgh_obj_id"
    if moment is None:
        return list(model._default_manager.filter(condition).values_list(key, *names))
    events = model.pgh_event_models["insert"]._default_manager  # type: ignore[attr-defined]
    latest = (
        events.filter(pgh_obj_id__in=events.filter(condition).values("pgh_obj_id"), pgh_created_at__lte=moment)
        .order_by("pgh_obj_id", "-pgh_id")
        .distinct("pgh_obj_id")
        .values_list(key, "pgh_label", *names)
    )
    return [(row[0], *row[2:]) for row in latest if row[1] != "delete"]


def firms_of(numbers: Collection[str], asker: Asker) -> dict[str, int]:
    """The firm of each number, for the numbers this asker may ask about."""
    rows = Workplace.objects.filter(business_number__in=numbers)
    if not asker.everywhere:
        rows = rows.visible_to(asker.within)
    return dict(rows.order_by().values_list("business_number", "company_id"))


def stands_on(company_ids: Iterable[int], day: date, known_at: datetime | None) -> list[Stand]:
    """Each workplace of the firms that was open on the day, where it stood then. Three queries."""
    ids = set(company_ids)
    if not ids:
        return []
    names = ("company_id", "business_number", "name", "region_id", "effective")
    open_then = [
        row for row in _rows(Workplace, Q(company_id__in=ids), known_at, names) if row[1] in ids and day in row[5]
    ]
    keys = Q(workplace_id__in=[row[0] for row in open_then])
    moved = {
        workplace: region
        for _pk, workplace, region, span in _rows(
            FormerPlace, keys, known_at, ("workplace_id", "region_id", "effective")
        )
        if day in span
    }
    inside: dict[int, set[int]] = defaultdict(set)
    for _pk, workplace, cluster, span in _rows(
        WorkplaceCluster, keys, known_at, ("workplace_id", "cluster_id", "effective")
    ):
        if day in span:
            inside[workplace].add(cluster)
    return [
        Stand(pk, company, number, name, moved.get(pk, region), frozenset(inside[pk]))
        for pk, company, number, name, region, _span in open_then
    ]


class Geography:
    """From regions and clusters to the areas that stages are decided for. Five queries for any number of places."""

    def __init__(self, stands: Iterable[Stand], day: date) -> None:
        stands = list(stands)
        self.clusters = self._with_parents({pk for stand in stands for pk in stand.cluster_ids})
        self.regions = self._same_places({stand.region_id for stand in stands})
        every = {pk for same in self.regions.values() for pk in same}
        self.region_rows = Region.objects.select_related("parent").in_bulk(every)
        provinces = {row.parent_id for row in self.region_rows.values() if row.parent_id}
        levels = Q(level=AreaLevel.SIGUNGU, region__in=every) | Q(level=AreaLevel.SIDO, region__in=provinces | every)
        inside = {pk for chain in self.clusters.values() for pk in chain}
        found = Area.objects.in_force_on(day).filter(levels | Q(level=AreaLevel.CLUSTER, cluster__in=inside))
        self.areas = {area.pk: area for area in found}
        self._of_region: dict[int, set[int]] = defaultdict(set)
        self._of_cluster: dict[int, set[int]] = defaultdict(set)
        for area in self.areas.values():
            if area.cluster_id:
                self._of_cluster[area.cluster_id].add(area.pk)
            else:
                self._of_region[area.region_id].add(area.pk)

    @staticmethod
    def _with_parents(clusters: set[int]) -> dict[int, frozenset[int]]:
        """A part of a complex lies in the complex as well."""
        above = dict(Cluster.objects.filter(pk__in=clusters, parent__isnull=False).values_list("pk", "parent_id"))
        return {pk: frozenset({pk, above[pk]} if pk in above else {pk}) for pk in clusters}

    @staticmethod
    def _same_places(regions: set[int]) -> dict[int, frozenset[int]]:
        """Each region with what it became and, where it is the same place under another code, what it was."""
        after: dict[int, set[int]] = defaultdict(set)
        before: dict[int, set[int]] = defaultdict(set)
        rows = RegionSuccession.objects.values_list("predecessor_id", "successor_id", "kind")
        for old, new, kind in rows if regions else ():
            if kind != SuccessionKind.SPLIT:
                after[old].add(new)
            if kind in _SAME_PLACE:
                before[new].add(old)
        found = {}
        for region in regions:
            seen, waiting = {region}, [region]
            while waiting:
                here = waiting.pop()
                fresh = (after[here] | before[here]) - seen
                seen |= fresh
                waiting += fresh
            found[region] = frozenset(seen)
        return found

    def areas_of(self, stand: Stand) -> set[int]:
        """Areas of the workplace's own region, its 시·도 and its clusters on the day."""
        same = self.regions[stand.region_id]
        above = {self.region_rows[pk].parent_id for pk in same if pk in self.region_rows}
        found = {area for pk in same | {pk for pk in above if pk} for area in self._of_region[pk]}
        return found | {area for pk in self.clusters_of(stand) for area in self._of_cluster[pk]}

    def clusters_of(self, stand: Stand) -> set[int]:
        return {above for pk in stand.cluster_ids for above in self.clusters[pk]}

    def in_capital(self, stand: Stand) -> bool:
        region = self.region_rows[stand.region_id]
        return region.capital_area or bool(region.parent and region.parent.capital_area)
