"""Metrics at their boundaries: windows of young firms, gaps, growth two ways, shares with a part missing."""

from datetime import date
from fractions import Fraction

import pytest

from companies.tiers import rules
from companies.tiers.rules.metrics import METRICS, _root

ON = date(2026, 5, 1)


def facts(years=None, **more):
    given = {year: rules.Year(year, **items) for year, items in (years or {}).items()}
    return rules.Facts(on=more.pop("on", ON), base_year=more.pop("base_year", 2025), years=given, **more)


def sales(**by_year):
    return {int(year[1:]): {"sales": value} for year, value in by_year.items()}


class TestAverages:
    def test_three_years_are_averaged_exactly(self):
        found = rules.read("SALES_AVERAGE", facts(sales(y2023=1, y2024=1, y2025=2)))
        assert found.value == Fraction(4, 3)
        assert [row["year"] for row in found.inputs] == [2023, 2024, 2025]

    def test_a_year_without_a_figure_is_unknown_and_named_not_nought(self):
        found = rules.read("SALES_AVERAGE", facts(sales(y2023=1, y2025=2)))
        assert (found.value, found.reason) == (None, "자료 없음: 2024년 매출액")

    def test_a_figure_of_nought_counts(self):
        assert rules.read("SALES_AVERAGE", facts(sales(y2023=0, y2024=0, y2025=3))).value == 1

    @pytest.mark.parametrize(
        ("founded", "expected"),
        [
            (date(2022, 12, 31), Fraction(100 + 20 + 3, 3)),
            (date(2023, 1, 1), Fraction(100 + 20 + 3, 3)),  # in business on the first day: a whole year
            (date(2023, 1, 2), Fraction(20 + 3, 2)),
            (date(2024, 6, 1), Fraction(3)),
            (date(2025, 2, 1), Fraction(3)),  # nothing but the founding year
        ],
    )
    def test_a_young_firm_is_averaged_over_its_whole_years(self, founded, expected):
        found = rules.read("SALES_AVERAGE", facts(sales(y2023=100, y2024=20, y2025=3), founded_on=founded))
        assert found.value == expected

    def test_a_firm_without_a_closed_year_is_unknown(self):
        found = rules.read("SALES_AVERAGE", facts(founded_on=date(2026, 1, 5)))
        assert (found.value, found.reason) == (None, "결산한 사업연도가 아직 없음")


class TestGrowth:
    def test_mean_growth_is_the_mean_of_yearly_rates_and_cagr_is_compound(self):
        grown = facts(sales(y2023=100, y2024=200, y2025=100))
        assert rules.read("SALES_GROWTH", grown, 2).value == 25  # (+100 % − 50 %) / 2
        assert rules.read("SALES_CAGR", grown, 2).value == 0

    def test_cagr_is_compared_exactly_where_its_root_is_not_rational(self):
        # 100 → 200 over two years is the square root of two: 41.42135623730950…
        grown = facts(sales(y2023=100, y2024=1, y2025=200))
        found = rules.read("SALES_CAGR", grown, 2)
        assert found.compound is not None
        for text, outcome in (("41.421356", rules.MET), ("41.421357", rules.NOT_MET)):
            tree = rules.parse({"metric": "SALES_CAGR", "years": 2, "operator": "GE", "value": text})
            assert rules.evaluate(tree, grown).outcome == outcome

    def test_cagr_of_exactly_the_threshold_is_met(self):
        grown = facts(sales(y2024=100, y2025=110))
        tree = rules.parse({"metric": "SALES_CAGR", "years": 1, "operator": "GE", "value": 10})
        assert rules.evaluate(tree, grown).outcome == rules.MET

    def test_growth_from_nought_is_unknown(self):
        found = rules.read("SALES_GROWTH", facts(sales(y2024=0, y2025=5)), 1)
        assert (found.value, found.reason) == (None, "2024년 매출액이(가) 0이라 증가율을 계산할 수 없음")

    def test_a_firm_with_one_whole_year_has_no_growth_yet(self):
        young = facts(sales(y2024=5, y2025=9), founded_on=date(2024, 2, 1))
        assert rules.read("SALES_GROWTH", young).reason == "증가율을 계산할 두 사업연도가 아직 없음"

    @pytest.mark.parametrize(("ratio", "degree"), [(Fraction(2), 2), (Fraction(1, 3), 5), (Fraction(10**12), 3)])
    def test_the_root_shown_is_the_largest_that_does_not_exceed(self, ratio, degree):
        root = _root(ratio, degree)
        assert root**degree <= ratio < (root + Fraction(1, 10**8)) ** degree


