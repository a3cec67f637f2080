"""The situation board: who sees which areas, what is counted, listed, exported, and at what price."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from crisis.enums import DeterminationState, RunKind, Stage
from tests.dashboards.situations import Situation, a_result, a_round, a_run, decision, district
from tests.factories.crisis import DesignationFactory
from tests.factories.directory import UserFactory, person

pytestmark = pytest.mark.django_db
URL = "/board/"


def text(response) -> str:
    """The words of a page, tags taken out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def listed(response) -> list[str]:
    """The codes of the areas in the list, in its order."""
    part = response.content.decode().partition('id="list-board-head"')[2]
    return re.findall(r'<th scope="row"><a href="/board/areas/([^/]+)/', part)


class TestWhoSeesWhat:
    def test_no_one_is_turned_to_the_sign_in_page(self, client, situation):
        response = client.get(URL)
        assert (response.status_code, response.headers["location"]) == (302, "/login/?next=/board/")

    def test_somebody_without_a_body_is_refused(self, sign_in, situation):
        assert sign_in(UserFactory()).get(URL).status_code == 403

    def test_the_ministry_sees_every_area(self, sign_in, people):
        assert set(listed(sign_in(people.ministry).get(URL))) == {"R48310", "R48220", "R48120", "R47110"}

    def test_a_clerk_sees_the_areas_of_the_own_region(self, sign_in, people):
        response = sign_in(people.here).get(URL)
        assert listed(response) == ["R48310", "R48220", "R48120"]
        assert "보류시" not in text(response)

    def test_a_clerk_of_another_region_sees_none_of_them(self, sign_in, people):
        response = sign_in(people.elsewhere).get(URL)
        assert listed(response) == ["R47110"]
        assert "심각시" not in text(response)

    def test_the_nation_stands_on_everyones_page(self, sign_in, people):
        response = sign_in(people.elsewhere).get(URL, {"sido": ""})
        assert "전국 절대 지수(CA) 1" in text(response)
        assert "판정한 3곳 가운데 주의 이상 2곳" in text(response)

    def test_counts_are_of_the_scope(self, sign_in, people):
        board = sign_in(people.here).get(URL).context["board"]
        assert (board.total.severe, board.total.caution, board.total.good, board.total.held_back) == (1, 1, 1, 0)
        board = sign_in(people.elsewhere).get(URL).context["board"]
        assert (board.total.severe, board.total.total, board.total.held_back) == (0, 1, 1)

    def test_a_reader_of_one_province_starts_on_its_map(self, sign_in, people):
        response = sign_in(people.here).get(URL)
        assert response.context["board"].sido.code == "R48"
        assert "map-province" in response.content.decode()

    def test_a_town_sees_its_own_place_on_the_map_of_its_province(self, sign_in, people):
        board = sign_in(people.town).get(URL).context["board"]
        assert (board.sido.code, [row.area.code for row in board.members]) == ("R48", ["R48120"])

    def test_another_province_cannot_be_asked_for(self, sign_in, people):
        response = sign_in(people.here).get(URL, {"sido": "R47"})
        assert "R47110" not in listed(response)


class TestPrice:
    @pytest.mark.parametrize("extra", [0, 30])
    @pytest.mark.parametrize("query", [{}, {"sido": "R48"}])
    def test_the_board_costs_the_same_for_any_number_of_areas(
        self, sign_in, people, situation, extra, query, django_assert_num_queries
    ):
        situation.more_districts(extra)
        client = sign_in(people.ministry)
        client.get(URL)  # what waits for the reader is counted once in half a minute
        # session, user, scope, rounds, run, nation, counts, (province,) map, hindsight, local tables, count, rows
        with django_assert_num_queries(12 + bool(query)):
            response = client.get(URL, query)
        assert len(listed(response)) == (3 if query else 4) + extra


