"""Values so different from a year ago that the method sets them aside until an officer has looked (method §3)."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from crisis.models import Area, Indicator, Observation, Run
from crisis.sources.enums import SuspectOrigin, SuspectState
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none
from portal.kernel.models import Timestamped


class SuspectQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Area.objects.visible_to(scope).filter(pk=OuterRef("area"))))

    def writable_by(self, scope: Scope) -> Self:
        """Those on which this scope may decide: the nation's only by a nationwide officer."""
        if scope.nationwide:
            return self
        return self.filter(Exists(Area.objects.writable_by(scope).filter(pk=OuterRef("area"))))

    def waiting(self) -> Self:
        return self.filter(state=SuspectState.WAITING)


@tracked()
class SuspectValue(Timestamped):
    """One value that waits, or waited, for an officer: what was found, what was decided, by which new row."""

    public_id = models.UUIDField("공개 번호", default=uuid.uuid4, unique=True, editable=False)
    observation = models.OneToOneField(Observation, models.PROTECT, related_name="+", verbose_name="관측값")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="지역")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name="지표")
    period = models.DateField("기간")
    change = models.DecimalField("1년 전 대비(%)", max_digits=20, decimal_places=1)
    limit = models.DecimalField("기준(%)", max_digits=8, decimal_places=1)
    origin = models.CharField("알아낸 때", max_length=5, choices=SuspectOrigin)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="산출")
    state = models.CharField("상태", max_length=10, choices=SuspectState, default=SuspectState.WAITING)
    note = models.CharField("확인한 내용", max_length=250, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="확인한 사람"
    )
    decided_at = models.DateTimeField("확인 일시", null=True, blank=True)

    objects = SuspectQuerySet.as_manager()

    class Meta:
        verbose_name = "이상값"
        ordering = ["-period", "area__code", "indicator__code"]
        indexes = [
            models.Index(fields=["area", "state"], name="suspect_of_area"),
            models.Index(fields=["period"], condition=Q(state="WAITING"), name="suspect_waiting"),
        ]
        constraints = [
            all_or_none(
                "decided_by",
                "decided_at",
                name="suspect_decided_by_someone_at_some_time",
                message="확인한 사람과 확인 일시는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[SuspectState.WAITING, SuspectState.SUPERSEDED], decided_by=None)
                | (Q(state__in=[SuspectState.VERIFIED, SuspectState.REJECTED], decided_by__isnull=False) & ~Q(note="")),
                name="suspect_decision_has_a_person_and_a_note",
                violation_error_message="확인하거나 반려하려면 담당자와 확인한 내용이 있어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.indicator} {self.period:%Y-%m}"


class ExaminedRun(models.Model):
    """The suspect values of this run have been put before the officers."""

    run = models.OneToOneField(Run, models.CASCADE, related_name="+")
    examined_at = models.DateTimeField("살펴본 일시", default=timezone.now)

    class Meta:
        verbose_name = "살펴본 산출"

    def __str__(self) -> str:
        return str(self.run_id)
