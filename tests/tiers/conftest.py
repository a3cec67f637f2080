from types import SimpleNamespace

import pytest

from portal.directory.enums import Role
from tests.factories.directory import RegionFactory, UserFactory, person
from tests.tiers.factories import desk


@pytest.fixture
def places(db):
    """Two 시·도: the one of the story, and another."""
    return SimpleNamespace(here=RegionFactory(), there=RegionFactory())


@pytest.fixture
def people(places):
    """Everyone: technopark, staff and head of the region's office, another region's clerk, the ministry, no one."""
    here = desk(places.here)
    return SimpleNamespace(
        reviewer=here.reviewer, staff=here.staff, head=here.head, clerk=here.staff,
        other=person(region=places.there), ministry=person(role=Role.HQ), nobody=UserFactory(),
    )  # fmt: skip
