"""Half-yearly reports on a fund project: money spent, what came of it, the papers that show it."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from crisis.declining.enums import GOING, REPORTABLE, ReportState
from crisis.declining.models.project import FundProject, ProjectIndicator, ProjectMoney
from crisis.declining.rules import half_text
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none
from portal.kernel.models import Timestamped


class ProjectReportQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(FundProject.objects.visible_to(scope).filter(pk=OuterRef("project"))))

    def within(self, scope: Scope) -> Self:
        """Of projects of a 시·군·구 of this scope (pass `request.scope.within(capability)`)."""
        return self.filter(scope.regions("project__region"))

    def owed(self) -> Self:
        """Not handed in, or sent back, of projects that go on."""
        return self.filter(state__in=REPORTABLE, project__state__in=GOING)

    def overdue_on(self, day: date) -> Self:
        return self.owed().filter(due_on__lt=day)


@tracked()
class ProjectReport(Timestamped):
    """One project in one half-year (`half`: its first day). Made when the project is agreed: a missing one is a row.

    `legal_due` is the day of the rule, `due_on` the working day it moves to. `late` is of the first handing in.
    """

    project = models.ForeignKey(FundProject, models.CASCADE, related_name="reports", db_index=False)
    half = models.DateField("반기")
    legal_due = models.DateField("정해진 기한")
    due_on = models.DateField("기한")
    state = models.CharField("상태", max_length=10, choices=ReportState, default=ReportState.OWED)
    version = models.PositiveIntegerField("판", default=1, editable=False)
    result = models.TextField("추진 실적", blank=True)
    problems = models.TextField("문제점과 대책", blank=True)
    submitted_at = models.DateTimeField("제출 일시", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="제출한 사람"
    )
    late = models.BooleanField("늦음", default=False)
    return_comment = models.TextField("보완할 점", blank=True)
    accepted_at = models.DateTimeField("확인 일시", null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="확인한 사람"
    )

    objects = ProjectReportQuerySet.as_manager()

    class Meta:
        verbose_name = "기금 연계 사업 반기 보고"
        ordering = ["project", "half"]
        indexes = [models.Index(fields=["state", "due_on"], name="project_report_by_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "half"],
                name="project_report_once_a_half",
                violation_error_message="이 사업의 이 반기 보고가 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(half__day=1, half__month__in=[1, 7]),
                name="project_report_of_a_half",
                violation_error_message="반기는 1월이나 7월의 첫날로 적습니다.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("legal_due")),
                name="project_report_due_moves_on",
                violation_error_message="기한은 정해진 기한보다 이를 수 없습니다.",
            ),
            all_or_none(
                "submitted_at",
                "submitted_by",
                name="project_report_handed_in_by_someone",
                message="제출 일시와 제출한 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.OWED, submitted_at=None)
                | (~Q(state=ReportState.OWED) & Q(submitted_at__isnull=False) & ~Q(result="")),
                name="project_report_state_matches_handing_in",
                violation_error_message="제출한 보고에는 제출 일시와 추진 실적이 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.RETURNED) | ~Q(return_comment=""),
                name="project_report_returned_with_a_comment",
                violation_error_message="돌려보내려면 보완할 점을 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.ACCEPTED, accepted_at__isnull=False, accepted_by__isnull=False)
                | (~Q(state=ReportState.ACCEPTED) & Q(accepted_at=None, accepted_by=None)),
                name="project_report_accepted_by_someone",
                violation_error_message="확인한 보고에는 확인 일시와 확인한 사람이 있어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.half.year}년 {'상' if self.half.month == 1 else '하'}반기"

    @property
    def text(self) -> str:
        return half_text(self.half)

    def is_overdue(self, day: date) -> bool:
        return self.state in REPORTABLE and day > self.due_on


class OfReportQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(ProjectReport.objects.visible_to(scope).filter(pk=OuterRef("report"))))


@tracked()
class ReportSpending(models.Model):
    """What was spent of one purse in the half-year, in won."""

    report = models.ForeignKey(ProjectReport, models.CASCADE, related_name="spending", db_index=False)
    money = models.ForeignKey(ProjectMoney, models.PROTECT, related_name="spending")
    won = models.BigIntegerField("집행액(원)")

    objects = OfReportQuerySet.as_manager()

    class Meta:
        verbose_name = "반기 집행"
        ordering = ["report", "money"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "money"],
                name="report_spending_once",
                violation_error_message="이 반기의 이 재원 집행이 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(won__gte=0),
                name="report_spending_not_negative",
                violation_error_message="집행액은 0원 이상이어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.money} {self.won}"


@tracked()
class IndicatorResult(models.Model):
    """Where an indicator stood at the end of the half-year."""

    report = models.ForeignKey(ProjectReport, models.CASCADE, related_name="results", db_index=False)
    indicator = models.ForeignKey(ProjectIndicator, models.PROTECT, related_name="results")
    value = models.DecimalField("실적값", max_digits=18, decimal_places=2)

    objects = OfReportQuerySet.as_manager()

    class Meta:
        verbose_name = "사업 성과지표 실적"
        ordering = ["report", "indicator"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "indicator"],
                name="indicator_result_once",
                violation_error_message="이 반기의 이 지표 실적이 이미 있습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.value}"


def stored_name(evidence: "ReportEvidence", filename: str) -> str:
    """Papers lie under a number of their own; the sender's name of the file is a column, never a path."""
    return f"fund-projects/{evidence.public_id}"


@tracked()
class ReportEvidence(models.Model):
    """A paper that shows what was done (증빙)."""

    public_id = models.UUIDField("번호", default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(ProjectReport, models.CASCADE, related_name="evidence", db_index=False)
    file = models.FileField("파일", upload_to=stored_name)
    filename = models.CharField("파일 이름", max_length=255)
    size = models.PositiveBigIntegerField("크기(바이트)")
    sha256 = models.CharField("SHA-256", max_length=64)
    note = models.CharField("설명", max_length=120, blank=True)
    added_at = models.DateTimeField("올린 일시", default=timezone.now)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="올린 사람")

    objects = OfReportQuerySet.as_manager()

    class Meta:
        verbose_name = "반기 보고 증빙"
        ordering = ["report", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "sha256"],
                name="report_evidence_once",
                violation_error_message="같은 내용의 파일이 이미 있습니다.",
            )
        ]

    def __str__(self) -> str:
        return self.filename
