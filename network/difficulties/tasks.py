"""Couriers: what falls due each morning."""

from celery import shared_task

from network.difficulties import services


@shared_task(name="network.difficulties.tasks.watch_cases")
def watch_cases() -> None:
    services.watch_cases()
