"""The capability a page needs, said where the page is declared."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def needs(capability: str, *, for_writing: str | None = None) -> Callable[[View], View]:
    """Refuse (403) readers without the capability; posting may need another one than reading."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            wanted = for_writing if for_writing and request.method not in {"GET", "HEAD"} else capability
            if not request.scope.can(wanted):  # type: ignore[attr-defined]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        inner.needed_capability = (capability, for_writing)  # type: ignore[attr-defined]
        return inner

    return decorate
