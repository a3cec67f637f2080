"""Finding values that the method would set aside: as they come in, and in the newest calculation."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from crisis.enums import BatchKind, IndicatorKind, RunKind
from crisis.models import Area, Indicator, IndicatorUnit, Observation, ObservationBatch, Run
from crisis.services.observation_checks import (
    Cell,
    Standing,
    standing,
    suspect_change,
    suspect_limits,
    year_before,
)
from crisis.sources.enums import SuspectOrigin, SuspectState
from crisis.sources.models import ExaminedRun, SuspectValue
from portal.directory.enums import Capability
from portal.directory.services import notify

JUDGED = frozenset({BatchKind.FORM, BatchKind.FILE, BatchKind.API})
"""History that is loaded was judged in its own time, and an undo brings back what was there."""
MOST_CHANGE = Decimal("9999999999.9")

_SUSPECTS_OF_RUN = """
SELECT result.area_id, entry.key, entry.value ->> 'period', (entry.value ->> 'c')::numeric
  FROM crisis_result AS result, jsonb_each(result.public -> 'indicators') AS entry
 WHERE result.run_id = %(run)s AND entry.value ->> 'reason' = 'SUSPECT_CHANGE'
"""


def _rounded(change: Decimal) -> Decimal:
    kept = max(min(change, MOST_CHANGE), -MOST_CHANGE)
    return kept.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _year_after(period: date) -> date:
    return period.replace(year=period.year + 1)


def settle_changed(batch: ObservationBatch) -> int:
    """Waiting values whose cell has got a newer row are waiting no more; returns how many."""
    newer = Observation.objects.filter(
        batch=batch, area=OuterRef("area"), indicator=OuterRef("indicator"), period=OuterRef("period")
    ).exclude(pk=OuterRef("observation"))
    return SuspectValue.objects.waiting().filter(Exists(newer)).update(state=SuspectState.SUPERSEDED)


def find_in_batch(batch: ObservationBatch) -> int:
    """Put values of a batch that differ too much from a year ago before the officers; returns how many are new.

    A new base makes the value of the year after it suspect as well, so that one is judged too.
    """
    if batch.kind not in JUDGED:
        return 0
    indicators = {row.pk: row for row in Indicator.objects.filter(kind=IndicatorKind.LEVEL)}
    touched = batch.observations.filter(indicator__in=indicators, value__isnull=False)
    cells: set[Cell] = set(touched.values_list("area_id", "indicator_id", "period"))
    cells |= {(area, indicator, _year_after(period)) for area, indicator, period in cells}
    if not cells:
        return 0
    books = standing(cells | {(area, indicator, year_before(period)) for area, indicator, period in cells})
    factors = _factors(indicators)
    limits = suspect_limits()
    found = []
    for cell in cells:
        now, before = books.get(cell), books.get((cell[0], cell[1], year_before(cell[2])))
        if now is None or now.verified or before is None:
            continue
        indicator = indicators[cell[1]]
        change = suspect_change(indicator, _own(now, cell, factors), _own(before, cell, factors), limits)
        if change is not None:
            limit = limits.get(indicator.code, limits[""])
            found.append(_suspect(cell, now, change, limit, origin=SuspectOrigin.ENTRY))
    return _put_before(found, key=f"suspects:batch:{batch.pk}", what=str(batch))


@transaction.atomic
def examine_newest_run() -> int:
    """Put values that the newest finished calculation set aside before the officers; returns how many are new.

    Only series of an area's own can be verified: a sum over members is cleared by verifying the members.
    """
    run = (
        Run.objects.done()
        .filter(kind__in=[RunKind.OFFICIAL, RunKind.PRELIMINARY])
        .order_by("-round__reference_month", "-finished_at")
        .first()
    )
    if run is None or ExaminedRun.objects.filter(run=run).exists():
        return 0
    indicators = {row.code: row for row in Indicator.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute(_SUSPECTS_OF_RUN, {"run": run.pk})
        told = [
            ((area, indicators[code].pk, date.fromisoformat(f"{month}-01")), Decimal(c) * indicators[code].direction)
            for area, code, month, c in cursor.fetchall()
            if code in indicators and month and c is not None
        ]
    books, limits = standing(cell for cell, _change in told), suspect_limits()
    codes = {row.pk: row.code for row in indicators.values()}
    found = [
        _suspect(cell, now, change, limits.get(codes[cell[1]], limits[""]), origin=SuspectOrigin.RUN, run=run)
        for cell, change in told
        if (now := books.get(cell)) is not None and now.value is not None and not now.verified
    ]
    ExaminedRun.objects.create(run=run)
    return _put_before(found, key=f"suspects:run:{run.pk}", what=str(run))


def _factors(indicators: Mapping[int, Indicator]) -> dict[tuple[int, str], Decimal]:
    factors = {(pk, row.unit): Decimal(1) for pk, row in indicators.items()}
    rows = IndicatorUnit.objects.filter(indicator__in=indicators)
    return factors | {(row.indicator_id, row.unit): row.factor for row in rows}


def _own(held: Standing, cell: Cell, factors: Mapping[tuple[int, str], Decimal]) -> Decimal | None:
    """The value in the indicator's own unit."""
    return None if held.value is None else held.value * factors.get((cell[1], held.unit), Decimal(1))


def _suspect(
    cell: Cell, now: Standing, change: Decimal, limit: Decimal, *, origin: SuspectOrigin, run: Run | None = None
) -> SuspectValue:
    area, indicator, period = cell
    return SuspectValue(
        observation_id=now.pk, area_id=area, indicator_id=indicator, period=period, change=_rounded(change),
        limit=_rounded(limit), origin=origin, run=run,
    )  # fmt: skip


def _put_before(found: Iterable[SuspectValue], *, key: str, what: str) -> int:
    """Keep what is not known yet, and tell the officers of the regions."""
    rows = sorted(found, key=lambda row: row.observation_id)
    known = set(
        SuspectValue.objects.filter(observation__in=[row.observation_id for row in rows]).values_list(
            "observation", flat=True
        )
    )
    fresh = [row for row in rows if row.observation_id not in known]
    if not fresh:
        return 0
    SuspectValue.objects.bulk_create(fresh, batch_size=1000)
    regions = Area.objects.filter(pk__in={row.area_id for row in fresh}).values_list("region", flat=True)
    notify(
        kind="suspect_values",
        key=key,
        title=_("확인을 기다리는 이상값이 있습니다: %(what)s") % {"what": what},
        url=reverse("sources:suspects"),
        regions=set(regions),
        capability=Capability.VERIFY_OBSERVATIONS,
    )
    return len(fresh)
