"""Doors: a writing method runs in one transaction, a reading one cannot write; page and part share one template."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods

from portal.kernel.db import only_reading

View = Callable[..., HttpResponseBase]


def methods(*, reads: Sequence[str] = ("GET", "HEAD"), writes: Sequence[str] = ()) -> Callable[[View], View]:
    """Declare which methods read and which write.

    A writing method runs in one transaction. A reading method runs under a guard that raises on anything but
    reading statements, so a GET can never change the books.
    """

    def decorate(view: View) -> View:
        @require_http_methods([*reads, *writes])
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in writes:
                with transaction.atomic():
                    return view(request, *args, **kwargs)
            with connection.execute_wrapper(only_reading):
                return view(request, *args, **kwargs)

        inner.declared_methods = (tuple(reads), tuple(writes))  # type: ignore[attr-defined]
        return inner

    return decorate


def page_or_partial(request: Any, template: str, part: str) -> str:
    """`page.html#part` for an htmx request that is not boosted, the whole `page.html` for everyone else."""
    return f"{template}#{part}" if request.htmx and not request.htmx.boosted else template
