"""시·군·구 in decline: how they are listed today and what is known of each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Sum

from companies.enums import ClusterKind
from companies.models import Cluster, Company, CompanyYear, Workplace
from crisis.declining.models import DeclineStatus, FundProject, LocalResource, ProjectMoney, SpecialZone, ZonePlace
from crisis.declining.selectors.figures import latest_figures, sums
from crisis.declining.selectors.places import Lineage
from portal.directory.models import Region
from portal.directory.scope import Scope


@dataclass(slots=True)
class Place:
    """A 시·군·구 on a day: its listing and what lies in it. Money in won."""

    region: Region
    status: DeclineStatus | None = None
    complexes: int = 0
    zones: int = 0
    resources: int = 0
    projects: int = 0
    agreed: int = 0
    executed: int = 0


def in_decline(scope: Scope, day: date, *, sido: int | None = None, kind: str = "") -> list[Place]:
    """Every 시·군·구 listed on the day, by code, under what it is called then. Nine queries whatever the number.

    `sido` is the primary key of the 시·도 it belongs to on the day.
    """
    lineage = Lineage(day)
    places: dict[int, Place] = {}
    listings = DeclineStatus.objects.visible_to(scope).in_force_on(day)
    for one in listings.filter(kind=kind) if kind else listings:
        region = lineage.region(one.region_id)
        if sido is None or region.parent_id == sido:
            places[region.pk] = Place(region, one)
    for name, counted in _counts(scope, day):
        for region_id, count in counted:
            if (place := places.get(lineage.now(region_id))) is not None:
                setattr(place, name, getattr(place, name) + count)
    money: Any = (
        ProjectMoney.objects.filter(project__in=FundProject.objects.visible_to(scope).decided())
        .order_by()
        .values_list("project__region")
        .annotate(Sum("agreed"), Sum("executed"))
    )
    for region_id, agreed, executed in money:
        if (place := places.get(lineage.now(region_id))) is not None:
            place.agreed += agreed
            place.executed += executed
    return sorted(places.values(), key=lambda place: place.region.code)


def _counts(scope: Scope, day: date) -> list[tuple[str, Any]]:
    """(name of the count, (region, how many)) for everything that lies somewhere."""
    complexes = Cluster.objects.visible_to(scope).in_force_on(day).filter(kind=ClusterKind.AGRO, parent=None)
    zones = ZonePlace.objects.visible_to(scope).filter(zone__effective__contains=day)
    rows: list[tuple[str, Any]] = [
        ("complexes", complexes), ("zones", zones),
        ("resources", LocalResource.objects.visible_to(scope).in_force_on(day)),
        ("projects", FundProject.objects.visible_to(scope).live()),
    ]  # fmt: skip
    return [(name, found.order_by().values_list("region").annotate(Count("pk"))) for name, found in rows]


@dataclass(slots=True)
class MoneyRow:
    """Money of a year by purse. In won; the sums are always made of the rows shown."""

    ministry: str
    year: int
    planned: int
    agreed: int
    executed: int


@dataclass(slots=True)
class PlacePage:
    """All that the page of a 시·군·구 shows."""

    region: Region
    codes: list[int]
    statuses: list[DeclineStatus]
    status: DeclineStatus | None
    complexes: list[Cluster]
    complex_sums: Any
    firms: int
    workers: int
    workers_of: int
    zones: list[SpecialZone]
    resources: list[LocalResource]
    projects: list[FundProject]
    money: list[MoneyRow] = field(default_factory=list)


def place_page(scope: Scope, region: Region, day: date, lineage: Lineage) -> PlacePage:
    """What is known of a 시·군·구 under all its codes. A dozen queries."""
    codes = lineage.all_of(region.pk)
    statuses = list(DeclineStatus.objects.visible_to(scope).filter(region__in=codes).order_by("-effective"))
    complexes = list(
        latest_figures(
            Cluster.objects.visible_to(scope).in_force_on(day).filter(
                kind=ClusterKind.AGRO, parent=None, region__in=codes
            )
        ).order_by("name_ko")
    )  # fmt: skip
    sites = Workplace.objects.in_force_on(day).filter(region__in=codes)
    here = Company.objects.visible_to(scope).not_merged().operating().filter(pk__in=sites.values("company"))
    seated = here.filter(pk__in=sites.headquarters().values("company"))
    workers = _newest_workers(seated)
    projects = FundProject.objects.visible_to(scope).live().filter(region__in=codes)
    return PlacePage(
        region=region, codes=codes, statuses=statuses,
        status=next((one for one in statuses if _holds(one, day)), None), complexes=complexes,
        complex_sums=sums(complexes), firms=here.count(), workers=sum(workers), workers_of=len(workers),
        zones=list(SpecialZone.objects.visible_to(scope).in_regions(codes).order_by("-effective")),
        resources=list(
            LocalResource.objects.visible_to(scope).filter(region__in=codes)
            .annotate(firm_count=Count("firms__company", distinct=True)).order_by("name")
        ),
        projects=list(
            projects.annotate(agreed=Sum("money__agreed"), planned=Sum("money__planned")).order_by("-year", "code")
        ),
        money=money_by_year(projects.values_list("pk", flat=True)),
    )  # fmt: skip


def _holds(one: DeclineStatus, day: date) -> bool:
    lower, upper = one.effective.lower, one.effective.upper
    return (lower is None or lower <= day) and (upper is None or day < upper)


def _newest_workers(companies: Any) -> list[int]:
    """Employees of each company in its newest year on record; companies without are left out."""
    rows: Any = (
        CompanyYear.objects.filter(company__in=companies, employees__isnull=False)
        .order_by("company_id", "-year", "pk")
        .distinct("company_id")
        .values_list("employees", flat=True)
    )
    return list(rows)


def money_by_year(project_ids: Iterable[int]) -> list[MoneyRow]:
    """The money of projects summed by year and purse, in that order. One query."""
    found: Any = (
        ProjectMoney.objects.filter(project__in=project_ids)
        .order_by()
        .values("year", purse=F("ministry"))
        .annotate(p=Sum("planned"), a=Sum("agreed"), e=Sum("executed"))
    )
    made: dict[tuple[int, str], MoneyRow] = defaultdict()
    for row in found:
        made[(row["year"], row["purse"])] = MoneyRow(row["purse"], row["year"], row["p"], row["a"], row["e"])
    return [made[key] for key in sorted(made)]
