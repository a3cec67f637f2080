"""Arithmetic and policy without a database: index, sampling, questionnaires, hidden cells."""

from collections import Counter
from decimal import Decimal

import pytest

from crisis.fieldwork.enums import NEXT_STATES, CampaignState
from crisis.fieldwork.rules import sampling, tables
from crisis.fieldwork.rules.index import bsi, share
from crisis.fieldwork.rules.questionnaire import faults, parse, read_several

BODY = {
    "topics": [{"code": "economy", "label": "경기"}],
    "multiple": [{"code": "causes", "label": "원인", "most": 2, "choices": [["A", "내수"], ["B", "수출"], ["C", "인력"]]}],
    "texts": [{"code": "opinion", "label": "의견"}],
    "smallest": 5, "feeds": {"indicator": "BSI", "item": "economy_next"},
}  # fmt: skip
FORM = parse(BODY)


@pytest.mark.parametrize(("told", "index"), [
    ((5, 0, 0), "200.0"), ((0, 0, 4), "0.0"), ((0, 7, 0), "100.0"), ((3, 3, 3), "100.0"), ((1, 1, 4), "50.0"),
    ((1, 5, 0), "116.7"), ((0, 0, 0), None),
])  # fmt: skip
def test_the_index_runs_from_0_to_200_about_100(told, index):
    assert bsi(*told) == (Decimal(index) if index else None)


def test_a_share_of_nothing_is_nothing_and_counts_are_never_negative():
    assert (share(1, 3), share(0, 0)) == (Decimal("33.3"), None)
    with pytest.raises(ValueError, match="negative"):
        bsi(-1, 0, 0)


def test_a_sample_is_the_same_for_the_same_seed_and_moves_nobody_when_the_register_grows():
    strata = {"S": range(60), "M": range(100, 130), "L": [999]}
    once = sampling.drawn(strata, "씨앗", size=10, percent=None)
    assert once == sampling.drawn(
        {"L": [999], "M": range(100, 130), "S": reversed(range(60))}, "씨앗", size=10, percent=None
    )
    assert once != sampling.drawn(strata, "다른 씨앗", size=10, percent=None)
    assert {name: len(keys) for name, keys in once.items()} == {"S": 6, "M": 3, "L": 1}
    before, after = sampling.line(range(60), "x"), sampling.line(range(61), "x")
    assert before == [key for key in after if key != 60]


@pytest.mark.parametrize(("size", "percent", "asked"), [(50, None, 31), (5, None, 5), (None, 10, 4), (None, 100, 31)])
def test_a_size_or_a_share_rounded_up_never_more_than_there_are(size, percent, asked):
    assert sampling.wanted(31, size=size, percent=percent) == asked
    with pytest.raises(ValueError, match="either"):
        sampling.wanted(31, size=3, percent=3)


def test_a_sample_goes_round_the_strata_and_to_nobody_in_an_empty_one():
    assert sampling.allotted({"S": 97, "M": 2, "L": 1, "X": 0}, 3) == {"S": 1, "M": 1, "L": 1, "X": 0}
    assert sampling.allotted({"S": 97, "M": 2, "L": 1}, 2) == {"S": 1, "M": 1, "L": 0}
    assert sum(sampling.allotted({"a": 7, "b": 7, "c": 7}, 10).values()) == 10
    assert sampling.allotted({}, 5) == {}


def test_every_fault_of_a_questionnaire_is_told_at_once():
    with pytest.raises(ValueError, match="주제") as told:
        parse({
            "topics": [{"code": "Bad", "label": ""}, {"code": "sales", "label": "매출", "words": ["가", "가", "나"]}],
            "multiple": [{"code": "x", "label": "원인", "choices": [["A", "가,나"], ["A", "다"]]}],
            "smallest": 1, "feeds": {"indicator": "BSI", "item": "nothing"},
        })  # fmt: skip
    text = str(told.value)
    for word in ("1번째 주제", "2번째 주제", "쉼표", "겹칩니다", "3부터 50까지", "‘nothing’"):
        assert word in text


def test_answers_are_judged_whole_only_when_handed_in():
    assert faults(FORM, {}, complete=False) == {}
    assert set(faults(FORM, {}, complete=True)) == {"economy_now", "economy_next"}
    assert set(faults(FORM, {"economy_now": "UP", "causes": ["Z"]}, complete=False)) == {"economy_now", "causes"}
    assert read_several(FORM.multiples[0], "수출, 내수") == ["A", "B"]
    with pytest.raises(ValueError, match="2개까지"):
        read_several(FORM.multiples[0], ["A", "B", "C"])


def sheet(told, *causes):
    return {"economy_now": told, "economy_next": told, "causes": list(causes)}


def found(answers):
    return {(cell.place, cell.kind, cell.question, cell.option): cell for cell in tables.cells(FORM, answers)}


def test_a_small_cluster_is_hidden_and_another_with_it_so_that_the_total_does_not_tell():
    rows = found({1: [sheet("BETTER", "A")] * 20, 2: [sheet("WORSE", "A")] * 8, 3: [sheet("WORSE", "A")] * 2})
    secret = {place for place in (1, 2, 3, 0) if rows[place, "INDEX", "economy_next", ""].secret}
    assert secret == {2, 3}
    assert rows[1, "INDEX", "economy_next", ""].value == Decimal("200.0")
    assert {place for place in (1, 2, 3, 0) if rows[place, "ANSWERED", "", ""].secret} == {2, 3}
    # 100 × (20 - 10) / 30 + 100: of everybody, the hidden too.
    assert rows[0, "INDEX", "economy_next", ""].value == Decimal("133.3")


def test_an_option_few_chose_or_few_left_out_is_hidden():
    rows = found({1: [sheet("SAME", "A")] * 9 + [sheet("SAME", "A", "B")] * 2, 2: [sheet("SAME", "A")] * 30})
    assert rows[1, "CHOSEN", "causes", "B"].secret  # two chose it
    assert not rows[1, "CHOSEN", "causes", "A"].secret  # all did
    almost = found({1: [sheet("SAME", "A")] * 9 + [sheet("SAME", "B")] * 2, 2: [sheet("SAME", "A")] * 30})
    assert almost[1, "CHOSEN", "causes", "A"].secret  # all but two


def test_what_is_shown_never_gives_a_small_count_away():
    """Whatever can be added and taken away of published counts of one table, no hidden count below five comes out."""
    answers = {place: [sheet("BETTER", "A")] * n for place, n in {1: 12, 2: 6, 3: 5, 4: 1}.items()}
    rows = found(answers)
    hidden = [rows[place, "ANSWERED", "", ""].base for place in answers if rows[place, "ANSWERED", "", ""].secret]
    assert len(hidden) >= 2
    assert sum(hidden) >= FORM.smallest
    assert Counter(hidden)[1] == 1
    assert all(cell.secret for key, cell in rows.items() if key[0] == 4)


def test_states_go_forward_only_and_each_is_reached():
    assert set(NEXT_STATES) == set(CampaignState.values)
    assert {state for steps in NEXT_STATES.values() for state in steps} == set(CampaignState.values) - {"DRAFT"}
