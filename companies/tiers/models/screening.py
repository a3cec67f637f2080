"""Screenings: a criteria set held against every firm of a region, to find candidates or to try a change."""

from typing import Self

from django.db import models
from django.db.models import Q

from companies.models import Company
from companies.models.tracking import tracked_in_bulk
from companies.tiers.enums import Finding, ScreeningKind
from companies.tiers.models.base import SeenWithFirmQuerySet
from companies.tiers.models.criteria import CriteriaSet
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none
from portal.kernel.models import Timestamped


class ScreeningQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Of the reader's regions; one over the whole country for the nationwide."""
        return self if scope.nationwide else self.filter(region__in=scope.region_ids)

    def done(self) -> Self:
        return self.filter(finished_at__isnull=False)


@tracked()
class Screening(Timestamped):
    """Who meets a set on a day. A what-if compares a draft with the set in force; its firms are not touched."""

    kind = models.CharField("종류", max_length=12, choices=ScreeningKind)
    criteria = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="screenings", verbose_name="기준")
    compared_with = models.ForeignKey(
        CriteriaSet, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="견줄 기준"
    )
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="시·도")
    on = models.DateField("판정 기준일")
    base_year = models.PositiveSmallIntegerField("기준 연도")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="맡긴 사람")
    criteria_sha256 = models.CharField("기준 SHA-256", max_length=64)
    compared_sha256 = models.CharField("견준 기준 SHA-256", max_length=64, blank=True)
    finished_at = models.DateTimeField("끝난 일시", null=True, blank=True)
    counts = models.JSONField("집계", null=True, blank=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        verbose_name = "등급 선별"
        ordering = ["-created_at", "-pk"]
        constraints = [
            all_or_none(
                "finished_at",
                "counts",
                name="screening_finished_with_counts",
                message="끝난 일시와 집계는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(kind=ScreeningKind.WHAT_IF) | Q(compared_with=None),
                name="screening_compares_only_what_if",
                violation_error_message="견줄 기준은 시뮬레이션에서만 고릅니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.criteria}"


@tracked_in_bulk()
class ScreeningRow(models.Model):
    """One firm about which a screening has something to say, and why."""

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="rows")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="기업")
    finding = models.CharField("결과", max_length=8, choices=Finding)
    tier = models.CharField("현재 등급", max_length=16, blank=True)
    outcome = models.CharField("판정", max_length=8)
    outcome_before = models.CharField("견준 기준의 판정", max_length=8, blank=True)
    reasons = models.JSONField("사유", default=list)

    objects = SeenWithFirmQuerySet.as_manager()

    class Meta:
        verbose_name = "선별 결과"
        ordering = ["screening", "finding", "company"]
        indexes = [models.Index(fields=["screening", "finding", "company"], name="screening_row_by_finding")]
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "company"],
                name="screening_row_once_per_firm",
                violation_error_message="한 선별에 한 기업은 한 번만 나옵니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.get_finding_display()}"
