"""Regions in decline, by the situations tests speak of."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from companies.enums import ClusterKind
from crisis.declining.models import ComplexMeasure, DeclineStatus, FundProject, LocalResource, SpecialZone, ZonePlace
from portal.kernel.dates import period
from tests.factories.crisis import ClusterFactory
from tests.factories.directory import RegionFactory, UserFactory


class DeclineStatusFactory(DjangoModelFactory):
    class Meta:
        model = DeclineStatus

    region = factory.SubFactory(RegionFactory, sigungu=True)
    kind = "DECLINE"
    effective = period(date(2021, 10, 19))
    source = "시험 고시"
    recorded_by = factory.SubFactory(UserFactory)


class RuralComplexFactory(ClusterFactory):
    """A 농공단지."""

    kind = ClusterKind.AGRO


class ComplexMeasureFactory(DjangoModelFactory):
    class Meta:
        model = ComplexMeasure

    cluster = factory.SubFactory(RuralComplexFactory)
    year = 2024
    kind = "IMAGE"
    need = "간판과 진입로가 낡음"
    recorded_by = factory.SubFactory(UserFactory)


class LocalResourceFactory(DjangoModelFactory):
    class Meta:
        model = LocalResource

    region = factory.SubFactory(RegionFactory, sigungu=True)
    kind = "PRODUCT"
    name = factory.Sequence(lambda n: f"특산물{n}")
    effective = period(date(2023, 1, 1))
    source = "시험 조사"


class SpecialZoneFactory(DjangoModelFactory):
    """A zone; `in_region=region` lays it there."""

    class Meta:
        model = SpecialZone
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"SZ-{n:03d}")
    name = factory.Sequence(lambda n: f"시험{n} 특구")
    kind = "LOCAL_PRODUCT"
    effective = period(date(2010, 5, 1))
    source = "시험 고시"

    @factory.post_generation
    def in_region(self, create, region, **kwargs):
        if create and region is not None:
            ZonePlace.objects.create(zone=self, region=region)


class FundProjectFactory(DjangoModelFactory):
    class Meta:
        model = FundProject

    code = factory.Sequence(lambda n: f"FP-2024-{n + 100}")
    region = factory.SubFactory(RegionFactory, sigungu=True)
    year = 2024
    name = factory.Sequence(lambda n: f"시험사업{n}")
    field = "INDUSTRY"
    starts_on = date(2024, 1, 1)
    ends_on = date(2024, 12, 31)
