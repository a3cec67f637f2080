"""Two at once: nothing is lost, nothing happens twice."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from crisis import rules
from crisis.enums import RunKind
from crisis.models import Observation, Round
from crisis.services import enter_observation, evaluate_shard, finish_run, prepare_run, runs, start_owed_runs, start_run
from tests.crisis.panels import country
from tests.factories.directory import person

pytestmark = pytest.mark.django_db(transaction=True)


class InThread:
    """A call on a thread and connection of its own; `finish` waits and passes its error on."""

    def __init__(self, call):
        self.error, self.value = None, None
        self.thread = threading.Thread(target=self._run, args=(call,), daemon=True)
        self.thread.start()

    def _run(self, call):
        try:
            self.value = call()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def finish(self):
        self.thread.join(20)
        assert not self.thread.is_alive(), "the other side never came back"
        if self.error:
            raise self.error
        return self.value


def test_a_reading_that_arrives_during_a_calculation_is_not_lost(monkeypatch, time_machine):
    land = country()
    time_machine.move_to("2025-07-01T09:00:00+09:00")
    clerk = person(region=land.sido[0].region)
    row = Observation.objects.filter(area=land.sigungu[0]).order_by("-period").first()
    typed = []

    def evaluate_while_a_clerk_types(*args, evaluate=rules.evaluate, **kwargs):
        results = evaluate(*args, **kwargs)
        if not typed:
            typed.append(
                InThread(
                    lambda: enter_observation(
                        area=row.area,
                        indicator=row.indicator,
                        period=row.period,
                        value=Decimal(900),
                        unit=row.unit,
                        status="FINAL",
                        actor=clerk,
                    )
                )
            )
            typed[0].finish()
        return results

    monkeypatch.setattr("crisis.rules.evaluate", evaluate_while_a_clerk_types)
    Round.objects.update(figures_changed_at=land.round.opened_at)
    run = start_run(round=land.round, kind=RunKind.PRELIMINARY)
    for area_id in prepare_run(run_id=run.pk):
        evaluate_shard(run_id=run.pk, area_id=area_id)
    finish_run(run_id=run.pk)
    entered = typed[0].value
    run.refresh_from_db()
    assert entered.pk > run.seq_high  # the run did not see it …
    again = start_owed_runs()
    assert again is not None  # … and the debt for it stands
    assert again.kind == RunKind.PRELIMINARY


def test_a_writer_under_way_is_waited_for_by_the_freeze(monkeypatch):
    """A row with a lower number than the frozen one can never appear afterwards."""
    land = country()
    clerk = person(region=land.sido[0].region)
    row = Observation.objects.filter(area=land.sigungu[0]).order_by("-period").first()
    inside, go_on = threading.Event(), threading.Event()
    from crisis.services import observations

    original = observations._owe

    def slowly(*args, **kwargs):
        inside.set()
        assert go_on.wait(20)
        return original(*args, **kwargs)

    monkeypatch.setattr(observations, "_owe", slowly)
    writer = InThread(
        lambda: enter_observation(
            area=row.area,
            indicator=row.indicator,
            period=row.period,
            value=Decimal(900),
            unit=row.unit,
            status="FINAL",
            actor=clerk,
        )
    )
    assert inside.wait(20)
    run = start_run(round=land.round, kind=RunKind.OFFICIAL)
    freeze = InThread(lambda: prepare_run(run_id=run.pk))
    freeze.thread.join(0.7)
    assert freeze.thread.is_alive(), "the freeze did not wait for the writer"
    go_on.set()
    writer.finish()
    freeze.finish()
    run.refresh_from_db()
    assert run.seq_high >= writer.value.pk


def test_two_workers_at_the_same_shard_keep_one_result():
    land = country()
    run = start_run(round=land.round, kind=RunKind.OFFICIAL)
    areas = prepare_run(run_id=run.pk)
    twins = [InThread(lambda a=area: evaluate_shard(run_id=run.pk, area_id=a)) for area in areas for _ in range(2)]
    counts = [twin.finish() for twin in twins]
    assert sum(counts) == run.results.count() == 6
    finishers = [InThread(lambda: finish_run(run_id=run.pk)) for _ in range(3)]
    assert sum(one.finish() is not None for one in finishers) == 1
    assert run.results.count() == 7


def test_two_clocks_start_one_run():
    country()
    starters = [InThread(start_owed_runs) for _ in range(3)]
    assert sum(one.finish() is not None for one in starters) == 1
    assert runs.stalled() == []
    assert date(2025, 5, 1) == Round.objects.get().reference_month
