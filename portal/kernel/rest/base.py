"""The viewset every reading endpoint starts from."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kernel.rest.rows import Row
from portal.kernel.rest.schema import PortalSchema
from portal.kernel.viewsets import ScopedViewSet


class ReadViewSet(ScopedViewSet):
    """Lists as rows of columns, details as serializers, both answering `If-None-Match` with 304.

    A subclass names `row_class` for its list and, if it has a detail, `detail_class`. A page of a list is one count
    and one query; the caller may pick `fields`.
    """

    schema = PortalSchema()
    row_class: ClassVar[type[Row]]
    filterset_class: Any
    detail_class: ClassVar[type[Any] | None] = None
    extra_parameters: tuple[str, ...] = ("fields",)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action == "retrieve":  # a detail takes no filters: one it does not know is refused as well
            self.filterset_class, self.extra_parameters = None, ()

    def get_serializer_class(self) -> type[Any]:
        return self.detail_class if self.action == "retrieve" and self.detail_class else self.row_class

    def row_names(self) -> list[str]:
        return self.row_class.names()

    def chosen_names(self) -> list[str]:
        """The fields asked for, in the row's own order; all of them when none is named."""
        text = self.request.query_params.get("fields", "")
        if not text:
            return self.row_names()
        asked = {name.strip() for name in text.split(",") if name.strip()}
        unknown = sorted(asked - set(self.row_names()))
        if unknown:
            message = _("모르는 항목입니다: %(unknown)s. 쓸 수 있는 항목: %(known)s") % {
                "unknown": ", ".join(unknown),
                "known": ", ".join(self.row_names()),
            }
            raise exceptions.ValidationError({"fields": [message]})
        return [name for name in self.row_names() if name in asked]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        names = self.chosen_names()
        queryset: QuerySet[Any] = self.row_class.select(self.filter_queryset(self.get_queryset()), names)
        page = self.paginate_queryset(queryset)
        return self.get_paginated_response(self.row_class.render(page or (), names))

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.method == "GET" and response.status_code == 200:
            patch_cache_control(response, private=True, no_cache=True)
            response.add_post_render_callback(lambda rendered: _conditional(request, rendered))
        return response


def _conditional(request: Request, response: Response) -> HttpResponse | None:
    """The same answer under its ETag; 304 without a body when the caller has it already."""
    set_response_etag(response)
    return get_conditional_response(request._request, etag=response["ETag"], response=response)
