"""Pages of rounds, rule sets and the council's desk: who sees them, what they cost, what they do."""

import pytest
from django.urls import reverse

from crisis.enums import DeterminationState, Stage
from crisis.models import Determination
from network.models import Meeting
from portal.directory.enums import Role
from tests.crisis.panels import country, evaluate
from tests.factories.directory import OrganizationFactory, RegionFactory, UserFactory, person
from tests.factories.network import CouncilFactory, MeetingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def land():
    land = country()
    evaluate(land.round)
    return land


@pytest.fixture
def office(land):
    return OrganizationFactory(of_region=land.sido[1].region)


@pytest.fixture
def meeting(office):
    return MeetingFactory(council=CouncilFactory(organization=office, seats=9))


PAGES = ["crisis:rounds", "crisis:rule_sets", "crisis:meetings"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_people_who_work_here(client, land, page):
    assert client.get(reverse(page)).status_code == 302
    client.force_login(UserFactory())
    assert client.get(reverse(page)).status_code == 403
    client.force_login(person(region=land.sido[0].region))
    assert client.get(reverse(page)).status_code == 200
    client.force_login(person(role=Role.HQ))
    assert client.get(reverse(page)).status_code == 200


@pytest.mark.parametrize("meetings", [1, 6])
def test_the_list_of_meetings_costs_the_same_for_any_number(client, office, meetings, django_assert_max_num_queries):
    MeetingFactory.create_batch(meetings, council=CouncilFactory(organization=office))
    client.force_login(person(organization=office))
    client.get(reverse("crisis:meetings"))  # what waits for the reader is counted once in half a minute
    with django_assert_max_num_queries(9):
        assert len(client.get(reverse("crisis:meetings")).context["page"]) == meetings


def test_a_council_of_another_region_does_not_exist(client, meeting):
    client.force_login(person(region=RegionFactory()))
    assert client.get(reverse("crisis:meeting", args=[meeting.pk])).status_code == 404
    assert not client.get(reverse("crisis:meetings")).context["page"].object_list


def test_counts_are_of_the_readers_own_areas(client, land):
    client.force_login(person(region=land.sido[0].region))
    rows = client.get(reverse("crisis:rounds")).context["rounds"]
    assert sum(rows[0].counts.values()) == 2
    client.force_login(person(role=Role.HQ))
    rows = client.get(reverse("crisis:rounds")).context["rounds"]
    assert sum(rows[0].counts.values()) == 4


def test_only_the_office_prepares_and_only_its_head_confirms(client, meeting, office):
    open_url = reverse("crisis:meeting_open", args=[meeting.pk])
    client.force_login(person(role=Role.HQ))
    assert client.post(open_url).status_code == 403
    client.force_login(person(role=Role.TECHNOPARK, organization=office))
    assert client.post(open_url).status_code == 403
    client.force_login(person(role=Role.OFFICE_STAFF, organization=office))
    assert client.post(open_url).status_code == 422  # may, but nobody was marked present
    assert client.post(reverse("crisis:item_decide", args=[meeting.pk, 1])).status_code == 403


def test_a_council_decides_in_the_browser_order(client, land, meeting, office):
    client.force_login(person(role=Role.OFFICE_STAFF, organization=office))
    seats = [str(seat.pk) for seat in meeting.council.seats.all()]
    assert client.post(reverse("crisis:meeting_open", args=[meeting.pk]), {"present": seats}).status_code == 302
    table = client.post(reverse("crisis:meeting_table", args=[meeting.pk]), {"round": land.round.code})
    assert table.status_code == 302
    edit = reverse("crisis:stage_edit", args=[meeting.pk, "G2"])
    refused = client.post(edit, {"stage": Stage.CAUTION})
    assert refused.status_code == 200
    assert "reason_code" in refused.context["form"].errors
    kept = client.post(edit, {"stage": Stage.CAUTION, "reason_code": "OTHER", "reason_text": "공장 재가동"})
    assert kept.status_code == 302
    client.force_login(person(role=Role.OFFICE_HEAD, organization=office))
    for item in meeting.items.all():
        vote = {f"item{item.pk}-votes_for": 9, f"item{item.pk}-votes_against": 0, f"item{item.pk}-abstentions": 0}
        assert client.post(reverse("crisis:item_decide", args=[meeting.pk, item.pk]), vote).status_code == 302
    assert {(row.area.code, row.stage) for row in Determination.objects.filter(state=DeterminationState.CONFIRMED)} == {
        ("G2", Stage.CAUTION),
        ("G3", Stage.GOOD),
    }
    closed = client.post(reverse("crisis:meeting_close", args=[meeting.pk]), {"minutes": "원안대로"})
    assert closed.status_code == 302
    assert Meeting.objects.get(pk=meeting.pk).closed_at


def test_what_waits_is_told_until_it_is_decided(client, land, office):
    client.force_login(person(organization=office))
    waiting = [item for item in client.get(reverse("home")).context["tasks"] if "심의" in item.title]
    assert [item.count for item in waiting] == [2]


def test_a_page_asked_by_reading_cannot_write(client, land):
    client.force_login(person(role=Role.HQ))
    assert client.get(reverse("crisis:run_verify", args=[land.round.code, 1])).status_code == 405
