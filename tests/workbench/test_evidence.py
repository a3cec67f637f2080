"""The evidence sheet: figures that add up, what tips the stage, what changed, who may read it."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from crisis import rules
from crisis.models import Observation, Result, Run
from crisis.services import open_floor, recompute_run
from crisis.workbench.evidence import evidence
from crisis.workbench.selectors import evidence as reads
from crisis.workbench.selectors.desk import desk_of
from crisis.workbench.services import add_comment
from portal.directory.scope import EVERYTHING
from tests.factories.crisis import DesignationFactory, ObservationFactory
from tests.factories.directory import UserFactory
from tests.workbench.conftest import later_round

pytestmark = pytest.mark.django_db


def sheets(code="2025H1", **narrow):
    desk = desk_of(EVERYTHING, code)
    return {one.area.code: one for one in evidence(desk, reads.results(desk).filter(**narrow), with_tips=True)}


def test_contributions_add_up_to_the_index_to_the_last_digit(land):
    for sheet in sheets().values():
        assert sheet.total == sheet.result.rci
    assert sheets()["G2"].total > 0


def test_changes_since_the_last_round_add_up_to_the_change_of_the_index(land):
    later_round(land)
    moved = 0
    for sheet in sheets("2025H2").values():
        assert sum(step.difference for step in sheet.steps) == sheet.result.rci - sheet.result.previous_rci
        moved += any(step.difference for step in sheet.steps)
    assert moved


def test_an_indicator_whose_data_went_missing_is_told_as_a_change_of_data(land):
    for row in Observation.objects.filter(area__code="G2", indicator__code="POP"):
        ObservationFactory(
            area=row.area, indicator=row.indicator, period=row.period, value=None, known_at=land.round.cutoff
        )
    later_round(land)
    steps = {step.name: step.event for step in sheets("2025H2")["G2"].steps}
    assert steps == {"지표 EXP": "", "지표 POP": "자료 변동: 빠짐"}
    assert [line.code for line in sheets("2025H2")["G2"].missing] == ["POP"]


def test_the_scenarios_told_are_those_the_badge_has_counted(land):
    """Best, worst and the share of the kept record follow from the scenarios by name."""
    for code, sheet in sheets(area__level="SIGUNGU").items():
        panel_tips, public = sheet.tips, sheet.public
        same = public["scenarios"] - len(panel_tips)
        assert round(Decimal(same) / public["scenarios"], 2) == Decimal(public["rho"]), code
        ranks = [rules.proposal(tip.stage) for tip in panel_tips]
        stages = {public["score_stage"], *ranks}
        assert {public["badge_best"], public["badge_worst"]} <= stages
    assert any(sheet.tips for sheet in sheets(area__level="SIGUNGU").values())


def test_dropping_an_indicator_is_one_of_the_scenarios_told(land):
    dropped = {
        (code, tip.scenario.indicator, tip.stage)
        for code, sheet in sheets(area__level="SIGUNGU").items()
        for tip in sheet.tips
        if tip.scenario.kind == "DROP"
    }
    assert dropped  # the what-if with the indicator switched off is held against these in test_what_if


def test_a_run_of_another_engine_has_no_scenarios_to_tell(land):
    run = Run(engine_version="rci-0.9.0")
    assert reads.tips(run, {"G2": {"badge": "ROBUST", "score_stage": "SEVERE"}}) == {}


def test_readings_are_those_known_at_the_cut_off(land):
    row = Observation.objects.filter(area__code="G2", indicator__code="EXP").order_by("-period").first()
    ObservationFactory(
        area=row.area, indicator=row.indicator, period=row.period, value=Decimal(1), known_at=land.round.cutoff
    )
    found = reads.readings(land.run, row.area, ["EXP"])["EXP"]
    assert (found[-1].period, found[-1].value) == (row.period, row.value)
    assert recompute_run(run=land.run) == {}


def test_the_proposal_takes_the_worst_floor_into_account(land, clerk):
    for stage in ("CAUTION", "SEVERE"):
        open_floor(
            area=land.sigungu[3], kind="DISASTER", stage=stage, start=date(2020, 1, 1), evidence="호우", actor=clerk
        )
    sheet = sheets()["G3"]
    assert (sheet.shown, sheet.proposal, sheet.raised, sheet.needs_a_look) == ("GOOD", "SEVERE", True, True)
    assert not sheets()["G0"].raised


def test_the_sheet_is_read_by_those_who_see_the_area(client, land, clerk, stranger, ministry):
    url = reverse("workbench:sheet", args=["2025H1", "G2"])
    assert client.get(url).status_code == 302
    for user, status in [(UserFactory(), 403), (stranger, 404), (clerk, 200), (ministry, 200)]:
        client.force_login(user)
        assert client.get(url).status_code == status


@pytest.mark.parametrize("said", [0, 8])
def test_the_sheet_costs_the_same_however_much_was_said(
    client, land, clerk, office, said, django_assert_max_num_queries
):
    for number in range(said):
        add_comment(round=land.round, area=land.sigungu[2], organization=office, text=f"의견 {number}", actor=clerk)
        DesignationFactory(area=land.sigungu[2], start=date(2018, 4, 1 + number))
    client.force_login(clerk)
    url = reverse("workbench:sheet", args=["2025H1", "G2"])
    client.get(url)
    with django_assert_max_num_queries(35):
        answer = client.get(url)
    assert len(answer.context["sheet"].comments) == said


def test_the_sheet_says_what_stands_behind_the_stage(client, land, clerk):
    DesignationFactory(area=land.sigungu[2])
    client.force_login(clerk)
    text = client.get(reverse("workbench:sheet", args=["2025H1", "G2"])).content.decode()
    for words in ("지수를 이루는 것", "무엇이 단계를 바꾸나", "자료 등급", "고용위기지역", "판정 기간", "걸려 있는 하한 사유가 없습니다"):  # fmt: skip
        assert words in text


def test_a_summed_area_says_so_in_place_of_readings(client, land, ministry):
    client.force_login(ministry)
    text = client.get(reverse("workbench:sheet", args=["2025H1", "S1"])).content.decode()
    assert "소속 지역의 값을 더해 판정합니다" in text
    assert Result.objects.get(run=land.run, area__code="S1").public["indicators"]["EXP"]["members"] == 2
