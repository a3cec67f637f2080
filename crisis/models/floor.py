"""Floors: a fact from outside the figures below which the proposed stage may not lie (decree §30②2; method §8)."""

import uuid
from datetime import date
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from crisis.enums import FloorKind, Stage
from crisis.models.area import Area
from crisis.models.designation import Designation
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none, not_blank
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped


def stored_name(floor: "Floor", filename: str) -> str:
    """Files lie under the floor's own number; the user's name of the file is a column, never a path."""
    return f"floors/{floor.public_id}"


class FloorQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Area.objects.visible_to(scope).filter(pk=OuterRef("area"))))

    def active_on(self, day: date) -> Self:
        """Those that hold the proposal up on a day; one entered by mistake never does."""
        return self.in_force_on(day).filter(voided=False)


@tracked()
class Floor(Timestamped):
    """A disaster, the loss of an anchor firm or another ministry's designation, with its evidence, for a period."""

    public_id = models.UUIDField("번호", default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="지역")
    kind = models.CharField("종류", max_length=20, choices=FloorKind)
    stage = models.CharField(
        "하한 단계", max_length=8, choices=[(s.value, s.label) for s in (Stage.CAUTION, Stage.SEVERE)]
    )
    effective = DateRangeField("적용 기간")
    share = models.DecimalField("비중(%)", max_digits=5, decimal_places=2, null=True, blank=True)
    designation = models.ForeignKey(
        Designation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="다른 법의 지정"
    )
    evidence = models.TextField("근거")
    evidence_file = models.FileField("근거 파일", upload_to=stored_name, blank=True)
    evidence_filename = models.CharField("근거 파일 이름", max_length=255, blank=True)
    evidence_sha256 = models.CharField("근거 파일 SHA-256", max_length=64, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="등록자")
    ended_at = models.DateTimeField("종료 처리 일시", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="종료 처리자"
    )
    end_reason = models.TextField("종료 사유", blank=True)
    voided = models.BooleanField("잘못 등록", default=False)
    is_demo = models.BooleanField("예시", default=False)

    objects = FloorQuerySet.as_manager()

    class Meta:
        verbose_name = "하한 사유"
        ordering = ["-effective", "area__code"]
        constraints = [
            not_blank("evidence", name="floor_has_evidence", message="하한 사유의 근거를 적어야 합니다."),
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.CAUTION, Stage.SEVERE]),
                name="floor_is_above_good",
                violation_error_message="하한 단계는 주의 또는 심각이어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(kind=FloorKind.ANCHOR_LOSS, share__isnull=False, share__gt=0, share__lte=100)
                | (~Q(kind=FloorKind.ANCHOR_LOSS) & Q(share=None)),
                name="floor_share_for_anchor_loss_alone",
                violation_error_message="주요 기업 이탈·감축에는 지역 고용에서 차지하는 비중(0 초과 100 이하 %)을 적고, 다른 사유에는 적지 않습니다.",
            ),
            models.CheckConstraint(
                condition=Q(effective__isempty=False, effective__startswith__isnull=False),
                name="floor_starts_on_a_day",
                violation_error_message="하한 사유의 시작일을 적어야 합니다.",
            ),
            all_or_none(
                "ended_at",
                "ended_by",
                name="floor_ended_by_someone_at_some_time",
                message="종료 처리 일시와 처리자는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="", voided=False)
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="floor_ended_with_a_reason",
                violation_error_message="하한 사유를 끝내거나 취소하려면 사유를 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(evidence_file="", evidence_filename="", evidence_sha256="")
                | (~Q(evidence_file="") & ~Q(evidence_filename="") & ~Q(evidence_sha256="")),
                name="floor_file_with_its_name_and_hash",
                violation_error_message="근거 파일은 이름, 해시와 함께 보관되어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.get_kind_display()} → {self.get_stage_display()}"

    @property
    def is_ended(self) -> bool:
        return self.ended_at is not None
