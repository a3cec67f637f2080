"""Runs: a round is calculated from frozen inputs, a 시·도 at a time, and finished once.

Every step may come twice, beside another, or after a crash: the run's row, its shards' `done_at` and unique keys decide
what is left to do. Nothing depends on a message arriving exactly once.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from crisis import rules
from crisis.enums import RUN_NEXT_STATES, RoundState, RunKind, RunState
from crisis.models import Area, Observation, Result, Round, Run, RunShard
from crisis.services import run_inputs
from crisis.services.results import result_rows
from portal.directory.audit import deed
from portal.directory.models import User
from portal.directory.services import JobProgress
from portal.kernel.db import advisory_lock
from portal.kernel.errors import Refusal
from portal.kernel.queue import defer

OBSERVATIONS_LOCK = "crisis.observations"


def _step(run: Run, state: str) -> None:
    if state not in RUN_NEXT_STATES[run.state]:
        raise Refusal(
            "run_state", f"‘{run.get_state_display()}’ 상태의 산출은 ‘{RunState(state).label}’(으)로 바꿀 수 없습니다."
        )
    run.state = state


@transaction.atomic
def start_run(*, round: Round, kind: str, owner: User | None = None, previous: Run | None = None) -> Run:
    """Owe a calculation of a round. An official one is refused before the cut-off and where one exists."""
    round = Round.objects.select_for_update(no_key=True, of=("self",)).select_related("rule_set").get(pk=round.pk)
    now = timezone.now()
    if kind == RunKind.OFFICIAL:
        if now <= round.cutoff:
            raise Refusal("before_cutoff", f"자료 마감({round.cutoff:%Y-%m-%d}) 전에는 공식 산출을 시작할 수 없습니다.")
        if round.runs.official().exclude(state=RunState.FAILED).exists():
            raise Refusal("official_run_exists", "이 회차의 공식 산출이 이미 있습니다.")
    with deed("start_run", actor=owner) as done:
        run = Run.objects.create(
            round=round,
            kind=kind,
            owner=owner,
            previous=previous if previous is not None else _official_before(round),
            rule_set=round.rule_set,
            ruleset_sha256=round.rule_set.sha256,
            engine_version=rules.ENGINE_VERSION,
            known_at=min(now, round.cutoff),
        )
        done.about(run, round=round.code, kind=kind)
    defer("crisis.tasks.evaluate_run", run_id=run.pk)
    return run


def _official_before(round: Round) -> Run | None:
    """The official run of the round before, or its shadow under this round's rules where they have changed."""
    earlier = Run.objects.done().filter(round__reference_month__lt=round.reference_month)
    last = earlier.official().order_by("-round__reference_month").first()
    if last is None or last.ruleset_sha256 == round.rule_set.sha256:
        return last
    return (
        earlier.filter(kind=RunKind.SHADOW, round=last.round_id, ruleset_sha256=round.rule_set.sha256)
        .order_by("-pk")
        .first()
    )


def _shadow_owed(round: Round) -> Run | None:
    """The run whose round must first be calculated in shadow, because the rules changed in between (method §10)."""
    last = (
        Run.objects.done()
        .official()
        .filter(round__reference_month__lt=round.reference_month)
        .order_by("-round__reference_month")
        .first()
    )
    if last is None or last.ruleset_sha256 == round.rule_set.sha256 or _official_before(round) is not None:
        return None
    return last


@transaction.atomic
def start_owed_runs() -> Run | None:
    """Start the oldest round that is past its cut-off and not evaluated; else refresh the preview of the open one.

    One at a time, since each round needs the model stages of the one before. Called by beat every minute, after every
    finished run and after every change of figures.
    """
    advisory_lock("crisis.start_owed_runs")
    now = timezone.now()
    busy = Run.objects.unfinished().exclude(kind__in=[RunKind.WHATIF, RunKind.BACKTEST]).exists()
    if busy:
        return None
    owed = Round.objects.owing_an_official_run(now).select_related("rule_set").first()
    if owed is not None:
        shadow = _shadow_owed(owed)
        if shadow is not None:
            return _start_shadow(shadow, owed)
        return start_run(round=owed, kind=RunKind.OFFICIAL)
    stale = (
        Round.objects.filter(state=RoundState.OPEN, cutoff__gte=now, figures_changed_at__isnull=False)
        .filter(Q(previewed_at=None) | Q(previewed_at__lt=F("figures_changed_at")))
        .order_by("reference_month")
        .first()
    )
    return start_run(round=stale, kind=RunKind.PRELIMINARY) if stale else None


def _start_shadow(last: Run, owed: Round) -> Run:
    run = Run.objects.create(
        round=last.round,
        kind=RunKind.SHADOW,
        previous=last.previous,
        rule_set=owed.rule_set,
        ruleset_sha256=owed.rule_set.sha256,
        engine_version=rules.ENGINE_VERSION,
        known_at=last.known_at,
        seq_high=last.seq_high,
    )
    defer("crisis.tasks.evaluate_run", run_id=run.pk)
    return run


