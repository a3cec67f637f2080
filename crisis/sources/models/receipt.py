"""What came in, derived from the batches of figures: nobody types it, and it can be built again at any time."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from crisis.models import Indicator, ObservationBatch
from crisis.sources.models.feed import Feed
from crisis.sources.models.source import CatalogueQuerySet


class FeedReceiptQuerySet(CatalogueQuerySet):
    def of_areas(self, area_ids: list[int]) -> Self:
        """Receipts that still hold a value of one of these areas."""
        return self.filter(areas__overlap=area_ids)

    def holding(self) -> Self:
        """Receipts of which something still holds."""
        return self.exclude(areas=[])


class FeedReceipt(models.Model):
    """A batch brought figures of one indicator for one period.

    `areas` are the areas whose value by this batch has not been withdrawn since; `rows` is what it brought.
    """

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="receipts")
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", verbose_name="지표")
    period = models.DateField("기간")
    batch = models.ForeignKey(ObservationBatch, models.PROTECT, related_name="+", verbose_name="입력 묶음")
    received_at = models.DateTimeField("받은 일시", help_text="값이 알려진 일시 가운데 가장 이른 것")
    rows = models.PositiveIntegerField("건수")
    sha256 = models.CharField("파일의 SHA-256", max_length=64, blank=True)
    areas = ArrayField(models.BigIntegerField(), verbose_name="지역")

    objects = FeedReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = "수신 기록"
        ordering = ["-period", "-received_at", "-pk"]
        indexes = [models.Index(fields=["indicator", "-period"], name="receipt_of_indicator")]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period", "batch"],
                name="receipt_once_a_batch",
                violation_error_message="이 묶음의 수신 기록이 이미 있습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.period:%Y-%m}"


class CollectedBatch(models.Model):
    """This batch has been looked through for receipts and suspect values."""

    batch = models.OneToOneField(ObservationBatch, models.PROTECT, related_name="+")
    collected_at = models.DateTimeField("살펴본 일시", default=timezone.now)

    class Meta:
        verbose_name = "살펴본 묶음"

    def __str__(self) -> str:
        return str(self.batch_id)
