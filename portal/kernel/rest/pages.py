"""Pages of a list too long to count: each begins after the last row of the one before."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

PAGE_SIZE, MAX_PAGE_SIZE = 50, 1000


def after(keys: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows behind `values` in the order of `keys`: `a > x or (a = x and (b > y or …))`.

    The leading `a >= x` is implied by the rest; the index needs it to know where to begin.
    """
    condition = Q(**{f"{keys[-1]}__gt": values[-1]})
    for key, value in zip(reversed(keys[:-1]), reversed(values[:-1]), strict=True):
        condition = Q(**{f"{key}__gt": value}) | (Q(**{key: value}) & condition)
    return Q(**{f"{keys[0]}__gte": values[0]}) & condition


class KeysetPages(BasePagination):
    """A page costs the same at any depth and nothing is counted. The cursor is signed and says nothing.

    The view names its order in `keyset` (columns of one unique index) and pins what one walk through the list must
    keep in `pinned`, a dictionary added to the address of the next page.
    """

    page_query_param, page_size_query_param = "cursor", "page_size"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Tuples of the selected columns of one page. `queryset` is a `values_list` of them."""
        self.request, self.view, self.next_cursor = request, view, None
        size = self._size(request)
        columns = list(queryset._fields)
        cursor = request.query_params.get("cursor")
        if cursor:
            queryset = queryset.filter(after(view.keyset, self._read(cursor)))
        rows = list(queryset.order_by(*view.keyset).values_list(*columns, *view.keyset)[: size + 1])
        if len(rows) > size:
            rows = rows[:size]
            self.next_cursor = self._write(rows[-1][len(columns) :])
        return [row[: len(columns)] for row in rows]

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._next_link(), "as_of": timezone.localtime(self.view.as_of).isoformat(),
                         "results": data})  # fmt: skip

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "as_of", "results"],
            "properties": {
                "next": {
                    "type": "string",
                    "nullable": True,
                    "format": "uri",
                    "description": "다음 쪽 주소. 끝이면 null",
                },
                "as_of": {"type": "string", "format": "date-time", "description": "이 답이 기준으로 삼은 시점"},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = f"한 쪽의 건수(기본 {PAGE_SIZE}, 최대 {MAX_PAGE_SIZE})"
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"},
             "description": "앞 쪽의 next에 들어 있는 값"},
            {"name": "page_size", "in": "query", "required": False, "schema": {"type": "integer"}, "description": size},
        ]  # fmt: skip

    def _size(self, request: Request) -> int:
        text = request.query_params.get("page_size", "")
        if not text:
            return PAGE_SIZE
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_PAGE_SIZE:
            message = _("한 쪽은 1건부터 %(most)s건까지입니다.") % {"most": MAX_PAGE_SIZE}
            raise exceptions.ValidationError({"page_size": [message]})
        return int(text)

    def _next_link(self) -> str | None:
        if self.next_cursor is None:
            return None
        query = {**self.request.query_params.dict(), **self.view.pinned, "cursor": self.next_cursor}
        return self.request.build_absolute_uri(f"{self.request.path}?{urlencode(query)}")

    def _write(self, values: Sequence[Any]) -> str:
        plain = [value.isoformat() if isinstance(value, date | datetime) else value for value in values]
        return signing.dumps(plain, salt=self._salt(), compress=True)

    def _read(self, cursor: str) -> list[Any]:
        try:
            return list(signing.loads(cursor, salt=self._salt()))
        except signing.BadSignature as error:
            message = _("알 수 없는 쪽 주소입니다. 앞 쪽의 next를 그대로 쓰세요.")
            raise exceptions.ValidationError({"cursor": [message]}) from error

    def _salt(self) -> str:
        return f"keyset:{type(self.view).__name__}"
