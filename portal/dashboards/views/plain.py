"""Pages anyone may open: is the portal alive, and how accessible it is."""

import logging

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from portal.kernel.views import methods

log = logging.getLogger(__name__)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        log.exception("the database does not answer")
        return False


def _cache() -> bool:
    try:
        cache.set("alive", "1", 10)
        return cache.get("alive") == "1"
    except Exception:
        # Each cache backend has errors of its own; whatever it is, the cache does not serve.
        log.exception("the cache does not answer")
        return False


@methods()
def alive(request: HttpRequest) -> JsonResponse:
    """Whether this process reaches its database and its cache: 200, or 503 with what fails."""
    faults = [name for name, works in [("database", _database()), ("cache", _cache())] if not works]
    body = {"status": "unavailable", "failing": faults} if faults else {"status": "ok"}
    return JsonResponse(body, status=503 if faults else 200, headers={"Cache-Control": "no-store"})


@methods()
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboards/accessibility.html")
