"""The base of every REST endpoint. Kept from `portal.kernel.api`, which the framework's views import by setting."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from rest_framework.viewsets import GenericViewSet


class ScopedViewSet(GenericViewSet):
    """Rows outside the caller's scope do not exist: every queryset goes through `visible_to(scope)`."""

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if not hasattr(queryset, "visible_to"):
            raise ImproperlyConfigured(f"{type(queryset).__name__} needs visible_to(scope)")
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        return queryset.visible_to(self.request.scope)  # type: ignore[attr-defined]
