"""The people and places of the pages' tests."""

from types import SimpleNamespace

import pytest

from portal.directory.enums import Role
from tests.factories.directory import RegionFactory, UserFactory, person


@pytest.fixture
def places(db):
    """Two 시·도 with a 시·군·구 each."""
    here, there = RegionFactory(), RegionFactory()
    near, far = RegionFactory(sigungu=True, parent=here), RegionFactory(sigungu=True, parent=there)
    return SimpleNamespace(here=here, there=there, near=near, far=far)


@pytest.fixture
def people(places):
    """The four everyone meets, a technopark officer who keeps companies, and officials who only read."""
    return SimpleNamespace(
        clerk=person(role=Role.TECHNOPARK, region=places.here), other=person(role=Role.TECHNOPARK, region=places.there),
        ministry=person(role=Role.HQ), nobody=UserFactory(), reader=person(role=Role.SIDO, region=places.here),
        system=person(role=Role.API_CLIENT, region=places.here), council=person(role=Role.COUNCIL_MEMBER, region=places.here),
    )  # fmt: skip
