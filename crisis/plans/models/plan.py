"""A prevention plan of one year for one or several areas of a 시·도, and what it said each time it was handed over."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from crisis.plans.enums import EDITABLE, PlanState
from portal.directory.history import append_only, tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none, not_blank
from portal.kernel.models import Timestamped

_APPROVED = [PlanState.APPROVED, PlanState.RUNNING, PlanState.AMENDING, PlanState.CLOSED]


class PlanQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Seen in its 시·도 and where one of its areas lies."""
        if scope.nationwide:
            return self
        obligations: models.QuerySet = self.model._meta.get_field("obligations").related_model._default_manager.all()  # type: ignore[union-attr]
        here = Exists(obligations.filter(scope.regions("area__region"), plan=OuterRef("pk")))
        return self.filter(scope.regions("sido") | here)

    def written_within(self, scope: Scope) -> Self:
        """Of a 시·도 of this scope (pass `request.scope.within(capability)`)."""
        return self.filter(scope.regions("sido"))

    def being_written(self) -> Self:
        return self.filter(state__in=EDITABLE)

    def in_effect(self) -> Self:
        """Approved once and not closed: reports are owed, amendments included."""
        return self.filter(approved_at__isnull=False).exclude(state=PlanState.CLOSED)

    def awaiting_review(self) -> Self:
        return self.filter(state=PlanState.SUBMITTED, reviewed_at=None)

    def awaiting_approval(self) -> Self:
        return self.filter(state=PlanState.SUBMITTED, reviewed_at__isnull=False)

    def ended_by(self, day: date) -> Self:
        """In effect although their year is over, or their areas are better: an evaluation is wanted."""
        return self.in_effect().filter(ends_on__lt=day)


@tracked()
class Plan(Timestamped):
    """The plan itself. `version` rises with each change of its own fields and of its state: two writers meet there.

    `starts_on` and `ends_on` are its first and last day. `submissions` counts how often it was handed in; a reviewer's
    words belong to one of them.
    """

    code = models.SlugField("계획 번호", max_length=30, unique=True)
    sido = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·도")
    title = models.CharField("계획 이름", max_length=120)
    diagnosis = models.TextField("위기 원인과 현황", blank=True)
    goal = models.TextField("목표", blank=True)
    structure = models.TextField("추진체계", blank=True)
    starts_on = models.DateField("시작일")
    ends_on = models.DateField("종료일")
    state = models.CharField("상태", max_length=10, choices=PlanState, default=PlanState.DRAFT)
    version = models.PositiveIntegerField("판", default=1, editable=False)
    submissions = models.PositiveSmallIntegerField("제출 차수", default=0, editable=False)
    first_submitted_at = models.DateTimeField("처음 제출한 일시", null=True, blank=True)
    submitted_at = models.DateTimeField("제출 일시", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="제출한 사람"
    )
    late = models.BooleanField("늦음", default=False)
    reviewed_at = models.DateTimeField("검토 일시", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="검토한 사람"
    )
    review_opinion = models.TextField("검토 의견", blank=True)
    return_comment = models.TextField("돌려보낸 사유", blank=True)
    amend_reason = models.TextField("변경 사유", blank=True)
    approved_at = models.DateTimeField("승인 일시", null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="승인한 사람"
    )
    recovered_on = models.DateField("모든 지역이 양호가 된 날", null=True, blank=True)
    evaluation_due = models.DateField("종료 평가 기한", null=True, blank=True)
    is_demo = models.BooleanField("예시", default=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "위기예방계획"
        ordering = ["-starts_on", "code"]
        indexes = [models.Index(fields=["sido", "state"], name="plan_of_sido")]
        constraints = [
            not_blank("title", name="plan_has_a_title", message="계획의 이름을 적어 주세요."),
            models.CheckConstraint(
                condition=Q(
                    ends_on__gte=F("starts_on") + timedelta(days=364), ends_on__lte=F("starts_on") + timedelta(days=365)
                ),
                name="plan_lasts_one_year",
                violation_error_message="예방계획은 1년 단위로 세웁니다.",
            ),
            all_or_none(
                "first_submitted_at",
                "submitted_at",
                "submitted_by",
                name="plan_handed_in_by_someone_at_some_time",
                message="제출 일시와 제출한 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.DRAFT, submitted_at=None)
                | (~Q(state=PlanState.DRAFT) & Q(submitted_at__isnull=False)),
                name="plan_state_matches_handing_in",
                violation_error_message="계획의 상태와 제출 일시가 맞지 않습니다.",
            ),
            all_or_none(
                "reviewed_at",
                "reviewed_by",
                name="plan_reviewed_by_someone_at_some_time",
                message="검토 일시와 검토한 사람은 함께 기록되어야 합니다.",
            ),
            all_or_none(
                "approved_at",
                "approved_by",
                "evaluation_due",
                name="plan_approved_by_someone_at_some_time",
                message="승인 일시, 승인한 사람, 종료 평가 기한은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_APPROVED) | Q(approved_at__isnull=False),
                name="plan_in_effect_was_approved",
                violation_error_message="승인하지 않은 계획은 이행할 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=PlanState.RETURNED) | ~Q(return_comment=""),
                name="plan_returned_with_a_reason",
                violation_error_message="돌려보내려면 사유를 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=PlanState.AMENDING) | ~Q(amend_reason=""),
                name="plan_amended_for_a_reason",
                violation_error_message="계획을 바꾸려면 사유를 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_in_effect(self) -> bool:
        return self.approved_at is not None and self.state != PlanState.CLOSED


class OfPlanQuerySet(models.QuerySet):
    """Parts of a plan are seen with it."""

    path = "plan"

    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Plan.objects.visible_to(scope).filter(pk=OuterRef(self.path))))


class PlanRevision(models.Model):
    """What a plan said when it was handed in, returned, approved, amended or closed. Never changed."""

    plan = models.ForeignKey(Plan, models.DO_NOTHING, related_name="revisions", db_index=False)
    version = models.PositiveIntegerField("판")
    state = models.CharField("상태", max_length=10, choices=PlanState)
    body = models.JSONField("내용")
    note = models.TextField("사유", blank=True)
    at = models.DateTimeField("일시", default=timezone.now)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="한 사람")

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "예방계획의 판"
        ordering = ["plan", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "version"],
                name="plan_version_once",
                violation_error_message="이미 있는 판입니다.",
            )
        ]
        triggers = append_only("planrevision")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.version}판"