class TestRounds:
    def test_opens_on_the_newest_evaluated_round(self, sign_in, people, situation):
        a_result(a_run(a_round("2018H1")), situation.severe, Stage.CAUTION, "50.0")
        assert sign_in(people.ministry).get(URL).context["round"].code == "2018H1"

    def test_any_round_can_be_chosen(self, sign_in, people, situation):
        a_result(a_run(a_round("2018H1")), situation.severe, Stage.CAUTION, "50.0")
        response = sign_in(people.ministry).get(URL, {"round": "2017H2"})
        assert "2017년 하반기 회차 · 기준월 2017년 11월 · 자료 마감 2018. 1. 10." in text(response)

    def test_an_unknown_round_is_no_page(self, sign_in, people):
        assert sign_in(people.ministry).get(URL, {"round": "1999H1"}).status_code == 404

    def test_a_preview_is_labelled(self, sign_in, people, situation):
        preview = a_run(a_round("2099H2"), RunKind.PRELIMINARY)
        a_result(preview, situation.severe, Stage.CAUTION, "50.0")
        response = sign_in(people.ministry).get(URL, {"round": "2099H2"})
        assert listed(response) == ["R48310"]
        assert "미리보기(공식 아님)" in text(response)
        assert "공식 단계가 아닙니다" in text(response)

    def test_an_official_round_is_not_labelled_so(self, sign_in, people):
        assert "공식 아님" not in text(sign_in(people.ministry).get(URL))

    def test_a_gathering_round_without_a_preview_says_when_it_closes(self, sign_in, people):
        a_round("2099H2")
        response = sign_in(people.ministry).get(URL, {"round": "2099H2"})
        assert "2099년 하반기 회차는 자료를 모으는 중입니다" in text(response)
        assert "자료 마감은 2100. 1. 10." in text(response)

    def test_without_any_round_the_page_says_so_kindly(self, db, sign_in):
        assert "아직 열린 회차가 없습니다" in text(sign_in(person(role="HQ")).get(URL))


class TestStages:
    def test_without_enough_data_there_is_no_stage_even_if_the_model_carries_one(self, sign_in, people, situation):
        assert situation.results["held_back"].model_stage == Stage.GOOD
        response = sign_in(people.ministry).get(URL, {"stage": "HOLD"})
        assert listed(response) == ["R47110"]
        assert "판정보류 지난 단계 양호" in text(response)

    def test_a_common_shock_is_announced_and_orders_by_the_gap(self, db, sign_in):
        situation = Situation(nation_ca="45.0")
        situation.results["extra"] = a_result(
            situation.run, district(situation.south, "R48999"), Stage.CAUTION, "41.0", cr=Decimal("99.0")
        )
        response = sign_in(person(role="HQ")).get(URL)
        assert "공통충격" in text(response)
        assert listed(response)[0] == "R48999"

    def test_an_ordinary_round_is_no_common_shock(self, sign_in, people):
        response = sign_in(people.ministry).get(URL)
        assert "온 나라가 함께 나빠진" not in text(response)
        assert listed(response)[0] == "R48310"

    def test_model_draft_and_decision_are_told_apart(self, sign_in, people, situation):
        decision(situation.results["severe"], stage=Stage.CAUTION)
        decision(situation.results["caution"], state=DeterminationState.DRAFT)
        words = text(sign_in(people.ministry).get(URL))
        assert re.search(r"심각시 85.3.*?주의 제안과 다름", words)
        assert re.search(r"주의시 55.*?협의회 대기", words)
        assert re.search(r"양호시 12.*?모형 산출", words)

    def test_a_decision_in_force_from_an_earlier_round_names_it(self, sign_in, people, situation):
        decision(situation.results["severe"])
        later = a_result(a_run(a_round("2018H1")), situation.severe, Stage.CAUTION, "50.0")
        assert "심각 2017년 하반기 결정" in text(sign_in(people.ministry).get(URL))
        assert later.model_stage == Stage.CAUTION

    def test_a_past_round_shows_its_own_decisions_alone(self, sign_in, people, situation):
        decision(a_result(a_run(a_round("2017H1")), situation.severe, Stage.CAUTION, "50.0"))
        a_result(a_run(a_round("2018H1")), situation.severe, Stage.CAUTION, "50.0")
        response = sign_in(people.ministry).get(URL, {"round": "2017H2"})
        assert all(row.decision is None for row in response.context["page"])

    def test_a_past_round_does_not_show_what_was_decided_later(self, sign_in, people, situation):
        later = a_result(a_run(a_round("2018H1")), situation.severe, Stage.CAUTION, "50.0")
        decision(later)
        assert "결정 단계" in text(response := sign_in(people.ministry).get(URL, {"round": "2017H2"}))
        assert all(row.decision is None for row in response.context["page"])


