"""Firms with figures, criteria, cases and people, by the situations tests of tiers speak of."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from companies.models import Company, CompanyYear, Industry
from companies.surveys.models import RegionalIndustry, RegionalIndustryCode, RegionalIndustryRegion
from companies.tiers import rules
from companies.tiers.enums import CaseKind, CaseState, CriteriaState, Opinion, Programme, Tier, Track
from companies.tiers.models import CriteriaSet, TierCase, TierPeriod
from portal.directory.models import Region
from portal.kernel.dates import period
from tests.factories.companies import CompanyFactory
from tests.factories.directory import RegionFactory, UserFactory

ON = date(2026, 5, 1)
BODY: dict[str, Any] = {
    "all": [
        {"metric": "EMPLOYEES", "operator": "GE", "value": 10},
        {"metric": "SALES_AVERAGE", "operator": "GE", "value": 5_000_000_000},
    ]
}


def firm(
    region: Region, *, sales: int | None = 6_000_000_000, employees: int | None = 20, founded: int = 2010, **facts: Any
) -> Company:
    """A firm with its headquarters in a 시·군·구 of `region` (a 시·도) and three equal years up to 2025."""
    place = region if region.level == "SIGUNGU" else RegionFactory(sigungu=True, parent=region)
    company = CompanyFactory(in_region=place, founded_on=date(founded, 3, 1), **facts)
    CompanyYear.objects.bulk_create(
        [
            CompanyYear(company=company, year=year, source="SURVEY", sales=sales, employees=employees)
            for year in (2023, 2024, 2025)
        ]
    )
    return company


class CriteriaFactory(DjangoModelFactory):
    """A draft for potential firms everywhere; `adopted=True` one in force since 2020."""

    class Meta:
        model = CriteriaSet

    class Params:
        adopted = factory.Trait(
            state=CriteriaState.ADOPTED,
            document="시험 문서",
            adopted_at=factory.LazyFunction(timezone.now),
            adopted_by=factory.SubFactory(UserFactory),
        )

    code = factory.Sequence(lambda n: f"criteria-{n}")
    title = factory.Sequence(lambda n: f"시험 기준 {n}")
    programme = Programme.MAIN_INDUSTRY
    tier = Tier.POTENTIAL
    effective = period(date(2020, 1, 1))
    body = BODY
    sha256 = factory.LazyAttribute(lambda criteria: rules.digest(criteria.body))


class CaseFactory(DjangoModelFactory):
    """A candidate for the first tier; `reviewed=True` one that waits for its decision, `approved=True` a decided one."""

    class Meta:
        model = TierCase

    class Params:
        reviewed = factory.Trait(
            state=CaseState.REVIEWED,
            opinion=Opinion.SUITABLE,
            review_text="현장 확인",
            reviewed_at=factory.LazyFunction(timezone.now),
            reviewed_by=factory.SubFactory(UserFactory),
        )
        approved = factory.Trait(
            reviewed=True,
            state=CaseState.APPROVED,
            decided_at=factory.LazyFunction(timezone.now),
            decided_by=factory.SubFactory(UserFactory),
            effective_from=ON,
        )

    company = factory.SubFactory(CompanyFactory)
    region = factory.SubFactory(RegionFactory)
    kind = CaseKind.ENTRY
    track = Track.MAIN
    to_tier = Tier.POTENTIAL
    on = ON
    base_year = 2025


def holds(company: Company, region: Region, tier: str, start: date, end: date | None = None) -> TierPeriod:
    """The firm has a tier from `start`, by a case of its own."""
    track = Track.SUPRA if tier == Tier.SUPRA_REGIONAL else Track.MAIN
    case = CaseFactory(approved=True, company=company, region=region, to_tier=tier, track=track, effective_from=start)
    return TierPeriod.objects.create(
        company=company, region=region, track=track, tier=tier, effective=period(start, end), case=case
    )


def industry(region: Region, *, codes: tuple[str, ...] = (), **more: Any) -> RegionalIndustry:
    """A main industry of a region, with its KSIC codes on record."""
    made = RegionalIndustry.objects.create(
        code=f"M-{region.pk}-{RegionalIndustry.objects.count()}", kind="MAIN", name_ko="시험 주축산업",
        effective=period(date(2023, 2, 27)), source="시험", **more,
    )  # fmt: skip
    RegionalIndustryRegion.objects.create(industry=made, region=region)
    for code in codes:
        RegionalIndustryCode.objects.create(industry=made, ksic=ksic(code), source="시험")
    return made


def ksic(code: str) -> Industry:
    return Industry.objects.get_or_create(revision=11, code=code, defaults={"depth": len(code), "name_ko": code})[0]


def desk(region: Region) -> SimpleNamespace:
    """Who works on the tiers of a region: technopark, office staff and head."""
    from portal.directory.enums import Role
    from tests.factories.directory import OrganizationFactory, person

    park = OrganizationFactory(technopark=True, of_region=region)
    office = OrganizationFactory(of_region=region)
    return SimpleNamespace(
        reviewer=person(role=Role.TECHNOPARK, organization=park),
        staff=person(role=Role.OFFICE_STAFF, organization=office),
        head=person(role=Role.OFFICE_HEAD, organization=office),
    )
