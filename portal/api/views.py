"""Doors of the API that belong to no resource: its description, and addresses that do not exist."""

from typing import Any

from django.http import Http404, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api import document


class SchemaView(APIView):
    """The OpenAPI document, for everyone who may read anything here."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(document.as_json(), content_type="application/vnd.oai.openapi+json; charset=utf-8")


class UnknownView(APIView):
    """An address under the API that does not exist: refused in the API's own shape, not with a page."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404

    def get(self, request: Request) -> Response:  # pragma: no cover - `initial` answers first
        raise Http404

    post = put = patch = delete = get


schema = SchemaView.as_view()
unknown = UnknownView.as_view()
