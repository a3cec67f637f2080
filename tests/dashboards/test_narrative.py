"""The sentences, from records the engine really wrote for 2017 and 2018."""

from copy import deepcopy
from decimal import Decimal

import pytest

from crisis.rules.explain import explain_change
from portal.dashboards import narrative
from portal.dashboards.korean import with_particle
from portal.dashboards.narrative import Indicator, Thresholds
from tests.dashboards.situations import RECORDS

MARKS = Thresholds(Decimal(40), Decimal(70), Decimal(10))
INDICATORS = {
    "EXP": Indicator("EXP", "수출액", False, -1, 12, False),
    "E9": Indicator("E9", "외국인 근로자", False, -1, 1, True),
    "POP": Indicator("POP", "주민등록인구", False, -1, 3, False),
}


def told(key: str) -> str:
    parts = narrative.story(RECORDS[key], INDICATORS, MARKS)
    return "\n".join(sentence for part in parts for sentence in part.sentences)


def changed(key: str, **facts):
    return deepcopy(RECORDS[key]) | facts


def test_ulsan_donggu_in_2017_is_severe_and_says_why():
    words = told("R31170@2017H2")
    assert "위기지수는 85.3점으로 심각 기준(70점) 이상입니다." in words
    assert (
        "외국인 근로자는 2017년 9월 값이 1년 전보다 21.1% 줄었습니다(전국 0.4% 줄어듦). "
        "기업 수가 적어 지역 값 96%에 상위지역 값 4%를 섞었습니다(신뢰도). "
        "반년 전보다 2.0%p 나빠져 그 절반을 더했습니다. 점수 70.7점에 비중 50%를 곱해 35.3점을 보탰습니다." in words
    )
    assert "수출액은 2017년 11월까지 12개월 값이 1년 전 같은 기간보다 27.2% 줄었습니다(전국 15.7% 늘어남)." in words
    assert "절대 관점(1년 전의 자신과 견줌)은 58.1점, 상대 관점(전국과 견줌)은 85.3점입니다." in words
    assert "41가지로 바꾸어 다시 계산하면 100%에서 같은 단계가 나옵니다(견고)." in words
    assert "가장 가까운 기준은 심각(70점)이고, 지수가 그보다 15.3점 높습니다." in words


def test_the_largest_contribution_comes_first():
    parts = {part.title: part.sentences for part in narrative.story(RECORDS["R31170@2017H2"], INDICATORS, MARKS)}
    assert [sentence[:3] for sentence in parts["무엇이 움직였나"]] == ["외국인", "수출액", "주민등"]


def test_a_stage_kept_by_hysteresis_explains_itself():
    words = told("R48820@2017H2")
    assert "위기지수는 33.3점으로 주의 기준(40점) 미만입니다." in words
    assert "이번 회차 자료만 보면 양호 단계입니다. 그러나 지난 회차의 단계가 주의이고" in words
    assert "주의 단계로 둡니다(하향 유보)." in words


def test_an_ordinary_stage_has_no_word_of_hysteresis():
    assert "하향 유보" not in told("R31170@2017H2")


def test_too_little_data_gives_no_stage_and_says_what_lacks():
    words = told("R41670@2017H2")
    assert "쓸 수 있는 지표의 비중이 30%에 그쳐 단계를 정하지 않았습니다." in words
    assert "지난 회차의 모형 단계(양호)를 이어 씁니다." in words
    assert "외국인 근로자: 쓸 수 있는 최근 자료가 없어 뺐습니다." in words
    assert "위기지수는" not in words
    assert "두 관점" not in [part.title for part in narrative.story(RECORDS["R41670@2017H2"], INDICATORS, MARKS)]


def test_too_few_firms_are_named_with_their_number():
    record = changed("R41670@2017H2", reason="TOO_SMALL", n="3", carried=False)
    assert narrative.insufficient(record).startswith("사업체가 너무 적어(3개) 단계를 정하지 않았습니다.")


def test_a_suspect_figure_is_left_out_and_the_reader_told_how_to_mend_it():
    words = told("R48310@2017H2")
    assert "수출액: 1년 전과의 차이(" in words
    assert "값이 맞으면 지표 자료에서 확인 표시를 해 주세요." in words
    assert "수출액은" not in words


