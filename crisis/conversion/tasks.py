"""Couriers: what falls due each morning."""

from celery import shared_task

from crisis.conversion import services


@shared_task(name="crisis.conversion.tasks.watch")
def watch() -> None:
    services.remind()
