"""Measures of a back-test: worked by hand, against counting every pair, and on a published panel."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.validation.rules import curves, timing
from crisis.validation.rules.cases import Case, Episode, label, merged, months_later, whole_months
from crisis.validation.rules.report import report, shown

F = Fraction
# Five cases: scores 90 80 80 40 10; a crisis followed the first, the third and the fourth.
FIVE = [(F(90), True), (F(80), False), (F(80), True), (F(40), True), (F(10), False)]


def test_auroc_by_hand():
    # Pairs crisis/calm: 90>80, 90>10, 80=80 (half), 80>10, 40<80, 40>10: 4.5 of 6.
    assert curves.auroc(FIVE) == F(3, 4)


def test_average_precision_by_hand():
    # At 90: recall 1/3, precision 1. At 80: recall +1/3, precision 2/3. At 40: +1/3, precision 3/4.
    assert curves.average_precision(FIVE) == F(1, 3) * (1 + F(2, 3) + F(3, 4))


def test_rates_by_hand():
    found = curves.at_threshold(FIVE, F(80))
    assert (found.hits, found.false_alarms, found.misses, found.calm) == (2, 1, 1, 1)
    assert (found.recall, found.precision, found.false_alarm_rate) == (F(2, 3), F(2, 3), F(1, 2))
    assert found.noise_to_signal == F(3, 4)
    # θ=.5: (.5 - [.5·1/3 + .5·1/2]) / .5 = 1/6;  θ=.7: (.3 - [.7·1/3 + .3·1/2]) / .3 < 0: worse than ignoring it.
    assert found.usefulness(F(1, 2)) == F(1, 6)
    assert found.usefulness(F(7, 10)) == (F(3, 10) - (F(7, 30) + F(3, 20))) / F(3, 10)


def test_thresholds_that_catch_most_with_the_least_noise():
    # All three crises: only T=40 or below; T=40 has NSR 1/2, T=10 has 1. Two of three (.66): T=80 has 3/4, T=40 1/2.
    assert curves.quietest_threshold(FIVE, F(9, 10)) == 40
    assert curves.quietest_threshold(FIVE, F(66, 100)) == 40
    assert curves.quietest_threshold(FIVE, F(1, 3)) == 90


def test_nothing_to_measure_is_none_and_not_zero():
    assert curves.auroc([(F(1), True)]) is None
    assert curves.average_precision([(F(1), False)]) is None
    empty = curves.counts([])
    assert (empty.recall, empty.precision, empty.noise_to_signal, empty.usefulness(F(1, 2))) == (None,) * 4
    assert curves.counts([(False, True), (True, False)]).noise_to_signal is None  # no hit at all


SCORED = st.lists(st.tuples(st.integers(0, 9).map(F), st.booleans()), max_size=40)


@given(SCORED)
def test_auroc_is_the_share_of_pairs_in_the_right_order(scored):
    crises = [score for score, crisis in scored if crisis]
    calm = [score for score, crisis in scored if not crisis]
    pairs = [(a > b) + F(a == b, 2) for a in crises for b in calm]
    assert curves.auroc(scored) == (sum(pairs, F(0)) / len(pairs) if pairs else None)


@given(SCORED)
def test_average_precision_sums_over_every_threshold(scored):
    total = sum(crisis for _, crisis in scored)
    if not total:
        assert curves.average_precision(scored) is None
        return
    area, before = F(0), F(0)
    for threshold in sorted({score for score, _ in scored}, reverse=True):
        above = [crisis for score, crisis in scored if score >= threshold]
        recall = F(sum(above), total)
        area, before = area + (recall - before) * F(sum(above), len(above)), recall
    assert curves.average_precision(scored) == area


@given(SCORED, st.integers(0, 10).map(F))
def test_counts_split_the_cases_and_bound_the_rates(scored, threshold):
    found = curves.at_threshold(scored, threshold)
    assert found.hits + found.false_alarms + found.misses + found.calm == len(scored)
    assert all(rate is None or 0 <= rate <= 1 for rate in (found.recall, found.precision, found.false_alarm_rate))
    useful = found.usefulness(F(1, 2))
    if useful is not None:  # at θ=.5 this is recall less false alarms
        assert useful == found.recall - found.false_alarm_rate


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2008, 12, 31), date(2009, 1, 1), 0),
        (date(2008, 6, 30), date(2009, 1, 1), 6),
        (date(2018, 1, 10), date(2018, 4, 5), 2),
        (date(2018, 1, 10), date(2018, 4, 10), 3),
        (date(2024, 1, 31), date(2024, 2, 29), 1),
    ],
)
def test_whole_months_between_two_days(start, end, months):
    assert whole_months(start, end) == months


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(0, 60))
def test_months_later_and_back_agree(day, months):
    assert whole_months(day, months_later(day, months)) == months


def test_spells_that_touch_are_one():
    a = [Episode("A", date(2018, 4, 5), date(2018, 12, 31)), Episode("A", date(2018, 5, 29), date(2020, 5, 28))]
    assert merged([*a, Episode("B", date(2018, 5, 1))]) == [
        Episode("A", date(2018, 4, 5), date(2020, 5, 28)),
        Episode("B", date(2018, 5, 1)),
    ]
    assert len(merged([Episode("A", date(2013, 1, 1), date(2014, 1, 1)), Episode("A", date(2018, 4, 5))])) == 2


SPELL = {"A": [Episode("A", date(2018, 4, 5), date(2019, 4, 4))]}


@pytest.mark.parametrize(
    ("cutoff", "today", "crisis", "in_crisis"),
    [
        (date(2017, 7, 10), date(2020, 1, 1), True, False),  # begins within twelve months
        (date(2017, 1, 10), date(2020, 1, 1), False, False),  # begins later than that
        (date(2018, 7, 10), date(2020, 1, 1), True, True),  # under way, nine months to go
        (date(2019, 2, 1), date(2020, 6, 1), False, True),  # under way, but nearly over
        (date(2017, 7, 10), date(2018, 1, 1), None, False),  # the year is not over and nothing has come yet
        (date(2018, 1, 10), date(2018, 5, 1), True, False),  # the year is not over but it has come
    ],
)
def test_labels_look_a_year_ahead(cutoff, today, crisis, in_crisis):
    found = label("A", cutoff, SPELL, horizon=12, today=today)
    assert (found.crisis, found.in_crisis) == (crisis, in_crisis)


ROUNDS = [(f"R{n}", date(2010 + n // 2, 1 + 6 * (n % 2), 10)) for n in range(8)]


def line(area, stages, crisis=False):
    return [
        Case(area, n, None if stage is None else F({"G": 10, "C": 50, "S": 90}[stage]),
             None if stage is None else {"G": "GOOD", "C": "CAUTION", "S": "SEVERE"}[stage], crisis)
        for n, stage in enumerate(stages)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stages", "lead"),
    [
        ("GGGGGGGG", None),
        ("GGGGCGGG", 3),  # round 4 is of 2012-01-10, the onset of 2012-05-01
        ("GGCCCGGG", 15),
        ("GCGCCGGG", 9),  # the break at round 2 ends the run
        ("CCCCCGGG", 21),  # four rounds at most: since 2010-07-10
        ("GGGCGGGG", None),  # alarmed once, but not at the last round before
    ],
)
def test_lead_is_the_unbroken_run_of_alarms_before_the_onset(stages, lead):
    (found,) = timing.onsets(line("A", stages), [Episode("A", date(2012, 5, 1))], [day for _, day in ROUNDS])
    assert (found.lead_months, found.alarmed, found.round) == (lead, lead is not None, 4)


def test_onsets_without_a_round_before_them_are_not_counted():
    days = [day for _, day in ROUNDS]
    before = [Episode("A", date(2009, 5, 1)), Episode("A", date(2016, 1, 1)), Episode("ELSEWHERE", date(2012, 5, 1))]
    assert timing.onsets(line("A", "CCCCCCCC"), before, days) == []


def test_changes_and_reversals_by_hand():
    # C>G>C is a change undone at once; G>C>S goes on; the gap breaks the line.
    calm = timing.restlessness([*line("A", "GCGGCSSG"), *line("B", "GG"), *line("C", [*"GC", None, *"GG"])])
    assert (calm.pairs, calm.changes, calm.reversals) == (7 + 1 + 2, 5 + 0 + 1, 1)
    assert calm.per_year(calm.changes) == F(6 * 2, 10)


def test_a_report_counts_only_what_can_be_judged():
    cases = [
        *line("A", "CC", crisis=True),
        *line("B", "GG"),
        Case("C", 0, None, None, True),
        Case("D", 1, F(50), "CAUTION", None),
    ]
    found = report(cases, [Episode("A", date(2010, 9, 1))], ROUNDS[:2])
    assert (found["cases"], found["without_stage"], found["label_open"], found["crises"]) == (4, 1, 1, 2)
    assert (found["auroc"], found["recall"], found["precision"], found["noise_to_signal"]) == (
        "1.000",
        "1.000",
        "1.000",
        "0.000",
    )
    assert (found["onsets"], found["onsets_alarmed"], found["mean_lead_months"]) == (1, 1, "7.0")
    assert found["by_stage"]["CAUTION"] == {"cases": 2, "crises": 2, "share": "1.000"}
    assert [row["alarms"] for row in found["by_round"]] == [1, 2]
    assert found["small"] is True
    assert [row["threshold"] for row in found["thresholds"] if row["own"]] == ["40.0"]


def test_figures_are_rounded_half_away_from_zero():
    assert [shown(F(5, 10000)), shown(F(-5, 10000)), shown(F(1, 3)), shown(None)] == ["0.001", "-0.001", "0.333", None]
