"""What a client system was told when it handed in figures under a key of its own."""

from django.db import models

from crisis.models.observation import ObservationBatch
from portal.directory.history import append_only
from portal.directory.models import User
from portal.kernel.constraints import not_blank


class BatchReceipt(models.Model):
    """The answer given under an `Idempotency-Key`, written with the batch, so that a repeat gets the same answer."""

    actor = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="보낸 계정")
    key = models.CharField("멱등키", max_length=100)
    digest = models.CharField("보낸 내용의 SHA-256", max_length=64)
    batch = models.OneToOneField(
        ObservationBatch, models.PROTECT, null=True, related_name="receipt", verbose_name="입력 묶음"
    )
    answer = models.JSONField("답")

    class Meta:
        verbose_name = "연계 접수증"
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "key"],
                name="receipt_once_per_key",
                violation_error_message="이 계정이 이미 쓴 멱등키입니다.",
            ),
            not_blank("key", name="receipt_has_a_key", message="멱등키가 비어 있습니다."),
        ]
        triggers = append_only("receipt")

    def __str__(self) -> str:
        return self.key
