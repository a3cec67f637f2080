"""What tiers add to a company's page, its timeline and the company list."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import panels
from companies.models import Company
from companies.tiers.enums import Tier
from companies.tiers.models import GrowthStrategy, TierCase, TierPeriod
from portal.directory.scope import Scope

NO_TIER = "NONE"


def section(company: Company, scope: Scope) -> panels.Panel:
    """The tiers of today, the open cases and the running plan: three queries."""
    today = timezone.localdate()
    periods = TierPeriod.objects.filter(company=company).visible_to(scope).as_of(today)
    cases = TierCase.objects.filter(company=company).visible_to(scope).open().defer("evidence")
    plans = GrowthStrategy.objects.filter(company=company).visible_to(scope).running().select_related("officer")
    return panels.Panel(
        "tiers",
        gettext_lazy("등급과 성장전략"),
        "tiers/company_panel.html",
        {"periods": list(periods), "cases": list(cases), "plans": list(plans)},
    )


def entries(company: Company, scope: Scope) -> Iterable[panels.Entry]:
    """Every tier the firm entered, by what holds now: one query."""
    rows = TierPeriod.objects.filter(company=company).visible_to(scope).current().select_related("case")
    for row in rows:
        yield panels.Entry(
            row.effective.lower,
            gettext_lazy("등급"),
            row.get_tier_display(),
            row.case.get_kind_display(),
            reverse("tiers:case", args=[row.case.public_id]),
        )


def texts(ids: Sequence[int], scope: Scope) -> Mapping[int, str]:
    """The tiers of today in words: one query for a page of companies."""
    found: dict[int, str] = {}
    rows = TierPeriod.objects.filter(company__in=list(ids)).visible_to(scope).as_of(timezone.localdate())
    for company, tier in rows.order_by("track").values_list("company_id", "tier"):
        label = str(Tier(tier).label)
        found[company] = f"{found[company]}, {label}" if company in found else label
    return found


def choices(scope: Scope) -> Iterable[tuple[str, panels.Text]]:
    return [*Tier.choices, (NO_TIER, _("등급 없음"))]


def narrow(companies: QuerySet[Company], value: str, scope: Scope) -> QuerySet[Company]:
    """Companies that have the tier today, or none at all."""
    rows = TierPeriod.objects.filter(company=OuterRef("pk")).as_of(timezone.localdate())
    if value == NO_TIER:
        return companies.exclude(Exists(rows))
    return companies.filter(Exists(rows.filter(tier=value)))


def register() -> None:
    panels.panel(section, order=20)
    panels.timeline(entries)
    panels.column(panels.Column("tier", gettext_lazy("등급"), texts))
    panels.facet(panels.Facet("tier", gettext_lazy("등급"), choices, narrow))
