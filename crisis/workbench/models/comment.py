"""What people in the region say about an area's figures before the council meets."""

import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q

from crisis.models import Area, Round
from portal.directory.history import tracked
from portal.directory.models import Organization, User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none, not_blank
from portal.kernel.models import Timestamped


def stored_name(comment: "Comment", filename: str) -> str:
    """Files lie under the comment's own number; the user's name of the file is a column, never a path."""
    return f"comments/{comment.public_id}"


class CommentQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Whoever sees the area reads what is said of it."""
        if scope.nationwide:
            return self
        return self.filter(Exists(Area.objects.visible_to(scope).filter(pk=OuterRef("area"))))

    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)

    def for_the_council(self) -> Self:
        return self.standing().filter(for_council=True)


@tracked()
class Comment(Timestamped):
    """One remark on an area in a round. It is never edited; its author's body may withdraw it with a reason."""

    public_id = models.UUIDField("번호", default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="+", verbose_name="회차")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="지역")
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="작성자")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="기관")
    text = models.TextField("의견", max_length=4000)
    for_council = models.BooleanField("협의회에 알림", default=False)
    file = models.FileField("붙임 파일", upload_to=stored_name, blank=True)
    filename = models.CharField("파일 이름", max_length=255, blank=True)
    sha256 = models.CharField("파일 SHA-256", max_length=64, blank=True)
    withdrawn_at = models.DateTimeField("거둔 일시", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="거둔 사람"
    )
    withdraw_reason = models.CharField("거둔 사유", max_length=300, blank=True)
    is_demo = models.BooleanField("예시", default=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "회차 의견"
        ordering = ["round", "area", "created_at", "pk"]
        indexes = [models.Index(fields=["round", "area"], name="comment_of_area_in_round")]
        constraints = [
            not_blank("text", name="comment_says_something", message="의견을 적어 주세요."),
            all_or_none(
                "withdrawn_at",
                "withdrawn_by",
                name="comment_withdrawn_by_someone_at_some_time",
                message="거둔 일시와 거둔 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdraw_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdraw_reason="")),
                name="comment_withdrawn_with_a_reason",
                violation_error_message="의견을 거두려면 사유를 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(file="", filename="", sha256="") | (~Q(file="") & ~Q(filename="") & ~Q(sha256="")),
                name="comment_file_with_its_name_and_hash",
                violation_error_message="붙임 파일은 이름과 해시와 함께 기록되어야 합니다.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="comment_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="comment_is_never_edited",
                operation=pgtrigger.UpdateOf(
                    "public_id", "round_id", "area_id", "author_id", "organization_id", "text", "for_council", "file", "filename",
                    "sha256", "created_at",
                ),
            ),
            pgtrigger.Protect(
                name="comment_is_withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.round} {self.area} 의견"
