"""Words as keys: what is typed and what is kept meet in every spelling; nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.rules import initials_of, name_key
from companies.search_keys import NOWHERE, document, inside, number_of, person_keys, understood

HANGUL = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=10)


def kept(name, products="", representative="", provinces=(7,)):
    keys, text = document([name_key(name)], products, representative, province_ids=provinces, region_ids=provinces)
    return set(keys), text


def fits(typed, keys, text, province=7):
    """What the database does with a search, in Python."""
    wanted = set(inside(province, typed.anywhere()))
    return wanted <= keys and all(part in text for part in typed.parts)


@pytest.mark.parametrize(
    "written", ["삼성전기", "㈜삼성전기", "(주) 삼성 전기", "삼성전기 주식회사", "삼성", "성전", "전기"]
)
def test_a_name_is_found_in_every_spelling_and_by_any_two_syllables(written):
    assert fits(understood(written), *kept("주식회사 삼성전기"))


@pytest.mark.parametrize("written", ["ㅅㅅㅈㄱ", "ㅅㅅ", "ㅅㅈㄱ", "ㅅㅅ ㅈㄱ", "삼성ㅈㄱ", "ㅅㅅ전기"])
def test_a_name_is_found_by_initial_consonants_alone_or_beside_syllables(written):
    assert fits(understood(written), *kept("삼성전기"))


@pytest.mark.parametrize("written", ["삼전", "기전", "ㅈㅅ", "ㅅㅅㄱㅈ", "삼성전자", "전기ㅅㅅ"])
def test_what_the_name_does_not_hold_is_not_found(written):
    assert not fits(understood(written), *kept("삼성전기"))


def test_pairs_in_another_order_are_told_apart_by_the_text():
    """`나다가나` holds the pairs of `가나다` without holding the word."""
    keys, text = kept("나다가나")
    typed = understood("가나다")
    assert set(inside(7, typed.anywhere())) <= keys
    assert not fits(typed, keys, text)


def test_one_syllable_is_sought_at_the_beginning():
    keys, _ = kept("삼성전기")
    assert set(inside(7, understood("삼").anywhere())) <= keys
    assert not set(inside(7, understood("성").anywhere())) <= keys


def test_products_are_found_and_never_mixed_with_the_name():
    keys, text = kept("삼성전기", products="적층 콘덴서, 기판")
    assert fits(understood("콘덴서"), keys, text)
    assert not fits(understood("전기적층"), keys, text)


def test_a_company_is_kept_under_each_of_its_provinces_and_no_other():
    keys, text = kept("삼성전기", provinces=(7, 8))
    assert fits(understood("삼성"), keys, text, 7)
    assert fits(understood("삼성"), keys, text, 8)
    assert not fits(understood("삼성"), keys, text, 9)


def test_a_company_without_a_place_is_kept_nowhere_but_kept():
    keys, text = kept("삼성전기", provinces=())
    assert fits(understood("삼성"), keys, text, NOWHERE)


@pytest.mark.parametrize("typed", ["홍길동", "홍길", "김철수"])
def test_representatives_are_kept_by_name_and_beginning_each_of_several(typed):
    assert number_of(f"@{typed}") in person_keys("홍길동, 김철수 외 1명")


def test_representatives_are_not_written_out_in_the_index():
    _, text = kept("삼성전기", representative="홍길동")
    assert "홍길동" not in text


@pytest.mark.parametrize(
    ("written", "digits"), [("124-81-00998", "1248100998"), ("１２４", "124"), ("12", ""), ("124 가", "")]
)
def test_digits_alone_are_a_number(written, digits):
    assert understood(written).digits == digits


@pytest.mark.parametrize("written", ["", "   ", "!!", "-", "%", "_"])
def test_nothing_is_searched_for_nothing(written):
    assert understood(written).is_empty


@given(HANGUL, st.data())
def test_any_part_of_any_name_finds_it(name, data):
    key = name_key(name)
    start = data.draw(st.integers(0, max(len(key) - 2, 0)))
    part = key[start : start + data.draw(st.integers(2, 6))]
    if name_key(part) != part or len(part) < 2:
        return  # the part alone would be read as a legal form
    keys, text = kept(name)
    assert fits(understood(part), keys, text)
    assert fits(understood(initials_of(part)), keys, text)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_understood_without_signs_the_database_reads(written):
    typed = understood(written)
    assert not set(typed.word) & set("%_\\'\n")
    assert len(typed.word) <= 200
    if typed.word:
        assert typed.anywhere()
