"""Regions that take part in a supra-regional firm beside the one that leads it."""

from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from companies.models import Company
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank, one_at_a_time
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped


class PartnerRegionQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        firm = Exists(Company.objects.visible_to(scope).filter(pk=OuterRef("company")))
        return self.filter(firm | models.Q(region__in=scope.region_ids))

    def now(self, scope: Scope) -> Self:
        """Those by which a scope sees a firm today."""
        return self.in_force_on(timezone.localdate()).filter(region__in=scope.region_ids)


@tracked()
class PartnerRegion(Timestamped):
    """A 시·도 takes part in a firm by an agreement: from then on it sees the firm's tiers, cases and plans."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="기업")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="함께하는 시·도")
    effective = DateRangeField("참여 기간")
    document = models.CharField("협약·근거 문서", max_length=200)
    stated_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="적은 사람"
    )

    objects = PartnerRegionQuerySet.as_manager()

    class Meta:
        verbose_name = "함께하는 시·도"
        ordering = ["company", "region", "-effective"]
        constraints = [
            not_blank("document", name="partner_region_has_a_document", message="협약이나 근거 문서를 적어 주세요."),
            one_at_a_time(
                "company",
                "region",
                name="partner_region_once_at_a_time",
                message="이 시·도는 그 기간에 이미 함께하고 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.region}"
