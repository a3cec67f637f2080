"""Writing the timeline of tiers: what a decision covers is replaced, what it replaces stays known as it was."""

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from companies.models import Company
from companies.tiers.models import TierCase, TierPeriod
from portal.kernel.dates import period


def write_period(
    *, case: TierCase, tier: str, start: date, end: date | None, now: datetime | None = None
) -> TierPeriod | None:
    """From `start` up to `end` (open) the firm has `tier` (none: the empty text), by this case.

    Rows that lie in the way are superseded, and their parts outside [start, end) recorded anew under their own case,
    so that both the old and the new truth can be asked for. Call it in a transaction; it locks the firm.
    """
    now = now or timezone.now()
    Company.objects.select_for_update(no_key=True).get(pk=case.company_id)
    span = period(start, end)
    older = list(
        TierPeriod.objects.current()
        .filter(Q(company=case.company_id), track=case.track, effective__overlap=span)
        .order_by("effective")
    )
    remains = []
    for row in older:
        lower, upper = row.effective.lower, row.effective.upper
        if lower < start:
            remains.append((row, period(lower, start)))
        if end is not None and (upper is None or upper > end):
            remains.append((row, period(end, upper)))
    TierPeriod.objects.filter(pk__in=[row.pk for row in older]).update(superseded_at=now, superseded_by=case)
    for row, part in remains:
        TierPeriod.objects.create(
            company_id=case.company_id,
            region_id=row.region_id,
            track=row.track,
            tier=row.tier,
            effective=part,
            recorded_at=now,
            case_id=row.case_id,
            is_demo=row.is_demo,
        )
    if not tier:
        return None
    made = TierPeriod(
        company_id=case.company_id,
        region_id=case.region_id,
        track=case.track,
        tier=tier,
        effective=span,
        recorded_at=now,
        case=case,
        is_demo=case.is_demo,
    )
    made.full_clean()
    made.save()
    return made