class TestHindsight:
    @pytest.fixture
    def after(self, situation):
        DesignationFactory(area=situation.severe)
        DesignationFactory(area=situation.good, scheme="산업위기대응특별지역", site="한 구")
        return situation

    def test_hits_misses_and_false_alarms_are_counted_and_named(self, sign_in, people, after):
        response = sign_in(people.ministry).get(URL)
        found = response.context["board"].hindsight
        assert [row.area.code for row in found.hits] == ["R48310"]
        assert [row.area.code for row in found.missed] == ["R48120"]
        assert [row.area.code for row in found.false_alarms] == ["R48220"]
        words = text(response)
        assert "주의 이상 2곳 가운데 1곳이 지정되었고 1곳은 지정되지 않았습니다." in words
        assert "지정된 2곳 가운데 1곳은 놓쳤습니다." in words

    def test_the_row_tells_what_came(self, sign_in, people, after):
        assert "2018. 4. 5. 고용위기지역" in text(sign_in(people.ministry).get(URL))

    def test_a_designation_later_than_a_year_does_not_count(self, sign_in, people, situation):
        DesignationFactory(area=situation.severe, start="2019-01-11")
        DesignationFactory(area=situation.caution, start="2019-01-10")
        found = sign_in(people.ministry).get(URL).context["board"].hindsight
        assert [row.area.code for row in found.hits] == ["R48220"]

    def test_an_area_already_designated_is_no_false_alarm(self, sign_in, people, situation):
        DesignationFactory(area=situation.severe, start="2018-01-01", end_last_known="2020-01-01")
        DesignationFactory(area=situation.caution, start="2016-01-01", end_last_known="2017-12-31")
        found = sign_in(people.ministry).get(URL).context["board"].hindsight
        assert [row.area.code for row in found.under_way] == ["R48310"]
        assert [row.area.code for row in found.false_alarms] == ["R48220"]

    def test_a_young_round_cannot_know_yet(self, sign_in, people, situation):
        run = a_run(a_round("2099H2"), RunKind.PRELIMINARY)
        a_result(run, situation.severe, Stage.SEVERE, "80.0")
        assert "12개월이 아직 지나지 않았습니다" in text(sign_in(people.ministry).get(URL, {"round": "2099H2"}))

    def test_the_list_can_be_narrowed_to_what_was_designated(self, sign_in, people, after):
        client = sign_in(people.ministry)
        assert listed(client.get(URL, {"later": "yes"})) == ["R48310", "R48120"]
        assert listed(client.get(URL, {"later": "no", "stage": "ALARM"})) == ["R48220"]


