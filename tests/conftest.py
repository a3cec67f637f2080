"""What every test may use: an API client, people, a stopped clock."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import settings as hypothesis_settings
from rest_framework.test import APIClient

# A browser test leaves the driver's event loop running in this thread, and later tests in it use the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# How long an example takes says more about the machine than about the code.
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")


HEAVY = ("slow", "browser", "servers")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests go first: begun last, one of them would run alone while every other core has nothing left."""
    heavy = {item.path for item in items if any(item.get_closest_marker(name) for name in HEAVY)}
    items.sort(key=lambda item: item.path not in heavy)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A worker or a thread that is still closing its connection must not keep the test database from being dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def api() -> APIClient:
    return APIClient()


@pytest.fixture
def sign_in(client) -> Callable[[Any], Any]:
    """The test client, signed in as somebody."""

    def signed_in(user: Any) -> Any:
        client.force_login(user)
        return client

    return signed_in


class TaskRecorder(list[tuple[str, dict[str, Any]]]):
    """Stands where the broker would be: keeps (task name, arguments) of everything sent."""

    def send_task(self, name: str, kwargs: dict[str, Any] | None = None, **options: Any) -> None:
        self.append((name, kwargs or {}))

    def named(self, name: str) -> list[dict[str, Any]]:
        return [arguments for task, arguments in self if task == name]


@pytest.fixture(autouse=True)
def sent_tasks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> TaskRecorder:
    """What the code asked workers to do. Tests marked `servers` talk to a real broker instead."""
    recorder = TaskRecorder()
    if "servers" not in request.keywords:
        monkeypatch.setattr("portal.kernel.queue.current_app", recorder)
    return recorder
