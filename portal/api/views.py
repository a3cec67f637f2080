"""Doors of the API that belong to no resource: its description, and addresses that do not exist."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api import document, reference
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


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


@login_required
@needs(Capability.VIEW)
@methods()
def docs(request: PortalRequest) -> HttpResponse:
    """The API in words: how to sign in, what every resource takes and gives, with examples to copy."""
    context = {"resources": reference.resources(), "base": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "api/docs.html", context)


schema = SchemaView.as_view()
unknown = UnknownView.as_view()
