"""Deferred work: sent after the commit, by whichever thread, and only then."""

import threading

import pytest
from celery import current_app
from django.db import transaction

from portal.kernel.queue import defer


def test_every_thread_sends_through_the_portals_own_app():
    """Celery keeps its current app by thread; a web server's threads are not the one that imported the portal."""
    seen = []
    thread = threading.Thread(target=lambda: seen.append((current_app.main, current_app.conf.broker_url)))
    thread.start()
    thread.join()
    assert seen == [("portal", current_app.conf.broker_url)]


@pytest.mark.django_db(transaction=True)
def test_work_is_sent_once_the_debt_is_written(sent_tasks):
    with transaction.atomic():
        defer("crisis.tasks.start_owed_runs")
        assert sent_tasks == []
    assert sent_tasks == [("crisis.tasks.start_owed_runs", {})]


@pytest.mark.django_db(transaction=True)
def test_work_of_a_deed_that_failed_is_never_sent(sent_tasks):
    def deed():
        with transaction.atomic():
            defer("crisis.tasks.start_owed_runs")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deed()
    assert sent_tasks == []
