"""One key for all spellings of a name, and how alike two names are."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies import rules


@pytest.mark.parametrize(
    "written",
    [
        "삼성전기",
        "㈜삼성전기",
        "(주) 삼성 전기",
        "( 주 )삼성전기",
        "삼성전기 주식회사",
        "주식회사 삼성전기",
        "삼성-전기（주）",
        unicodedata.normalize("NFD", "삼성전기(주)"),
        "삼성전기 Co., Ltd.",
        "농업회사법인 주식회사 삼성전기",
    ],
)
def test_every_spelling_has_the_same_key(written):
    assert rules.name_key(written) == "삼성전기"


def test_the_letters_of_a_form_inside_a_name_stay():
    assert rules.name_key("주성엔지니어링(주)") == "주성엔지니어링"
    assert rules.name_key("Incheon Ltd") == "incheon"


def test_full_width_letters_and_digits_are_plain():
    assert rules.name_key("ＬＧ２테크") == rules.name_key("lg2 테크") == "lg2테크"


def test_a_name_that_is_only_a_form_keeps_its_words():
    assert rules.name_key("주식회사") == "주식회사"


def test_a_name_of_signs_has_no_key():
    assert rules.name_key("-- (!)") == ""


@given(st.text(max_size=40))
def test_a_key_has_no_blanks_and_is_its_own_key_or_shorter(written):
    key = rules.name_key(written)
    assert not any(sign.isspace() for sign in key)
    assert len(rules.name_key(key)) <= len(key)


def test_initials_are_the_leading_consonants():
    assert rules.initials_of("삼성전기") == "ㅅㅅㅈㄱ"
    assert rules.initials_of("lg전자2") == "lgㅈㅈ2"


@pytest.mark.parametrize(("typed", "expected"), [("ㅅㅅㅈㄱ", True), ("ㅅㅅ ㅈㄱ", True), ("삼ㅅ", False), ("", False)])
def test_typed_initials_are_told_from_words(typed, expected):
    assert rules.typed_initials(typed) is expected


def test_lone_consonants_survive_the_key():
    assert rules.name_key("ㅅㅅ ㈜") == "ㅅㅅ"


def test_likeness_counts_shared_pairs():
    assert rules.alike("한빛정밀", "한빛정밀") == 1
    assert rules.alike("한빛정밀", "한빛정밀공업") == pytest.approx(0.75)
    assert rules.alike("한빛정밀", "대동기계") == 0
    assert rules.alike("", "한빛") == 0


def test_pairs_of_one_sign_are_the_sign():
    assert rules.bigrams("하") == {"하"}
    assert rules.bigrams("") == frozenset()
