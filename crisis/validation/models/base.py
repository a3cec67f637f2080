"""Query pieces shared by everything here that belongs to an area or to everyone."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef

from crisis.models import Area
from portal.directory.scope import Scope


class OfAreaQuerySet(models.QuerySet):
    """Seen by whoever sees the area."""

    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Area.objects.visible_to(scope).filter(pk=OuterRef("area"))))


class ForAllQuerySet(models.QuerySet):
    """Seen by everyone who works here: the rules and how well they do are no secret among us."""

    def visible_to(self, scope: Scope) -> Self:
        return self if not scope.is_empty else self.none()
