"""The answer: was this firm's workplace in an entitled area on this day, by what, from when to when."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from companies.models import Cluster
from crisis.measures.enums import StatusCode
from crisis.measures.models import PreferentialMeasure
from crisis.measures.rules import Interval, entitled, unbroken
from crisis.measures.selectors.askers import Asker
from crisis.measures.selectors.places import Geography, Stand, firms_of, stands_on
from crisis.measures.sources import Status, Wanted, statuses


@dataclass(frozen=True, slots=True)
class Ground:
    """What entitles: the status of an area or a cluster, and the days it gives by the measure's terms."""

    status: StatusCode
    place: str
    area_code: str | None
    reference: str
    since: date
    interval: Interval
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One measure a workplace was entitled to. `interval`: the stretch without a gap around the day."""

    measure: PreferentialMeasure
    interval: Interval
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """One workplace that was open on the day. `asked`: its own number was asked."""

    business_number: str
    name: str
    region: str
    asked: bool
    entitlements: tuple[Entitlement, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    business_number: str
    places: tuple[PlaceAnswer, ...]

    @property
    def entitled(self) -> bool:
        return any(place.entitlements for place in self.places)


def answers(
    numbers: Sequence[str], *, day: date, asker: Asker, measure: str = "", known_at: datetime | None = None
) -> list[Answer]:
    """An answer for each number, in the order asked. The number of queries does not depend on how many are asked.

    `measure`: only this one. `known_at`: as decided and registered by that moment; None as corrected since. A bare
    asker gets only places with an entitlement, so that a firm without one looks like a number nobody knows.
    """
    firms = firms_of(set(numbers), asker)
    stands = stands_on(firms.values(), day, known_at)
    by_firm: dict[int, list[Stand]] = defaultdict(list)
    for stand in sorted(stands, key=lambda each: each.workplace_id):
        by_firm[stand.company_id].append(stand)
    land = Geography(stands, day)
    measures = list(PreferentialMeasure.objects.in_force_on(day).filter(**{"code": measure} if measure else {}))
    wanted = Wanted(
        frozenset(land.areas), frozenset(pk for stand in stands for pk in land.clusters_of(stand)), known_at
    )
    known = _Known(statuses(wanted) if stands else [], land, measures, day)
    found = []
    for number in numbers:
        places = [
            PlaceAnswer(
                stand.business_number, stand.name, str(land.region_rows[stand.region_id]),
                stand.business_number == number, known.entitlements(stand),
            )
            for stand in by_firm.get(firms.get(number, 0), ())
        ]  # fmt: skip
        found.append(Answer(number, tuple(one for one in places if one.entitlements or not asker.bare)))
    return found


class _Known:
    """Statuses by place, and what follows from them for a workplace."""

    def __init__(
        self, found: Iterable[Status], land: Geography, measures: Iterable[PreferentialMeasure], day: date
    ) -> None:
        self.land, self.measures, self.day = land, list(measures), day
        self.by_area: dict[int, list[Status]] = defaultdict(list)
        self.by_cluster: dict[int, list[Status]] = defaultdict(list)
        for status in found:
            if status.area_id is not None:
                self.by_area[status.area_id].append(status)
            elif status.cluster_id is not None:
                self.by_cluster[status.cluster_id].append(status)
        self.cluster_names = dict(Cluster.objects.filter(pk__in=self.by_cluster).values_list("pk", "name_ko"))

    def entitlements(self, stand: Stand) -> tuple[Entitlement, ...]:
        here = [one for pk in sorted(self.land.areas_of(stand)) for one in self.by_area[pk]]
        here += [one for pk in sorted(self.land.clusters_of(stand)) for one in self.by_cluster[pk]]
        capital = self.land.in_capital(stand)
        found = []
        for measure in self.measures:
            grounds = [ground for one in here if (ground := self._ground(measure, one, capital)) is not None]
            stretch = unbroken((ground.interval for ground in grounds), self.day)
            if stretch is not None:
                holding = tuple(ground for ground in grounds if ground.interval.holds_on(self.day))
                found.append(Entitlement(measure, stretch, holding))
        return tuple(found)

    def _ground(self, measure: PreferentialMeasure, one: Status, capital: bool) -> Ground | None:
        interval = entitled(measure.rule, one.code, Interval(one.start, one.before), capital=capital)
        if interval is None:
            return None
        area = self.land.areas.get(one.area_id) if one.area_id is not None else None
        place = area.name if area else self.cluster_names.get(one.cluster_id or 0, "")
        code = area.code if area else None
        return Ground(StatusCode(one.code), place, code, one.reference, one.start, interval, one.is_demo)
