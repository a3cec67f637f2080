"""The cohort: how many firms have reached which tier, and how they move from one year's end to the next."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from companies.models import Company
from companies.tiers import rules
from companies.tiers.enums import TargetMeasure, Tier, Track
from companies.tiers.models import CohortTarget, TierPeriod
from companies.tiers.selectors.places import places_of
from portal.directory.models import Region
from portal.directory.scope import Scope

FIRST_YEAR = 2023
"""The plan's first year."""


@dataclass(frozen=True, slots=True)
class Lens:
    """What is looked at: whose firms, where, in which year, as known when."""

    scope: Scope
    year: int
    region: Region | None = None
    known_at: datetime | None = None

    @property
    def before(self) -> date:
        return date(self.year - 1, 12, 31)

    @property
    def after(self) -> date:
        """The year's last day; today while the year is not over."""
        return min(date(self.year, 12, 31), max(timezone.localdate(), date(self.year, 1, 1)))

    def periods(self) -> QuerySet[TierPeriod]:
        """The periods that count: the reader's, of the region, as known."""
        rows = TierPeriod.objects.visible_to(self.scope)
        if self.region is not None:
            rows = rows.filter(region__in=places_of(self.region))
        return rows.current() if self.known_at is None else rows.known_at(self.known_at)


@dataclass(frozen=True, slots=True)
class Standing:
    """One tier against its target: reached by the day, held on it, the target and its year."""

    tier: str
    ever: int
    held: int
    target: CohortTarget | None

    @property
    def label(self) -> str:
        return str(Tier(self.tier).label)

    @property
    def is_held(self) -> bool:
        """Whether firms that hold the tier are counted: as the target says, those holding it where there is none."""
        return self.target is None or self.target.measure == TargetMeasure.HELD

    @property
    def counted(self) -> int:
        return self.held if self.is_held else self.ever

    @property
    def percent(self) -> int | None:
        """Whole percent of the target, cut off: 99.9 is not yet reached."""
        return self.counted * 100 // self.target.count if self.target and self.target.count else None


def standings(lens: Lens) -> list[Standing]:
    """Each tier's count against the next target at or after the year: three queries."""
    after = lens.after
    ever = _by_tier(lens.periods().filter(effective__startswith__lte=after))
    held = _by_tier(lens.periods().filter(effective__contains=after))
    targets: dict[str, CohortTarget] = {}
    rows = CohortTarget.objects.visible_to(lens.scope).filter(region=lens.region, year__gte=lens.year)
    for row in rows.order_by("-year"):
        targets[row.tier] = row
    return [Standing(tier, ever.get(tier, 0), held.get(tier, 0), targets.get(tier)) for tier in Tier.values]


def region_targets(lens: Lens) -> dict[tuple[int, str], CohortTarget]:
    """The next target of each region and tier at or after the year: one query."""
    rows = CohortTarget.objects.visible_to(lens.scope).filter(region__isnull=False, year__gte=lens.year)
    return {(row.region_id, row.tier): row for row in rows.order_by("-year") if row.region_id}


def _by_tier(rows: QuerySet[TierPeriod]) -> dict[str, int]:
    return dict(rows.order_by().values_list("tier").annotate(firms=Count("company", distinct=True)))


def moves(lens: Lens) -> list[list[int]]:
    """The transition matrix of the main ladder from the end of last year to the end of this: two queries."""
    main = lens.periods().filter(track=Track.MAIN)
    before = dict(main.filter(effective__contains=lens.before).values_list("company_id", "tier"))
    after = dict(main.filter(effective__contains=lens.after).values_list("company_id", "tier"))
    counted = Counter((before.get(firm, ""), after.get(firm, "")) for firm in before.keys() | after.keys())
    return rules.matrix((old, new, count) for (old, new), count in counted.items())


def growth(lens: Lens) -> dict[str, list[tuple[int, int]]]:
    """How many firms had ever reached each tier by the end of each year since the plan began: one query."""
    firsts = (
        lens.periods()
        .filter(effective__startswith__lte=lens.after)
        .order_by()
        .values_list("tier", "company_id")
        .annotate(first=Min("effective__startswith"))
    )
    by_year: dict[str, Counter[int]] = {tier: Counter() for tier in Tier.values}
    for tier, _firm, first in firsts:
        by_year[tier][max(first.year, FIRST_YEAR - 1)] += 1
    found = {}
    for tier, counts in by_year.items():
        total, points = counts[FIRST_YEAR - 1], []
        for year in range(FIRST_YEAR, max(lens.year, FIRST_YEAR) + 1):
            total += counts[year]
            points.append((year, total))
        found[tier] = points
    return found


def by_region(lens: Lens) -> list[tuple[Region, list[Standing]]]:
    """Each tier against the region's own target, by deciding 시·도: three queries and the regions."""
    targets = region_targets(lens)
    ever = _by_place(lens.periods().filter(effective__startswith__lte=lens.after))
    held = _by_place(lens.periods().filter(effective__contains=lens.after))
    places = {region for region, _tier in ever} | {region for region, _tier in targets}
    regions = Region.objects.filter(pk__in=places).order_by("scheme", "code")
    if lens.region is not None:
        regions = regions.filter(pk__in=places_of(lens.region))
    return [
        (
            region,
            [
                Standing(
                    tier, ever.get((region.pk, tier), 0), held.get((region.pk, tier), 0), targets.get((region.pk, tier))
                )
                for tier in Tier.values
            ],
        )
        for region in regions
    ]


def _by_place(rows: QuerySet[TierPeriod]) -> dict[tuple[int, str], int]:
    counted = rows.order_by().values_list("region", "tier").annotate(firms=Count("company", distinct=True))
    return {(region, tier): firms for region, tier, firms in counted}


def firms_moved(lens: Lens, *, before: str | None = None, after: str | None = None) -> QuerySet[Company]:
    """The very firms behind a number of the matrix; None leaves that side open, the empty text is no tier."""
    main = lens.periods().filter(track=Track.MAIN, company=OuterRef("pk")).order_by()
    was, is_now = main.filter(effective__contains=lens.before), main.filter(effective__contains=lens.after)
    firms = Company.objects.filter(Exists(was) | Exists(is_now))
    firms = firms.annotate(tier_before=Subquery(was.values("tier")[:1]), tier_after=Subquery(is_now.values("tier")[:1]))
    for name, wanted in (("tier_before", before), ("tier_after", after)):
        if wanted is not None:
            firms = firms.filter(**{name: wanted or None})
    return firms


def firms_at(lens: Lens, tier: str, *, ever: bool) -> QuerySet[Company]:
    """The very firms behind a tier's count: that ever reached it by the day, or hold it on the day."""
    rows = lens.periods().filter(company=OuterRef("pk"), tier=tier).order_by()
    day = {"effective__startswith__lte": lens.after} if ever else {"effective__contains": lens.after}
    main = lens.periods().filter(track=Track.MAIN, company=OuterRef("pk")).order_by()
    return Company.objects.filter(Exists(rows.filter(**day))).annotate(
        tier_before=Subquery(main.filter(effective__contains=lens.before).values("tier")[:1]),
        tier_after=Subquery(main.filter(effective__contains=lens.after).values("tier")[:1]),
    )
