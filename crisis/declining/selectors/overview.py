"""The ministry's view: by 시·도 and year what is planned, agreed and carried out; 농공단지 and 특구 beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Sum

from companies.enums import ClusterKind
from companies.models import Cluster
from crisis.declining.enums import DECIDED, Ministry
from crisis.declining.models import DeclineStatus, FundProject, PlanFigure, ProjectMoney, ZonePlace
from crisis.declining.selectors.places import Lineage
from portal.directory.models import Region
from portal.directory.scope import Scope


@dataclass(slots=True)
class Line:
    """One 시·도, or the sum of all. `agreed` and `executed` by purse; money in won."""

    region: Region | None
    decline: int = 0
    watch: int = 0
    projects: int = 0
    decided: int = 0
    municipalities: int = 0
    planned: int = 0
    agreed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Ministry.values, 0))
    executed: int = 0
    complexes: int = 0
    zones: int = 0

    @property
    def agreed_total(self) -> int:
        return sum(self.agreed.values())

    @property
    def executed_percent(self) -> float | None:
        return 100 * self.executed / self.agreed_total if self.agreed_total else None

    def add(self, other: "Line") -> None:
        for name in ("decline", "watch", "projects", "decided", "municipalities", "planned", "executed", "complexes"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for purse, won in other.agreed.items():
            self.agreed[purse] += won


def years(scope: Scope) -> list[int]:
    """Years in which some project has money or begins, newest first."""
    seen = FundProject.objects.visible_to(scope).live()
    of_money = ProjectMoney.objects.filter(project__in=seen).values_list("year", flat=True)
    return sorted(set(seen.values_list("year", flat=True)) | set(of_money), reverse=True)


def overview(scope: Scope, year: int, day: date) -> tuple[list[Line], Line]:
    """A line for each 시·도 with something in it, by code, and their sum. Seven queries.

    Projects and money are of the year; listings, complexes and zones as of the day. A zone of two 시·도 counts once in
    each and once in the sum.
    """
    lineage = Lineage(day)
    lines: dict[int, Line] = {}

    def line(region_id: int) -> Line:
        above = lineage.region(region_id).parent
        if above is None:
            raise LookupError(f"region {region_id} has no 시·도")
        return lines.setdefault(above.pk, Line(above))

    for region_id, kind in DeclineStatus.objects.visible_to(scope).in_force_on(day).values_list("region", "kind"):
        name = "decline" if kind == "DECLINE" else "watch"
        setattr(line(region_id), name, getattr(line(region_id), name) + 1)
    projects = FundProject.objects.visible_to(scope).live()
    towns: dict[int, set[int]] = {}
    for region_id, state in projects.filter(year=year).values_list("region", "state"):
        found = line(region_id)
        found.projects += 1
        if state in DECIDED:
            found.decided += 1
            towns.setdefault(id(found), set()).add(lineage.now(region_id))
            found.municipalities = len(towns[id(found)])
    _add_money(line, projects, year)
    complexes = Cluster.objects.visible_to(scope).in_force_on(day).filter(kind=ClusterKind.AGRO, parent=None)
    counted: Any = complexes.order_by().values_list("region").annotate(Count("pk"))
    for region_id, count in counted:
        line(region_id).complexes += count
    zones: dict[int, set[int]] = {}
    places = ZonePlace.objects.visible_to(scope).filter(zone__effective__contains=day)
    for zone, region_id in places.values_list("zone", "region"):
        zones.setdefault(id(line(region_id)), set()).add(zone)
    total = Line(None)
    for one in lines.values():
        one.zones = len(zones.get(id(one), ()))
        total.add(one)
    total.zones = len(set().union(*zones.values()))
    return sorted(lines.values(), key=lambda one: one.region.code if one.region else ""), total


def _add_money(line: Any, projects: Any, year: int) -> None:
    rows: Any = (
        ProjectMoney.objects.filter(project__in=projects, year=year)
        .order_by()
        .values_list("project__region", "ministry")
        .annotate(Sum("planned"), Sum("agreed"), Sum("executed"))
    )
    for region_id, purse, planned, agreed, executed in rows:
        found = line(region_id)
        found.planned += planned
        found.agreed[purse] += agreed
        found.executed += executed


def plan_figures() -> list[PlanFigure]:
    """What the published plan names, in the order of the shipped file."""
    return list(PlanFigure.objects.order_by("pk"))


def money_series(scope: Scope) -> Mapping[str, list[tuple[str, int]]]:
    """Agreed money by purse over the years, for a chart: (year, won). One query."""
    rows: Any = (
        ProjectMoney.objects.filter(project__in=FundProject.objects.visible_to(scope).decided())
        .order_by("year")
        .values_list("year", "ministry")
        .annotate(Sum("agreed"))
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for year, purse, won in rows:
        if won:
            found.setdefault(purse, []).append((str(year), won))
    return found
