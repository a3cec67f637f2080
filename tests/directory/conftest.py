"""The people and places of the directory's pages."""

from types import SimpleNamespace

import pytest

from portal.directory.enums import Role
from tests.factories.directory import OrganizationFactory, RegionFactory, UserFactory, person


@pytest.fixture
def places(db):
    """Two 시·도 with a 시·군·구 each and an office that answers for each 시·도."""
    here, there = RegionFactory(name_ko="가남도"), RegionFactory(name_ko="나북도")
    return SimpleNamespace(
        here=here, there=there,
        near=RegionFactory(sigungu=True, parent=here, name_ko="가까운시"),
        far=RegionFactory(sigungu=True, parent=there, name_ko="먼시"),
        office=OrganizationFactory(of_region=here, code="RO-HERE"),
        other_office=OrganizationFactory(of_region=there, code="RO-THERE"),
    )  # fmt: skip


@pytest.fixture
def people(places):
    """The four everyone meets, an administrator and a client system."""
    return SimpleNamespace(
        clerk=person(organization=places.office), other=person(organization=places.other_office),
        ministry=person(role=Role.HQ), nobody=UserFactory(), administrator=person(role=Role.ADMINISTRATOR),
        machine=person(role=Role.API_CLIENT, organization=places.office),
    )  # fmt: skip


@pytest.fixture
def text(client):
    """The words of a page as somebody gets it; None for no one."""

    def of(somebody, url, status=200, **query):
        client.logout()
        if somebody is not None:
            client.force_login(somebody)
        answer = client.get(url, query)
        assert answer.status_code == status, answer.content.decode()[:2000]
        return answer.content.decode() if status == 200 else answer

    return of
