"""Tenants of clusters, counted from dated memberships, hidden where a count would give a firm away.

Every page, export and interface that shows such counts takes them from here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from companies.enums import OperatingState
from companies.models import Cluster, WorkplaceCluster
from companies.surveys.rules.suppression import Sum, hidden
from portal.directory.enums import Capability
from portal.directory.scope import Scope


def smallest_shown() -> int:
    """Counts below this are hidden from those who may not see firm data (`SURVEYS_SMALLEST_COUNT`, 3)."""
    return int(getattr(settings, "SURVEYS_SMALLEST_COUNT", 3))


def may_see_firms(scope: Scope, region_id: int) -> bool:
    """Whether this reader may see firm data of a region: those who keep or review the firms there, and the ministry."""
    return scope.within(Capability.VIEW_PERSONAL).holds(region_id)


@dataclass(frozen=True, slots=True)
class Shown:
    """A count as a reader may see it; `value` is None where it is hidden."""

    value: int | None

    @property
    def text(self) -> str:
        return hidden_word() if self.value is None else f"{self.value:,}"


def hidden_word() -> str:
    return _("비공개(%(limit)s 미만)") % {"limit": smallest_shown()}


@dataclass(frozen=True, slots=True)
class TenantCounts:
    """By cluster: tenants and those operating; by 시·군·구 the sum over its clusters."""

    tenants: dict[int, Shown]
    operating: dict[int, Shown]
    regions: dict[int, Shown]


def tenant_counts(clusters: Iterable[Cluster], scope: Scope, day: date) -> TenantCounts:
    """Tenants (입주기업) on a day of clusters, as `scope` may see them. Two queries.

    Whole 시·군·구 are always judged together, whichever of their clusters are asked for: else two lists of different
    length would tell by their difference what each of them hides. Workplaces are counted, not companies: the law
    counts places. A part of a complex counts in the part only.
    """
    clusters = list(clusters)
    regions = {cluster.region_id for cluster in clusters}
    places = dict(Cluster.objects.filter(region__in=regions).order_by().values_list("pk", "region"))
    rows = _living(places, day).order_by().values_list("cluster", "workplace__company__state").annotate(n=Count("pk"))
    running: dict[int, int] = defaultdict(int)
    idle: dict[int, int] = defaultdict(int)
    for cluster_id, state, n in rows:
        (running if state == OperatingState.OPERATING else idle)[cluster_id] += n
    totals: dict[int, int] = defaultdict(int)
    parts: dict[int, list[int]] = defaultdict(list)
    for pk, region_id in places.items():
        totals[region_id] += running[pk] + idle[pk]
        parts[region_id].append(pk)
    seeing = {region_id for region_id in regions if may_see_firms(scope, region_id)}
    secret = _secret({region: of for region, of in parts.items() if region not in seeing}, running, idle)
    return TenantCounts(
        tenants={c.pk: _seen(running[c.pk] + idle[c.pk], f"c{c.pk}" in secret) for c in clusters},
        operating={c.pk: _seen(running[c.pk], f"c{c.pk}:on" in secret) for c in clusters},
        regions={pk: _seen(value, f"r{pk}" in secret) for pk, value in totals.items()},
    )


def _secret(parts: dict[int, list[int]], running: dict[int, int], idle: dict[int, int]) -> frozenset[str]:
    """Keys of what is hidden: `r<region>`, `c<cluster>`, `c<cluster>:on` and `:off`."""
    counts: dict[str, int] = {}
    sums: list[Sum] = []
    for region_id, clusters in parts.items():
        for pk in clusters:
            counts[f"c{pk}:on"], counts[f"c{pk}:off"] = running[pk], idle[pk]
            counts[f"c{pk}"] = running[pk] + idle[pk]
            sums.append(Sum(f"c{pk}", (f"c{pk}:on", f"c{pk}:off")))
        counts[f"r{region_id}"] = sum(counts[f"c{pk}"] for pk in clusters)
        sums.append(Sum(f"r{region_id}", tuple(f"c{pk}" for pk in clusters)))
    return hidden(counts, sums, smallest_shown())


def _living(clusters: Iterable[int], day: date) -> QuerySet[WorkplaceCluster]:
    """Memberships in force on a day, of companies that were not merged away."""
    return WorkplaceCluster.objects.in_force_on(day).filter(
        cluster__in=list(clusters), workplace__company__merged_into=None, workplace__effective__contains=day
    )


def _seen(value: int, secret: bool) -> Shown:
    return Shown(None if secret else value)


def tenants_of(cluster: Cluster, day: date) -> QuerySet[WorkplaceCluster]:
    """The tenants themselves, for those who may see firms there."""
    return (
        _living([cluster.pk], day)
        .select_related("workplace__company", "workplace__region__parent")
        .order_by("workplace__company__name_key", "pk")
    )
