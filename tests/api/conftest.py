"""The people and places of the API's tests."""

from types import SimpleNamespace

import pytest

from portal.directory.enums import Role
from portal.directory.services import issue_client_token
from tests.factories.crisis import AreaFactory, nation_area
from tests.factories.directory import RegionFactory, UserFactory, person


@pytest.fixture
def places(db):
    """Two 시·도 with a 시·군·구 and its area each, and the nation."""
    here, there = RegionFactory(), RegionFactory()
    near, far = RegionFactory(sigungu=True, parent=here), RegionFactory(sigungu=True, parent=there)
    return SimpleNamespace(
        here=here, there=there, near=near, far=far, nation=nation_area(),
        mine=AreaFactory(region=near, code="A-MINE"), foreign=AreaFactory(region=far, code="A-FOREIGN"),
    )  # fmt: skip


@pytest.fixture
def people(places):
    """The four everyone meets: clerk of the region, clerk of another, the ministry, a person with no membership."""
    return SimpleNamespace(
        clerk=person(region=places.here), other=person(region=places.there), ministry=person(role=Role.HQ),
        nobody=UserFactory(),
    )  # fmt: skip


@pytest.fixture
def client_key(places):
    """The key of a client system that hands in the figures of `places.here`."""
    system = person(role=Role.API_CLIENT, region=places.here)
    return issue_client_token(user=system, name="시험 연계", expires_at=None, actor=None)[1]


@pytest.fixture
def signed(api):
    """The API client signed in as somebody."""

    def as_somebody(user):
        api.force_login(user)
        return api

    return as_somebody


@pytest.fixture
def by_key(api, client_key):
    """The API client with a client system's key."""
    api.credentials(HTTP_AUTHORIZATION=f"Token {client_key}")
    return api
