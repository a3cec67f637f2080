"""지역혁신 선도기업: the designation under act §12, its certificate and its half-yearly reports."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from companies.models import Company
from companies.tiers.enums import CancelGround
from companies.tiers.models.base import OfFirmQuerySet
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none, not_blank
from portal.kernel.models import Timestamped

TERM_YEARS = 3
"""Years of a designation, and at most as many again (act §12)."""


class ThreeYearsAfter(Func):
    """The same day three years on."""

    template = f"(%(expressions)s + interval '{TERM_YEARS} years')"
    output_field = models.DateTimeField()


class TermRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


_END = Coalesce("cancelled_on", "extended_until", "ends_on")


class LeadingDesignationQuerySet(OfFirmQuerySet):
    def in_force_on(self, day: date) -> Self:
        return self.filter(starts_on__lte=day).annotate(last=_END).filter(last__gt=day)

    def ended_by(self, day: date) -> Self:
        return self.annotate(last=_END).filter(last__lte=day)


@tracked()
class LeadingDesignation(Timestamped):
    """A firm is a 지역혁신 선도기업 from a day on. End days are the first day it no longer holds.

    Certificate numbers are the year of selection and a serial within it, e.g. `2026-0003`.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="기업")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="선정 시·도")
    certificate_year = models.PositiveSmallIntegerField("선정 연도")
    certificate_serial = models.PositiveIntegerField("일련번호")
    starts_on = models.DateField("유효 기간 시작일")
    ends_on = models.DateField("유효 기간 끝난 다음 날")
    extended_until = models.DateField("연장 기간 끝난 다음 날", null=True, blank=True)
    extension_document = models.CharField("연장 근거", max_length=200, blank=True)
    notice = models.CharField("선정 고시", max_length=120)
    evaluation = models.CharField("평가·검증 근거", max_length=200)
    reason = models.TextField("선정 사유")
    cancelled_on = models.DateField("취소일", null=True, blank=True)
    cancel_ground = models.CharField("취소 사유 구분", max_length=14, choices=CancelGround, blank=True)
    cancel_reason = models.TextField("취소 사유", blank=True)
    hearing_record = models.TextField("기업의 의견", blank=True, help_text="취소에 앞서 들은 의견")
    cancelled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="취소자"
    )
    returned_on = models.DateField("선정서 반납일", null=True, blank=True)
    is_demo = models.BooleanField("예시", default=False)

    objects = LeadingDesignationQuerySet.as_manager()

    class Meta:
        verbose_name = "지역혁신 선도기업 선정"
        ordering = ["-certificate_year", "-certificate_serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate_year", "certificate_serial"],
                name="designation_certificate_number_once",
                violation_error_message="이미 쓰인 선정서 번호입니다.",
            ),
            models.CheckConstraint(
                condition=Q(certificate_serial__gte=1),
                name="designation_serial_from_one",
                violation_error_message="일련번호는 1부터 셉니다.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on"), ends_on__lte=ThreeYearsAfter("starts_on")),
                name="designation_term_is_three_years_at_most",
                violation_error_message="유효 기간은 3년을 넘을 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=Q(extended_until=None)
                | Q(extended_until__gt=F("ends_on"), extended_until__lte=ThreeYearsAfter("ends_on"))
                & ~Q(extension_document=""),
                name="designation_extended_once_by_three_years_at_most",
                violation_error_message="연장은 근거를 적어 한 번, 3년까지 할 수 있습니다.",
            ),
            all_or_none(
                "cancelled_on",
                "cancelled_by",
                name="designation_cancelled_by_someone_on_some_day",
                message="취소일과 취소자는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on=None, cancel_ground="")
                | Q(cancelled_on__gte=F("starts_on"))
                & ~Q(cancel_ground="")
                & ~Q(cancel_reason="")
                & ~Q(hearing_record=""),
                name="designation_cancelled_after_hearing",
                violation_error_message="취소에는 사유와 기업의 의견 기록이 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None) | Q(cancelled_on__isnull=False, returned_on__gte=F("cancelled_on")),
                name="designation_returned_after_cancellation",
                violation_error_message="선정서는 취소된 뒤에 반납합니다.",
            ),
            ExclusionConstraint(
                name="designation_one_at_a_time",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    (TermRange("starts_on", _END, RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                violation_error_message="이 기업의 선정 기간이 겹칩니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.certificate_number}"

    @property
    def certificate_number(self) -> str:
        return f"{self.certificate_year}-{self.certificate_serial:04d}"

    @property
    def last_day_after(self) -> date:
        """The first day it no longer holds."""
        return self.cancelled_on or self.extended_until or self.ends_on

    def is_in_force(self, day: date) -> bool:
        return self.starts_on <= day < self.last_day_after


class OfDesignationQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(designation__in=LeadingDesignation.objects.visible_to(scope))


@tracked()
class CertificateIssue(models.Model):
    """The certificate handed out: first, and again when lost or changed."""

    designation = models.ForeignKey(LeadingDesignation, models.PROTECT, related_name="issues")
    issued_on = models.DateField("발급일")
    reason = models.CharField("사유", max_length=120)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="발급자")

    objects = OfDesignationQuerySet.as_manager()

    class Meta:
        verbose_name = "선정서 발급"
        ordering = ["designation", "issued_on", "pk"]
        constraints = [not_blank("reason", name="certificate_issue_has_a_reason", message="발급 사유를 적어 주세요.")]

    def __str__(self) -> str:
        return f"{self.designation} {self.issued_on}"


class LeadingReportQuerySet(OfDesignationQuerySet):
    def owed(self) -> Self:
        """Not handed in, for half-years in which the designation still held."""
        last = LeadingDesignation.objects.filter(pk=OuterRef("designation")).annotate(last=_END).values("last")
        open_ = self.filter(submitted_at=None).annotate(holds_until=Subquery(last))
        return open_.filter(holds_until__gt=F("starts_on"))

    def due_by(self, day: date) -> Self:
        return self.owed().filter(due_on__lte=day)


@tracked()
class LeadingReport(Timestamped):
    """The regional office's half-yearly report on a designated firm to the support council (notice 2026-39 §16②)."""

    designation = models.ForeignKey(LeadingDesignation, models.PROTECT, related_name="reports")
    half = models.CharField("반기", max_length=6)
    starts_on = models.DateField("반기 첫날")
    regular_due_on = models.DateField("정해진 기한")
    due_on = models.DateField("기한", help_text="정해진 기한이 쉬는 날이면 다음 근무일")
    difficulties = models.TextField("애로사항", blank=True)
    demands = models.TextField("지원 수요", blank=True)
    results = models.TextField("지원 실적과 성과", blank=True)
    council = models.CharField("보고한 협의회·회의", max_length=120, blank=True)
    submitted_at = models.DateTimeField("보고 일시", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="보고자"
    )

    objects = LeadingReportQuerySet.as_manager()

    class Meta:
        verbose_name = "선도기업 반기 보고"
        ordering = ["due_on", "designation"]
        indexes = [models.Index(fields=["due_on"], name="leading_report_owed", condition=Q(submitted_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["designation", "half"],
                name="leading_report_once_a_half",
                violation_error_message="이 반기의 보고가 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(half__regex=r"^[0-9]{4}H[12]$"),
                name="leading_report_half_is_a_half",
                violation_error_message="반기는 2026H1처럼 적습니다.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("regular_due_on")),
                name="leading_report_is_moved_forward_only",
                violation_error_message="기한은 정해진 기한보다 앞당길 수 없습니다.",
            ),
            all_or_none(
                "submitted_at",
                "submitted_by",
                name="leading_report_submitted_by_someone_at_some_time",
                message="보고 일시와 보고자는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | (~Q(results="") & ~Q(council="")),
                name="leading_report_submitted_is_written",
                violation_error_message="보고하려면 지원 실적과 보고한 회의를 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.designation} {self.half}"
