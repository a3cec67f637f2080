"""Councils and their meetings."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from network.enums import SeatPosition
from network.models import Council, Meeting, Seat
from tests.factories.directory import SINCE_2020, OrganizationFactory


class CouncilFactory(DjangoModelFactory):
    """A council of an office, with `seats` voting members (a chair among them)."""

    class Meta:
        model = Council
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    name_ko = "시험 지원협의회"

    @factory.post_generation
    def seats(self, create, count, **kwargs):
        for number in range(count or 0):
            position = SeatPosition.MEMBER if number else SeatPosition.CHAIR
            Seat.objects.create(council=self, name=f"위원{number}", position=position, effective=SINCE_2020)


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    council = factory.SubFactory(CouncilFactory, seats=9)
    number = factory.Sequence(lambda n: n + 1)
    held_on = date(2025, 7, 20)
