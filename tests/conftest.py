"""What every test may use: an API client, people, a stopped clock."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    cache.clear()
    yield


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
