"""Carrying a plan out: its manager, milestones, contacts, completion, the look back a year later; and all papers."""

import uuid
from datetime import date, timedelta
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from crisis.conversion.enums import OWED, Channel, EditionState, MilestoneState, PlanState
from crisis.conversion.models.diagnosis import Diagnosis
from crisis.conversion.models.plan import ConversionPlan, OfEditionQuerySet, OfPlanQuerySet, PlanEdition
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none, exactly_one, not_blank, one_at_a_time
from portal.kernel.models import Timestamped

_HANDED_IN = (MilestoneState.REPORTED, MilestoneState.RETURNED, MilestoneState.CHECKED)


class ManagerTermQuerySet(OfPlanQuerySet):
    def in_force_on(self, day: date) -> Self:
        return self.filter(effective__contains=day)


@tracked()
class ManagerTerm(Timestamped):
    """Who looks after the plan (전담매니저), from when to when; one at a time, handed over with a note."""

    plan = models.ForeignKey(ConversionPlan, models.PROTECT, related_name="managers", verbose_name="계획")
    manager = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="전담매니저")
    effective = DateRangeField("담당 기간")
    handover_note = models.TextField("인계 내용", blank=True)
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="배정한 사람")

    objects = ManagerTermQuerySet.as_manager()

    class Meta:
        verbose_name = "전담매니저"
        ordering = ["plan", "effective"]
        constraints = [
            one_at_a_time(
                "plan", name="conversion_manager_one_at_a_time", message="전담매니저는 한 번에 한 사람입니다."
            )
        ]

    def __str__(self) -> str:
        return f"{self.manager} ({self.plan})"

    @property
    def last_day(self) -> date | None:
        return self.effective.upper - timedelta(days=1) if self.effective.upper else None


class MilestoneQuerySet(OfEditionQuerySet):
    def live(self) -> Self:
        """Of plans being carried out: those of the approved edition, and what was reported under earlier ones."""
        return self.filter(edition__plan__state=PlanState.RUNNING).filter(
            Q(edition__state=EditionState.APPROVED) | Q(state__in=_HANDED_IN, edition__state=EditionState.REPLACED)
        )

    def of_plan(self, plan: ConversionPlan) -> Self:
        """What counts for a plan: see `live`, whatever the plan's state is."""
        return self.filter(edition__plan=plan).filter(
            Q(edition__state=EditionState.APPROVED) | Q(state__in=_HANDED_IN, edition__state=EditionState.REPLACED)
        )

    def owed(self) -> Self:
        return self.live().filter(state__in=OWED)

    def overdue_on(self, day: date) -> Self:
        return self.owed().filter(due_on__lt=day)

    def to_check(self) -> Self:
        return self.live().filter(state=MilestoneState.REPORTED)


@tracked()
class Milestone(Timestamped):
    """A step of the plan. `legal_due` is the day planned, `due_on` the working day it moves to."""

    edition = models.ForeignKey(PlanEdition, models.CASCADE, related_name="milestones", verbose_name="차수")
    number = models.PositiveSmallIntegerField("번호")
    title = models.CharField("추진 단계", max_length=120)
    text = models.TextField("내용", blank=True)
    legal_due = models.DateField("정한 기한")
    due_on = models.DateField("기한")
    state = models.CharField("상태", max_length=10, choices=MilestoneState, default=MilestoneState.OPEN)
    version = models.PositiveIntegerField("판", default=1, editable=False)
    origin = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies", verbose_name="앞 차수의 단계"
    )
    result = models.TextField("추진 실적", blank=True)
    reported_at = models.DateTimeField("보고 일시", null=True, blank=True)
    reported_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="보고한 사람"
    )
    late = models.BooleanField("늦음", default=False)
    return_comment = models.TextField("보완할 점", blank=True)
    checked_at = models.DateTimeField("확인 일시", null=True, blank=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="확인한 사람"
    )

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = "추진 단계"
        ordering = ["due_on", "number", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="milestone_by_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "number"],
                name="milestone_number_once",
                violation_error_message="이미 있는 단계 번호입니다.",
            ),
            not_blank("title", name="milestone_has_a_title", message="추진 단계의 이름을 적어 주세요."),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("legal_due")),
                name="milestone_due_moves_on",
                violation_error_message="기한은 정한 날보다 빠를 수 없습니다.",
            ),
            all_or_none(
                "reported_at",
                "reported_by",
                name="milestone_reported_by_someone",
                message="보고 일시와 보고한 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_HANDED_IN) | (Q(reported_at__isnull=False) & ~Q(result="")),
                name="milestone_reported_with_words",
                violation_error_message="보고하려면 추진 실적을 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=MilestoneState.CHECKED, checked_at__isnull=False, checked_by__isnull=False)
                | (~Q(state=MilestoneState.CHECKED) & Q(checked_at=None, checked_by=None)),
                name="milestone_checked_by_someone",
                violation_error_message="확인한 단계에는 확인 일시와 확인한 사람이 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("reported_by")),
                name="milestone_checked_by_another",
                violation_error_message="보고한 사람이 스스로 확인할 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=MilestoneState.RETURNED) | ~Q(return_comment=""),
                name="milestone_returned_with_a_comment",
                violation_error_message="돌려보내려면 보완할 점을 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def is_overdue(self, day: date) -> bool:
        return self.state in OWED and day > self.due_on


@tracked()
class Contact(Timestamped):
    """One contact with the firms: at least one a quarter is wanted."""

    plan = models.ForeignKey(ConversionPlan, models.CASCADE, related_name="contacts", verbose_name="계획")
    on = models.DateField("접촉일")
    channel = models.CharField("방법", max_length=8, choices=Channel)
    text = models.TextField("내용")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="적은 사람")

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "접촉 기록"
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["plan", "on"], name="contact_of_plan")]
        constraints = [
            not_blank("text", name="contact_says_something", message="어떤 이야기를 나누었는지 적어 주세요.")
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.get_channel_display()}"


