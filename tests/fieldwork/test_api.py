"""`field-campaigns/`, `field-results/`, `field-answers/` over the API; the demo."""

import pytest

from crisis.fieldwork import demo, services
from crisis.fieldwork.models import Campaign, FieldForm, ResultCell, Unit
from portal.directory.enums import Role
from portal.directory.models import Organization, User
from tests.factories.crisis import ClusterFactory
from tests.factories.directory import RegionFactory, person
from tests.fieldwork.conftest import centre_of, closed, settle

pytestmark = pytest.mark.django_db
CAMPAIGNS, RESULTS, ANSWERS = (f"/api/v1/field-{name}/" for name in ("campaigns", "results", "answers"))


@pytest.fixture
def signed(api):
    def as_somebody(user):
        api.force_login(user)
        return api

    return as_somebody


def test_each_of_the_four_people_gets_their_own(signed, api, land):
    closed(land)
    wanted = {
        CAMPAIGNS: {land.centre: 1, land.ministry: 1, land.official: 1, land.stranger: 0},
        RESULTS: {land.centre: 144, land.ministry: 144, land.official: 144, land.stranger: 0},
        ANSWERS: {land.centre: 17, land.ministry: 17, land.official: 0, land.stranger: 0},
    }
    cells = ResultCell.objects.count()
    for url, counts in wanted.items():
        for user, count in counts.items():
            found = signed(user).get(url).json()["count"]
            assert found == (cells if count == 144 else count), (url, user)
        assert signed(land.nobody).get(url).status_code == 403
        api.logout()
        assert api.get(url).status_code == 401


def test_hidden_figures_are_empty_and_said_to_be_hidden(signed, land):
    campaign = closed(land)
    services.confirm_results(campaign=campaign, actor=land.centre)
    query = {"campaign": campaign.code, "kind": "INDEX", "question": "economy_next"}

    def told(user):
        rows = signed(user).get(RESULTS, query).json()["results"]
        return {row["cluster"]: (row["hidden"], row["base"], row["value"]) for row in rows}

    assert told(land.official) == {
        land.big.code: (False, 9, "155.6"), land.middle.code: (True, None, None), land.small.code: (True, None, None),
        None: (False, 17, "117.6"),
    }  # fmt: skip
    assert told(land.centre)[land.small.code] == (False, 2, "200")
    detail = signed(land.official).get(f"{CAMPAIGNS}{campaign.code}/").json()
    assert (detail["quarter"], detail["response_rate"], detail["clusters"]) == (
        "2026-09", "100.0", sorted([land.big.code, land.middle.code, land.small.code])
    )  # fmt: skip
    assert [one["value"] for one in detail["fed"]].count(None) == 2
    assert signed(land.stranger).get(f"{CAMPAIGNS}{campaign.code}/").status_code == 404


@pytest.mark.parametrize("more", [0, 9])
def test_lists_cost_the_same_for_any_number_of_rows(signed, land, more, django_assert_max_num_queries):
    settle(land.big, "S" * more)
    closed(land)
    api = signed(land.centre)
    for url in (CAMPAIGNS, RESULTS, ANSWERS):
        api.get(url)
        with django_assert_max_num_queries(6):
            api.get(url)


def test_the_demo_shows_two_ended_campaigns_and_an_open_one_and_is_loaded_once(land):
    assert demo.load_fieldwork_demo() == 0  # nobody to do it
    sido = RegionFactory(scheme="MOIS", code="48")
    city = RegionFactory(sigungu=True, parent=sido)
    body = centre_of(sido)
    Organization.objects.filter(pk=body.pk).update(code=demo.BODY)
    centre = person(role=Role.CRISIS_CENTRE, organization=body)
    User.objects.filter(pk=centre.pk).update(login_id=demo.CENTRE, is_demo=True)
    for code in demo.TENANTS:
        settle(ClusterFactory(region=city, code=code), "SSS")
    assert demo.load_fieldwork_demo() == 3
    assert demo.load_fieldwork_demo() == 0
    assert sorted(Campaign.objects.filter(is_demo=True).values_list("state", flat=True)) == ["CLOSED", "CLOSED", "OPEN"]
    states = set(Unit.objects.filter(campaign__state="OPEN").values_list("state", flat=True))
    assert states == {"PENDING", "DRAFT", "SUBMITTED", "REFUSED"}
    index = ResultCell.objects.filter(place=None, question="economy_next").order_by("campaign__quarter")
    first, last = index.values_list("value", flat=True)
    assert first > last
    hidden = set(ResultCell.objects.filter(kind="ANSWERED", secret=True).values_list("place__cluster__code", flat=True))
    assert "C1170" in hidden
    assert not hidden >= set(demo.TENANTS)
    assert FieldForm.objects.get().frozen_at is not None