def prepare_run(*, run_id: int) -> list[int] | None:
    """Freeze a run's inputs and divide it. Returns the areas of the shards still to do; None if the run is over.

    The freeze waits for writers under way (they hold the same lock, shared) and notes the last observation number:
    whatever is recorded later, even dated back, is not part of this run.
    """
    with transaction.atomic():
        run = (
            Run.objects.select_for_update(no_key=True, of=("self",)).select_related("round", "rule_set").get(pk=run_id)
        )
        if run.state in {RunState.DONE, RunState.FAILED}:
            return None
        if run.seq_high is None:
            advisory_lock(OBSERVATIONS_LOCK)
            run.seq_high = Observation.objects.aggregate(high=Max("pk"))["high"] or 0
        if not run.tree:
            run.tree = run_inputs.tree_for(run.round, run.rule_set.levels)
        run.started_at = run.started_at or timezone.now()
        run.heartbeat_at = timezone.now()
        run.save()
    if run.state == RunState.QUEUED:
        _divide(run)
    return list(RunShard.objects.filter(run=run_id, done_at=None).order_by("pk").values_list("area_id", flat=True))


def _inputs(run: Run, codes: list[str]) -> rules.Readings:
    return run_inputs.readings(
        codes=codes,
        rule_set=run.rule_set.parsed,
        reference_month=run_inputs.reference_index(run.round),
        known_at=run.known_at,
        seq_high=run.seq_high or 0,
    )


def _divide(run: Run) -> None:
    """Compute what all shards share (the nation's figures, the input digest) and lay the shards out."""
    tree = run_inputs.as_tree(run.tree)
    if not len(tree):
        _fail(run.pk, "판정할 지역이 없습니다. 판정 기준의 판정 단위와 지역 기준정보를 확인해 주세요.")
        return
    winners = _inputs(run, list(tree.codes))
    panel = rules.build_panel(tree, run.rule_set.parsed, winners, run_inputs.reference_index(run.round))
    national = rules.national_reference(panel)
    areas = dict(Area.objects.filter(code__in=run_inputs.shard_tops(tree)).values_list("code", "pk"))
    with transaction.atomic():
        held = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
        if held.state != RunState.QUEUED:
            return
        held.national = national.to_json()
        held.input_digest = rules.input_digest(winners, run_inputs.reference_index(run.round))
        _step(held, RunState.EVALUATING)
        held.heartbeat_at = timezone.now()
        held.save()
        RunShard.objects.bulk_create(
            [RunShard(run=held, area_id=areas[code]) for code in run_inputs.shard_tops(tree)], ignore_conflicts=True
        )


def _fail(run_id: int, error: str) -> None:
    Run.objects.filter(pk=run_id).update(state=RunState.FAILED, error=error, finished_at=timezone.now())


def evaluate_shard(*, run_id: int, area_id: int) -> int:
    """Calculate one 시·도's areas of a run and keep the results. Returns how many; 0 if another worker had done it."""
    run = Run.objects.select_related("round", "rule_set").get(pk=run_id)
    shard = RunShard.objects.select_related("area").get(run=run_id, area=area_id)
    if shard.done_at is not None or run.state != RunState.EVALUATING:
        return 0
    nodes = run_inputs.as_tree(run.tree).subtree(shard.area.code)
    codes = [node.code for node in nodes]
    panel = rules.build_panel(nodes, run.rule_set.parsed, _inputs(run, codes), run_inputs.reference_index(run.round))
    national = rules.NationalReference.from_json(run.national)
    results = rules.evaluate(panel, national, previous=run_inputs.previous_stages(run))
    with transaction.atomic():
        shard = RunShard.objects.select_for_update(no_key=True).get(pk=shard.pk)
        if shard.done_at is not None:
            return 0
        Result.objects.bulk_create(result_rows(run, results), batch_size=500, ignore_conflicts=True)
        shard.done_at, shard.area_count = timezone.now(), len(results)
        shard.save(update_fields=["done_at", "area_count"])
        Run.objects.filter(pk=run_id, state=RunState.EVALUATING).update(heartbeat_at=timezone.now())
    return len(results)


