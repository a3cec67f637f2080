"""Answers of one company, every version of them, and what the reviewer says of each field."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from companies.surveys.enums import Mark, SubmissionState
from companies.surveys.models.target import Target
from portal.directory.history import append_only, tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.intake.models import Upload
from portal.kernel.constraints import all_or_none
from portal.kernel.models import Timestamped


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(scope.regions("target__region"))


@tracked()
class Submission(Timestamped):
    """The answers as they stand. `version` rises with each change, so that two officers do not overwrite each other.

    `late` compares the first handing in with the due date that applied then (`due_applied`); correcting what was sent
    back does not make it late.
    """

    target = models.OneToOneField(Target, models.CASCADE, related_name="submission", verbose_name="조사 대상")
    state = models.CharField("상태", max_length=10, choices=SubmissionState, default=SubmissionState.DRAFT)
    version = models.PositiveIntegerField("판", default=1, editable=False)
    answers = models.JSONField("답", default=dict, blank=True)
    submitted_at = models.DateTimeField("제출 일시", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="제출한 사람"
    )
    due_applied = models.DateField("적용된 기한", null=True, blank=True)
    late = models.BooleanField("늦음", default=False)
    return_comment = models.TextField("돌려보낸 사유", blank=True)
    decided_at = models.DateTimeField("검토 일시", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="검토한 사람"
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "조사표"
        ordering = ["target"]
        constraints = [
            all_or_none(
                "submitted_at",
                "submitted_by",
                "due_applied",
                name="submission_handed_in_by_someone_at_some_time",
                message="제출 일시, 제출한 사람, 적용된 기한은 함께 기록되어야 합니다.",
            ),
            all_or_none(
                "decided_at",
                "decided_by",
                name="submission_decided_by_someone_at_some_time",
                message="검토 일시와 검토한 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=SubmissionState.DRAFT, submitted_at=None)
                | (~Q(state=SubmissionState.DRAFT) & Q(submitted_at__isnull=False)),
                name="submission_state_matches_handing_in",
                violation_error_message="조사표의 상태와 제출 일시가 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[SubmissionState.RETURNED, SubmissionState.APPROVED])
                | Q(decided_at__isnull=False),
                name="submission_decision_has_its_time",
                violation_error_message="돌려보내거나 승인한 조사표에는 검토 일시가 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.RETURNED) | ~Q(return_comment=""),
                name="submission_returned_with_a_reason",
                violation_error_message="돌려보내려면 사유를 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(late=False) | Q(submitted_at__isnull=False),
                name="submission_late_only_when_handed_in",
                violation_error_message="제출하지 않은 조사표는 늦게 낸 것으로 표시할 수 없습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.get_state_display()}"


class OfSubmissionQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Submission.objects.visible_to(scope).filter(pk=OuterRef("submission"))))


class Revision(models.Model):
    """One version of a submission: who wrote which answers when, by form or by which file. Never changed."""

    submission = models.ForeignKey(Submission, models.DO_NOTHING, related_name="revisions", db_index=False)
    version = models.PositiveIntegerField("판")
    state = models.CharField("상태", max_length=10, choices=SubmissionState)
    answers = models.JSONField("답")
    at = models.DateTimeField("일시", default=timezone.now)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="쓴 사람")
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+", verbose_name="올린 파일")
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    objects = OfSubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "조사표의 판"
        ordering = ["submission", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "version"],
                name="submission_version_once",
                violation_error_message="이미 있는 판입니다.",
            )
        ]
        triggers = append_only("revision")

    def __str__(self) -> str:
        return f"{self.submission_id} {self.version}판"


@tracked()
class FieldMark(Timestamped):
    """A reviewer's word on one field, with the version it was said of."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="marks", db_index=False)
    field = models.CharField("항목", max_length=30)
    mark = models.CharField("표시", max_length=8, choices=Mark)
    comment = models.CharField("의견", max_length=500, blank=True)
    version = models.PositiveIntegerField("살펴본 판")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="검토한 사람")

    objects = OfSubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "항목 검토"
        ordering = ["submission", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "field"],
                name="field_mark_once",
                violation_error_message="이 항목에 이미 검토 표시가 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(mark=Mark.OK) | ~Q(comment=""),
                name="field_mark_says_what",
                violation_error_message="고칠 것이나 의견에는 내용을 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.get_mark_display()}"
