"""Couriers: fetch, call, return."""

from celery import shared_task

from companies.tiers import services
from portal.directory.services import run_job


@shared_task(name="companies.tiers.tasks.run_screening")
def run_screening(*, job_id: int) -> None:
    run_job(job_id=job_id, work=services.run_screening)


@shared_task(name="companies.tiers.tasks.tell_what_ends")
def tell_what_ends() -> None:
    """Daily: tiers about to end, reports about to be due."""
    services.tell_what_ends()
