"""The page of one area: who may read it, what it explains, what it keeps apart, what it costs."""

import re
from datetime import date
from decimal import Decimal

import pytest

from crisis.enums import DeterminationState, RunKind, Stage
from crisis.models import Indicator
from crisis.sources.models import Feed, FeedSeries
from crisis.sources.services import collect
from portal.dashboards.area import window
from portal.dashboards.area_charts import half_year
from tests.dashboards.situations import RECORDS, a_result, a_round, a_run, decision, district
from tests.factories.crisis import BatchFactory, DesignationFactory, ObservationFactory
from tests.factories.directory import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
URL = "/board/areas/R48310/"


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def section(response, ident: str) -> str:
    """The words of one section, from its heading to the next section."""
    html = response.content.decode().partition(f'id="{ident}"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", f"<x {html}"))


def figures(area, months: dict[str, str], code: str = "EXP") -> None:
    batch, indicator = BatchFactory(), Indicator.objects.get(code=code)
    for month, value in months.items():
        ObservationFactory(area=area, indicator=indicator, period=f"{month}-01", value=Decimal(value), batch=batch)


@pytest.fixture
def story(situation):
    """The severe district with real records of two rounds: 울산 동구 in 2017."""
    earlier = a_run(a_round("2017H1"))
    a_result(earlier, situation.severe, record=RECORDS["R31170@2017H1"])
    later = a_run(a_round("2018H1"), previous=earlier)
    a_result(later, situation.severe, record=RECORDS["R31170@2017H2"])
    return situation


class TestWhoSeesWhat:
    def test_no_one_is_turned_to_the_sign_in_page(self, client, situation):
        assert client.get(URL).status_code == 302

    def test_somebody_without_a_body_is_refused(self, sign_in, situation):
        assert sign_in(UserFactory()).get(URL).status_code == 403

    def test_the_ministry_and_the_regions_clerk_read_it(self, sign_in, people):
        for reader in (people.ministry, people.here):
            assert "시험남도 심각시" in text(sign_in(reader).get(URL))

    def test_for_a_clerk_of_another_region_it_does_not_exist(self, sign_in, people):
        assert sign_in(people.elsewhere).get(URL).status_code == 404

    def test_everyone_may_read_the_nation_but_only_the_own_members(self, sign_in, people):
        response = sign_in(people.elsewhere).get("/board/areas/KR/")
        assert [row.area.code for row in response.context["story"].members] == ["R47"]
        assert "시험남도" not in text(response)

    def test_an_unknown_area_and_an_unknown_round_are_no_pages(self, sign_in, people):
        client = sign_in(people.ministry)
        assert client.get("/board/areas/R99999/").status_code == 404
        assert client.get(URL, {"round": "1999H1"}).status_code == 404


class TestPrice:
    @pytest.mark.parametrize("many", [False, True])
    def test_the_page_costs_the_same_for_a_long_history(self, sign_in, people, story, many, django_assert_num_queries):
        if many:
            figures(story.severe, {f"20{year}-{month:02d}": "100" for year in range(14, 18) for month in range(1, 13)})
            for start in ("2018-04-05", "2019-04-05", "2020-04-05"):
                DesignationFactory(area=story.severe, start=start)
            decision(story.results["severe"])
        client = sign_in(people.ministry)
        client.get(URL)
        # session, user, scope, area, rounds, run, results of two rounds, parent, nation, history, figures, decisions,
        # designations (a district has members only where clusters are judged)
        with django_assert_num_queries(16):
            assert client.get(URL).status_code == 200

    @pytest.mark.parametrize("extra", [0, 20])
    def test_a_province_costs_the_same_for_any_number_of_members(
        self, sign_in, people, situation, extra, django_assert_num_queries
    ):
        situation.more_districts(extra)
        client = sign_in(people.ministry)
        client.get("/board/areas/R48/")
        with django_assert_num_queries(17):
            response = client.get("/board/areas/R48/")
        assert len(response.context["story"].members) == 3 + extra


class TestWhy:
    def test_the_sentences_come_from_the_record(self, sign_in, people, story):
        words = section(sign_in(people.here).get(URL), "area-why")
        assert "위기지수는 85.3점으로 심각 기준(70점) 이상입니다." in words
        assert "외국인 근로자는 2017년 9월 값이 1년 전보다 21.1% 줄었습니다(전국 0.4% 줄어듦)." in words

    def test_the_bars_add_up_to_the_index(self, sign_in, people, story):
        html = sign_in(people.here).get(URL).content.decode()
        table = re.search(r'<table class="[^"]*p-bars.*?</table>', html, re.DOTALL)[0]
        figures = [row[0] for row in re.findall(r'<td class="num">([\d.△]+)</td>(<td class="num">[^<]*</td>)?', table)]
        assert figures == ["35.30", "30.00", "20.00", "85.3"]
        assert sum(Decimal(value) for value in figures[:3]) == Decimal(figures[3])

    def test_the_change_since_the_last_round_is_told(self, sign_in, people, story):
        assert "지수가 47.8점에서 85.3점으로 37.5점 올랐습니다." in section(sign_in(people.here).get(URL), "area-why")

    def test_a_first_round_speaks_of_no_change(self, sign_in, people, story):
        assert "지난 회차와 달라진 점" not in text(sign_in(people.here).get(URL, {"round": "2017H1"}))

    def test_a_past_round_can_be_seen_as_it_was(self, sign_in, people, story):
        words = text(sign_in(people.here).get(URL, {"round": "2017H1"}))
        assert "2017년 상반기 판정" in words
        assert "위기지수는 47.8점" in words

    def test_without_enough_data_it_says_what_lacks(self, sign_in, people, situation):
        response = sign_in(people.elsewhere).get("/board/areas/R47110/")
        assert "쓸 수 있는 지표의 비중이 30%에 그쳐 단계를 정하지 않았습니다." in text(response)
        assert "p-stage-hold" in response.content.decode()

    def test_a_round_without_this_area_offers_another(self, sign_in, people, situation):
        district(situation.south, "R48555")
        assert "이 지역의 결과가 없습니다" in text(sign_in(people.here).get("/board/areas/R48555/"))

    def test_a_preview_is_labelled_and_has_no_rest_record(self, sign_in, people, situation):
        a_result(a_run(a_round("2099H2"), RunKind.PRELIMINARY), situation.severe, Stage.SEVERE, "80.0")
        words = text(sign_in(people.here).get(URL, {"round": "2099H2"}))
        assert "공식 단계가 아닙니다" in words
        assert "/api/v1/" not in words


class TestCourse:
    def test_every_round_stands_in_the_strip_oldest_first(self, sign_in, people, story):
        html = sign_in(people.here).get(URL).content.decode()
        strip = re.search(r'<ol class="p-strip".*?</ol>', html, re.DOTALL)[0]
        told = re.findall(r'title="([^"]+)"', strip)
        assert told == ["2017년 상반기 주의", "2017년 하반기 심각", "2018년 상반기 심각"]

    def test_previews_are_not_history(self, sign_in, people, story):
        a_result(a_run(a_round("2099H2"), RunKind.PRELIMINARY), story.severe, Stage.GOOD, "1.0")
        history = sign_in(people.here).get(URL).context["story"].history
        assert [row["code"] for row in history] == ["2017H1", "2017H2", "2018H1"]

    def test_every_chart_has_its_table(self, sign_in, people, story):
        figures(story.severe, {"2017-09": "100", "2017-11": "80"})
        html = sign_in(people.here).get(URL).content.decode()
        # the index, the changes of three indicators and the figures of one
        assert html.count('<div class="p-chart">') == html.count("<summary>표로 보기</summary>") == 5

    def test_a_missing_month_is_a_gap_not_a_zero(self, sign_in, people, story):
        figures(story.severe, {"2017-08": "90", "2017-09": "100", "2017-11": "80"})
        card = sign_in(people.here).get(URL).content.decode().partition('id="indicator-EXP"')[2]
        line = re.search(r'class="ch-line ch-line-1" d="([^"]+)"', card)[1]
        assert (line.count("M"), line.count("L")) == (2, 1)
        table = card.partition("<tbody>")[2].partition("</tbody>")[0]
        assert re.search(r"2017년 10월</th><td class=\"num\">–", table)

    def test_a_corrected_figure_replaces_the_old_one(self, sign_in, people, story):
        figures(story.severe, {"2017-10": "100", "2017-11": "80"})
        figures(story.severe, {"2017-11": "70"})
        values = sign_in(people.here).get(URL).context["story"].values["EXP"]
        assert values == [(date(2017, 10, 1), 100), (date(2017, 11, 1), 70)]

    def test_quarters_are_called_quarters(self, sign_in, people, story):
        figures(story.severe, {"2017-06": "10", "2017-09": "8"}, code="E9")
        assert "2017년 3분기" in text(sign_in(people.here).get(URL))

    def test_sixty_months_are_shown_or_all(self, sign_in, people, story):
        figures(story.severe, {"2008-01": "1", "2017-11": "80"})
        client = sign_in(people.here)
        assert len(client.get(URL).context["story"].values["EXP"]) == 1
        assert len(client.get(URL, {"months": "all"}).context["story"].values["EXP"]) == 2

    def test_the_window_ends_a_year_after_the_round(self):
        assert window(date(2017, 11, 1), date(2026, 1, 1)) == (date(2013, 12, 1), date(2018, 11, 1))
        assert window(date(2025, 5, 1), date(2025, 9, 9)) == (date(2020, 10, 1), date(2025, 9, 9))

    @pytest.mark.parametrize(
        ("day", "code"),
        [
            (date(2017, 12, 1), "2018H1"),
            (date(2018, 5, 31), "2018H1"),
            (date(2018, 6, 1), "2018H2"),
            (date(2018, 11, 30), "2018H2"),
        ],
    )
    def test_a_day_belongs_to_the_round_that_closes_after_it(self, day, code):
        assert half_year(day) == code

    def test_late_figures_are_marked_on_the_chart_and_told(self, sign_in, people, story):
        figures(story.severe, {"2017-09": "100", "2017-11": "80"})
        body = OrganizationFactory()
        made = Feed.objects.create(
            code="exports", name_ko="시험", provider="시험", frequency="M", lag_days=31, owner=body
        )
        FeedSeries.objects.create(feed=made, indicator=Indicator.objects.get(code="EXP"))
        collect()
        response = sign_in(people.here).get(URL)
        assert "자료 기준 2017년 11월" in section(response, "area-indicators")
        assert "개월 지연" in section(response, "area-indicators")
        assert "ch-late-edge" in response.content.decode()

    def test_past_round_shows_no_lateness_where_its_chart_ends_before_the_figures(self, sign_in, people, story):
        figures(story.severe, {"2017-09": "100", "2025-09": "80"})
        made = Feed.objects.create(
            code="exports", name_ko="시험", provider="시험", frequency="M", lag_days=31, owner=OrganizationFactory()
        )
        FeedSeries.objects.create(feed=made, indicator=Indicator.objects.get(code="EXP"))
        collect()
        assert "ch-late-edge" not in sign_in(people.here).get(URL + "?round=2017H2").content.decode()

    def test_designations_are_marked_and_listed_as_somebody_elses(self, sign_in, people, story):
        DesignationFactory(area=story.severe, confidence="LOW")
        response = sign_in(people.here).get(URL)
        assert "2018년 상반기 고용위기지역 지정" in section(response, "area-course")
        records = section(response, "area-designations")
        assert "이 포털의 위기징후 단계가 아닙니다" in records
        assert "고용위기지역 고용노동부 – 2018. 4. 5. – – 낮음" in records


class TestDecisions:
    def test_the_stage_in_force_stands_on_top(self, sign_in, people, situation):
        decision(situation.results["severe"], stage=Stage.CAUTION)
        words = text(sign_in(people.here).get(URL))
        assert "지금 효력이 있는 단계 주의 2017년 하반기 결정, 2018. 1. 24.부터" in words
        assert "제안(심각)과 다르게 정함" in words
        assert "그 밖의 사유: 현장에서 확인한 회복" in words

    def test_a_draft_is_no_stage(self, sign_in, people, situation):
        decision(situation.results["severe"], state=DeterminationState.DRAFT)
        words = text(sign_in(people.here).get(URL))
        assert "효력이 있는 협의회 결정이 없습니다" in words
        assert "이 회차의 결정 협의회 대기" in words

    def test_the_model_stage_stays_beside_the_decision(self, sign_in, people, situation):
        decision(situation.results["severe"], stage=Stage.CAUTION)
        assert "심각 주의" in re.sub(r" +", " ", section(sign_in(people.here).get(URL), "area-decisions"))


class TestProof:
    def test_it_names_all_that_is_needed_to_compute_it_again(self, sign_in, people, situation):
        response = sign_in(people.here).get(URL)
        words = section(response, "area-proof")
        assert "2018. 1. 10. 23:59" in words
        assert "TEST-BOARD" in words
        assert "/api/v1/rounds/2017H2/results/R48310/" in words
        html = response.content.decode()
        for value in (situation.run.ruleset_sha256, situation.run.input_digest, situation.results["severe"].digest):
            assert f'data-portal-copy="{value}"' in html

    def test_the_markup_is_clean(self, sign_in, people, story):
        figures(story.severe, {"2017-09": "100", "2017-11": "80"})
        DesignationFactory(area=story.severe)
        html = sign_in(people.here).get(URL).content.decode()
        assert " style=" not in html
        assert html.count("<h1") == 1
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
