"""Couriers: fetch, call, return. Every one of them may come twice."""

from celery import shared_task

from crisis.sources import services


@shared_task(name="crisis.sources.tasks.collect_receipts")
def collect_receipts() -> None:
    services.collect()
    services.examine_newest_run()


@shared_task(name="crisis.sources.tasks.watch_feeds")
def watch_feeds() -> None:
    services.watch_feeds()
