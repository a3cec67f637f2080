"""Criteria trees: every fault at once, three-valued groups, words and hashes."""

import random
from datetime import date
from fractions import Fraction

import pytest

from companies.tiers import rules

M, N, U = rules.MET, rules.NOT_MET, rules.UNKNOWN


def facts(**stated):
    given = {name: rules.Stated(value) for name, value in stated.items()}
    return rules.Facts(on=date(2026, 5, 1), base_year=2025, stated=given)


def flag(code, value=True):
    return {"metric": code, "operator": "IS", "value": value}


KNOWN = {M: True, N: False, U: None}
CODES = ("STAR_COMPANY", "OUTSIDE_LINK", "SALES_TEST")


@pytest.mark.parametrize(
    ("k", "members", "outcome"),
    [
        (3, (M, M, M), M), (3, (M, M, U), U), (3, (M, U, N), N), (3, (N, N, N), N),
        (1, (N, N, U), U), (1, (N, N, N), N), (1, (U, U, M), M),
        (2, (M, M, N), M), (2, (M, M, U), M), (2, (M, U, N), U), (2, (M, N, N), N), (2, (U, U, N), U), (2, (U, N, N), N),
    ],
)  # fmt: skip
def test_a_group_is_met_or_not_only_when_no_unknown_could_turn_it(k, members, outcome):
    known = {code: KNOWN[m] for code, m in zip(CODES, members, strict=True) if m != U}
    tree = rules.parse({"k": k, "of": [flag(code) for code in CODES]})
    assert rules.evaluate(tree, facts(**known)).outcome == outcome
    assert rules.Evaluator(facts(**known)).verdict(tree) == outcome


def test_a_glance_says_what_the_whole_evaluation_says():
    draw = random.Random(20261122)

    def grown(depth):
        if depth == 0 or draw.random() < 0.4:
            return flag(draw.choice(CODES), draw.random() < 0.5)
        members = [grown(depth - 1) for _ in range(draw.randint(1, 4))]
        return {"k": draw.randint(1, len(members)), "of": members}

    seen = set()
    for _ in range(400):
        tree = rules.parse(grown(3))
        known = {code: value for code in CODES if (value := draw.choice([True, False, None])) is not None}
        evaluator = rules.Evaluator(facts(**known))
        assert evaluator.verdict(tree) == evaluator.outcome(tree).outcome
        seen.add(evaluator.verdict(tree))
    assert seen == {M, N, U}


def test_all_and_any_are_groups_that_need_every_member_and_one():
    both = {"all": [flag(code) for code in CODES]}, {"any": [flag(code) for code in CODES]}
    assert [rules.evaluate(rules.parse(body), facts(STAR_COMPANY=True)).outcome for body in both] == [U, M]
    assert [rules.evaluate(rules.parse(body), facts(STAR_COMPANY=False)).outcome for body in both] == [N, U]


def test_every_fault_is_told_at_once_with_its_place():
    body = {
        "all": [
            {"metric": "SALES", "operator": "GE", "value": 1},
            {"metric": "EMPLOYEES", "operator": "IS", "value": 0.5},
            {"metric": "EMPLOYEES", "years": 3, "operator": "GE", "value": "많이"},
            {"k": 3, "of": [flag("STAR_COMPANY"), flag("SALES_TEST", "yes")]},
            {"any": []},
            {"all": [flag("SALES_TEST")], "any": [flag("SALES_TEST")]},
            {"metric": "AGE", "operator": "LE", "value": 7, "unit": "년"},
            "EMPLOYEES >= 10",
            {"metric": "EMPLOYEES", "operator": "GE"},
        ]
    }
    with pytest.raises(rules.CriteriaError) as caught:
        rules.parse(body)
    assert [fault.path for fault in caught.value.faults] == [
        "all[0].metric", "all[1].operator", "all[1].value", "all[2].years", "all[2].value", "all[3].of[1].value",
        "all[3].k", "all[4].any", "all[5]", "all[6]", "all[7]", "all[8].value",
    ]  # fmt: skip
    assert all(fault.message.endswith("다.") or "항목" in fault.message for fault in caught.value.faults)


def test_a_floating_point_number_is_refused_and_decimal_text_is_exact():
    with pytest.raises(rules.CriteriaError):
        rules.parse({"metric": "RND_RATIO", "operator": "GE", "value": 0.1})
    tree = rules.parse({"metric": "RND_RATIO", "operator": "GE", "value": "0.1"})
    assert tree.value == Fraction(1, 10)


