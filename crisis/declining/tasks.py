"""Couriers: what falls due each morning."""

from celery import shared_task

from crisis.declining import services


@shared_task(name="crisis.declining.tasks.watch")
def watch() -> None:
    services.remind()
