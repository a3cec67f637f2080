"""Couriers: fetch, call, return. Every one of them may come twice."""

from celery import shared_task

from crisis.validation import services
from portal.directory.services import run_job


@shared_task(name="crisis.validation.tasks.calibrate")
def calibrate(*, job_id: int) -> None:
    run_job(job_id=job_id, work=services.compute_calibration)


@shared_task(name="crisis.validation.tasks.run_back_test")
def run_back_test(*, job_id: int) -> None:
    run_job(job_id=job_id, work=services.compute_back_test)


@shared_task(name="crisis.validation.tasks.join_outcomes")
def join_outcomes() -> None:
    """Everything that is due, in portions, so that no transaction grows with the history."""
    while services.join_due():
        pass
