"""Query pieces shared by everything that belongs to a firm and is decided by a region."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from companies.models import Company
from portal.directory.scope import Scope


class OfFirmQuerySet(models.QuerySet):
    """Seen by whoever sees the firm, and by the region that decides: led by one, seen by several."""

    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        firm = Exists(Company.objects.visible_to(scope).filter(pk=OuterRef("company")))
        return self.filter(firm | Q(region__in=scope.region_ids))

    def decided_within(self, scope: Scope) -> Self:
        """Of a region this scope decides for (pass `request.scope.within(capability)`)."""
        return self.filter(scope.regions("region"))


class SeenWithFirmQuerySet(models.QuerySet):
    """Seen by whoever sees the firm."""

    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Company.objects.visible_to(scope).filter(pk=OuterRef("company"))))
