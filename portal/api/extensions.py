"""Tells the document generator of our own way of signing in."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ClientTokenScheme(OpenApiAuthenticationExtension):
    target_class = "portal.directory.authentication.ClientTokenAuthentication"
    name = "clientToken"
    priority = 1

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "연계 시스템마다 하나씩 받은 인증키: `Authorization: Token rsme_…`",
        }
