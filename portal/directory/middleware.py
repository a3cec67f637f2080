"""Each request gets a number, a scope, and is turned to the sign-in page unless its page is listed as open."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import SimpleLazyObject

from portal.directory import audit
from portal.directory.scope import NOTHING, scope_of

GetResponse = Callable[[HttpRequest], HttpResponse]

# Everything else asks for a sign-in. `tests/portal/test_access.py` walks every route and compares.
OPEN_VIEWS = frozenset({"login", "set_language", "alive", "accessibility"})


class RequestIdMiddleware:
    """A number that stands on the error page, in the log and in the history of whatever the request changed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = audit.new_request_id()  # type: ignore[attr-defined]
        token = audit.request_id.set(request.id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            audit.request_id.reset(token)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class ScopeMiddleware:
    """`request.scope`, computed when somebody first asks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.scope = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: scope_of(request.user) if request.user.is_authenticated else NOTHING  # type: ignore[arg-type]
        )
        return self.get_response(request)


class LoginRequiredMiddleware:
    """Closed unless listed. The API answers for itself (its permission class is closed as well)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if request.user.is_authenticated or (match and match.view_name in OPEN_VIEWS):
            return None
        if request.path.startswith("/api/"):
            return None
        if getattr(request, "htmx", False):
            return HttpResponse(status=401, headers={"HX-Redirect": "/login/"})
        if request.headers.get("accept", "").startswith("application/json"):
            return JsonResponse(
                {"code": "not_authenticated", "message": "로그인이 필요합니다.", "fields": {}}, status=401
            )
        return redirect_to_login(request.get_full_path())
