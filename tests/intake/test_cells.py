"""What people write into cells: read as meant, or refused in words."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.intake import cells

SEPTEMBER = date(2025, 9, 1)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234", 1234),
        ("1,234", 1234),
        ("1,234,567.5", Decimal("1234567.5")),
        ("-5", -5),
        ("△5", -5),
        ("▲1,000", -1000),
        ("−3.2", Decimal("-3.2")),
        ("１２３", 123),
        ("\xa0 12 \u200b", 12),
        ("+7", 7),
        (583.0, 583),
        (12, 12),
        (0.1 + 0.2, Decimal("0.3")),
        (1 / 3, Decimal("0.333333")),
        ("'-5", -5),
        ("0", 0),
        (1e15, 10**15),
        ("△ 5", -5),
        ("-", None),
        ("–", None),
        ("X", None),
        ("x", None),
        ("Ｘ", None),
        ("미제공", None),
        ("비공개", None),
        ("…", None),
        ("*", None),
    ],
)
def test_numbers_as_they_are_written(cell, value):
    assert cells.number(cell) == value


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("(1,234)", "괄호"),
        ("1,23", "쉼표"),
        ("1.23E+11", "자릿수"),
        ("12%", "단위를 빼고"),
        ("583명", "단위를 빼고"),
        ("약간", "숫자가 아닙니다"),
        (True, "숫자를"),
        (date(2025, 9, 1), "서식"),
        ("#N/A", "엑셀 오류값"),
        ("#DIV/0!", "엑셀 오류값"),
        ("1.2.3", "숫자가 아닙니다"),
        ("Infinity", "숫자가 아닙니다"),
        ("nan", "숫자가 아닙니다"),
        ("１_000", "숫자가 아닙니다"),
    ],
)
def test_what_could_mean_two_things_is_no_number(cell, word):
    with pytest.raises(ValueError, match=word):
        cells.number(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "2025-09",
        "2025-9",
        "2025.9",
        "2025. 9.",
        "2025.09",
        "2025/09",
        "2025년 9월",
        "2025년9월",
        "202509",
        202509,
        202509.0,
        2025.9,
        "２０２５．０９",
        "2025Q3",
        "2025q3",
        "2025-Q3",
        "2025 3Q",
        "2025년 3분기",
        "2025년 3/4분기",
        "2025. 3/4",
        "2025.3/4분기",
        datetime(2025, 9, 17),
        date(2025, 9, 1),
        45901,
        45901.0,
        "2025-09-01",
        "2025.9.1",
        "2025. 9. 1.",
        "2025/9/1",
        "20250901",
        "2025년 9월 1일",
        "2025-09-01 00:00:00",
        "2025-09-01T00:00:00",
    ],
)
def test_months_as_they_are_written(cell):
    assert cells.month(cell) == SEPTEMBER


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2025H1", date(2025, 6, 1)),
        ("2025년 상반기", date(2025, 6, 1)),
        ("2025 하반기", date(2025, 12, 1)),
        ("2025.10", date(2025, 10, 1)),
        ("2025.01", date(2025, 1, 1)),
        (2025.11, date(2025, 11, 1)),
    ],
)
def test_halves_and_two_digit_months(cell, found):
    assert cells.month(cell) == found


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("2025.1", "1월인지 10월인지"),
        (2025.1, "1월인지 10월인지"),
        ("25-09", "읽을 수 없습니다"),
        ("2025-13", "달력에 없는"),
        ("2025-00", "달력에 없는"),
        ("9월", "읽을 수 없습니다"),
        ("", "읽을 수 없습니다"),
        (True, "2025-09처럼"),
        ("0025-09", "연도"),
        (2025, "읽을 수 없습니다"),
        ("2025Q5", "읽을 수"),
        ("45901", "읽을 수 없습니다"),
    ],
)
def test_what_could_be_two_months_is_none(cell, word):
    with pytest.raises(ValueError, match=word):
        cells.month(cell)


@pytest.mark.parametrize(
    ("cell", "found"),
    [("○", True), ("O", True), ("예", True), (1.0, True), (True, True), ("", False), (None, False), ("X", False)],
)
def test_flags(cell, found):
    assert cells.flag(cell) is found


def test_words_of_a_list():
    read = cells.one_of({"잠정": "PRELIM", "p": "PRELIM", "확정": "FINAL"}, default="FINAL")
    assert (read("잠정"), read("P"), read(""), read(" 확정 ")) == ("PRELIM", "PRELIM", "FINAL", "FINAL")
    with pytest.raises(ValueError, match="쓸 수 있는 말: 잠정"):
        read("아마")


def test_codes_and_texts():
    assert cells.code("ｒ48310 ") == "R48310"
    assert cells.code(48310.0) == "48310"
    assert cells.text("'=1+1") == "=1+1"
    assert cells.text("가\u00a0나\n다") == "가 나 다"


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.datetimes(), st.dates(), st.none()))
def test_no_cell_breaks_a_reader(cell):
    for read in (cells.text, cells.code, cells.number, cells.month, cells.day, cells.flag, cells.one_of({"가": "A"})):
        try:
            found = read(cell)
        except ValueError as said:
            found = str(said)
            assert found, "a cell is refused with a sentence"
        assert not isinstance(found, float), "what is kept is exact"
