"""When the chain was last checked as a whole, and what was found."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.directory.history import append_only
from portal.directory.models import User
from portal.directory.scope import Scope


class DossierCheckQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """That the records are whole, or are not, is for everyone who works here."""
        return self if not scope.is_empty else self.none()


class DossierCheck(models.Model):
    """One pass over the chain from its first link; `broken_at` is the number of the first that does not hold."""

    checked_at = models.DateTimeField("확인 일시", default=timezone.now)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="확인자")
    dossiers = models.PositiveBigIntegerField("보관본 수")
    head_sha256 = models.CharField("마지막 보관본의 SHA-256", max_length=64, blank=True)
    runs = models.PositiveIntegerField("다시 계산한 회차 산출 수", default=0)
    broken_at = models.PositiveBigIntegerField("어긋난 번호", null=True, blank=True)
    message = models.TextField("결과", blank=True)

    objects = DossierCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "보관본 확인"
        ordering = ["-checked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(broken_at=None) | ~Q(message=""),
                name="dossier_check_says_what_is_broken",
                violation_error_message="어긋난 곳이 있으면 무엇이 어긋났는지 적어야 합니다.",
            )
        ]
        triggers = append_only("dossier_check")

    def __str__(self) -> str:
        return self.message or "이상 없음"

    @property
    def ok(self) -> bool:
        return self.broken_at is None and not self.message
