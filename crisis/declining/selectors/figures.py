"""Figures of rural complexes by quarter, from the observations every complex has."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from companies.models import Cluster
from crisis.models import Observation

TENANTS, OPERATING, WORKERS = "TENANTS", "OPERATING", "CX_EMP"
CODES = (TENANTS, OPERATING, WORKERS)


@dataclass(frozen=True, slots=True)
class Quarter:
    """One complex in one quarter; None where a figure was not published."""

    period: date
    tenants: Decimal | None = None
    operating: Decimal | None = None
    workers: Decimal | None = None

    @property
    def text(self) -> str:
        return f"{self.period.year}Q{(self.period.month + 2) // 3}"

    @property
    def rate(self) -> Decimal | None:
        """Operating firms of a hundred tenants."""
        return operating_rate(self.tenants, self.operating)


def operating_rate(tenants: Decimal | None, operating: Decimal | None) -> Decimal | None:
    """Operating firms of a hundred tenants; None without both figures or without tenants."""
    if tenants is None or operating is None or not tenants:
        return None
    return (100 * operating / tenants).quantize(Decimal("0.1"))


def _winning(code: str) -> QuerySet[Observation]:
    """The newest row of a complex (`OuterRef("pk")`) for an indicator: latest quarter, then latest known."""
    rows = Observation.objects.filter(
        area__cluster=OuterRef("pk"), indicator__code=code, known_at__lte=timezone.now(), value__isnull=False
    )
    return rows.order_by("-period", "-known_at", "-pk")


def latest_figures(clusters: QuerySet[Cluster]) -> QuerySet[Cluster]:
    """With `tenants`, `operating`, `workers` as last published and `quarter`, the month of the tenants' figure."""
    return clusters.annotate(
        tenants=Subquery(_winning(TENANTS).values("value")[:1]),
        quarter=Subquery(_winning(TENANTS).values("period")[:1]),
        operating=Subquery(_winning(OPERATING).values("value")[:1]),
        workers=Subquery(_winning(WORKERS).values("value")[:1]),
        workers_quarter=Subquery(_winning(WORKERS).values("period")[:1]),
    )


def complex_series(cluster: Cluster) -> list[Quarter]:
    """Every quarter of one complex, oldest first. One query."""
    rows: Any = (
        Observation.objects.current()
        .filter(area__cluster=cluster, indicator__code__in=CODES)
        .values_list("period", "indicator__code", "value")
    )
    found: dict[date, dict[str, Decimal]] = defaultdict(dict)
    for period, code, value in rows:
        found[period][code] = value
    return [
        Quarter(period, values.get(TENANTS), values.get(OPERATING), values.get(WORKERS))
        for period, values in sorted(found.items())
    ]


def sums(clusters: Iterable[Cluster]) -> Mapping[str, int]:
    """Tenants, operating firms and workers of complexes with `latest_figures`; what is not published counts nought."""
    total = dict.fromkeys(("tenants", "operating", "workers"), 0)
    for one in clusters:
        for name in total:
            total[name] += int(getattr(one, name) or 0)
    return total
