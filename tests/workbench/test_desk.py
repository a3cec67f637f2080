"""The workbench of a round: whose areas, in which order, with what marks, at what price."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pgtrigger
import pytest
from django.http import QueryDict
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crisis.models import Result, RuleSet
from crisis.services import open_floor
from crisis.workbench.lists import DeskList
from crisis.workbench.selectors.desk import desk_of
from crisis.workbench.selectors.rows import rows, stage_of
from crisis.workbench.services import add_comment, put_on_agenda
from portal.directory.enums import Role
from portal.directory.scope import scope_of
from tests.factories.crisis import AreaFactory
from tests.factories.directory import RegionFactory, UserFactory, person
from tests.factories.network import CouncilFactory, MeetingFactory

pytestmark = pytest.mark.django_db


def codes(answer):
    return [row.area.code for row in answer.context["page"]]


def test_the_desk_is_for_people_who_work_here_and_shows_each_their_own(client, land, clerk, stranger, ministry):
    url = reverse("workbench:desk", args=["2025H1"])
    assert client.get(url).status_code == 302
    client.force_login(UserFactory())
    assert client.get(url).status_code == 403
    for user, seen in [(clerk, {"G2", "G3"}), (stranger, {"G0", "G1"}), (ministry, {"G0", "G1", "G2", "G3"})]:
        client.force_login(user)
        assert set(codes(client.get(url))) == seen


def test_home_leads_to_the_newest_round_with_a_result(client, land, clerk):
    client.force_login(clerk)
    assert client.get(reverse("workbench:home")).url == reverse("workbench:desk", args=["2025H1"])


def test_without_any_result_home_says_what_to_wait_for(client):
    client.force_login(person(region=RegionFactory()))
    answer = client.get(reverse("workbench:home"))
    assert (answer.status_code, "아직 검토할 회차가 없습니다" in answer.content.decode()) == (200, True)


def test_a_round_without_a_result_is_not_there(client, land, clerk):
    client.force_login(clerk)
    assert client.get(reverse("workbench:desk", args=["1999H1"])).status_code == 404


@pytest.mark.parametrize("number", [1, 12])
def test_the_desk_costs_the_same_for_any_number_of_areas(
    client, land, clerk, office, number, django_assert_max_num_queries
):
    copy_results(land, number)
    client.force_login(clerk)
    url = reverse("workbench:desk", args=["2025H1"])
    client.get(url)
    with django_assert_max_num_queries(29):  # six of them for what waits
        assert len(client.get(url).context["page"]) == 2 + number


def copy_results(land, number):
    """More areas with the result of G2, in its 시·도."""
    base = Result.objects.get(run=land.run, area__code="G2")
    for _ in range(number):
        area = AreaFactory(region=land.sigungu[2].region)
        facts = {f.attname: getattr(base, f.attname) for f in Result._meta.concrete_fields if f.attname != "id"}
        Result.objects.create(**{**facts, "area_id": area.pk})


def test_areas_stand_by_index_and_in_a_common_shock_by_the_gap_to_the_nation(client, land, ministry):
    client.force_login(ministry)
    url = reverse("workbench:desk", args=["2025H1"])
    nation = Result.objects.get(run=land.run, area__code="KR")
    for threshold, sort, shock in [(nation.ca + 1, "-rci", False), (nation.ca, "-cr", True)]:
        with pgtrigger.ignore("crisis.RuleSet:rule_set_approved_is_immutable"):
            body = {**land.round.rule_set.body, "T1": str(threshold), "T2": "99"}
            RuleSet.objects.filter(pk=land.round.rule_set.pk).update(body=body)
        answer = client.get(url)
        assert answer.context["list"].sort == sort
        assert codes(answer)[0] == "G2"
        assert ("공통충격" in answer.content.decode()) == shock


def test_the_share_of_alarms_is_told_for_the_country_and_for_ones_own(land, clerk):
    desk = desk_of(scope_of(clerk), "2025H1")
    assert (desk.share("SIGUNGU", own=False).judged, desk.share("SIGUNGU", own=True).judged) == (4, 2)
    alarmed = Result.objects.filter(run=land.run, area__code__in=["G0", "G1", "G2", "G3"]).exclude(model_stage="GOOD")
    assert desk.share("SIGUNGU", own=False).alarmed == alarmed.count() > 0
    assert [row.area.code for row in desk.spreads()] == ["S1"]
    assert desk.nation.spread["p1"] is not None


def row_of(user, code):
    return rows(desk_of(scope_of(user), "2025H1"), "SIGUNGU").get(area__code=code)


def test_the_proposal_is_the_worse_of_model_and_floor(land, clerk):
    assert stage_of(row_of(clerk, "G3").proposal_rank) == "GOOD"
    open_floor(
        area=land.sigungu[3], kind="DISASTER", stage="SEVERE", start=date(2020, 1, 1), evidence="호우 피해", actor=clerk
    )
    row = row_of(clerk, "G3")
    assert (row.shown, stage_of(row.proposal_rank), row.floors) == (
        "GOOD",
        "SEVERE",
        [{"kind": "DISASTER", "stage": "SEVERE"}],
    )


def test_comments_and_agendas_are_counted_on_their_row(land, clerk, office):
    for told in (True, False):
        add_comment(
            round=land.round, area=land.sigungu[2], organization=office, text="현장", actor=clerk, for_council=told
        )
    meeting = MeetingFactory(council=CouncilFactory(organization=office, seats=9))
    put_on_agenda(meeting=meeting, round=land.round, areas=[land.sigungu[2]], actor=clerk)
    row, other = row_of(clerk, "G2"), row_of(clerk, "G3")
    assert (row.comments, row.told, row.of_round["state"], row.of_round["meeting"]) == (2, 1, "DRAFT", meeting.pk)
    assert (other.comments, other.told, other.of_round) == (0, 0, None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("stage=SEVERE", {"G2"}),
        ("stage=ALARM", {"G0", "G1", "G2"}),
        ("stage=HOLD", set()),
        ("level=SIDO", {"S0", "S1"}),
        ("situation=open", {"G0", "G1", "G2", "G3"}),
        ("situation=floor", set()),
        ("changed=yes", set()),
        ("held=yes", set()),
        ("q=g2", {"G2"}),
    ],
)
def test_filters_narrow_the_list(client, land, ministry, query, found):
    client.force_login(ministry)
    assert set(codes(client.get(reverse("workbench:desk", args=["2025H1"]) + f"?{query}"))) == found


def test_an_unknown_filter_is_refused(client, land, clerk):
    client.force_login(clerk)
    assert client.get(reverse("workbench:desk", args=["2025H1"]) + "?stagee=SEVERE").status_code == 400


def test_the_list_can_be_taken_away_as_a_file(client, land, clerk):
    client.force_login(clerk)
    answer = client.get(reverse("workbench:desk", args=["2025H1"]) + "?export=xlsx")
    table = (
        CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    )
    assert len(table) == 3
    stage = table[0].index("모형 단계")
    assert {row[stage] for row in table[1:]} == {"심각", "양호"}


def test_a_worker_makes_the_list_anew_from_its_query_alone(land, clerk):
    """So a long export holds the same rows as the page (portal.intake.services.exporting)."""
    made = DeskList(scope=scope_of(clerk), query=QueryDict("round=2025H1&stage=SEVERE"), kept={})
    target = BytesIO()
    assert made.write(target, "csv") == 1
    assert "시험" in target.getvalue().decode("utf-8-sig")


def test_boxes_to_choose_stand_only_where_the_reader_may_table(client, land, clerk, ministry, office):
    url = reverse("workbench:desk", args=["2025H1"])
    for user, boxes in [
        (clerk, 2),
        (ministry, 0),
        (person(role=Role.TECHNOPARK, organization=office), 0),
    ]:
        client.force_login(user)
        assert client.get(url).content.decode().count('form="agenda"') == boxes


def test_the_change_of_the_index_is_told(land, clerk):
    assert row_of(clerk, "G2").change is None
    assert row_of(clerk, "G2").rci > Decimal(70)
