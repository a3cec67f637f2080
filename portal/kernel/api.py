"""What every REST endpoint shares by setting: strict filters, pages, one error shape."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.db.models import QuerySet
from django.http import Http404
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, status
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.kernel.errors import Refusal


class Pages(PageNumberPagination):
    """Fifty rows a page, two hundred at most."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"


class StrictFilterBackend(DjangoFilterBackend):
    """A query parameter nobody knows is refused, not ignored: a misspelt filter must not return everything."""

    common = frozenset({"format"})

    def filter_queryset(self, request: Any, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset_class = self.get_filterset_class(view, queryset)
        known = set(self.common) | set(getattr(view, "extra_parameters", ())) | self._of_pages(view)
        if filterset_class is not None:
            known |= set(filterset_class.base_filters)
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            raise exceptions.ValidationError(
                {name: [f"모르는 조회 조건입니다. 쓸 수 있는 조건: {', '.join(sorted(known))}"] for name in unknown}
            )
        return super().filter_queryset(request, queryset, view)

    def _of_pages(self, view: Any) -> set[str]:
        """The names by which a list is asked for its pages; a detail has none."""
        paginator = getattr(view, "paginator", None) if getattr(view, "action", "list") == "list" else None
        return {paginator.page_query_param, paginator.page_size_query_param} if paginator else set()


def _flatten(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Every message by the path of its field: `{"rows.3.value": ["…"]}`."""
    if isinstance(detail, dict):
        return {k: v for key, part in detail.items() for k, v in _flatten(part, f"{prefix}{key}.").items()}
    if isinstance(detail, list) and any(isinstance(part, dict | list) for part in detail):
        return {k: v for at, part in enumerate(detail) for k, v in _flatten(part, f"{prefix}{at}.").items()}
    messages = detail if isinstance(detail, list) else [detail]
    return {prefix.rstrip(".") or "detail": [str(message) for message in messages]}


def refusals(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal of the API has one shape: `{code, message, fields}`."""
    if isinstance(error, Refusal):
        body = {"code": error.code, "message": error.message, "fields": {k: [v] for k, v in error.fields.items()}}
        return Response(body, status=status.HTTP_409_CONFLICT)
    if isinstance(error, ModelValidationError):
        fields = error.message_dict if hasattr(error, "error_dict") else {"detail": error.messages}
        body = {"code": "invalid", "message": "입력한 값을 확인해 주세요.", "fields": fields}
        return Response(body, status=status.HTTP_400_BAD_REQUEST)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = {"code": "invalid", "message": "입력한 값을 확인해 주세요.", "fields": _flatten(error.detail)}
    elif isinstance(error, Http404):
        response.data = {"code": "not_found", "message": "없는 자료이거나 관할 밖의 자료입니다.", "fields": {}}
    elif isinstance(error, PermissionDenied):
        response.data = {"code": "permission_denied", "message": "이 일을 할 권한이 없습니다.", "fields": {}}
    else:
        detail = getattr(error, "detail", None)
        code = getattr(detail, "code", None) or getattr(error, "default_code", "error")
        response.data = {"code": str(code), "message": str(detail), "fields": {}}
    return response
