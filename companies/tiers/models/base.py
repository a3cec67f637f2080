"""Query pieces shared by everything that belongs to a firm and is decided by a region."""

from functools import reduce
from operator import or_
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q

from companies.models import Company
from companies.tiers.models.partner import PartnerRegion
from portal.directory.scope import Scope


def any_change(*fields: str) -> pgtrigger.Q:
    """A trigger's condition: one of the fields is given another value. Writing the same value again changes nothing."""
    return reduce(or_, (pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in fields))


class OfFirmQuerySet(models.QuerySet):
    """Seen by whoever sees the firm, by the region that decides and by those that take part: led by one, seen by several."""

    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        firm = Exists(Company.objects.visible_to(scope).filter(pk=OuterRef("company")))
        partner = Exists(PartnerRegion.objects.now(scope).filter(company=OuterRef("company")))
        return self.filter(firm | Q(region__in=scope.region_ids) | partner)

    def decided_within(self, scope: Scope) -> Self:
        """Of a region this scope decides for (pass `request.scope.within(capability)`)."""
        return self.filter(scope.regions("region"))


class SeenWithFirmQuerySet(models.QuerySet):
    """Seen by whoever sees the firm."""

    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Company.objects.visible_to(scope).filter(pk=OuterRef("company"))))
