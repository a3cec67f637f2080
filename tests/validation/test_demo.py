"""The examples come in once and wait for judged rounds."""

import pytest

from crisis.models import Area
from crisis.validation.demo import load_validation_demo
from crisis.validation.models import AlarmRating, BackTest, Incident, LocalScheme
from portal.directory.models import Region
from tests.factories.directory import OrganizationFactory, RegionFactory, UserFactory
from tests.validation.situations import past

pytestmark = pytest.mark.django_db


def test_examples_come_in_once_and_what_needs_rounds_waits_for_them():
    RegionFactory(scheme="MOIS", code="44")
    assert load_validation_demo()["schemes"] == 1
    assert (load_validation_demo()["schemes"], BackTest.objects.count()) == (0, 0)
    made = past()
    Region.objects.filter(pk=made.land.sido[1].region_id).update(code="48")
    Area.objects.filter(code="G3").update(code="R48310")
    UserFactory(login_id="gyeongnam")
    OrganizationFactory(code="RO-GYEONGNAM")
    first, second = load_validation_demo(), load_validation_demo()
    assert (first["ratings"], first["incidents"], first["back_tests"]) == (1, 1, 1)
    assert not any(second.values())
    assert all(model.objects.get().is_demo for model in (AlarmRating, Incident, LocalScheme))
