"""Tasks are named here and never imported, so that arrows keep pointing down; a test binds every name to a task."""

from celery import current_app
from django.db import transaction


def defer(task_name: str, **arguments: str | int | None) -> None:
    """Ask a worker for `task_name` once this transaction has committed. The debt itself must already be a row."""
    transaction.on_commit(lambda: current_app.send_task(task_name, kwargs=arguments), robust=True)
