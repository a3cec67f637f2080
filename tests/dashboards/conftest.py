"""The four people who meet every page, and a round to look at."""

from types import SimpleNamespace

import pytest

from portal.directory.enums import Role
from tests.dashboards.situations import Situation
from tests.factories.directory import person


@pytest.fixture
def situation(db) -> Situation:
    return Situation()


@pytest.fixture
def people(situation) -> SimpleNamespace:
    return SimpleNamespace(
        here=person(region=situation.south.region),
        elsewhere=person(region=situation.north.region),
        ministry=person(role=Role.HQ),
        town=person(region=situation.good.region, role=Role.SIDO),
        member=person(region=situation.south.region, role=Role.COUNCIL_MEMBER),
    )
