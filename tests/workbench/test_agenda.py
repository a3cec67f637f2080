"""From the desk to the council: chosen areas become drafts on a meeting, and a document with their evidence."""

from datetime import date

import pgtrigger
import pytest
from django.urls import reverse

from crisis.dossiers.models import Dossier
from crisis.models import Determination, Result
from crisis.services import confirm_item, open_floor
from crisis.workbench.services import add_comment, put_on_agenda, withdraw_comment
from network.models import AgendaItem
from portal.directory.enums import Role
from portal.kernel.errors import Refusal
from tests.dossiers.conftest import by_name, opened_meeting
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


class TestFromAFloorAlone:
    """G3's figures allow no stage; a disaster puts it before the council all the same."""

    @pytest.fixture
    def held_back(self, land):
        with pgtrigger.ignore("crisis.Result:result_never_changes"):
            Result.objects.filter(run=land.run, area__code="G3").update(status="INSUFFICIENT", grade="D")
        return land.sigungu[3]

    @pytest.fixture
    def floor(self, held_back, clerk):
        return open_floor(
            area=held_back, kind="DISASTER", stage="SEVERE", start=date(2020, 1, 1), evidence="호우 피해", actor=clerk
        )

    def test_without_a_floor_it_is_named_and_nothing_is_tabled(self, land, held_back, meeting, clerk):
        with pytest.raises(Refusal, match=held_back.name_ko) as refusal:
            table(land, meeting, clerk, 2, 3)
        assert refusal.value.code == "no_proposal"
        assert not AgendaItem.objects.exists()

    def test_the_office_tables_it_from_the_list_and_from_its_sheet(self, client, land, floor, meeting, clerk):
        client.force_login(clerk)
        new = reverse("workbench:agenda_new", args=["2025H1"])
        assert 'id="pick-G3"' in client.get(reverse("workbench:desk", args=["2025H1"])).content.decode()
        assert f"{new}?area=G3" in client.get(reverse("workbench:sheet", args=["2025H1", "G3"])).content.decode()
        assert client.post(new, {"area": ["G3"], "meeting": meeting.pk}).status_code == 302
        draft = Determination.objects.get()
        assert (draft.model_stage, draft.floor_stage, draft.proposed_stage, draft.stage) == (
            None, "SEVERE", "SEVERE", "SEVERE",
        )  # fmt: skip

    def test_the_council_decides_it_and_the_dossier_freezes_why(self, land, floor, clerk):
        meeting = opened_meeting(land.sido[1].region, clerk)
        item = table(land, meeting, clerk, 3)
        confirm_item(item=item, votes=by_name(meeting), actor=clerk, minutes="호우 피해를 보아 원안대로 의결함.")
        decided = Determination.objects.get(area__code="G3")
        assert (decided.state, decided.stage, decided.model_stage) == ("CONFIRMED", "SEVERE", None)
        frozen = Dossier.objects.get(determination=decided).record
        assert [one["evidence"] for one in frozen["floors"]] == ["호우 피해"]
        assert frozen["decision"]["model_stage"] is None

    def test_a_system_of_the_office_tables_it_by_rest(self, api, land, floor, meeting, clerk, stranger):
        url = "/api/v1/rounds/2025H1/agenda/"
        body = {"meeting": meeting.pk, "areas": ["G3", "G2"]}
        assert api.post(url, body, format="json").status_code == 401
        api.force_login(stranger)
        assert api.post(url, body, format="json").status_code == 404  # another council's meeting
        api.force_login(person(role=Role.SIDO, region=land.sido[1].region))
        assert api.post(url, body, format="json").status_code == 403
        api.force_login(clerk)
        assert api.post(url, {**body, "areas": ["G0"]}, format="json").json()["fields"]["areas"]
        made = api.post(url, body, format="json")
        assert (made.status_code, made.json()["proposals"]) == (201, {"G2": "SEVERE", "G3": "SEVERE"})
        assert api.post(url, body, format="json").status_code == 409
