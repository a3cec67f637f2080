"""Long work: asked for in a transaction, carried by Celery, told to whoever asked."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from portal.directory import audit
from portal.directory.enums import JobState
from portal.directory.models import Job, User
from portal.kernel.errors import Refusal
from portal.kernel.queue import defer

logger = logging.getLogger(__name__)

EXPORTS = "exports"
"""Where jobs leave their files, under `MEDIA_ROOT`."""
STALLED_AFTER = timedelta(minutes=3)
QUEUED_TOO_LONG = timedelta(minutes=1)
MAX_ATTEMPTS = 5


@transaction.atomic
def start_job(
    *, kind: str, title: str, task: str, owner: User | None, arguments: dict[str, Any] | None = None, total: int = 0
) -> Job:
    """Owe a piece of long work. `task` is the name of a Celery task that takes `job_id` only."""
    job = Job.objects.create(kind=kind, title=title, task=task, owner=owner, arguments=arguments or {}, total=total)
    defer(task, job_id=job.pk)
    return job


class JobProgress:
    """What the worker says while it works. Each word is its own small transaction, so watchers see it at once."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.arguments: dict[str, Any] = job.arguments

    def say(self, *, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        changes: dict[str, Any] = {"heartbeat_at": timezone.now()}
        if done is not None:
            changes["done"] = done
        if total is not None:
            changes["total"] = total
        if message is not None:
            changes["message"] = message[:200]
        Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING).update(**changes)


def _claim(job_id: int) -> Job | None:
    """Take the job if nobody is at it: a second delivery of the same message finds nothing to do."""
    now = timezone.now()
    with transaction.atomic():
        job = Job.objects.select_for_update(no_key=True).filter(pk=job_id).first()
        if job is None or job.is_finished:
            return None
        if job.state == JobState.RUNNING and job.heartbeat_at and now - job.heartbeat_at < STALLED_AFTER:
            return None
        job.state, job.attempts = JobState.RUNNING, job.attempts + 1
        job.started_at, job.heartbeat_at = job.started_at or now, now
        job.save(update_fields=["state", "attempts", "started_at", "heartbeat_at", "updated_at"])
    return job


def _finish(job: Job, state: str, **changes: Any) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=timezone.now(), updated_at=timezone.now(), **changes)


def run_job(*, job_id: int, work: Callable[[JobProgress], dict[str, Any]]) -> None:
    """Claim the job, do the work, keep its result or its failure.

    `work` returns a JSON-ready result; its key `url` becomes the job's result address. A Refusal is told in its own
    words; any other error is logged with the request number and told as a fault of the system.
    """
    job = _claim(job_id)
    if job is None:
        return
    try:
        result = work(JobProgress(job))
    except Refusal as refusal:
        _finish(job, JobState.FAILED, error_code=refusal.code, error=refusal.message)
    except Exception:
        number = audit.new_request_id()
        logger.exception("job %s (%s) failed, number %s", job.pk, job.kind, number)
        _finish(
            job,
            JobState.FAILED,
            error_code="fault",
            error=f"처리 중 오류가 나서 멈췄습니다. 다시 시도해도 같으면 관리자에게 번호 {number}를 알려 주세요.",
        )
    else:
        _finish(job, JobState.DONE, result=result, result_url=str(result.get("url", "")), message="")


@transaction.atomic
def retry_job(*, job: Job) -> Job:
    """Begin a failed job again."""
    job = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
    if job.state != JobState.FAILED:
        raise Refusal("job_not_failed", "실패한 작업만 다시 시작할 수 있습니다.")
    job.state, job.error, job.error_code, job.finished_at, job.done = JobState.QUEUED, "", "", None, 0
    job.save()
    defer(job.task, job_id=job.pk)
    return job


def resume_stalled() -> int:
    """Offer again what a lost message or a killed worker left behind. Returns how many were offered."""
    now = timezone.now()
    offered = 0
    for job in Job.objects.unfinished().order_by("pk"):
        last = job.heartbeat_at or job.created_at
        waited = now - max(last, job.updated_at)
        if job.state == JobState.RUNNING and now - last < STALLED_AFTER:
            continue
        if job.state == JobState.QUEUED and waited < QUEUED_TOO_LONG:
            continue
        if job.attempts >= MAX_ATTEMPTS:
            _finish(
                job,
                JobState.FAILED,
                error_code="gave_up",
                error="여러 번 시도했지만 끝내지 못했습니다. 다시 시작해 주세요.",
            )
            continue
        Job.objects.filter(pk=job.pk).update(updated_at=now)
        with transaction.atomic():
            defer(job.task, job_id=job.pk)
        offered += 1
    return offered


def sweep_files() -> int:
    """Remove the files of jobs after `PORTAL_EXPORT_DAYS`; the job's page says so. Returns how many were removed.

    They may name people, so they are not kept longer than they are of use (Personal Information Protection Act §21).
    What was uploaded is kept: it is the evidence of the rows it became.
    """
    if not default_storage.exists(EXPORTS):
        return 0
    oldest = timezone.now() - timedelta(days=settings.PORTAL_EXPORT_DAYS)
    _, names = default_storage.listdir(EXPORTS)
    old = [name for name in names if default_storage.get_modified_time(f"{EXPORTS}/{name}") < oldest]
    for name in old:
        default_storage.delete(f"{EXPORTS}/{name}")
    return len(old)
