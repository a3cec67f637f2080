"""An uploaded file, what was read from it, and what became of it."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from portal.directory.history import tracked
from portal.directory.models import Job, Organization, User
from portal.directory.scope import Scope
from portal.intake.enums import MOVING_STATES, RowOutcome, UploadState
from portal.kernel.constraints import all_or_none
from portal.kernel.models import Timestamped


def stored_name(upload: "Upload", filename: str) -> str:
    """Files lie under the upload's own number; the user's name of the file is a column, never a path."""
    return f"uploads/{upload.public_id}"


class UploadQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """One's own uploads and those of one's bodies; all of them for a nationwide reader."""
        if scope.nationwide:
            return self
        return self.filter(Q(owner=scope.user_id) | Q(organization__in=scope.organization_ids))


@tracked()
class Upload(Timestamped):
    """One file on its way into the portal: received, read, previewed, committed, perhaps undone."""

    public_id = models.UUIDField("번호", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("자료 종류", max_length=30)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="올린 사람")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="기관")
    file = models.FileField("파일", upload_to=stored_name)
    filename = models.CharField("파일 이름", max_length=255)
    size = models.PositiveBigIntegerField("크기(바이트)")
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField("상태", max_length=10, choices=UploadState, default=UploadState.RECEIVED)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    format = models.CharField("형식", max_length=30, blank=True)
    problems = models.JSONField("파일의 문제", default=list)
    layout = models.JSONField("머리글", default=dict)
    counts = models.JSONField("건수", default=dict)
    committed_at = models.DateTimeField("반영 일시", null=True, blank=True)
    committed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="반영한 사람")
    accepted_reason = models.CharField(
        "확인 사유", max_length=300, blank=True, help_text="확인이 필요한 행을 그대로 반영한 까닭"
    )
    undone_at = models.DateTimeField("되돌린 일시", null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="되돌린 사람")
    undo_reason = models.TextField("되돌린 사유", blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "올린 파일"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["sha256"], name="upload_by_hash")]
        constraints = [
            all_or_none(
                "committed_at",
                "committed_by",
                name="upload_committed_by_someone_at_some_time",
                message="반영 일시와 반영한 사람은 함께 기록되어야 합니다.",
            ),
            all_or_none(
                "undone_at",
                "undone_by",
                name="upload_undone_by_someone_at_some_time",
                message="되돌린 일시와 되돌린 사람은 함께 기록되어야 합니다.",
            ),
            models.UniqueConstraint(
                fields=["kind", "sha256"],
                condition=Q(state=UploadState.COMMITTED),
                name="upload_content_committed_once",
                violation_error_message="같은 내용의 파일이 이미 반영되어 있습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=UploadState.COMMITTED) | Q(committed_at__isnull=False),
                name="upload_committed_has_its_time",
                violation_error_message="반영된 파일에는 반영 일시가 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=UploadState.UNDONE) | (Q(undone_at__isnull=False) & ~Q(undo_reason="")),
                name="upload_undone_with_a_reason",
                violation_error_message="되돌리려면 사유를 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_moving(self) -> bool:
        """A worker is at it."""
        return self.state in MOVING_STATES

    def count_of(self, *outcomes: str) -> int:
        return sum(self.counts.get(outcome, 0) for outcome in outcomes)


class UploadRowQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(Exists(Upload.objects.visible_to(scope).filter(pk=OuterRef("upload"))))

    def with_outcome(self, outcome: str) -> Self:
        return self.filter(outcome=outcome)


class UploadRow(models.Model):
    """One row of the file as the user wrote it, as it was understood, and what is wrong with it."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="rows")
    sheet = models.CharField("시트", max_length=60, blank=True)
    number = models.PositiveIntegerField("행")
    outcome = models.CharField("판정", max_length=8, choices=RowOutcome)
    cells = models.JSONField("적힌 값", default=list)
    values = models.JSONField("읽은 값", default=dict)
    before = models.JSONField("지금 값", default=dict)
    problems = models.JSONField("문제", default=list)

    objects = UploadRowQuerySet.as_manager()

    class Meta:
        verbose_name = "올린 행"
        ordering = ["upload", "sheet", "number"]
        indexes = [models.Index(fields=["upload", "outcome", "sheet", "number"], name="upload_row_by_outcome")]
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "sheet", "number"],
                name="upload_row_once",
                violation_error_message="이미 읽은 행입니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}행".strip()
