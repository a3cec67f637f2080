"""The yearly report of the 시·도, due on each anniversary of the designation (decree §29)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from crisis.support_areas.enums import ReportState
from crisis.support_areas.models.case import SupportCase
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none
from portal.kernel.models import Timestamped


class YearlyReportQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(SupportCase.objects.visible_to(scope).filter(pk=OuterRef("case"))))

    def owed(self) -> Self:
        return self.filter(state__in=[ReportState.OWED, ReportState.RETURNED])

    def overdue_on(self, day: date) -> Self:
        return self.owed().filter(due_on__lt=day)


@tracked()
class YearlyReport(Timestamped):
    """`legal_due` is the anniversary; `due_on` the working day it moves to."""

    case = models.ForeignKey(SupportCase, models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField("연차")
    legal_due = models.DateField("법정 기한")
    due_on = models.DateField("제출 기한")
    state = models.CharField("상태", max_length=10, choices=ReportState, default=ReportState.OWED)
    economy = models.TextField("경제 여건의 변화", blank=True)
    support_results = models.TextField("지원 실적과 성과", blank=True)
    local_support = models.TextField("지방자치단체의 지원", blank=True)
    other = models.TextField("그 밖의 사항", blank=True)
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

    objects = YearlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = "연차 보고"
        ordering = ["due_on", "case"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "year"], name="yearly_report_once", violation_error_message="이미 있는 연차 보고입니다."
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("legal_due")),
                name="yearly_report_due_moves_on",
                violation_error_message="제출 기한은 법정 기한보다 빠를 수 없습니다.",
            ),
            all_or_none(
                "submitted_at",
                "submitted_by",
                name="yearly_report_submitted_by_someone",
                message="제출 일시와 제출한 사람은 함께 기록되어야 합니다.",
            ),
            all_or_none(
                "accepted_at",
                "accepted_by",
                name="yearly_report_accepted_by_someone",
                message="확인 일시와 확인한 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.ACCEPTED) | Q(accepted_at__isnull=False),
                name="yearly_report_state_matches_acceptance",
                violation_error_message="연차 보고의 상태와 확인 일시가 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.OWED) | (Q(submitted_at__isnull=False) & ~Q(economy="")),
                name="yearly_report_handed_in_with_words",
                violation_error_message="제출하려면 경제 여건의 변화를 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.year}차 보고"
