"""Who is told of what in tiers: the desk a case waits for, the desks it came from, and what comes to an end."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.tiers.enums import CaseState
from companies.tiers.models import LeadingReport, TierCase, TierPeriod
from portal.directory.enums import Capability
from portal.directory.services import notify, settle_notices

ENDS_SOON = timedelta(days=90)
REPORT_SOON = timedelta(days=14)


def _key(case: TierCase, what: str) -> str:
    return f"tiers.case.{case.pk}.{what}"


def tell_of_case(case: TierCase, *, waited: datetime | None = None) -> None:
    """Tell the next desk that a case waits for it, or the technopark what was decided. Call it with the deed.

    `waited` is when it was handed to the desk it leaves, where the case itself no longer says so.
    """
    waited = waited or case.reviewed_at
    waits = _key(case, f"decide.{waited:%Y%m%d%H%M%S}") if waited else ""
    named = {"firm": case.company.name, "kind": case.get_kind_display(), "state": case.get_state_display()}
    if case.state == CaseState.REVIEWED:
        _tell(case, waits, _("결정할 등급 심사: %(firm)s %(kind)s") % named, Capability.DECIDE_TIERS)
        return
    if waits:
        settle_notices(waits)
    if case.state == CaseState.IN_REVIEW:
        key = _key(case, f"returned.{timezone.now():%Y%m%d%H%M%S}")
        _tell(case, key, _("되돌아온 등급 심사: %(firm)s %(kind)s") % named, Capability.REVIEW_TIERS)
    elif case.state == CaseState.CANDIDATE:
        _tell(case, _key(case, "review"), _("검토할 등급 심사: %(firm)s %(kind)s") % named, Capability.REVIEW_TIERS)
    else:
        title = _("등급 심사 결과: %(firm)s %(kind)s %(state)s") % named
        _tell(case, _key(case, "over"), title, Capability.REVIEW_TIERS)


def _tell(case: TierCase, key: str, title: str, capability: str) -> None:
    url = reverse("tiers:case", args=[case.public_id])
    notify(kind="tier_case", key=key, title=title, url=url, regions=[case.region_id], capability=capability)


def tell_what_ends(today: date | None = None) -> int:
    """Tell technoparks of tiers about to end without a case, offices of half-yearly reports about to be due.

    Each once; returns how many people learned of something. Called by a daily sweep.
    """
    today = today or timezone.localdate()
    told = 0
    asked = TierCase.objects.open().filter(company=OuterRef("company"), track=OuterRef("track"))
    ending = TierPeriod.objects.as_of(today).filter(effective__endswith__lte=today + ENDS_SOON)
    for row in ending.exclude(Exists(asked)).select_related("company"):
        if row.superseded_at or _goes_on(row):
            continue
        told += notify(
            kind="tier_ends",
            key=f"tiers.period.{row.pk}.ends",
            title=_("등급 유효 기간이 끝나 갑니다: %(firm)s %(tier)s")
            % {"firm": row.company.name, "tier": row.get_tier_display()},
            url=reverse("tiers:firm", args=[row.company.public_id]),
            regions=[row.region_id],
            capability=Capability.REVIEW_TIERS,
            due=row.effective.upper,
        )
    due = LeadingReport.objects.due_by(today + REPORT_SOON).select_related("designation__company")
    for report in due:
        one = report.designation
        told += notify(
            kind="leading_report",
            key=f"tiers.report.{report.pk}.due",
            title=_("선도기업 반기 보고: %(firm)s") % {"firm": one.company.name},
            url=reverse("tiers:report", args=[one.certificate_number, report.half]),
            regions=[one.region_id],
            capability=Capability.MANAGE_COMPANIES,
            due=report.due_on,
        )
    return told


def _goes_on(row: TierPeriod) -> bool:
    """Whether another period of the ladder follows on the day this one ends."""
    rows = TierPeriod.objects.current().filter(company=row.company_id, track=row.track)
    return rows.filter(effective__contains=row.effective.upper).exists()
