"""The conditions of a plan, at their edges. No database."""

from datetime import date
from decimal import Decimal

import pytest

from crisis.conversion import rules
from crisis.conversion.enums import (
    DIAGNOSIS_NEXT,
    EDITION_NEXT,
    INDUSTRY_KINDS,
    MILESTONE_NEXT,
    PLAN_NEXT,
    ConversionKind,
    DiagnosisState,
    EditionState,
    MilestoneState,
    PlanState,
)

OLD = rules.Terms(frozenset({"INDUSTRY_CHANGE"}), False, 3, 4, 60, Decimal(30))
NEW = rules.Terms(frozenset({"INDUSTRY_CHANGE", "NEW_GOODS"}), True, 3, 4, 60, Decimal(30))
DAY = date(2026, 3, 2)


def firm(**facts):
    base = {
        "name": "가온", "is_lead": True, "is_sme": True, "founded_on": date(2023, 3, 2), "operating": True,
        "from_code": "30310", "to_code": "28202",
    }  # fmt: skip
    return rules.Firm(**base | facts)


def proposal(**facts):
    base = {
        "kind": "INDUSTRY_CHANGE", "starts_on": date(2026, 4, 1), "ends_on": date(2031, 3, 31),
        "texts": {"content": "새 부품"}, "money": 1, "goals": {"SALES_SHARE": (Decimal(0), Decimal(30))},
        "milestones": [date(2031, 3, 31)], "firms": [firm()],
    }  # fmt: skip
    return rules.Proposal(**base | facts)


def faults(terms=NEW, *, explained=False, **facts):
    made = proposal(**facts)
    changes = made.kind in INDUSTRY_KINDS
    return set(rules.shortfalls(made, terms, DAY, changes_industry=changes, explained=explained))


SAME = {"kind": "NEW_GOODS", "firms": [firm(to_code="")]}


@pytest.mark.parametrize(
    ("terms", "facts", "wrong"),
    [
        (OLD, {}, set()),
        (NEW, SAME, set()),
        (OLD, SAME, {"kind"}),
        (NEW, {"firms": [firm(), firm(name="나래", is_lead=False)]}, set()),
        (OLD, {"firms": [firm(), firm(name="나래", is_lead=False)]}, {"members"}),
        (NEW, {"firms": [firm(is_lead=False)]}, {"members"}),
        (NEW, {"firms": [firm(to_code="30312")]}, {"industries"}),
        (NEW, {"firms": [firm(to_code="30322")]}, set()),
        (NEW, {"firms": [firm(from_code="")]}, {"industries"}),
        (NEW, {"kind": "NEW_GOODS"}, {"industries"}),
        (NEW, {"firms": [firm(is_sme=False)]}, {"eligibility"}),
        (NEW, {"firms": [firm(founded_on=date(2023, 3, 3))]}, {"eligibility"}),
        (NEW, {"firms": [firm(operating=False)]}, {"eligibility"}),
        (NEW, {"firms": [firm(is_sme=None)]}, {"eligibility_note"}),
        (NEW, {"firms": [firm(founded_on=None)], "explained": True}, set()),
        (NEW, {"firms": [firm(), firm(is_lead=False, is_sme=False)]}, {"eligibility_note"}),
        (NEW, {"ends_on": date(2031, 4, 1)}, {"ends_on"}),
        (NEW, {"money": 0}, {"budget"}),
        (NEW, {"goals": {}}, {"goals"}),
        (NEW, {"goals": {"SALES_SHARE": (Decimal(0), Decimal("29.99"))}}, {"goals"}),
        (NEW, {"goals": {"SALES_SHARE": (Decimal(40), Decimal(40))}}, {"goals"}),
        (NEW, {"milestones": []}, {"milestones"}),
        (NEW, {"milestones": [date(2026, 3, 31)]}, {"milestones"}),
        (NEW, {"texts": {"content": " "}, "money": 0, "goals": {}}, {"content", "budget", "goals"}),
    ],
)
def test_what_keeps_a_plan_from_being_handed_in(terms, facts, wrong):
    assert faults(terms, **facts) == wrong


def test_days_and_quarters():
    assert rules.months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert rules.months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert rules.last_quarter(date(2026, 1, 1)) == (date(2025, 10, 1), date(2025, 12, 31))
    assert rules.last_quarter(date(2026, 6, 30)) == (date(2026, 1, 1), date(2026, 3, 31))


def test_a_goal_without_a_result_is_not_reached():
    assert rules.reached([(Decimal(30), Decimal(30))])
    assert not rules.reached([(Decimal(30), Decimal(30)), (Decimal(10), None)])
    assert not rules.reached([])


@pytest.mark.parametrize(
    ("table", "states", "first"),
    [
        (DIAGNOSIS_NEXT, DiagnosisState, {"REQUESTED"}),
        (PLAN_NEXT, PlanState, {"PREPARING"}),
        (EDITION_NEXT, EditionState, {"DRAFT"}),
        (MILESTONE_NEXT, MilestoneState, {"OPEN"}),
    ],
)
def test_every_state_is_in_its_table_and_can_be_reached(table, states, first):
    assert set(table) == set(states)
    assert set(states) - {state for after in table.values() for state in after} == first
    assert len(ConversionKind.values) == 5
