"""재판정 검토: figures changed after the decision, and the method would now say otherwise (method §8)."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from crisis.enums import ReviewState, Stage
from crisis.models.area import Area
from crisis.models.determination import Determination
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none
from portal.kernel.models import Timestamped


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Area.objects.visible_to(scope).filter(pk=OuterRef("area"))))

    def open(self) -> Self:
        return self.filter(state=ReviewState.OPEN)


@tracked()
class Review(Timestamped):
    """The frozen round, calculated with today's figures, gives a determined area another raw stage, robustly.

    It never changes the decision: the office keeps it with a reason, or puts a correction before the council.
    """

    determination = models.ForeignKey(Determination, models.PROTECT, related_name="reviews", verbose_name="결정")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="지역")
    raised_at = models.DateTimeField("알아낸 일시", default=timezone.now)
    seq_high = models.BigIntegerField("마지막 관측 번호")
    known_at = models.DateTimeField("자료 시점")
    old_stage = models.CharField("그때의 산출 단계", max_length=8, choices=Stage, null=True)
    new_stage = models.CharField("지금 자료의 산출 단계", max_length=8, choices=Stage)
    old_rci = models.DecimalField("그때의 지수", max_digits=5, decimal_places=1, null=True)
    new_rci = models.DecimalField("지금 자료의 지수", max_digits=5, decimal_places=1, null=True)
    public = models.JSONField("지금 자료의 산출 결과")
    digest = models.CharField("SHA-256", max_length=64)
    changed = models.JSONField("바뀐 관측값", default=list)
    state = models.CharField("상태", max_length=10, choices=ReviewState, default=ReviewState.OPEN)
    decided_at = models.DateTimeField("처리 일시", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="처리자")
    reason = models.TextField("처리 사유", blank=True)
    correction = models.ForeignKey(
        Determination, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="정정 결정"
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "재판정 검토"
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["determination", "digest"],
                name="review_once_per_finding",
                violation_error_message="같은 내용의 재판정 검토가 이미 있습니다.",
            ),
            models.UniqueConstraint(
                fields=["determination"],
                condition=Q(state=ReviewState.OPEN),
                name="review_one_open_per_determination",
                violation_error_message="이 결정의 재판정 검토가 이미 열려 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(old_stage=None) | ~Q(old_stage=F("new_stage")),
                name="review_finds_another_stage",
                violation_error_message="산출 단계가 달라진 때만 재판정을 검토합니다.",
            ),
            all_or_none(
                "decided_at",
                "decided_by",
                name="review_decided_by_someone_at_some_time",
                message="처리 일시와 처리자는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ReviewState.OPEN, ReviewState.RESOLVED], decided_at=None)
                | (Q(state__in=[ReviewState.KEPT, ReviewState.CORRECTED], decided_at__isnull=False) & ~Q(reason="")),
                name="review_decided_with_a_reason",
                violation_error_message="재판정 검토를 처리하려면 사유를 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=ReviewState.CORRECTED, correction__isnull=False)
                | (~Q(state=ReviewState.CORRECTED) & Q(correction=None)),
                name="review_corrected_names_the_correction",
                violation_error_message="정정한 검토에는 정정 결정이 있어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.old_stage} → {self.new_stage}"