class TestList:
    @pytest.mark.parametrize(
        ("query", "codes"),
        [
            ({"stage": "ALARM"}, ["R48310", "R48220"]),
            ({"stage": "GOOD"}, ["R48120"]),
            ({"q": "주의"}, ["R48220"]),
            ({"q": "북도"}, ["R47110"]),
            ({"grade": "D"}, ["R47110"]),
            ({"level": "SIDO"}, ["R48", "R47"]),
            ({"sido": "R47"}, ["R47110"]),
            ({"sort": "change"}, ["R48220", "R48310", "R47110", "R48120"]),
            ({"sort": "-stage"}, ["R48310", "R48220", "R48120", "R47110"]),
            ({"sort": "name"}, ["R47110", "R48310", "R48120", "R48220"]),
        ],
    )
    def test_is_filtered_and_ordered(self, sign_in, people, query, codes):
        assert listed(sign_in(people.ministry).get(URL, query)) == codes

    def test_a_change_downwards_wears_its_triangle(self, sign_in, people):
        assert "△5" in text(sign_in(people.ministry).get(URL))

    @pytest.mark.parametrize("query", [{"stage": "BAD"}, {"level": "CLUSTER"}])
    def test_an_unknown_value_is_a_fault_of_the_form(self, sign_in, people, query):
        response = sign_in(people.ministry).get(URL, query)
        assert "올바르게 선택해 주세요" in text(response)
        assert listed(response) == []

    @pytest.mark.parametrize("query", [{"colour": "red"}, {"sort": "colour"}])
    def test_an_unknown_name_is_refused(self, sign_in, people, query):
        assert sign_in(people.ministry).get(URL, query).status_code == 400

    def test_nothing_found_offers_to_begin_again(self, sign_in, people):
        response = sign_in(people.ministry).get(URL, {"q": "없는곳"})
        assert "조건에 맞는 지역이 없습니다" in text(response)
        assert 'href="/board/?round=2017H2"' in response.content.decode()

    def test_csv_holds_what_the_reader_may_see(self, sign_in, people):
        response = sign_in(people.here).get(URL, {"export": "csv", "sort": "-rci"})
        rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
        assert [row["지역"] for row in rows] == ["남도 심각시", "남도 주의시", "남도 양호시"]
        assert rows[0] | {"지수(RCI)": "85.3", "변동": "37.5", "모형 단계": "심각", "결정 단계": "모형 산출"} == rows[0]

    def test_contributions_can_be_exported_one_by_one(self, sign_in, people):
        response = sign_in(people.here).get(URL, {"export": "csv", "cols": ["k-EXP", "rci"]})
        rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
        assert rows[0]["기여: 수출액"] == rows[0]["지수(RCI)"] == "85.3"

    def test_who_may_not_export_is_neither_offered_nor_given_a_file(self, sign_in, people):
        client = sign_in(people.member)
        assert "엑셀로 내려받기" not in text(client.get(URL))
        assert client.get(URL, {"export": "csv"}).status_code == 403


class TestParts:
    def test_htmx_gets_the_list_alone(self, sign_in, people):
        response = sign_in(people.ministry).get(
            URL, {"stage": "GOOD"}, headers={"hx-request": "true", "hx-target": "list-board"}
        )
        assert response.content.decode().lstrip().startswith('<section id="list-board"')
        assert "1건을 찾았습니다" in text(response)

    def test_going_back_cannot_find_the_part_in_the_place_of_the_page(self, sign_in, people):
        assert {"HX-Request", "HX-Target"} <= set(sign_in(people.ministry).get(URL).headers["vary"].split(", "))

    def test_the_map_has_a_table_twin(self, sign_in, people):
        html = sign_in(people.ministry).get(URL).content.decode()
        assert 'aria-label="남도' not in html
        for code, word in [("R48", "주의"), ("R47", "양호")]:
            assert re.search(rf'<a href="/board/\?round=2017H2&amp;sido={code}"[^>]*aria-label="[^"]*{word}', html)
            assert re.search(rf'<th scope="row"><a href="/board/\?round=2017H2&amp;sido={code}">', html)

    def test_the_map_is_drawn_as_the_country_was_divided(self, sign_in, people, situation):
        html = sign_in(people.ministry).get(URL).content.decode()
        assert "광주광역시" in html
        assert "전남광주통합특별시" not in html
        run = a_run(a_round("2026H2"), RunKind.PRELIMINARY)
        a_result(run, situation.south, Stage.GOOD, "1.0")
        html = sign_in(people.ministry).get(URL, {"round": "2026H2"}).content.decode()
        assert "전남광주통합특별시" in html
        assert "광주광역시: " not in html

    def test_the_markup_is_clean(self, sign_in, people):
        html = sign_in(people.ministry).get(URL).content.decode()
        assert " style=" not in html
        assert "<script>" not in html
        assert html.count("<h1") == 1
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids))

    def test_contributions_are_said_in_words(self, sign_in, people):
        html = sign_in(people.ministry).get(URL).content.decode()
        assert 'aria-label="수출액 85.3, 외국인 근로자 0.0, 주민등록인구 0.0"' in html

    def test_addresses_of_the_board_are_named(self):
        assert reverse("dashboards:board") == URL