def test_too_deep_and_too_long_trees_are_refused():
    deep = flag("SALES_TEST")
    for _ in range(7):
        deep = {"all": [deep]}
    with pytest.raises(rules.CriteriaError, match="겹"):
        rules.parse(deep)
    with pytest.raises(rules.CriteriaError, match="60개"):
        rules.parse({"any": [flag("SALES_TEST")] * 61})


@pytest.mark.parametrize(
    ("operator", "value", "certified", "outcome"),
    [
        ("ANY_OF", ["VENTURE"], {"VENTURE", "LAB"}, M), ("ANY_OF", ["ROOT"], {"VENTURE"}, N),
        ("ALL_OF", ["VENTURE", "LAB"], {"VENTURE", "LAB"}, M), ("ALL_OF", ["VENTURE", "LAB"], {"VENTURE"}, N),
        ("NONE_OF", ["ROOT"], {"VENTURE"}, M), ("NONE_OF", ["ROOT"], {"ROOT"}, N),
    ],
)  # fmt: skip
def test_words_are_compared_as_sets(operator, value, certified, outcome):
    tree = rules.parse({"metric": "CERTIFICATIONS", "operator": operator, "value": value})
    firm = rules.Facts(on=date(2026, 5, 1), base_year=2025, certifications=frozenset(certified))
    assert rules.evaluate(tree, firm).outcome == outcome


def test_papers_asked_for_at_review_do_not_count_against_a_firm_that_is_only_looked_for():
    tree = rules.parse({"all": [{**flag("TAX_ARREARS", False), "at_review": True}, flag("STAR_COMPANY")]})
    for known, searching, outcome in [
        ({"STAR_COMPANY": True}, True, M),
        ({"STAR_COMPANY": True}, False, U),
        ({"STAR_COMPANY": True, "TAX_ARREARS": True}, True, N),
        ({"TAX_ARREARS": False}, True, U),
    ]:
        assert rules.Evaluator(facts(**known), searching=searching).outcome(tree).outcome == outcome


def test_the_words_of_a_condition_name_metric_window_value_and_sense():
    tree = rules.parse({"metric": "SALES_AVERAGE", "operator": "LT", "value": 40_000_000_000})
    assert rules.condition_text(tree) == "평균 매출액(3년) 400억원 미만"


def test_what_stands_in_the_way_is_told_condition_by_condition():
    tree = rules.parse({"all": [flag("STAR_COMPANY"), flag("TAX_ARREARS", False)]})
    told = list(rules.standing_in_the_way(rules.evaluate(tree, facts(STAR_COMPANY=False))))
    assert told == [
        "지역스타기업: 예 – 미충족(아니오)",
        "국세·지방세 체납: 아니오 – 확인 필요(‘국세·지방세 체납’ 확인 서류가 없음)",
    ]


def test_the_hash_is_of_the_meaning_not_of_the_spelling():
    assert rules.digest({"b": 1, "a": "가"}) == rules.digest({"a": "가", "b": 1})
    assert rules.digest({"a": 1}) != rules.digest({"a": "1"})


def test_the_evidence_sheet_carries_value_inputs_and_reason_without_floats():
    years = {year: rules.Year(year, sales=10, employees=1, sources={"sales": "TAX"}) for year in (2023, 2024, 2025)}
    firm = rules.Facts(on=date(2026, 5, 1), base_year=2025, years=years)
    tree = rules.parse({"all": [{"metric": "SALES_AVERAGE", "operator": "GE", "value": 5}, flag("TAX_ARREARS", False)]})
    sheet = rules.sheet(rules.evaluate(tree, firm), firm, criteria="c", criteria_sha256="s")
    average, arrears = sheet["result"]["members"]
    assert (sheet["outcome"], average["outcome"], average["value"]) == (U, M, 10)
    assert average["inputs"][0] | {"source": "TAX"} == average["inputs"][0]
    assert arrears["reason"] == "‘국세·지방세 체납’ 확인 서류가 없음"
    assert "." not in rules.canonical(sheet["result"]["members"][0]["inputs"])


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (Fraction(4999, 1000), "PERCENT", "4.999%"),
        (Fraction(4_999_999_999, 1_000_000_000), "PERCENT", "5%보다 조금 작음"),
        (Fraction(5), "PERCENT", "5%"),
        (Fraction(6), "PERCENT", "6%"),
        (Fraction(5_000_000_001, 1_000_000_000), "PERCENT", "5%보다 조금 큼"),
    ],
)
def test_a_value_is_never_rounded_onto_the_threshold_it_missed(value, kind, text):
    from companies.tiers.rules.words import beside

    assert beside(value, Fraction(5), kind) == text