class TestShares:
    def test_indirect_exports_count(self):
        row = {"sales": 100, "exports_direct": 10, "exports_indirect": 5}
        found = rules.read("EXPORT_SHARE", facts(dict.fromkeys((2023, 2024, 2025), row)))
        assert found.value == 15

    def test_direct_exports_alone_can_say_yes_but_never_no(self):
        known = facts({year: {"sales": 100, "exports_direct": 12} for year in (2023, 2024, 2025)})
        found = rules.read("EXPORT_SHARE", known)
        assert (found.value, found.at_least) == (None, 12)
        for value, outcome in ((12, rules.MET), (13, rules.UNKNOWN)):
            tree = rules.parse({"metric": "EXPORT_SHARE", "operator": "GE", "value": value})
            assert rules.evaluate(tree, known).outcome == outcome

    def test_the_share_of_several_years_is_sum_over_sum(self):
        found = rules.read(
            "RND_RATIO",
            facts({2023: {"sales": 100, "rnd": 10}, 2024: {"sales": 300, "rnd": 0}, 2025: {"sales": 0, "rnd": 0}}),
        )
        assert found.value == Fraction(10 * 100, 400)

    def test_no_sales_at_all_is_unknown(self):
        nothing = facts({year: {"sales": 0, "rnd": 0} for year in (2023, 2024, 2025)})
        assert rules.read("RND_RATIO", nothing).reason == "매출액 합계가 0이라 비율을 계산할 수 없음"


class TestOthers:
    @pytest.mark.parametrize(
        ("on", "met"), [(date(2026, 5, 1), True), (date(2026, 5, 2), False), (date(2020, 5, 1), True)]
    )
    def test_seven_years_end_on_the_seventh_anniversary(self, on, met):
        tree = rules.parse({"metric": "AGE", "operator": "LE", "value": 7})
        assert (rules.evaluate(tree, facts(on=on, founded_on=date(2019, 5, 1))).outcome == rules.MET) is met

    def test_an_age_counts_the_leap_day_as_the_first_of_march(self):
        leap = facts(on=date(2025, 2, 28), founded_on=date(2024, 2, 29))
        assert Fraction(364, 366) < rules.read("AGE", leap).value < 1
        assert rules.read("AGE", facts(on=date(2025, 3, 1), founded_on=date(2024, 2, 29))).value == 1

    def test_patents_filed_and_registered_count_each_per_year(self):
        held = (*tuple((date(year, 6, 1), "출원") for year in (2022, 2023, 2024, 2025)), (date(2025, 7, 1), "등록"))
        assert rules.read("PATENTS", facts(patents=held)).value == Fraction(4, 3)

    def test_what_nobody_stated_is_unknown_and_what_somebody_stated_is_not(self):
        assert rules.read("TAX_ARREARS", facts()).value is None
        stated = {"TAX_ARREARS": rules.Stated(False, "납세증명서")}
        assert rules.read("TAX_ARREARS", facts(stated=stated)).value is False

    def test_every_metric_answers_a_firm_of_which_nothing_is_known(self):
        for metric in METRICS.values():
            found = rules.read(metric.code, facts())
            assert found.value is not None or found.reason, metric.code
            assert metric.read.__doc__, metric.code
