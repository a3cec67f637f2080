"""Companies and their workplaces, by the situations tests speak of."""

import factory
from factory.django import DjangoModelFactory

from companies.models import Company, CompanyYear, Workplace
from tests.factories.directory import SINCE_2020, RegionFactory

WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def business_number(serial: int) -> str:
    """A business number with a right check digit, a different one for each serial below 10,000,000."""
    body = f"1{serial % 10_000_000:07d}8"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) + int(body[8]) * 5 // 10
    return body + str((10 - total % 10) % 10)


class CompanyFactory(DjangoModelFactory):
    """A company without a workplace; `in_region=region` gives it its headquarters there."""

    class Meta:
        model = Company
        skip_postgeneration_save = True

    name_ko = factory.Sequence(lambda n: f"시험{n}정밀")
    name_key = factory.LazyAttribute(lambda company: company.name_ko.lower())
    initials = ""

    @factory.post_generation
    def in_region(self, create, region, **kwargs):
        if create and region is not None:
            WorkplaceFactory(company=self, region=region)


class WorkplaceFactory(DjangoModelFactory):
    """A headquarters; `site=True` another place of the company."""

    class Meta:
        model = Workplace

    class Params:
        site = factory.Trait(is_headquarters=False)

    company = factory.SubFactory(CompanyFactory)
    business_number = factory.Sequence(business_number)
    region = factory.SubFactory(RegionFactory, sigungu=True)
    is_headquarters = True
    effective = SINCE_2020


class CompanyYearFactory(DjangoModelFactory):
    class Meta:
        model = CompanyYear

    company = factory.SubFactory(CompanyFactory)
    year = 2025
    source = "SURVEY"
    sales = 10_000_000_000
    employees = 30
