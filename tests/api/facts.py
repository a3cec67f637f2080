"""Rounds with results and decisions, by hand: the API tests are about what leaves the portal, not how it came."""

from datetime import date
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from crisis.enums import DeterminationState, RoundState, RunKind, RunState, Stage
from crisis.models import Determination, Result, Run
from network.models import AgendaItem
from tests.factories.crisis import RoundFactory
from tests.factories.directory import UserFactory
from tests.factories.network import MeetingFactory


def evaluated_round(code="2025H1", month=date(2025, 5, 1), **facts):
    """A round with its official run done."""
    found = RoundFactory(code=code, reference_month=month, state=RoundState.EVALUATED, **facts)
    run = Run.objects.create(
        round=found, kind=RunKind.OFFICIAL, state=RunState.DONE, rule_set=found.rule_set, finished_at=timezone.now(),
        ruleset_sha256=found.rule_set.sha256, engine_version="rci-1", known_at=found.cutoff,
        input_digest="a" * 64, output_digest="b" * 64,
    )  # fmt: skip
    return found, run


def result(run, area, *, official=True, **facts):
    given = {
        "public": {"status": "OK", "indicators": {"EXP": {"score": "41.0"}}}, "digest": "c" * 64, "status": "OK",
        "grade": "A", "coverage": Decimal("0.90"), "rci": Decimal("44.0"), "model_stage": Stage.CAUTION,
        "badge": "ROBUST", "rho": Decimal("0.95"),
    }  # fmt: skip
    return Result.objects.create(run=run, area=area, official=official, **{**given, **facts})


def decision(
    found, *, state=DeterminationState.CONFIRMED, stage=Stage.SEVERE, start=date(2025, 8, 1), end=None, **facts
):
    """A council's decision on a result, in force from `start` when confirmed (or once confirmed and corrected since)."""
    meeting = MeetingFactory()
    item = AgendaItem.objects.create(meeting=meeting, number=1, title="단계 결정")
    signed = state in {DeterminationState.CONFIRMED, DeterminationState.SUPERSEDED}
    signature = (
        {"confirmed_at": timezone.now(), "confirmed_by": UserFactory(), "effective": DateRange(start, end)}
        if signed
        else {}
    )
    if state == DeterminationState.SUPERSEDED:
        signature["superseded_at"] = timezone.now()
    return Determination.objects.create(
        area=found.area, round=found.run.round, result=found, agenda_item=item, model_stage=found.model_stage,
        proposed_stage=found.model_stage, stage=stage, reason_code="PLANT_CLOSURE", reason_text="공장 폐쇄",
        state=state, **signature, **facts,
    )  # fmt: skip
