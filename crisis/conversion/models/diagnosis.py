"""A restructuring diagnosis (구조혁신 진단) of one company, from the request to where it leads."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from companies.models import Company
from crisis.conversion.enums import DIAGNOSIS_OPEN, DiagnosisState, Recommendation, Referral, Subject
from crisis.conversion.models.reference import Centre, ScoreItem
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none, text_with
from portal.kernel.models import Timestamped

_REASON = (DiagnosisState.REFUSED, DiagnosisState.WITHDRAWN)


class DiagnosisQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Seen with its company, wherever that has a workplace."""
        if scope.nationwide:
            return self
        return self.filter(Exists(Company.objects.visible_to(scope).filter(pk=OuterRef("company"))))

    def open(self) -> Self:
        return self.filter(state__in=DIAGNOSIS_OPEN)

    def to_refer(self) -> Self:
        """Finished, and nobody has said yet where it leads."""
        return self.filter(state=DiagnosisState.DONE, referral="")


@tracked()
class Diagnosis(Timestamped):
    """`sido` is the 시·도 of the company's headquarters when it was asked for: statistics keep to it."""

    code = models.SlugField("진단 번호", max_length=30, unique=True)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="기업")
    sido = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·도")
    subjects = ArrayField(models.CharField(max_length=10, choices=Subject), verbose_name="진단 분야")
    reason = models.TextField("신청 사유")
    centre = models.ForeignKey(
        Centre, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="구조혁신지원센터"
    )
    state = models.CharField("상태", max_length=10, choices=DiagnosisState, default=DiagnosisState.REQUESTED)
    version = models.PositiveIntegerField("판", default=1, editable=False)
    requested_on = models.DateField("신청일")
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="신청을 적은 사람")
    begun_on = models.DateField("진단 시작일", null=True, blank=True)
    examiner = models.CharField("진단 담당", max_length=60, blank=True)
    finished_on = models.DateField("진단 완료일", null=True, blank=True)
    finished_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="결과를 적은 사람"
    )
    findings = models.TextField("진단 결과", blank=True)
    recommendation = models.CharField("권고", max_length=10, choices=Recommendation, blank=True)
    closing_reason = models.TextField("진단하지 않는 사유", blank=True)
    closed_on = models.DateField("진단하지 않기로 한 날", null=True, blank=True)
    referral = models.CharField("연계", max_length=5, choices=Referral, blank=True)
    referral_note = models.TextField("연계 내용", blank=True)
    referred_on = models.DateField("연계일", null=True, blank=True)
    is_demo = models.BooleanField("예시", default=False)

    objects = DiagnosisQuerySet.as_manager()

    class Meta:
        verbose_name = "구조혁신 진단"
        ordering = ["-requested_on", "-pk"]
        indexes = [models.Index(fields=["company", "state"], name="diagnosis_of_company")]
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(state__in=DIAGNOSIS_OPEN),
                name="diagnosis_one_open_for_a_company",
                violation_error_message="이 기업은 이미 진단을 신청했거나 받고 있습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(subjects=[]),
                name="diagnosis_has_a_subject",
                violation_error_message="진단 분야를 하나 이상 골라 주세요.",
            ),
            text_with(
                "recommendation",
                "finished_on",
                name="diagnosis_finished_with_a_recommendation",
                message="진단 완료일과 권고는 함께 적어 주세요.",
            ),
            all_or_none(
                "finished_on",
                "finished_by",
                name="diagnosis_finished_by_someone",
                message="진단 완료일과 결과를 적은 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=(Q(state=DiagnosisState.DONE, finished_on__isnull=False) & ~Q(findings=""))
                | (~Q(state=DiagnosisState.DONE) & Q(finished_on=None)),
                name="diagnosis_state_matches_its_end",
                violation_error_message="진단을 마치려면 결과와 완료일을 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(begun_on=None) | Q(begun_on__gte=F("requested_on")),
                name="diagnosis_begins_after_the_request",
                violation_error_message="진단 시작일은 신청일보다 빠를 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=Q(finished_on=None) | Q(begun_on__isnull=False, finished_on__gte=F("begun_on")),
                name="diagnosis_ends_after_it_begins",
                violation_error_message="진단 완료일은 시작일보다 빠를 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=_REASON, closed_on__isnull=False) & ~Q(closing_reason=""))
                | (~Q(state__in=_REASON) & Q(closed_on=None)),
                name="diagnosis_refused_for_a_reason",
                violation_error_message="진단하지 않으려면 사유를 적어야 합니다.",
            ),
            text_with(
                "referral",
                "referred_on",
                name="diagnosis_referred_on_a_day",
                message="연계와 연계일은 함께 적어 주세요.",
            ),
            models.CheckConstraint(
                condition=Q(referral="") | Q(state=DiagnosisState.DONE),
                name="diagnosis_referred_when_done",
                violation_error_message="진단을 마친 다음에 연계할 수 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.company}"

    @property
    def subject_labels(self) -> str:
        return ", ".join(str(Subject(one).label) for one in self.subjects)


class OfDiagnosisQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Diagnosis.objects.visible_to(scope).filter(pk=OuterRef("diagnosis"))))


@tracked()
class DiagnosisScore(models.Model):
    diagnosis = models.ForeignKey(Diagnosis, models.CASCADE, related_name="scores", db_index=False)
    item = models.ForeignKey(ScoreItem, models.PROTECT, related_name="+", verbose_name="항목")
    points = models.DecimalField("점수", max_digits=5, decimal_places=1)

    objects = OfDiagnosisQuerySet.as_manager()

    class Meta:
        verbose_name = "진단 점수"
        ordering = ["diagnosis", "item"]
        constraints = [
            models.UniqueConstraint(
                fields=["diagnosis", "item"],
                name="diagnosis_score_once",
                violation_error_message="이 항목의 점수가 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(points__gte=0),
                name="diagnosis_score_not_negative",
                violation_error_message="점수는 0점 이상이어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.points}"
