"""The request as the portal's views see it."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from portal.directory.models import User
    from portal.directory.scope import Scope


class PortalRequest(HttpRequest):
    user: "User"  # type: ignore[assignment]
    scope: "Scope"
    htmx: "HtmxDetails"
    id: str
