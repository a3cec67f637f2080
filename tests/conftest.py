"""What every test may use: an API client, people, a stopped clock."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient


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
