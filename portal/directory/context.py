"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from portal.kernel import todo


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries this reader may use, the current one marked."""
    scope = request.scope  # type: ignore[attr-defined]
    here = request.resolver_match.view_name if request.resolver_match else ""
    shown = []
    for section in import_string(settings.PORTAL_MENU):
        children = [
            {"label": entry.label, "url": reverse(entry.view), "current": here == entry.view or here in entry.also}
            for entry in section.entries
            if entry.capability is None or scope.can(entry.capability)
        ]
        if children:
            current = any(child["current"] for child in children)
            shown.append({"label": section.label, "url": children[0]["url"], "current": current, "children": children})
    return shown


def task_count(request: HttpRequest) -> int:
    """How much waits for the reader; at most half a minute old."""
    scope = request.scope  # type: ignore[attr-defined]
    key = f"todo:{scope.user_id}"
    count = cache.get(key)
    if count is None:
        count = sum(item.count for item in todo.for_scope(scope))
        cache.set(key, count, 30)
    return int(count)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Frame of every page: name, menu, waiting work, whether this is the demo."""
    frame: dict[str, Any] = {"portal_name": settings.PORTAL_NAME, "demo": settings.PORTAL_DEMO, "menu": []}
    if getattr(request, "user", None) is not None and request.user.is_authenticated:
        frame["menu"] = SimpleLazyObject(lambda: _menu(request))
        frame["task_count"] = SimpleLazyObject(lambda: task_count(request))
    return frame
