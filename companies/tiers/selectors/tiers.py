"""Which tier on which day, as known when."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from companies.models import Company
from companies.tiers.enums import Track
from companies.tiers.models import PartnerRegion, TierCase, TierPeriod
from portal.directory.scope import Scope


def tier_on(
    company: Company, day: date, known_at: datetime | None = None, *, track: str = Track.MAIN
) -> TierPeriod | None:
    """The tier period of a firm on a day as known at a moment (now): one query. None without a tier."""
    return TierPeriod.objects.filter(company=company, track=track).as_of(day, known_at).first()


def held(company_ids: Iterable[int], day: date, *, track: str = Track.MAIN) -> dict[int, tuple[str, date | None]]:
    """(tier, first day it no longer holds or None) of each firm that has one on the day: one query."""
    rows = (
        TierPeriod.objects.filter(company__in=list(company_ids), track=track)
        .as_of(day)
        .values_list("company_id", "tier", "effective__endswith")
    )
    return {company: (tier, until) for company, tier, until in rows}


def firms_seen(scope: Scope) -> QuerySet[Company]:
    """Firms whose tier page a reader may open: those they see, those their region decided on before they moved,
    and those in which it takes part."""
    if scope.nationwide:
        return Company.objects.all()
    decided = TierCase.objects.filter(company=OuterRef("pk"), region__in=scope.region_ids)
    seen = Company.objects.visible_to(scope).filter(pk=OuterRef("pk"))
    partner = PartnerRegion.objects.now(scope).filter(company=OuterRef("pk"))
    return Company.objects.filter(Q(Exists(seen)) | Q(Exists(decided)) | Q(Exists(partner)))
