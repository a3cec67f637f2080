"""Tier periods: which tier a firm had when, and when the portal knew it. Bitemporal, append and supersede only."""

from datetime import date, datetime
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from companies.models import Company
from companies.tiers.enums import Tier, Track
from companies.tiers.models.base import OfFirmQuerySet, any_change
from companies.tiers.models.case import TierCase
from portal.directory.history import tracked
from portal.directory.models import Region


class KnownRange(Func):
    """[recorded, superseded): when the row was the portal's word."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class TierPeriodQuerySet(OfFirmQuerySet):
    def current(self) -> Self:
        """What the portal holds true now."""
        return self.filter(superseded_at=None)

    def known_at(self, moment: datetime) -> Self:
        """What the portal held true at a moment."""
        return self.filter(recorded_at__lte=moment).filter(Q(superseded_at=None) | Q(superseded_at__gt=moment))

    def as_of(self, day: date, known_at: datetime | None = None) -> Self:
        """The tiers in force on a day, as known at a moment (now). One row a firm and track at most."""
        rows = self.current() if known_at is None else self.known_at(known_at)
        return rows.filter(effective__contains=day)

    def on_track(self, track: str) -> Self:
        return self.filter(track=track)


@tracked()
class TierPeriod(models.Model):
    """A firm has a tier from a day on (until another), by a case. A correction supersedes; nothing is overwritten."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="기업")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="관할 시·도")
    track = models.CharField("구분", max_length=5, choices=Track)
    tier = models.CharField("등급", max_length=16, choices=Tier)
    effective = DateRangeField("효력 기간")
    recorded_at = models.DateTimeField("기록 일시", default=timezone.now)
    superseded_at = models.DateTimeField("대체 일시", null=True, blank=True)
    case = models.ForeignKey(TierCase, models.PROTECT, related_name="periods", verbose_name="근거 심사")
    superseded_by = models.ForeignKey(
        TierCase, models.PROTECT, null=True, blank=True, related_name="superseded", verbose_name="대체한 심사"
    )
    is_demo = models.BooleanField("예시", default=False)

    objects = TierPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "등급 기간"
        ordering = ["company", "track", "effective", "recorded_at"]
        indexes = [
            models.Index(fields=["tier", "company"], name="tier_period_now", condition=Q(superseded_at=None)),
            models.Index(fields=["region", "tier"], name="tier_period_of_region"),
        ]
        constraints = [
            ExclusionConstraint(
                name="tier_period_one_truth_at_a_time",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    ("track", RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                    (KnownRange(F("recorded_at"), F("superseded_at"), RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                violation_error_message="같은 기업의 등급 기간이 겹칩니다.",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None, superseded_by=None)
                | Q(superseded_at__isnull=False, superseded_by__isnull=False),
                name="tier_period_superseded_by_a_case",
                violation_error_message="대체된 등급 기간에는 대체한 심사와 일시가 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("recorded_at")),
                name="tier_period_superseded_after_it_was_recorded",
                violation_error_message="기록되기 전에 대체될 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=Q(tier=Tier.SUPRA_REGIONAL, track=Track.SUPRA)
                | ~Q(tier=Tier.SUPRA_REGIONAL) & Q(track=Track.MAIN),
                name="tier_period_on_its_track",
                violation_error_message="등급과 구분이 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=Q(effective__isempty=False) & Q(effective__startswith__isnull=False),
                name="tier_period_has_a_beginning",
                violation_error_message="등급 기간에는 시작일이 있어야 합니다.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="tier_period_is_never_rewritten",
                operation=pgtrigger.Update,
                condition=any_change("region_id", "track", "tier", "effective", "recorded_at", "case_id"),
            ),
            pgtrigger.Protect(
                name="tier_period_is_superseded_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__superseded_at__isnull=False)
                & any_change("superseded_at", "superseded_by_id"),
            ),
            pgtrigger.Protect(name="tier_period_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.get_tier_display()}"
