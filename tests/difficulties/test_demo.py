"""The demo: told as a story, marked, loaded once."""

import pytest

from companies.models import Company
from network.difficulties.demo import PEOPLE, load_difficulties_demo
from network.difficulties.models import Case, Handover
from portal.directory.models import User

pytestmark = pytest.mark.django_db


def test_the_story_is_told_once_and_marked(land):
    assert load_difficulties_demo() == 0
    crisis = land.clerk, land.official, land.parker
    for (_, login), user in zip(PEOPLE.items(), crisis, strict=True):
        User.objects.filter(pk=user.pk).update(login_id=login, is_demo=True)
    for _ in range(4):
        land.firm()
    Company.objects.update(is_demo=True)
    assert load_difficulties_demo() == 4
    assert load_difficulties_demo() == 0
    assert set(Case.objects.values_list("is_demo", "confidential", "state")) == {
        (True, False, "OPEN"), (True, True, "OPEN"), (True, False, "CLOSED"),
    }  # fmt: skip
    assert Handover.objects.offered().count() == 1
