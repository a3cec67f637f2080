"""Couriers: fetch, call, return. Every one of them may come twice."""

from celery import shared_task

from crisis.workbench import services
from portal.directory.services import run_job


@shared_task(name="crisis.workbench.tasks.run_what_if")
def run_what_if(*, job_id: int) -> None:
    run_job(job_id=job_id, work=services.compute_what_if)


@shared_task(name="crisis.workbench.tasks.delete_expired_what_ifs")
def delete_expired_what_ifs() -> None:
    services.delete_expired()