@tracked()
class Completion(Timestamped):
    """The report at the end and its approval. `reached`: whether every goal was met, from the results on record."""

    plan = models.OneToOneField(ConversionPlan, models.PROTECT, related_name="completion", verbose_name="계획")
    outcome = models.TextField("추진 결과")
    submitted_at = models.DateTimeField("보고 일시", default=timezone.now)
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="보고한 사람")
    return_comment = models.TextField("보완할 점", blank=True)
    reached = models.BooleanField("목표 달성", null=True, blank=True)
    decided_on = models.DateField("완료 승인일", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="승인한 사람"
    )
    opinion = models.TextField("평가 의견", blank=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "완료 보고"
        constraints = [
            not_blank("outcome", name="completion_says_something", message="추진 결과를 적어 주세요."),
            all_or_none(
                "decided_on",
                "decided_by",
                "reached",
                name="completion_decided_by_someone",
                message="완료 승인일, 승인한 사람, 목표 달성 여부는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("submitted_by")),
                name="completion_decided_by_another",
                violation_error_message="완료를 보고한 사람이 스스로 승인할 수 없습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} 완료 보고"


class FollowUpQuerySet(OfPlanQuerySet):
    def owed(self) -> Self:
        return self.filter(reported_at=None)

    def overdue_on(self, day: date) -> Self:
        return self.owed().filter(due_on__lt=day)


@tracked()
class FollowUp(Timestamped):
    """The look at a completed plan some time later: whether the new business goes on, and how large it is."""

    plan = models.OneToOneField(ConversionPlan, models.PROTECT, related_name="follow_up", verbose_name="계획")
    legal_due = models.DateField("정한 기한")
    due_on = models.DateField("기한")
    continuing = models.BooleanField("새 사업 계속", null=True, blank=True)
    sales_share = models.DecimalField("매출 비중(%)", max_digits=5, decimal_places=2, null=True, blank=True)
    employee_share = models.DecimalField("상시근로자 비중(%)", max_digits=5, decimal_places=2, null=True, blank=True)
    text = models.TextField("점검 내용", blank=True)
    reported_at = models.DateTimeField("점검 일시", null=True, blank=True)
    reported_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="점검한 사람"
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "사후 점검"
        ordering = ["due_on", "pk"]
        constraints = [
            all_or_none(
                "reported_at",
                "reported_by",
                "continuing",
                name="follow_up_reported_by_someone",
                message="점검 일시, 점검한 사람, 계속 여부는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(reported_at=None) | ~Q(text=""),
                name="follow_up_says_something",
                violation_error_message="점검 내용을 적어 주세요.",
            ),
            models.CheckConstraint(
                condition=(Q(sales_share=None) | Q(sales_share__gte=0, sales_share__lte=100))
                & (Q(employee_share=None) | Q(employee_share__gte=0, employee_share__lte=100)),
                name="follow_up_shares",
                violation_error_message="비중은 0~100%로 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} 사후 점검"


def stored_name(paper: "ConversionFile", filename: str) -> str:
    """Papers lie under a number of their own; the sender's name of the file is a column, never a path."""
    return f"conversion/{paper.public_id}"


class ConversionFileQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Seen with the diagnosis, the plan or the milestone it belongs to."""
        if scope.nationwide:
            return self
        plans = ConversionPlan.objects.visible_to(scope)
        return self.filter(
            Q(diagnosis__in=Diagnosis.objects.visible_to(scope))
            | Q(plan__in=plans)
            | Q(milestone__edition__plan__in=plans)
        )


@tracked()
class ConversionFile(Timestamped):
    """A paper of a diagnosis, a plan or a milestone. Never changed; kept with its hash."""

    public_id = models.UUIDField("번호", default=uuid.uuid4, unique=True, editable=False)
    diagnosis = models.ForeignKey(Diagnosis, models.PROTECT, null=True, blank=True, related_name="files")
    plan = models.ForeignKey(ConversionPlan, models.PROTECT, null=True, blank=True, related_name="files")
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, blank=True, related_name="files")
    title = models.CharField("제목", max_length=120)
    file = models.FileField("파일", upload_to=stored_name)
    filename = models.CharField("파일 이름", max_length=255)
    size = models.PositiveBigIntegerField("크기(바이트)")
    sha256 = models.CharField("SHA-256", max_length=64)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="올린 사람")

    objects = ConversionFileQuerySet.as_manager()

    class Meta:
        verbose_name = "사업전환 문서"
        ordering = ["created_at", "pk"]
        constraints = [
            exactly_one(
                "diagnosis",
                "plan",
                "milestone",
                name="conversion_file_belongs_to_one",
                message="문서는 진단, 계획, 추진 단계 가운데 하나에 붙입니다.",
            ),
            not_blank("title", name="conversion_file_has_a_title", message="문서의 제목을 적어 주세요."),
            models.UniqueConstraint(
                fields=["diagnosis", "plan", "milestone", "sha256"],
                nulls_distinct=False,
                name="conversion_file_once",
                violation_error_message="같은 내용의 파일이 이미 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
