"""Terms and anniversaries at their boundaries."""

from datetime import date

import pytest

from crisis.support_areas import rules


@pytest.mark.parametrize(
    ("start", "last", "faulty"),
    [
        (date(2026, 3, 2), date(2028, 3, 1), set()),
        (date(2026, 3, 2), date(2028, 3, 2), {"ends_on"}),
        (date(2026, 3, 2), date(2026, 3, 1), {"ends_on"}),
        (date(2024, 2, 29), date(2026, 2, 27), set()),
        (date(2024, 2, 29), date(2026, 2, 28), {"ends_on"}),
    ],
)
def test_a_term_is_at_most_two_years(start, last, faulty):
    assert set(rules.faults_of_term(start, last, years=2)) == faulty


def test_an_extension_follows_on_without_a_gap():
    after = date(2028, 3, 1)
    assert rules.faults_of_term(date(2028, 3, 2), date(2030, 3, 1), years=2, after=after) == {}
    assert set(rules.faults_of_term(date(2028, 3, 3), date(2030, 3, 1), years=2, after=after)) == {"starts_on"}


def test_reports_are_due_on_each_anniversary_of_the_designation():
    days = list(rules.report_days(date(2026, 3, 2), date(2030, 3, 1)))
    assert days == [(n, date(2026 + n, 3, 2)) for n in (1, 2, 3, 4)]
    assert list(rules.report_days(date(2024, 2, 29), date(2026, 2, 28))) == [
        (1, date(2025, 2, 28)),
        (2, date(2026, 2, 28)),
    ]
