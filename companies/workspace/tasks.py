"""Couriers of the workspace. Each may come twice."""

from celery import shared_task

from companies import search_index


@shared_task(name="companies.workspace.tasks.pay_search_debts")
def pay_search_debts() -> None:
    """Index the companies that a large batch left owing; asked for by the batch and by beat."""
    search_index.pay_debts()
