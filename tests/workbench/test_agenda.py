"""From the desk to the council: chosen areas become drafts on a meeting, and a document with their evidence."""

import pytest
from django.urls import reverse

from crisis.models import Determination
from crisis.workbench.services import add_comment, put_on_agenda, withdraw_comment
from network.models import AgendaItem
from portal.directory.enums import Role
from portal.kernel.errors import Refusal
from tests.factories.directory import UserFactory, person
from tests.factories.network import CouncilFactory, MeetingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(office):
    return MeetingFactory(council=CouncilFactory(organization=office, seats=9))


def table(land, meeting, clerk, *numbers):
    areas = [land.sigungu[number] for number in numbers]
    return put_on_agenda(meeting=meeting, round=land.round, areas=areas, actor=clerk)


def test_chosen_areas_become_drafts_and_the_others_wait(land, meeting, clerk):
    item = table(land, meeting, clerk, 2)
    assert [(row.area.code, row.stage) for row in Determination.objects.filter(agenda_item=item)] == [("G2", "SEVERE")]
    second = table(land, meeting, clerk, 3)
    assert (second != item, Determination.objects.get(agenda_item=second).area.code) == (True, "G3")


def test_areas_of_another_council_are_named_and_refused(land, meeting, clerk):
    with pytest.raises(Refusal, match=land.sigungu[0].name_ko):
        table(land, meeting, clerk, 0, 2)
    assert not AgendaItem.objects.exists()


def test_nothing_chosen_is_refused(land, meeting, clerk):
    with pytest.raises(Refusal, match="하나 이상"):
        table(land, meeting, clerk)


def test_an_office_tables_from_the_page(client, land, meeting, clerk):
    client.force_login(clerk)
    url = reverse("workbench:agenda_new", args=["2025H1"])
    page = client.get(url + "?area=G2&area=G0&area=G3")
    assert {row.area.code for row in page.context["rows"]} == {"G2", "G3"}
    answer = client.post(url, {"area": ["G2", "G3", "G0"], "meeting": meeting.pk})
    assert answer.url == reverse("crisis:meeting", args=[meeting.pk])
    assert set(Determination.objects.values_list("area__code", flat=True)) == {"G2", "G3"}
    again = client.get(url + "?area=G2")
    assert ([row.area.code for row in again.context["left_out"]], again.context["rows"]) == (["G2"], [])


def test_the_choice_of_meetings_is_the_readers_own(client, land, meeting, stranger):
    client.force_login(stranger)
    url = reverse("workbench:agenda_new", args=["2025H1"])
    assert list(client.get(url + "?area=G0").context["form"].fields["meeting"].queryset) == []
    assert client.post(url, {"area": ["G0"], "meeting": meeting.pk}).status_code == 200
    assert not Determination.objects.exists()


def test_only_those_who_prepare_may_table(client, land, meeting, ministry, office):
    url = reverse("workbench:agenda_new", args=["2025H1"])
    assert client.get(url).status_code == 302
    for user in (UserFactory(), ministry, person(role=Role.TECHNOPARK, organization=office)):
        client.force_login(user)
        assert client.post(url, {"area": ["G2"], "meeting": meeting.pk}).status_code == 403


def test_the_document_carries_evidence_and_what_the_council_is_told(client, land, meeting, clerk, office):
    facts = {"round": land.round, "area": land.sigungu[2], "organization": office, "actor": clerk}
    add_comment(text="앵커기업 감산 확인", for_council=True, **facts)
    add_comment(text="내부 메모", **facts)
    withdraw_comment(comment=add_comment(text="거둔 말", for_council=True, **facts), reason="잘못", actor=clerk)
    table(land, meeting, clerk, 2, 3)
    client.force_login(clerk)
    answer = client.get(reverse("workbench:agenda_document", args=[meeting.pk]))
    text = answer.content.decode()
    item = answer.context["items"][0]
    assert [matter.draft.area.code for matter in item.matters] == ["G2", "G3"]
    assert [matter.draft.area.code for matter in item.closer] == ["G2"]
    assert "앵커기업 감산 확인" in text
    assert "내부 메모" not in text
    assert "거둔 말" not in text


def test_the_document_of_another_council_does_not_exist(client, land, meeting, stranger):
    url = reverse("workbench:agenda_document", args=[meeting.pk])
    assert client.get(url).status_code == 302
    client.force_login(stranger)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("areas", [1, 2])
def test_the_document_costs_the_same_for_any_number_of_areas(
    client, land, meeting, clerk, areas, django_assert_max_num_queries
):
    table(land, meeting, clerk, *[2, 3][:areas])
    client.force_login(clerk)
    url = reverse("workbench:agenda_document", args=[meeting.pk])
    client.get(url)
    with django_assert_max_num_queries(32):
        client.get(url)
