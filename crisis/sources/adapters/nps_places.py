"""Where an insured workplace lies: its 시·군·구 by code, else by the head of its address; its cluster by the register of
companies, else by a 법정동 or a road that lies wholly in one."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from companies.importers.region_names import RegionNames
from companies.models import WorkplaceCluster
from companies.rules.names import name_key
from crisis.enums import AreaLevel
from crisis.models import Area
from crisis.sources.adapters.nps_file import Insured
from crisis.sources.models import ClusterPlace

_ROAD = re.compile(r"[가-힣0-9.·]+(?:로|길)$")


class Places:
    """Areas of one month. Five queries, whatever the number of workplaces."""

    def __init__(self, month: date) -> None:
        self._names = RegionNames()
        areas = list(Area.objects.in_force_on(month).exclude(level__in=[AreaLevel.NATION, AreaLevel.SIDO]))
        self._sigungu = {self._names.today(area.region_id): area for area in areas if area.level == AreaLevel.SIGUNGU}
        self._cluster_areas = {area.cluster_id: area for area in areas if area.cluster_id}
        self._regions: dict[str, int | None] = {}
        self._registered = self._register(month)
        self._dongs: dict[str, set[int]] = defaultdict(set)
        self._roads: dict[tuple[int, str], set[int]] = defaultdict(set)
        for place in ClusterPlace.objects.in_force_on(month).select_related("cluster"):
            if place.dong_code:
                self._dongs[place.dong_code].add(place.cluster_id)
            else:
                self._roads[self._names.today(place.cluster.region_id), place.road].add(place.cluster_id)

    def _register(self, month: date) -> dict[tuple[str, str, int], set[int]]:
        """Clusters of registered workplaces by the six digits that are published, the name's key and the region."""
        found: dict[tuple[str, str, int], set[int]] = defaultdict(set)
        rows = WorkplaceCluster.objects.in_force_on(month).exclude(workplace__business_number="")
        for number, name, region, cluster in rows.values_list(
            "workplace__business_number", "workplace__company__name_ko", "workplace__region", "cluster"
        ):
            found[number[:6], name_key(name), self._names.today(region)].add(cluster)
        return found

    def region(self, place: Insured) -> int | None:
        """The region of today a workplace lies in; None if neither code nor address tells."""
        if place.region:
            if place.region not in self._regions:
                self._regions[place.region] = self._by_code(place.region)
            if (found := self._regions[place.region]) is not None:
                return found
        told = self._names.of_address(place.road) or self._names.of_address(place.lot)
        return told.pk if told else None

    def _by_code(self, code: str) -> int | None:
        try:
            return self._names.find(code).pk
        except ValueError:
            return None

    def areas(self, place: Insured) -> tuple[Area | None, Iterable[Area]]:
        """The 시·군·구's area (None if unknown), and the clusters' areas."""
        region = self.region(place)
        if region is None:
            return None, ()
        clusters = self._registered.get((place.number, name_key(place.name), region), set())
        if not clusters:
            clusters = self._dongs.get(place.dong, set()) | self._roads.get((region, _road(place.road)), set())
        inside = [self._cluster_areas[pk] for pk in sorted(clusters) if pk in self._cluster_areas]
        return self._sigungu.get(region), inside


def _road(address: str) -> str:
    """The road an address ends with (`경기도 광주시 도척면 도척윗로` → `도척윗로`); empty if it names none."""
    words = [word for word in address.split() if _ROAD.match(word)]
    return words[-1] if words else ""
