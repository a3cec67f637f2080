"""Forms, answers, deadlines: pure rules at their boundaries."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.surveys.enums import LegalHead
from companies.surveys.rules import answers as rules
from companies.surveys.rules.deadlines import Window
from companies.surveys.rules.definition import HEADS, parse
from companies.surveys.shipped import shipped_forms
from portal.kernel.deadlines import add_working_days, is_day_off, next_working_day
from tests.surveys.conftest import BODY, FULL

FORM = parse(BODY)
CHUSEOK = {date(2026, 9, 24), date(2026, 9, 25), date(2026, 9, 26)}


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 9, 23), date(2026, 9, 23)),  # a Wednesday before the feast
        (date(2026, 9, 24), date(2026, 9, 28)),  # over the feast and the weekend behind it
        (date(2026, 9, 26), date(2026, 9, 28)),
        (date(2026, 11, 21), date(2026, 11, 23)),  # Saturday
        (date(2026, 11, 22), date(2026, 11, 23)),  # Sunday
    ],
)
def test_deadline_on_a_day_off_moves_to_the_next_working_day(day, found):
    assert next_working_day(day, CHUSEOK) == found


@given(st.integers(0, 700), st.integers(0, 2**20 - 1))
def test_next_working_day_is_the_first_one_not_before(start, bits):
    day = date(2026, 1, 1) + timedelta(days=start)
    holidays = {day + timedelta(days=n) for n in range(20) if bits >> n & 1}
    found = next_working_day(day, holidays)
    assert found >= day
    assert not is_day_off(found, holidays)
    assert all(is_day_off(day + timedelta(days=n), holidays) for n in range((found - day).days))


def test_a_term_in_working_days_does_not_count_its_first_day_nor_days_off():
    friday = date(2026, 9, 18)
    assert add_working_days(friday, 1, ()) == date(2026, 9, 21)
    assert add_working_days(friday, 4, {date(2026, 9, 24), date(2026, 9, 25)}) == date(2026, 9, 28)


def test_a_list_of_holidays_without_end_is_told_and_not_followed():
    with pytest.raises(ValueError, match="공휴일 목록"):
        next_working_day(date(2026, 1, 1), {date(2026, 1, 1) + timedelta(days=n) for n in range(90)})


def test_window_moves_due_and_closing_but_not_the_opening():
    window = Window(date(2026, 9, 5), date(2026, 9, 24), date(2026, 9, 26)).moved(CHUSEOK)
    assert window == Window(date(2026, 9, 5), date(2026, 9, 28), date(2026, 9, 28))


@pytest.mark.parametrize(
    ("day", "phase"),
    [(2, "BEFORE"), (3, "OPEN"), (10, "OPEN"), (11, "LATE"), (20, "LATE"), (21, "CLOSED")],
)
def test_all_three_days_of_a_window_count(day, phase):
    window = Window(date(2026, 6, 3), date(2026, 6, 10), date(2026, 6, 20))
    assert window.phase(date(2026, 6, day)) == phase


@pytest.mark.parametrize(
    ("code", "written", "kept"),
    [
        ("sales", "5,000", 5_000_000_000),
        ("sales", "0.5", 500_000),
        ("sales", 12.0, 12_000_000),
        ("employees", "１２", 12),
        ("usage", "81.50", "81.5"),
        ("usage", 81.5, "81.5"),
        ("outlook", "좋아짐", "UP"),
        ("outlook", "DOWN", "DOWN"),
        ("request", "  자금   지원 ", "자금 지원"),
        ("sales", "", None),
        ("sales", "미제공", None),
    ],
)
def test_answer_is_read_as_people_write_it(code, written, kept):
    assert rules.read(FORM.by_code[code], written) == kept


@pytest.mark.parametrize(
    ("code", "written", "told"),
    [
        ("sales", "-1", "보다 작을 수 없습니다"),
        ("sales", "0.0000001", "1원보다 작은"),
        ("sales", "많음", "숫자가 아닙니다"),
        ("employees", "1.5", "소수점 없이"),
        ("usage", "150.01", "보다 클 수 없습니다"),
        ("usage", "3.333", "소수 2자리까지"),
        ("outlook", "모름", "쓸 수 있는 말: 좋아짐, 나빠짐"),
        ("request", "가" * 1001, "1,000자까지"),
        ("sales", "9" * 19, "자릿수"),
    ],
)
def test_answer_that_cannot_be_is_told_with_its_remedy(code, written, told):
    with pytest.raises(ValueError, match=told):
        rules.read(FORM.by_code[code], written)


@given(st.integers(0, 10**15))
def test_money_written_out_and_read_again_is_the_same(won):
    field = FORM.by_code["sales"]
    assert rules.read(field, rules.written(field, won)) == won


def test_draft_may_miss_what_handing_in_asks_for():
    assert rules.faults(FORM, {"sales": 1}, complete=False) == {}
    assert set(rules.faults(FORM, {"sales": 1}, complete=True)) == {"employees"}
    assert rules.faults(FORM, FULL, complete=True) == {}


def test_rule_between_fields_is_told_at_the_first_of_them():
    assert rules.faults(FORM, {**FULL, "exports": 5_000_000_001}, complete=True) == {
        "exports": ["수출액이 매출액보다 큽니다."]
    }
    assert rules.faults(FORM, {**FULL, "exports": 5_000_000_000}, complete=True) == {}


@pytest.mark.parametrize(
    ("kind", "values", "broken"),
    [
        ("SUM_NOT_ABOVE", (3, 4, 7), False),
        ("SUM_NOT_ABOVE", (3, 4, 6), True),
        ("SUM_NOT_ABOVE", (3, None, 2), True),
        ("SUM_NOT_ABOVE", (3, 4, None), False),
        ("SUM_EQUALS", (3, 4, 7), False),
        ("SUM_EQUALS", (3, 4, 8), True),
        ("SUM_EQUALS", (3, None, 8), False),
        ("NOT_ABOVE", (3, 2), True),
        ("NOT_ABOVE", (None, 2), False),
    ],
)
def test_rule_is_broken_only_by_what_was_answered(kind, values, broken):
    codes = "abc"[: len(values)]
    fields = [{"code": code, "label": code, "kind": "NUMBER", "head": "OTHER"} for code in codes]
    form = parse({"fields": fields, "rules": [{"kind": kind, "fields": list(codes), "message": "틀림"}]})
    answers = {code: value for code, value in zip(codes, values, strict=True) if value is not None}
    assert bool(rules.faults(form, answers, complete=False)) is broken


@pytest.mark.parametrize(("exports", "asks"), [(None, False), (0, False), (5, True)])
def test_needed_field_is_asked_for_only_where_there_is_something(exports, asks):
    fields = [{"code": "exports", "label": "수출", "kind": "NUMBER", "head": "TRADE"},
              {"code": "market", "label": "지역", "kind": "TEXT", "head": "TRADE"}]  # fmt: skip
    form = parse({"fields": fields, "rules": [{"kind": "NEEDS", "fields": ["exports", "market"], "message": "지역"}]})
    answers = {} if exports is None else {"exports": exports}
    assert bool(rules.faults(form, answers, complete=True)) is asks


def test_two_peoples_answers_are_joined_and_only_what_both_changed_is_asked():
    base = {"sales": 1, "employees": 2, "request": "가"}
    theirs = {"sales": 9, "employees": 2, "request": "나"}
    mine = {"sales": 1, "employees": 3, "request": "다"}
    assert rules.merged(base, theirs, mine) == ({"sales": 9, "employees": 3, "request": "다"}, ["request"])
    assert rules.merged(base, base, {"sales": 1, "employees": 2}) == ({"sales": 1, "employees": 2}, [])


def test_definition_tells_every_fault_at_once():
    with pytest.raises(ValueError) as fault:
        parse({
            "fields": [
                {"code": "A", "label": "", "kind": "DATE", "head": "X"},
                {"code": "b", "label": "나", "kind": "MONEY", "unit": "달러", "head": "OTHER", "min": 5, "max": 1},
                {"code": "c", "label": "다", "kind": "CHOICE", "head": "OTHER"},
            ],
            "rules": [{"kind": "NOT_ABOVE", "fields": ["c", "zzz"], "message": ""}],
        })  # fmt: skip
    told = str(fault.value)
    for word in (
        "코드 ‘A’",
        "종류 ‘DATE’",
        "이름이 없습니다",
        "분야 ‘X’",
        "금액의 단위",
        "최솟값",
        "선택지",
        "없는 항목",
        "문장",
    ):
        assert word in told


def test_shipped_forms_are_sound_and_speak_of_the_heads_of_the_decree():
    forms = {raw["code"]: parse(raw) for raw in shipped_forms()}
    assert set(forms) == {"sme-fact", "sme-trend"}
    asked = {field.head for field in forms["sme-fact"].fields}
    assert asked >= {"MANAGEMENT", "PERSONNEL", "TECHNOLOGY", "TRADE", "OTHER"}
    assert set(HEADS) == set(LegalHead.values)
    assert all(len(f"survey-{code}") <= 30 for code in forms)
    assert rules.amount(forms["sme-fact"].by_code["sales"], 1_500_000) == Decimal("1.5")
