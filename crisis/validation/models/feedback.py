"""What people thought of an alarm, and what became of the area."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from crisis.enums import Stage
from crisis.models import Area, Designation, Result
from crisis.validation.enums import USEFUL_REASONS, AlarmKind, EventKind, RatingReason
from crisis.validation.models.base import OfAreaQuerySet
from portal.directory.history import tracked
from portal.directory.models import Organization, User
from portal.kernel.constraints import all_or_none, not_blank
from portal.kernel.models import Timestamped

FOLLOW_UP_MONTHS = (6, 12, 18)


@tracked()
class AlarmRating(Timestamped):
    """One body's word on one alarm: useful or not, and why. A later word replaces it; the history keeps both."""

    result = models.ForeignKey(Result, models.PROTECT, related_name="+", verbose_name="산출 결과")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="지역")
    kind = models.CharField("경보", max_length=7, choices=AlarmKind)
    useful = models.BooleanField("유용했음")
    reason = models.CharField("사유", max_length=20, choices=RatingReason)
    note = models.CharField("비고", max_length=300, blank=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="기관")
    rated_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="평가자")
    is_demo = models.BooleanField("예시", default=False)

    objects = OfAreaQuerySet.as_manager()

    class Meta:
        verbose_name = "경보 평가"
        ordering = ["-updated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "organization"],
                name="alarm_rating_once_per_body",
                violation_error_message="이 기관은 이 경보를 이미 평가했습니다.",
            ),
            models.CheckConstraint(
                condition=Q(useful=True, reason__in=sorted(USEFUL_REASONS))
                | (Q(useful=False) & ~Q(reason__in=sorted(USEFUL_REASONS)))
                | Q(reason=RatingReason.OTHER),
                name="alarm_rating_reason_fits",
                violation_error_message="사유가 평가(유용함·유용하지 않음)와 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=RatingReason.OTHER) | ~Q(note=""),
                name="alarm_rating_other_is_explained",
                violation_error_message="그 밖의 사유는 비고에 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result} · {self.organization}"


class IncidentQuerySet(OfAreaQuerySet):
    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(withdrawn_at=None)

    def between(self, start: date, end: date) -> Self:
        """After `start`, up to and with `end`."""
        return self.filter(occurred_on__gt=start, occurred_on__lte=end)


@tracked()
class Incident(Timestamped):
    """A documented event in an area: a closure, a lay-off, a recovery. Taken back with a reason, never deleted."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="지역")
    kind = models.CharField("종류", max_length=12, choices=EventKind)
    occurred_on = models.DateField("일어난 날")
    title = models.CharField("내용", max_length=120)
    source = models.CharField("근거", max_length=200, help_text="문서 번호, 보도 등 확인한 근거")
    workers = models.PositiveIntegerField("영향받은 종사자(명)", null=True, blank=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="기록한 기관"
    )
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="기록자")
    withdrawn_at = models.DateTimeField("거둔 일시", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="거둔 사람"
    )
    withdrawn_reason = models.CharField("거둔 사유", max_length=200, blank=True)
    is_demo = models.BooleanField("예시", default=False)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = "확인된 사건"
        ordering = ["-occurred_on", "-pk"]
        constraints = [
            not_blank("source", name="incident_has_a_source", message="확인한 근거를 적어야 합니다."),
            all_or_none(
                "withdrawn_at",
                "withdrawn_by",
                name="incident_withdrawn_by_someone_at_some_time",
                message="거둔 일시와 거둔 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="incident_withdrawn_with_a_reason",
                violation_error_message="거두는 사유를 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.title}"


@tracked()
class FollowUp(Timestamped):
    """What had become of an alarmed or overridden area so many months after the round's cut-off.

    Joined by the portal when the day has come, and again when an event of that time is documented later.
    """

    result = models.ForeignKey(Result, models.PROTECT, related_name="+", verbose_name="산출 결과")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="지역")
    months = models.PositiveSmallIntegerField("경과(개월)")
    due_on = models.DateField("확인하는 날")
    joined_at = models.DateTimeField("이은 일시")
    crisis = models.BooleanField("위기 발생")
    recovered = models.BooleanField("회복 확인")
    stage = models.CharField("그때의 모형 단계", max_length=8, choices=Stage, null=True)
    rci = models.DecimalField("그때의 지수", max_digits=5, decimal_places=1, null=True)
    designations: models.ManyToManyField = models.ManyToManyField(Designation, related_name="+", verbose_name="지정")
    incidents: models.ManyToManyField = models.ManyToManyField(Incident, related_name="+", verbose_name="사건")

    objects = OfAreaQuerySet.as_manager()

    class Meta:
        verbose_name = "사후 결과"
        ordering = ["result_id", "months"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "months"],
                name="follow_up_once",
                violation_error_message="이미 이은 사후 결과입니다.",
            ),
            models.CheckConstraint(
                condition=Q(months__in=list(FOLLOW_UP_MONTHS)),
                name="follow_up_after_half_years",
                violation_error_message="사후 결과는 6, 12, 18개월 뒤에 잇습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result} +{self.months}"
