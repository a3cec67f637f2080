"""Background work of prevention plans."""

from celery import shared_task

from crisis.plans import services


@shared_task(name="crisis.plans.tasks.watch_plans")
def watch_plans() -> None:
    """Begin what begins today and tell what is late."""
    services.start_due_plans()
    services.tell_late()
