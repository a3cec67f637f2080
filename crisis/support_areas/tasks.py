"""Couriers: what falls due each morning."""

from celery import shared_task

from crisis.support_areas import services


@shared_task(name="crisis.support_areas.tasks.watch")
def watch() -> None:
    services.expire_due()
    services.remind()
