"""Business and corporate numbers: form, check digit, writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies import rules


@pytest.mark.parametrize("number", ["1248100998", "2208162517", "1208147521"])
def test_known_business_numbers_check(number):
    assert rules.business_number_checks(number)


@pytest.mark.parametrize("number", ["1234567890", "0100888833", "0101038103", "1018168693", "1208621043"])
def test_numbers_with_a_wrong_check_digit_do_not(number):
    assert not rules.business_number_checks(number)


@pytest.mark.parametrize("number", ["1301110006246", "1101111707178", "1101110085450"])
def test_known_corporate_numbers_check(number):
    assert rules.corporate_number_checks(number)
    assert not rules.corporate_number_checks(number[:12] + str((int(number[12]) + 1) % 10))


@given(st.integers(0, 10**9 - 1), st.integers(0, 8), st.integers(1, 9))
def test_exactly_one_check_digit_fits_and_a_mistyped_digit_outside_the_ninth_is_seen(body, place, slip):
    nine = f"{body:09d}"
    fitting = [digit for digit in "0123456789" if rules.business_number_checks(nine + digit)]
    assert len(fitting) == 1
    if place < 8:  # weights 1, 3 and 7 have no common factor with 10: every slip in one digit changes the sum
        wrong = nine[:place] + str((int(nine[place]) + slip) % 10) + nine[place + 1 :]
        assert not rules.business_number_checks(wrong + fitting[0])


@pytest.mark.parametrize(
    "written",
    [
        "124-81-00998",
        "１２４－８１－００９９８",
        "1248100998.0",
        1248100998,
        1248100998.0,
        " 124 81 00998 ",
        "'1248100998",
    ],
)
def test_a_business_number_is_read_however_it_is_written(written):
    assert rules.business_number(written) == "1248100998"


@pytest.mark.parametrize(
    "written", ["42590", "3200-01-006914", "BS-266537", "200817812K", "", "12481009989", "٣٢٠٠٠١٠٠٦٩"]
)
def test_a_wrong_form_is_refused_in_words(written):
    with pytest.raises(ValueError, match="사업자등록번호"):
        rules.business_number(written)


def test_a_corporate_number_kept_as_a_float_comes_back_whole():
    assert rules.corporate_number("1101115201431.0") == "1101115201431"
    assert rules.corporate_number(1101115201431.0) == "1101115201431"


def test_a_broken_float_is_not_taken_for_a_number():
    with pytest.raises(ValueError, match="숫자"):
        rules.business_number(124810099.85)


def test_numbers_are_shown_with_dashes_and_read_back():
    assert rules.written_business_number("1248100998") == "124-81-00998"
    assert rules.written_corporate_number("1301110006246") == "130111-0006246"
    assert rules.business_number(rules.written_business_number("1248100998")) == "1248100998"
