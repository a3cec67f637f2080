"""Regions that take part in a supra-regional firm: entered with the agreement, ended with a day."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from companies.models import Company
from companies.tiers.models import PartnerRegion
from companies.tiers.services.case_steps import written
from portal.directory.audit import deed
from portal.directory.enums import RegionLevel
from portal.directory.models import Region, User
from portal.kernel.dates import period
from portal.kernel.errors import Refusal


@transaction.atomic
def add_partner(
    *, company: Company, region: Region, start: date, document: str, actor: User | None, end: date | None = None
) -> PartnerRegion:
    """A 시·도 sees the firm's tiers from `start` on (up to, not including, `end`), by an agreement."""
    if region.level != RegionLevel.SIDO:
        raise Refusal("region_not_sido", _("시·도만 함께할 수 있습니다."), {"region": _("시·도를 고르세요.")})
    document = written(document, "document", _("협약이나 근거 문서를 적어 주세요."))
    company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    if company.lead_region_id == region.pk:
        told = _("이 기업의 주관 시·도입니다. 다른 시·도를 고르세요.")
        raise Refusal("region_leads", told, {"region": told})
    with deed("add_partner_region", actor=actor, reason=document) as done:
        partner = PartnerRegion(
            company=company, region=region, effective=period(start, end), document=document, stated_by=actor
        )
        partner.full_clean()
        partner.save()
        done.about(partner, region=region, company=str(company.public_id))
    return partner


@transaction.atomic
def end_partner(*, partner: PartnerRegion, end: date, actor: User) -> PartnerRegion:
    """From `end` on the region no longer takes part."""
    partner = (
        PartnerRegion.objects.select_for_update(no_key=True, of=("self",)).select_related("region").get(pk=partner.pk)
    )
    first, last = partner.effective.lower, partner.effective.upper
    if (first is not None and end <= first) or (last is not None and end > last):
        told = _("참여 기간 안의 날을 고르세요.")
        raise Refusal("end_outside", told, {"end": told})
    with deed("end_partner_region", actor=actor) as done:
        partner.effective = period(first, end)
        partner.full_clean()
        partner.save()
        done.about(partner, region=partner.region, end=end.isoformat())
    return partner
