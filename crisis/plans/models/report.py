"""Quarterly reports on each measure: money spent, what came of it, the papers that show it, check and rating."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from crisis.plans.enums import REPORTABLE, SOURCES, Finding, PlanState, Rating, ReportState
from crisis.plans.models.measure import MeasureTarget, PlanMeasure, total
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none
from portal.kernel.models import Timestamped


class QuarterlyReportQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(PlanMeasure.objects.visible_to(scope).filter(pk=OuterRef("measure"))))

    def within(self, scope: Scope) -> Self:
        """Of plans of a 시·도 of this scope (pass `request.scope.within(capability)`)."""
        return self.filter(scope.regions("measure__plan__sido"))

    def owed(self) -> Self:
        """Not handed in, or sent back, of measures that go on in plans that are not closed."""
        live = self.filter(measure__dropped_on=None).exclude(measure__plan__state=PlanState.CLOSED)
        return live.filter(state__in=REPORTABLE)

    def overdue_on(self, day: date) -> Self:
        return self.owed().filter(due_on__lt=day)

    def to_check(self) -> Self:
        return self.filter(state=ReportState.SUBMITTED)

    def to_rate(self) -> Self:
        return self.filter(state__in=[ReportState.SUBMITTED, ReportState.CHECKED])


@tracked()
class QuarterlyReport(Timestamped):
    """One measure in one quarter (`quarter`: its first day). Money is what was spent in this quarter, in won.

    Made when the plan is approved, so that a missing report is a row. `late` compares the first handing in with
    `due_on`; sending back does not make it late.
    """

    measure = models.ForeignKey(PlanMeasure, models.CASCADE, related_name="reports", db_index=False)
    quarter = models.DateField("분기")
    due_on = models.DateField("보고 기한")
    state = models.CharField("상태", max_length=10, choices=ReportState, default=ReportState.OWED)
    version = models.PositiveIntegerField("판", default=1, editable=False)
    spent_national = models.BigIntegerField("국비 집행", default=0)
    spent_sido = models.BigIntegerField("시·도비 집행", default=0)
    spent_sigungu = models.BigIntegerField("시·군·구비 집행", default=0)
    spent_private = models.BigIntegerField("민간 집행", default=0)
    result = models.TextField("추진 실적", blank=True)
    problems = models.TextField("문제점과 대책", blank=True)
    submitted_at = models.DateTimeField("제출 일시", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="제출한 사람"
    )
    late = models.BooleanField("늦음", default=False)
    checked_at = models.DateTimeField("점검 일시", null=True, blank=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="점검한 사람"
    )
    finding = models.CharField("점검 결과", max_length=10, choices=Finding, blank=True)
    check_note = models.TextField("점검 내용", blank=True)
    return_comment = models.TextField("돌려보낸 사유", blank=True)
    rating = models.CharField("평가", max_length=5, choices=Rating, blank=True)
    rating_note = models.TextField("평가 의견", blank=True)
    rated_at = models.DateTimeField("평가 일시", null=True, blank=True)
    rated_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="평가한 사람"
    )

    objects = QuarterlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = "분기 이행 보고"
        ordering = ["measure", "quarter"]
        indexes = [models.Index(fields=["state", "due_on"], name="plan_report_by_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "quarter"],
                name="plan_report_once_a_quarter",
                violation_error_message="이 과제의 이 분기 보고가 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
                name="plan_report_of_a_quarter",
                violation_error_message="분기는 1·4·7·10월의 첫날로 적습니다.",
            ),
            models.CheckConstraint(
                condition=Q(**{f"spent_{source}__gte": 0 for source in SOURCES}),
                name="plan_report_spent_not_negative",
                violation_error_message="집행액은 0원 이상이어야 합니다.",
            ),
            all_or_none(
                "submitted_at",
                "submitted_by",
                name="plan_report_handed_in_by_someone",
                message="제출 일시와 제출한 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.OWED, submitted_at=None)
                | (~Q(state=ReportState.OWED) & Q(submitted_at__isnull=False) & ~Q(result="")),
                name="plan_report_state_matches_handing_in",
                violation_error_message="제출한 보고에는 제출 일시와 추진 실적이 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(finding="", checked_at=None, checked_by=None)
                | (~Q(finding="") & Q(checked_at__isnull=False, checked_by__isnull=False)),
                name="plan_report_checked_by_someone",
                violation_error_message="점검 결과, 점검 일시, 점검한 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.CHECKED) | Q(checked_at__isnull=False),
                name="plan_report_checked_has_its_time",
                violation_error_message="점검을 마친 보고에는 점검 일시가 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=(Q(state=ReportState.RATED, rated_at__isnull=False, rated_by__isnull=False) & ~Q(rating=""))
                | (~Q(state=ReportState.RATED) & Q(rated_at=None, rated_by=None, rating="")),
                name="plan_report_rated_by_someone",
                violation_error_message="평가, 평가 일시, 평가한 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.RETURNED) | ~Q(return_comment=""),
                name="plan_report_returned_with_a_reason",
                violation_error_message="돌려보내려면 사유를 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.quarter.year}년 {(self.quarter.month + 2) // 3}분기"

    @property
    def spent_total(self) -> int:
        """All sources together, in won."""
        return total("spent", self)

    def is_overdue(self, day: date) -> bool:
        return self.state in REPORTABLE and day > self.due_on


class OfReportQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(QuarterlyReport.objects.visible_to(scope).filter(pk=OuterRef("report"))))


@tracked()
class TargetResult(models.Model):
    """Where an indicator stood at the end of the quarter."""

    report = models.ForeignKey(QuarterlyReport, models.CASCADE, related_name="results", db_index=False)
    target = models.ForeignKey(MeasureTarget, models.PROTECT, related_name="results")
    value = models.DecimalField("실적값", max_digits=18, decimal_places=2)

    objects = OfReportQuerySet.as_manager()

    class Meta:
        verbose_name = "성과지표 실적"
        ordering = ["report", "target"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "target"],
                name="target_result_once",
                violation_error_message="이 분기의 실적이 이미 있습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.value}"


def stored_name(evidence: "Evidence", filename: str) -> str:
    """Papers lie under a number of their own; the sender's name of the file is a column, never a path."""
    return f"plans/{evidence.public_id}"


@tracked()
class Evidence(models.Model):
    """A paper that shows what was done (증빙)."""

    public_id = models.UUIDField("번호", default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(QuarterlyReport, models.CASCADE, related_name="evidence", verbose_name="이행 보고")
    file = models.FileField("파일", upload_to=stored_name)
    filename = models.CharField("파일 이름", max_length=255)
    size = models.PositiveBigIntegerField("크기(바이트)")
    sha256 = models.CharField("SHA-256", max_length=64)
    note = models.CharField("설명", max_length=120, blank=True)
    added_at = models.DateTimeField("올린 일시", default=timezone.now)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="올린 사람")

    objects = OfReportQuerySet.as_manager()

    class Meta:
        verbose_name = "이행 증빙"
        ordering = ["report", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "sha256"],
                name="plan_evidence_once",
                violation_error_message="같은 내용의 파일이 이미 있습니다.",
            )
        ]

    def __str__(self) -> str:
        return self.filename
