"""Targets of the cohort, as rows with their source."""

from typing import Self

from django.db import models
from django.db.models import Q

from companies.tiers.enums import TargetMeasure, Tier
from portal.directory.history import tracked
from portal.directory.models import Region
from portal.directory.scope import Scope


class CohortTargetQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """The nation's are everyone's; a region's are its own."""
        if scope.nationwide:
            return self
        return self.none() if scope.is_empty else self.filter(Q(region=None) | Q(region__in=scope.region_ids))


@tracked()
class CohortTarget(models.Model):
    """So many firms of a tier by the end of a year, in a region or the nation."""

    year = models.PositiveSmallIntegerField("연도")
    tier = models.CharField("등급", max_length=16, choices=Tier)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="시·도")
    measure = models.CharField("세는 법", max_length=4, choices=TargetMeasure)
    count = models.PositiveIntegerField("목표 기업 수")
    source = models.CharField("출처", max_length=200)
    provisional = models.BooleanField("잠정", default=False)
    note = models.TextField("비고", blank=True)

    objects = CohortTargetQuerySet.as_manager()

    class Meta:
        verbose_name = "등급별 목표"
        ordering = ["year", "tier", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "tier", "region"],
                nulls_distinct=False,
                name="cohort_target_once",
                violation_error_message="이 연도·등급·지역의 목표가 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="cohort_target_has_a_source",
                violation_error_message="목표에는 출처가 있어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_tier_display()} {self.count}"
