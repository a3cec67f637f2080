"""Couriers of the dossiers. Every one of them may come twice."""

from celery import shared_task

from crisis.dossiers import services
from portal.directory.services import run_job


@shared_task(name="crisis.dossiers.tasks.write_paper")
def write_paper(*, job_id: int) -> None:
    run_job(job_id=job_id, work=services.write_paper)


@shared_task(name="crisis.dossiers.tasks.verify")
def verify(*, job_id: int) -> None:
    run_job(job_id=job_id, work=services.run_full_check)


@shared_task(name="crisis.dossiers.tasks.sweep_chain")
def sweep_chain() -> None:
    services.sweep_chain()
