"""Two 시·도 with areas, and everyone who has a part in a prevention plan. `clock` begins on 2025-08-01."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from portal.directory.enums import OrganizationKind, Role
from portal.kernel.dates import KST
from tests.factories.crisis import AreaFactory
from tests.factories.directory import OrganizationFactory, RegionFactory, UserFactory, person


class Clock:
    """The day the tests are on; `to` goes to another, a second further each time somebody goes there."""

    def __init__(self, machine):
        self.machine, self.seconds = machine, 0
        self.to(2025, 8, 1)

    def to(self, year, month, day, hour=9):
        self.seconds += 1
        self.machine.move_to(datetime(year, month, day, hour, 0, self.seconds, tzinfo=KST), tick=True)


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def clock(time_machine):
    return Clock(time_machine)


@pytest.fixture
def places(db):
    here, there = RegionFactory(name_ko="가남도"), RegionFactory(name_ko="나북도")
    near = RegionFactory(sigungu=True, parent=here, name_ko="가까운시")
    next_door = RegionFactory(sigungu=True, parent=here, name_ko="이웃시")
    far = RegionFactory(sigungu=True, parent=there, name_ko="먼시")
    return SimpleNamespace(
        here=here, there=there, near=near, far=far,
        mine=AreaFactory(region=near, code="A-NEAR", name_ko="가까운시"),
        beside=AreaFactory(region=next_door, code="A-NEXT", name_ko="이웃시"),
        foreign=AreaFactory(region=far, code="A-FAR", name_ko="먼시"),
    )  # fmt: skip


@pytest.fixture
def people(places):
    hall = OrganizationFactory(kind=OrganizationKind.PROVINCE, of_region=places.here, name_ko="가남도청")
    centre = OrganizationFactory(kind=OrganizationKind.CRISIS_CENTRE, of_region=places.here)
    office = OrganizationFactory(of_region=places.here)
    return SimpleNamespace(
        writer=person(role=Role.SIDO, organization=hall), colleague=person(role=Role.SIDO, organization=hall),
        other=person(role=Role.SIDO, region=places.there), office=person(organization=office),
        other_office=person(region=places.there), centre=person(role=Role.CRISIS_CENTRE, organization=centre),
        ministry=person(role=Role.HQ), nobody=UserFactory(),
    )  # fmt: skip
