"""Figures, money, days and periods in words."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from portal.kernel import display


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1234567, None, "1,234,567"),
        (Decimal("-3.25"), 1, "△3.3"),
        (Decimal("2.25"), 1, "2.3"),
        (Decimal("-0.04"), 1, "0.0"),
        (Decimal("12.500"), None, "12.5"),
        (Decimal("1E+3"), None, "1,000"),
        (0, None, "0"),
        (None, 1, "–"),
        ("", None, "–"),
        ("자료 없음", None, "–"),
        (float("nan"), 1, "–"),
    ],
)
def test_numbers_round_half_up_and_mark_a_decrease(value, places, text):
    assert display.number(value, places) == text


def test_money_is_whole_won_counted_in_the_unit_asked_for():
    assert display.won(12345678) == "12,345,678원"
    assert display.money(1_234_500_000) == "1,235백만원"
    assert display.money_bare(1_234_500_000, "천원") == "1,234,500"
    assert display.money(431_700_000_000, "억원") == "4,317.0억원"
    assert display.money(-5_000_000) == "△5백만원"
    with pytest.raises(KeyError):
        display.money(1, "만원")


@pytest.mark.parametrize(
    ("value", "korean", "english"),
    [
        ("2017-11", "2017년 11월", "Nov 2017"),
        (date(2017, 11, 1), "2017년 11월", "Nov 2017"),
        ("2017Q4", "2017년 4분기", "Q4 2017"),
        ("2017-Q4", "2017년 4분기", "Q4 2017"),
        ("2017H1", "2017년 상반기", "H1 2017"),
        ("2017h2", "2017년 하반기", "H2 2017"),
        ("2017", "2017년", "2017"),
        ("2017-13", "2017-13", "2017-13"),
        ("시범 회차", "시범 회차", "시범 회차"),
        (None, "–", "–"),
    ],
)
def test_periods_in_words(value, korean, english):
    assert display.period(value) == korean
    with translation.override("en"):
        assert display.period(value) == english


def test_a_moment_is_read_in_korea():
    late = datetime(2026, 1, 30, 15, 30, tzinfo=UTC)
    assert display.day(late) == "2026. 1. 31."
    assert display.moment(late) == "2026. 1. 31. 00:30"
    with translation.override("en"):
        assert display.day(late) == "31 Jan 2026"


def test_a_stage_without_a_value_is_on_hold():
    assert [display.stage_word(v) for v in ("GOOD", "CAUTION", "SEVERE", None, "")] == [
        "양호",
        "주의",
        "심각",
        "판정보류",
        "판정보류",
    ]