def test_growth_is_called_growth_even_where_it_scores():
    assert "수출액은 2018년 5월까지 12개월 값이 1년 전 같은 기간보다 21.8% 늘었습니다" in told("R48310@2018H1")


def test_what_would_tip_the_stage_is_said():
    assert "가장 좋게 보면 주의, 가장 나쁘게 보면 심각입니다." in told("R48310@2018H1")
    assert "가장 좋게 보면" not in told("R31170@2017H2")


def test_below_a_threshold_is_below():
    assert "가장 가까운 기준은 주의(40점)이고, 지수가 그보다 17.5점 낮습니다." in told("R46110@2017H2")


def test_the_nation_has_no_gap():
    assert "절대 관점(1년 전의 자신과 견줌) 0.9점만 씁니다." in told("KR@2017H2")


def test_a_watched_area_is_recommended_for_a_survey():
    assert "현장조사를 권합니다(관찰)" in told("R48870@2017H2")
    assert "관찰" not in told("R46110@2017H2")


def test_the_spread_that_raised_a_stage_is_named():
    record = changed("R31@2017H2", spread={"p1": "55.0", "p2": "22.5", "stage": "SEVERE"}, raw_stage="SEVERE")
    assert narrative.spread(record) == [
        "소속 지역 고용의 55.0%가 주의 이상, 22.5%가 심각 단계에 있습니다. "
        "그래서 지수만 본 단계(주의)보다 나쁜 심각 단계가 됩니다."
    ]
    assert narrative.spread(RECORDS["R31@2017H2"]) == []


def test_flags_are_explained():
    record = changed("R31170@2017H2")
    record["indicators"]["EXP"]["flags"] = ["STALE", "PROVISIONAL"]
    told = narrative.flags(record, INDICATORS)
    assert told == ["수출액: 가장 최근 달의 값이 없어 앞선 달로 계산, 잠정치가 들어 있음."]


def test_what_changed_since_the_last_round():
    explained = explain_change(RECORDS["R48310@2017H2"], RECORDS["R48310@2018H1"])
    assert narrative.changes(explained, INDICATORS) == [
        "지수가 58.3점에서 76.8점으로 18.5점 올랐습니다.",
        "자료 변동 — 수출액: 자료가 새로 들어왔습니다.",
    ]
    back = explain_change(RECORDS["R48310@2018H1"], RECORDS["R48310@2017H2"])
    assert narrative.changes(back, INDICATORS)[0] == "지수가 76.8점에서 58.3점으로 18.5점 내렸습니다."


@pytest.mark.parametrize(
    ("c", "direction", "is_rate", "words"),
    [
        ("3.04", -1, False, "2017년 11월 값이 1년 전보다 3.0% 줄었습니다"),
        ("-3.05", -1, False, "2017년 11월 값이 1년 전보다 3.1% 늘었습니다"),
        ("3.0", 1, True, "2017년 11월 값이 1년 전보다 3.0%p 늘었습니다"),
        ("0.04", -1, False, "2017년 11월 값이 1년 전과 거의 같습니다"),
    ],
)
def test_a_change_is_told_as_it_is_not_as_good_or_bad(c, direction, is_rate, words):
    indicator = Indicator("X", "지표", is_rate, direction, 1, False)
    assert narrative.change_in_words(Decimal(c), indicator, "2017-11") == words


@pytest.mark.parametrize(
    ("word", "pair", "whole"),
    [
        ("수출액", "은/는", "수출액은"),
        ("인구", "은/는", "인구는"),
        ("비전문취업(E-9) 외국인 근로자", "이/가", "비전문취업(E-9) 외국인 근로자가"),
        ("수출액(12개월)", "이/가", "수출액(12개월)이"),
        ("서울", "으로/로", "서울로"),
        ("부산", "으로/로", "부산으로"),
        ("2017", "은/는", "2017은"),
        ("E-9", "이/가", "E-9가"),
        ("", "이/가", "가"),
    ],
)
def test_particles_follow_the_last_sound(word, pair, whole):
    assert with_particle(word, pair) == whole


@pytest.mark.parametrize("key", sorted(RECORDS))
def test_every_real_record_can_be_told_without_a_hole(key):
    words = told(key)
    assert "None" not in words
    assert "%(" not in words
