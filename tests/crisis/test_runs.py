"""Runs: from frozen inputs to sealed results, safe to come twice, to stop in the middle, to run beside another."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pgtrigger
import pytest
from django.db import IntegrityError, InternalError, transaction

from crisis import rules
from crisis.enums import RoundState, RunKind, RunState, Stage
from crisis.models import Observation, Result, Round, RuleSet, Run, RunShard
from crisis.services import (
    evaluate_shard,
    finish_run,
    prepare_run,
    recompute_run,
    runs,
    start_owed_runs,
    start_run,
)
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from tests.crisis.panels import country, evaluate
from tests.factories.crisis import ObservationFactory, RoundFactory, RuleSetFactory

pytestmark = pytest.mark.django_db


def stages(run):
    return dict(run.results.values_list("area__code", "model_stage"))


def test_a_round_gives_every_area_its_result_and_is_sealed():
    land = country()
    run = evaluate(land.round)
    land.round.refresh_from_db()
    assert (run.state, land.round.state) == (RunState.DONE, RoundState.EVALUATED)
    assert set(stages(run)) == {"KR", "S0", "S1", "G0", "G1", "G2", "G3"}
    assert (stages(run)["G0"], stages(run)["G2"]) == (Stage.GOOD, Stage.SEVERE)
    assert (run.engine_version, run.ruleset_sha256) == (rules.ENGINE_VERSION, land.round.rule_set.sha256)
    assert len(run.input_digest) == len(run.output_digest) == 64


def test_results_do_not_depend_on_how_the_round_was_cut():
    run = evaluate(country().round)
    assert recompute_run(run=run) == {}


def test_a_tampered_result_is_found():
    run = evaluate(country().round)
    with pgtrigger.ignore("crisis.Result:result_never_changes"):
        run.results.filter(area__code="G2").update(digest="0" * 64)
    assert list(recompute_run(run=run)) == ["G2"]


def test_every_step_may_come_twice():
    land = country()
    run = start_run(round=land.round, kind=RunKind.OFFICIAL)
    shards = prepare_run(run_id=run.pk)
    assert prepare_run(run_id=run.pk) == shards
    for area_id in shards:
        assert evaluate_shard(run_id=run.pk, area_id=area_id) > 0
        assert evaluate_shard(run_id=run.pk, area_id=area_id) == 0
    assert finish_run(run_id=run.pk) is not None
    before = list(run.results.order_by("pk").values_list("pk", "digest"))
    assert finish_run(run_id=run.pk) is None
    assert prepare_run(run_id=run.pk) is None
    assert list(run.results.order_by("pk").values_list("pk", "digest")) == before


def test_a_run_is_not_finished_before_its_last_shard():
    land = country()
    run = start_run(round=land.round, kind=RunKind.OFFICIAL)
    first, *rest = prepare_run(run_id=run.pk)
    evaluate_shard(run_id=run.pk, area_id=first)
    assert finish_run(run_id=run.pk) is None
    assert prepare_run(run_id=run.pk) == rest  # a worker that comes back finds only what is left


def test_a_later_figure_never_changes_a_past_round_even_when_dated_back():
    land = country()
    run = evaluate(land.round)
    row = Observation.objects.filter(area__code="G0").order_by("-period").first()
    ObservationFactory(
        area=row.area, indicator=row.indicator, period=row.period, value=Decimal(1), known_at=row.known_at
    )
    assert recompute_run(run=run) == {}


def test_a_figure_known_after_the_cutoff_does_not_count():
    land = country()
    row = Observation.objects.filter(area__code="G0").order_by("-period").first()
    for months in range(12):
        month = row.period.year * 12 + row.period.month - 1 - months
        ObservationFactory(
            area=row.area,
            indicator=row.indicator,
            period=row.period.replace(year=month // 12, month=month % 12 + 1),
            value=Decimal(1),
            known_at=land.round.cutoff + timedelta(seconds=1),
        )
    assert stages(evaluate(land.round))["G0"] == Stage.GOOD


def test_the_next_round_starts_from_the_model_stages_of_the_last():
    land = country()
    first = evaluate(land.round)
    second = evaluate(
        RoundFactory(
            code="2025H2",
            reference_month=date(2025, 6, 1),
            cutoff=datetime(2025, 8, 10, tzinfo=UTC),
            rule_set=land.round.rule_set,
        )
    )
    assert second.previous == first
    assert second.results.get(area__code="G2").previous_stage == Stage.SEVERE


def test_a_changed_rule_set_first_judges_the_last_round_in_shadow():
    land = country()
    first = evaluate(land.round)
    RuleSet.objects.update(effective=period(date(2020, 1, 1), date(2025, 6, 1)))
    other = RuleSetFactory(effective=period(date(2025, 6, 1)))
    RoundFactory(
        code="2025H2",
        reference_month=date(2025, 6, 1),
        cutoff=datetime(2025, 8, 10, tzinfo=UTC),
        rule_set=other,
    )
    shadow = start_owed_runs()
    assert (shadow.kind, shadow.round, shadow.rule_set, shadow.seq_high) == (
        RunKind.SHADOW,
        land.round,
        other,
        first.seq_high,
    )
    for area_id in prepare_run(run_id=shadow.pk):
        evaluate_shard(run_id=shadow.pk, area_id=area_id)
    finish_run(run_id=shadow.pk)
    official = start_owed_runs()
    assert (official.kind, official.previous) == (RunKind.OFFICIAL, shadow)


def test_owed_rounds_start_one_at_a_time_oldest_first(sent_tasks, django_capture_on_commit_callbacks):
    land = country()
    RoundFactory(
        code="2024H2",
        reference_month=date(2024, 11, 1),
        cutoff=datetime(2025, 1, 10, tzinfo=UTC),
        rule_set=land.round.rule_set,
    )
    with django_capture_on_commit_callbacks(execute=True):
        run = start_owed_runs()
    assert run.round.code == "2024H2"
    assert sent_tasks.named("crisis.tasks.evaluate_run") == [{"run_id": run.pk}]
    assert start_owed_runs() is None


def test_an_official_run_waits_for_the_cutoff(time_machine):
    land = country()
    time_machine.move_to(land.round.cutoff - timedelta(days=1), tick=False)
    with pytest.raises(Refusal) as refusal:
        start_run(round=land.round, kind=RunKind.OFFICIAL)
    assert refusal.value.code == "before_cutoff"


def test_before_the_cutoff_changed_figures_owe_a_preview(time_machine):
    land = country()
    time_machine.move_to(land.round.cutoff - timedelta(days=1), tick=False)
    assert start_owed_runs() is None
    Round.objects.update(figures_changed_at=land.round.cutoff - timedelta(days=1, seconds=5))
    run = start_owed_runs()
    assert run.kind == RunKind.PRELIMINARY
    for area_id in prepare_run(run_id=run.pk):
        evaluate_shard(run_id=run.pk, area_id=area_id)
    finish_run(run_id=run.pk)
    land.round.refresh_from_db()
    assert land.round.state == RoundState.OPEN
    assert start_owed_runs() is None


def test_there_is_one_official_run_per_round():
    land = country()
    evaluate(land.round)
    with pytest.raises(Refusal, match="이미"):
        start_run(round=land.round, kind=RunKind.OFFICIAL)
    with pytest.raises(IntegrityError, match="run_one_official_per_round"), transaction.atomic():
        Run.objects.create(
            round=land.round,
            kind=RunKind.OFFICIAL,
            rule_set=land.round.rule_set,
            ruleset_sha256="x",
            engine_version="x",
            known_at=land.round.cutoff,
        )


def test_sealed_results_cannot_be_changed_or_deleted():
    run = evaluate(country().round)
    for forbidden in (
        lambda: Result.objects.filter(run=run).update(grade="A"),
        lambda: Result.objects.filter(run=run).delete(),
        lambda: Run.objects.filter(pk=run.pk).update(output_digest=""),
    ):
        with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
            forbidden()


def test_a_run_nobody_heard_of_is_offered_again(time_machine):
    land = country()
    now = datetime(2025, 8, 1, tzinfo=UTC)
    time_machine.move_to(now, tick=False)
    run = start_run(round=land.round, kind=RunKind.OFFICIAL)
    assert runs.stalled() == []
    time_machine.move_to(now + timedelta(minutes=3), tick=False)
    assert runs.stalled() == [run.pk]


def test_a_run_without_areas_says_so(monkeypatch):
    monkeypatch.setattr("crisis.services.run_inputs.tree_for", lambda *args: [])
    run = start_run(round=country().round, kind=RunKind.OFFICIAL)
    assert prepare_run(run_id=run.pk) == []
    run.refresh_from_db()
    assert (run.state, "지역" in run.error) == (RunState.FAILED, True)
    assert not RunShard.objects.exists()
