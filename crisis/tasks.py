"""Couriers: fetch, call, return. Every one of them may come twice."""

from typing import Any

from celery import chord, group, shared_task
from django.db import OperationalError
from django.utils import timezone

from crisis import services
from crisis.models import Round
from crisis.services import announcements, demo, runs
from portal.directory.services import JobProgress, run_job

RETRY: dict[str, Any] = {"autoretry_for": (OperationalError,), "retry_backoff": True, "max_retries": 5}


@shared_task(name="crisis.tasks.open_due_rounds")
def open_due_rounds() -> None:
    services.open_due_rounds(today=timezone.localdate())


@shared_task(name="crisis.tasks.start_owed_runs")
def start_owed_runs() -> None:
    services.start_owed_runs()


@shared_task(name="crisis.tasks.evaluate_run", **RETRY)
def evaluate_run(*, run_id: int) -> None:
    """Freeze the run's inputs, then send one task a 시·도, and the finish after the last of them."""
    pending = services.prepare_run(run_id=run_id)
    if pending is None:
        return
    if not pending:
        services.finish_run(run_id=run_id)
        return
    chord(group(evaluate_shard.s(run_id=run_id, area_id=area_id) for area_id in pending))(finish_run.si(run_id=run_id))


@shared_task(name="crisis.tasks.evaluate_shard", ignore_result=False, **RETRY)
def evaluate_shard(*, run_id: int, area_id: int) -> int:
    return services.evaluate_shard(run_id=run_id, area_id=area_id)


@shared_task(name="crisis.tasks.finish_run", **RETRY)
def finish_run(*, run_id: int) -> None:
    services.finish_run(run_id=run_id)


@shared_task(name="crisis.tasks.resume_stalled_runs")
def resume_stalled_runs() -> None:
    for run_id in runs.stalled():
        evaluate_run.delay(run_id=run_id)


@shared_task(name="crisis.tasks.announce_stage_changes")
def announce_stage_changes() -> None:
    announcements.announce_decisions()


@shared_task(name="crisis.tasks.review_owed_rounds", **RETRY)
def review_owed_rounds() -> None:
    services.review_owed_rounds()


@shared_task(name="crisis.tasks.hold_demo_meetings", bind=True, max_retries=None)
def hold_demo_meetings(self: Any, *, job_id: int) -> None:
    """The demo's meetings need an evaluated round: until there is one, come again."""
    if not Round.objects.evaluated().filter(code=demo.ROUND).exists():
        raise self.retry(countdown=15)

    def work(progress: JobProgress) -> dict[str, int]:
        held = demo.hold_meetings() or 0
        demo.load_what_follows()
        return {"held": held}

    run_job(job_id=job_id, work=work)


@shared_task(name="crisis.tasks.verify_run")
def verify_run(*, job_id: int) -> None:
    run_job(job_id=job_id, work=services.verify_run)
