"""Observations: append-only and bitemporal. A correction is a newer row; nothing is changed or deleted."""

from datetime import date, datetime
from typing import Self

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from crisis.enums import BatchKind, ObservationStatus
from crisis.models.area import Area
from crisis.models.indicator import Indicator
from portal.directory.history import append_only
from portal.directory.models import Organization, User
from portal.directory.scope import Scope
from portal.intake.models import Upload


class ObservationBatchQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Batches in which a visible area occurs."""
        if scope.nationwide:
            return self
        mine = Observation.objects.visible_to(scope).filter(batch=OuterRef("pk"))
        return self.filter(Q(actor=scope.user_id) | Exists(mine))


class ObservationBatch(models.Model):
    """Rows that came together, by whom and by which road. Undoing a batch is another batch."""

    public_id = models.UUIDField("공개 번호", unique=True, editable=False, db_default=RandomUUID())
    kind = models.CharField("경로", max_length=10, choices=BatchKind)
    title = models.CharField("제목", max_length=200)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="입력한 사람")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="기관")
    upload = models.OneToOneField(Upload, models.PROTECT, null=True, related_name="+", verbose_name="올린 파일")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    reason = models.TextField("사유", blank=True)
    request_id = models.CharField("요청 번호", max_length=40, blank=True)
    recorded_at = models.DateTimeField("기록 일시", default=timezone.now)

    objects = ObservationBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "입력 묶음"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=BatchKind.UNDO, undoes__isnull=False) | (~Q(kind=BatchKind.UNDO) & Q(undoes=None)),
                name="batch_undo_names_what_it_undoes",
                violation_error_message="되돌리기 묶음은 되돌릴 묶음을 가리켜야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=BatchKind.UNDO) | ~Q(reason=""),
                name="batch_undo_needs_a_reason",
                violation_error_message="되돌리려면 사유를 적어야 합니다.",
            ),
        ]
        triggers = append_only("batch")

    def __str__(self) -> str:
        return self.title


class ObservationQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Area.objects.visible_to(scope).filter(pk=OuterRef("area"))))

    def known_by(self, moment: datetime, seq_high: int | None = None) -> Self:
        """The winning row of each (area, indicator, period) as known at a moment; withdrawn values included.

        With `seq_high` rows recorded later do not count, even if dated back: a past round stays as it was.
        """
        rows = self.filter(known_at__lte=moment)
        if seq_high is not None:
            rows = rows.filter(pk__lte=seq_high)
        return rows.order_by("area_id", "indicator_id", "period", "-known_at", "-pk").distinct(
            "area_id", "indicator_id", "period"
        )

    def current(self) -> Self:
        """Rows that no newer row supersedes as of now, withdrawn values excluded."""
        newer = Observation.objects.filter(
            area=OuterRef("area"),
            indicator=OuterRef("indicator"),
            period=OuterRef("period"),
            known_at__lte=timezone.now(),
        ).filter(Q(known_at__gt=OuterRef("known_at")) | Q(known_at=OuterRef("known_at"), pk__gt=OuterRef("pk")))
        return self.filter(~Exists(newer), known_at__lte=timezone.now(), value__isnull=False)

    def between(self, start: date, end: date) -> Self:
        return self.filter(period__gte=start, period__lte=end)


class Observation(models.Model):
    """One reading. `known_at` is when the figure became known, the primary key the order in which it was recorded.

    A missing value means: withdrawn or suppressed as of `known_at`.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="지역")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name="지표")
    period = models.DateField("기간", help_text="그 달의 첫날. 분기 자료는 분기의 마지막 달")
    value = models.DecimalField("값", max_digits=24, decimal_places=6, null=True, blank=True)
    unit = models.CharField("단위", max_length=12)
    status = models.CharField("구분", max_length=6, choices=ObservationStatus, default=ObservationStatus.FINAL)
    known_at = models.DateTimeField("알려진 일시")
    verified = models.BooleanField("확인함", default=False)
    note = models.CharField("비고", max_length=300, blank=True)
    batch = models.ForeignKey(ObservationBatch, models.PROTECT, related_name="observations")

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = "관측값"
        ordering = ["area_id", "indicator_id", "period", "pk"]
        indexes = [
            models.Index(fields=["area", "indicator", "period", "-known_at", "-id"], name="observation_as_of"),
            models.Index(fields=["batch"], name="observation_of_batch"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(period__day=1),
                name="observation_period_is_a_month",
                violation_error_message="기간은 그 달의 첫날로 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(verified=False) | ~Q(note=""),
                name="observation_verified_with_a_note",
                violation_error_message="이상값을 확인했다면 확인한 내용을 비고에 적어야 합니다.",
            ),
        ]
        triggers = append_only("observation")

    def __str__(self) -> str:
        return f"{self.area} {self.indicator} {self.period:%Y-%m}"
