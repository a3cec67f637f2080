"""What one quarter added, from the totals of the year so far."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from companies.kicox.flows import by_quarter, quarters_of

Q1, Q2, Q3, Q4 = quarters_of(2025)


def test_quarters_are_the_differences_within_a_year():
    totals = {Q1: Decimal(10), Q2: Decimal(25), Q3: Decimal(25), Q4: Decimal(70)}
    assert by_quarter(totals) == {Q1: 10, Q2: 15, Q3: 0, Q4: 45}
    assert by_quarter({Q4: Decimal(70), date(2026, 3, 1): Decimal(12)}) == {date(2026, 3, 1): 12}


def test_hidden_missing_or_falling_totals_give_no_quarter():
    assert by_quarter({Q1: None, Q2: Decimal(25), Q3: Decimal(30)}) == {Q3: 5}
    assert by_quarter({Q1: Decimal(10), Q3: Decimal(30)}) == {Q1: 10}
    assert by_quarter({Q1: Decimal(10), Q2: Decimal(9)}) == {Q1: 10}


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**15)), min_size=4, max_size=4))
def test_quarters_of_a_fully_known_year_add_up_to_its_total(values):
    totals = dict(zip(quarters_of(2025), (None if v is None else Decimal(v) for v in values), strict=True))
    found = by_quarter(totals)
    assert all(value >= 0 for value in found.values())
    if len(found) == 4:
        assert sum(found.values()) == totals[Q4]