@transaction.atomic
def finish_run(*, run_id: int) -> Run | None:
    """Add the nation's result, seal the run with its digest and mark the round evaluated. None if not yet or already."""
    run = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("round", "rule_set").get(pk=run_id)
    if run.state != RunState.EVALUATING or run.shards.filter(done_at=None).exists():
        return None
    tree = run_inputs.as_tree(run.tree)
    national = rules.NationalReference.from_json(run.national)
    publics = dict(run.results.values_list("area__code", "public"))
    top = _nation(run, national, tree, publics, run_inputs.previous_stages(run))
    Result.objects.bulk_create(result_rows(run, top), ignore_conflicts=True)
    run.output_digest = output_digest(run)
    _step(run, RunState.DONE)
    run.finished_at = timezone.now()
    run.save()
    if run.kind == RunKind.OFFICIAL:
        Round.objects.filter(pk=run.round_id).update(state=RoundState.EVALUATED, updated_at=timezone.now())
    elif run.kind == RunKind.PRELIMINARY:
        Round.objects.filter(pk=run.round_id).update(previewed_at=run.started_at, updated_at=timezone.now())
    defer("crisis.tasks.start_owed_runs")
    return run


def _nation(
    run: Run,
    national: rules.NationalReference,
    tree: rules.Tree,
    publics: dict[str, dict[str, Any]],
    previous: dict[str, str | None],
) -> list[rules.AreaResult]:
    """The nation's own result from those of the areas without members; none where the tree does not hold the nation."""
    rule_set = run.rule_set.parsed
    if rule_set.reference_area not in tree.index:
        return []
    members = [
        (node, publics[node.code]["model_stage"] if publics[node.code]["status"] == "OK" else None,
         publics[node.code]["weight"])
        for node, leaf in zip(tree.nodes, tree.is_leaf.tolist(), strict=True)
        if leaf and node.code in publics
    ]  # fmt: skip
    return [rules.evaluate_nation(rule_set, national, members, previous.get(rule_set.reference_area))]


def output_digest(run: Run) -> str:
    """SHA-256 over the digests of all results of a run in the order of their area codes."""
    return rules.combined_digest(run.results.values_list("area__code", "digest"))


def stalled() -> list[int]:
    """Runs nobody has heard of for `PORTAL_STALLED_SECONDS`: a message was lost or a worker killed."""
    limit = timezone.now() - timedelta(seconds=settings.PORTAL_STALLED_SECONDS)
    quiet = Run.objects.unfinished().filter(Q(heartbeat_at__lt=limit) | Q(heartbeat_at=None, created_at__lt=limit))
    return list(quiet.order_by("pk").values_list("pk", flat=True))


def input_lines(*, run: Run, codes: list[str]) -> dict[str, list[str]]:
    """Area code → the frozen readings a run had for it, as the lines its input digest is made of."""
    return rules.area_input_lines(_inputs(run, codes), run_inputs.reference_index(run.round))


def recompute_input_digest(*, run: Run) -> str:
    """The input digest of a finished run, made again from the observations as they stand in the table today."""
    codes = list(run_inputs.as_tree(run.tree).codes)
    return rules.input_digest(_inputs(run, codes), run_inputs.reference_index(run.round))


def recompute_run(*, run: Run) -> dict[str, tuple[str, str]]:
    """Calculate a finished run again from its frozen inputs, in memory.

    Returns the areas whose result digest differs, as `{code: (stored, recomputed)}`: empty means identical bytes.
    """
    tree = run_inputs.as_tree(run.tree)
    winners = _inputs(run, list(tree.codes))
    panel = rules.build_panel(tree, run.rule_set.parsed, winners, run_inputs.reference_index(run.round))
    national = rules.national_reference(panel)
    previous = run_inputs.previous_stages(run)
    again: dict[str, str] = {}
    publics: dict[str, dict[str, Any]] = {}
    for top in run_inputs.shard_tops(tree):
        part = rules.build_panel(tree.subtree(top), run.rule_set.parsed, winners, run_inputs.reference_index(run.round))
        for result in rules.evaluate(part, national, previous=previous):
            publics[result.code] = result.public()
            again[result.code] = rules.digest(publics[result.code])
    for result in _nation(run, national, tree, publics, previous):
        again[result.code] = result.digest()
    stored = dict(run.results.values_list("area__code", "digest"))
    return {
        code: (stored.get(code, ""), again.get(code, ""))
        for code in sorted(set(stored) | set(again))
        if stored.get(code) != again.get(code)
    }


def verify_run(progress: JobProgress) -> dict[str, Any]:
    """Recompute a finished run as a job; refuses with the areas that differ, so that the failure is told."""
    run = Run.objects.select_related("round", "rule_set").get(pk=progress.arguments["run_id"])
    progress.say(message=f"{run.round.code} 다시 계산하는 중", total=1)
    if run.engine_version != rules.ENGINE_VERSION:
        raise Refusal(
            "engine_changed",
            f"이 산출은 산식 {run.engine_version} 판으로 계산했고 지금 설치된 판은 {rules.ENGINE_VERSION}입니다. 같은 판의 포털에서 확인해 주세요.",
        )
    different = recompute_run(run=run)
    if different:
        names = ", ".join(sorted(different)[:20])
        raise Refusal("not_reproduced", f"{len(different)}개 지역의 결과가 보관된 것과 다릅니다: {names}")
    return {"areas": run.results.count(), "output_digest": run.output_digest}
