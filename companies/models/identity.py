"""Which company is which: merges, what outside registers say otherwise, and which file said what."""

from django.db import models
from django.db.models import F, Q

from companies.enums import DifferenceState
from companies.models.company import Company, OfCompanyQuerySet
from companies.models.workplace import Workplace
from portal.directory.history import append_only, tracked
from portal.directory.models import User
from portal.intake.models import Upload
from portal.kernel.constraints import all_or_none
from portal.kernel.models import Timestamped


class CompanyMergeQuerySet(models.QuerySet):
    def in_force(self) -> "CompanyMergeQuerySet":
        return self.filter(undone_at=None)


@tracked()
class CompanyMerge(Timestamped):
    """Two entries were one company: which one stays, and every row that moved, so that it can be taken back."""

    survivor = models.ForeignKey(Company, models.PROTECT, related_name="merges", verbose_name="남은 기업")
    absorbed = models.ForeignKey(Company, models.PROTECT, related_name="absorptions", verbose_name="합쳐진 기업")
    merged_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="합친 사람")
    reason = models.TextField("사유")
    moved = models.JSONField("옮긴 것", default=dict)
    undone_at = models.DateTimeField("되돌린 일시", null=True, blank=True)
    undone_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="되돌린 사람"
    )
    undo_reason = models.TextField("되돌린 사유", blank=True)

    objects = CompanyMergeQuerySet.as_manager()

    class Meta:
        verbose_name = "기업 합침"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(survivor=F("absorbed")),
                name="company_merge_of_two",
                violation_error_message="서로 다른 두 기업만 합칠 수 있습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="company_merge_has_a_reason",
                violation_error_message="합치는 사유를 적어 주세요.",
            ),
            models.UniqueConstraint(
                fields=["absorbed"],
                condition=Q(undone_at=None),
                name="company_merged_once",
                violation_error_message="이미 다른 기업에 합쳐진 기업입니다.",
            ),
            all_or_none(
                "undone_at",
                "undone_by",
                name="company_merge_undone_by_someone_at_some_time",
                message="되돌린 일시와 되돌린 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | ~Q(undo_reason=""),
                name="company_merge_undone_with_a_reason",
                violation_error_message="되돌리는 사유를 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed} → {self.survivor}"


class RegistryDifferenceQuerySet(OfCompanyQuerySet):
    def pending(self) -> "RegistryDifferenceQuerySet":
        return self.filter(state=DifferenceState.PENDING)


@tracked()
class RegistryDifference(Timestamped):
    """An outside register says something else than we do. Nothing is overwritten: somebody decides."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="differences", verbose_name="기업")
    workplace = models.ForeignKey(
        Workplace, models.CASCADE, null=True, blank=True, related_name="differences", verbose_name="사업장"
    )
    field = models.CharField("항목", max_length=40)
    ours = models.CharField("포털의 값", max_length=200, blank=True)
    theirs = models.CharField("외부 자료의 값", max_length=200, blank=True)
    effective_on = models.DateField("효력일", null=True, blank=True, help_text="외부 자료가 말하는 바뀐 날")
    source = models.CharField("출처", max_length=20)
    as_of = models.DateField("조회 기준일")
    answer = models.JSONField("받은 답", default=dict)
    state = models.CharField("상태", max_length=8, choices=DifferenceState, default=DifferenceState.PENDING)
    decided_at = models.DateTimeField("처리 일시", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="처리한 사람"
    )
    reason = models.TextField("사유", blank=True)

    objects = RegistryDifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "외부 자료와 다른 점"
        ordering = ["company", "field", "-as_of", "pk"]
        indexes = [models.Index(fields=["state", "company"], name="difference_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "workplace", "source", "field"],
                condition=Q(state=DifferenceState.PENDING),
                nulls_distinct=False,
                name="difference_pending_once",
                violation_error_message="같은 항목의 확인 대기 중인 다른 점이 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(ours=F("theirs")),
                name="difference_differs",
                violation_error_message="두 값이 같으면 다른 점이 아닙니다.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[DifferenceState.ACCEPTED, DifferenceState.REJECTED],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | Q(state__in=[DifferenceState.PENDING, DifferenceState.OUTDATED], decided_at=None, decided_by=None),
                name="difference_decided_by_someone_at_some_time",
                violation_error_message="받아들이거나 받아들이지 않은 다른 점에는 처리한 사람과 일시가 있어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.field}: {self.ours} → {self.theirs}"


class IntakeLink(models.Model):
    """Which row of which uploaded file made or changed a company, and what stood there before.

    A record of the file's effect: it stays when the company is merged or the upload undone, so it holds bare numbers.
    """

    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+", db_index=False)
    company = models.ForeignKey(
        Company, models.DO_NOTHING, related_name="intake_links", db_constraint=False, verbose_name="기업"
    )
    row = models.PositiveIntegerField("행")
    target = models.CharField("대상", max_length=12)
    target_id = models.BigIntegerField("대상 번호")
    created = models.BooleanField("새로 만듦")
    before = models.JSONField("앞선 값", default=dict)
    version = models.PositiveIntegerField("반영 뒤 판")

    class Meta:
        verbose_name = "올린 파일의 효과"
        ordering = ["upload", "pk"]
        indexes = [models.Index(fields=["upload", "target"], name="intake_link_of_upload")]
        triggers = append_only("intake_link")

    def __str__(self) -> str:
        return f"{self.target} {self.target_id}"
