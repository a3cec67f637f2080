"""Couriers: what falls due each night."""

from celery import shared_task

from crisis.fieldwork import services


@shared_task(name="crisis.fieldwork.tasks.watch_campaigns")
def watch_campaigns() -> None:
    services.watch()
