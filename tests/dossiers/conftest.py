"""A decided round with its dossiers."""

from types import SimpleNamespace

import pytest

from crisis.services import confirm_item, table_round
from network import services as network
from network.models import Seat
from network.rules import Vote
from tests.crisis.panels import country, evaluate
from tests.factories.directory import OrganizationFactory, UserFactory
from tests.factories.network import CouncilFactory, MeetingFactory


def opened_meeting(region, actor, **facts):
    """A meeting of a council of nine that answers for the region, opened with all present."""
    office = OrganizationFactory(of_region=region)
    meeting = MeetingFactory(council=CouncilFactory(organization=office, seats=9), **facts)
    seats = list(meeting.council.seats.values_list("pk", flat=True))
    return network.open_meeting(meeting=meeting, present=seats, actor=actor)


def by_name(meeting, against=(), abstaining=()):
    """Everybody's vote: for it, except those whose place in the list says otherwise."""
    seats = Seat.objects.filter(council=meeting.council).order_by("pk")
    return [
        Vote(
            seat.pk,
            "AGAINST" if place in against else "ABSTAIN" if place in abstaining else "FOR",
            f"{seat.name}의 소수 의견" if place in against else "",
        )
        for place, seat in enumerate(seats)
    ]


@pytest.fixture
def land(db):
    land = country()
    land.run = evaluate(land.round)
    return land


@pytest.fixture
def actor(db):
    return UserFactory()


@pytest.fixture
def decided(land, actor):
    """The second 시·도's round decided as proposed by names, one against: two dossiers, G2 SEVERE and G3 GOOD."""
    meeting = opened_meeting(land.sido[1].region, actor)
    item = table_round(meeting=meeting, round=land.round, actor=actor)
    item = confirm_item(
        item=item,
        votes=by_name(meeting, against={3}, abstaining={5}),
        actor=actor,
        minutes="원안대로 의결하되 점검을 늘림.",
    )
    return SimpleNamespace(land=land, meeting=meeting, item=item, actor=actor)
