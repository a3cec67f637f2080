"""A conversion plan: the firms in it, its editions and what each of them says."""

from datetime import date
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from companies.models import Company, Industry
from crisis.conversion.enums import (
    BUDGETS,
    EDITION_APPROVED,
    EDITION_OPEN,
    IN_EXECUTION,
    ONCE_APPROVED,
    ConversionKind,
    EditionState,
    GoalMeasure,
    PlanState,
)
from crisis.conversion.models.diagnosis import Diagnosis
from crisis.conversion.models.reference import ConversionRule
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none, not_blank
from portal.kernel.models import Timestamped

_HUNDRED = Decimal(100)


class ConversionPlanQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Seen wherever one of its members has a workplace, members that left among them."""
        if scope.nationwide:
            return self
        mine = PlanMember.objects.filter(plan=OuterRef("pk"), company__in=Company.objects.visible_to(scope))
        return self.filter(Exists(mine))

    def led_within(self, scope: Scope) -> Self:
        """Whose lead firm lies in this scope (pass `scope.within(capability)`): who writes, and who decides."""
        if scope.nationwide:
            return self
        mine = PlanMember.objects.current().filter(
            plan=OuterRef("pk"), is_lead=True, company__in=Company.objects.visible_to(scope)
        )
        return self.filter(Exists(mine))

    def running(self) -> Self:
        return self.filter(state__in=IN_EXECUTION)

    def without_contact_in(self, first: date, last: date) -> Self:
        """Running plans approved before a quarter in which nobody spoke with the firms."""
        contacts = self.model._meta.get_field("contacts").related_model._default_manager.all()  # type: ignore[union-attr]
        spoken = contacts.filter(plan=OuterRef("pk"), on__gte=first, on__lte=last)
        return self.filter(state=PlanState.RUNNING, approved_on__lt=first).exclude(Exists(spoken))


@tracked()
class ConversionPlan(Timestamped):
    """The plan as a case. What it says is in its editions: the approved one holds, an open one is being worked on.

    `sido` is the 시·도 of the lead firm's headquarters. `version` rises with each change of the plan or of its open
    edition: two writers meet there. `approved_on` is the day of the first approval.
    """

    code = models.SlugField("계획 번호", max_length=30, unique=True)
    title = models.CharField("계획 이름", max_length=120)
    sido = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·도")
    joint = models.BooleanField("공동", default=False)
    state = models.CharField("상태", max_length=10, choices=PlanState, default=PlanState.PREPARING)
    version = models.PositiveIntegerField("판", default=1, editable=False)
    approved_on = models.DateField("첫 승인일", null=True, blank=True)
    cancelled_on = models.DateField("승인 취소일", null=True, blank=True)
    cancel_reason = models.TextField("취소 사유", blank=True)
    is_demo = models.BooleanField("예시", default=False)

    objects = ConversionPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "사업전환계획"
        ordering = ["-created_at", "code"]
        indexes = [models.Index(fields=["sido", "state"], name="conversion_plan_of_sido")]
        constraints = [
            not_blank("title", name="conversion_plan_has_a_title", message="계획의 이름을 적어 주세요."),
            models.CheckConstraint(
                condition=Q(state__in=ONCE_APPROVED, approved_on__isnull=False)
                | (~Q(state__in=ONCE_APPROVED) & Q(approved_on=None)),
                name="conversion_plan_state_matches_approval",
                violation_error_message="상태와 승인일이 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=(Q(state=PlanState.CANCELLED, cancelled_on__isnull=False) & ~Q(cancel_reason=""))
                | (~Q(state=PlanState.CANCELLED) & Q(cancelled_on=None)),
                name="conversion_plan_cancelled_for_a_reason",
                violation_error_message="승인을 취소하려면 취소일과 사유를 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OfPlanQuerySet(models.QuerySet):
    """Parts of a plan are seen with it."""

    path = "plan"

    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(ConversionPlan.objects.visible_to(scope).filter(pk=OuterRef(self.path))))


class PlanMemberQuerySet(OfPlanQuerySet):
    def current(self) -> Self:
        return self.filter(left_on=None)


@tracked()
class PlanMember(Timestamped):
    """A firm of the plan. `joined_with` is the number of the edition it came with; it came to stay once that was approved."""

    plan = models.ForeignKey(ConversionPlan, models.CASCADE, related_name="members", verbose_name="계획")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="기업")
    is_lead = models.BooleanField("대표기업", default=False)
    diagnosis = models.ForeignKey(
        Diagnosis, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="구조혁신 진단"
    )
    joined_with = models.PositiveSmallIntegerField("들어온 차수", default=1)
    left_on = models.DateField("빠진 날", null=True, blank=True)
    leave_reason = models.TextField("빠진 사유", blank=True)

    objects = PlanMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "참여기업"
        ordering = ["plan", "-is_lead", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "company"],
                name="plan_member_once",
                violation_error_message="이미 이 계획에 참여한 기업입니다.",
            ),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(is_lead=True),
                name="plan_member_one_lead",
                violation_error_message="대표기업은 하나입니다.",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None, leave_reason="") | (Q(left_on__isnull=False) & ~Q(leave_reason="")),
                name="plan_member_leaves_for_a_reason",
                violation_error_message="참여기업이 빠지려면 빠진 날과 사유를 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(is_lead=False) | Q(left_on=None),
                name="plan_member_lead_stays",
                violation_error_message="대표기업이 빠지려면 새 대표기업을 정해야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.company)


class PlanEditionQuerySet(OfPlanQuerySet):
    def open(self) -> Self:
        return self.filter(state__in=EDITION_OPEN)

    def in_force(self) -> Self:
        return self.filter(state=EditionState.APPROVED)


@tracked()
class PlanEdition(Timestamped):
    """What the plan says (차수): the first one, or a change approved anew. An approved edition is never rewritten.

    Money in won by source. `rule` is the one it was handed in under.
    """

    plan = models.ForeignKey(ConversionPlan, models.CASCADE, related_name="editions", db_index=False)
    number = models.PositiveSmallIntegerField("차수")
    state = models.CharField("상태", max_length=10, choices=EditionState, default=EditionState.DRAFT)
    kind = models.CharField("유형", max_length=20, choices=ConversionKind)
    change_reason = models.TextField("변경 사유", blank=True)
    background = models.TextField("추진 배경", blank=True)
    content = models.TextField("전환 내용", blank=True)
    effect = models.TextField("기대 효과", blank=True)
    eligibility_note = models.TextField("신청 자격 확인", blank=True)
    starts_on = models.DateField("시작일")
    ends_on = models.DateField("종료일")
    budget_national = models.BigIntegerField("국비", default=0)
    budget_sido = models.BigIntegerField("시·도비", default=0)
    budget_sigungu = models.BigIntegerField("시·군·구비", default=0)
    budget_loan = models.BigIntegerField("정책융자", default=0)
    budget_own = models.BigIntegerField("자부담", default=0)
    rule = models.ForeignKey(
        ConversionRule, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="적용한 기준"
    )
    submitted_at = models.DateTimeField("신청 일시", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="신청한 사람"
    )
    return_comment = models.TextField("보완할 점", blank=True)
    decided_on = models.DateField("결정일", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="결정한 사람"
    )
    approval_number = models.CharField("승인 번호", max_length=60, blank=True)
    decision_reason = models.TextField("결정 의견", blank=True)

    objects = PlanEditionQuerySet.as_manager()

    class Meta:
        verbose_name = "사업전환계획 차수"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="plan_edition_number_once",
                violation_error_message="이미 있는 차수입니다.",
            ),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(state__in=EDITION_OPEN),
                name="plan_edition_one_open",
                violation_error_message="작성하거나 심사 중인 차수가 이미 있습니다.",
            ),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(state=EditionState.APPROVED),
                name="plan_edition_one_in_force",
                violation_error_message="승인되어 적용 중인 차수는 하나입니다.",
            ),
            models.UniqueConstraint(
                fields=["approval_number"],
                condition=~Q(approval_number=""),
                name="plan_edition_approval_number_once",
                violation_error_message="이미 쓴 승인 번호입니다.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="plan_edition_ends_after_it_starts",
                violation_error_message="종료일은 시작일보다 늦어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(**{f"budget_{source}__gte": 0 for source in BUDGETS}),
                name="plan_edition_budget_not_negative",
                violation_error_message="재원은 0원 이상이어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(change_reason=""),
                name="plan_edition_changed_for_a_reason",
                violation_error_message="승인된 계획을 바꾸려면 사유를 적어야 합니다.",
            ),
            all_or_none(
                "submitted_at",
                "submitted_by",
                name="plan_edition_submitted_by_someone",
                message="신청 일시와 신청한 사람은 함께 기록되어야 합니다.",
            ),
            all_or_none(
                "decided_on",
                "decided_by",
                name="plan_edition_decided_by_someone",
                message="결정일과 결정한 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=EDITION_APPROVED, decided_on__isnull=False) & ~Q(approval_number=""))
                | (~Q(state__in=EDITION_APPROVED) & Q(approval_number="")),
                name="plan_edition_approved_under_a_number",
                violation_error_message="승인하려면 승인 번호와 승인일을 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=EditionState.REFUSED) | (Q(decided_on__isnull=False) & ~Q(decision_reason="")),
                name="plan_edition_refused_for_a_reason",
                violation_error_message="승인하지 않으려면 사유를 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=EditionState.RETURNED) | ~Q(return_comment=""),
                name="plan_edition_returned_with_a_comment",
                violation_error_message="돌려보내려면 보완할 점을 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("submitted_by")),
                name="plan_edition_decided_by_another",
                violation_error_message="신청한 사람이 스스로 승인할 수 없습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.number}차"

    @property
    def budget_total(self) -> int:
        """All sources together, in won."""
        return sum(int(getattr(self, f"budget_{source}")) for source in BUDGETS)


class OfEditionQuerySet(OfPlanQuerySet):
    path = "edition__plan"


@tracked()
class EditionMember(models.Model):
    """What an edition says of a member: its part, its industry now and after."""

    edition = models.ForeignKey(PlanEdition, models.CASCADE, related_name="firms", db_index=False)
    member = models.ForeignKey(PlanMember, models.CASCADE, related_name="said", verbose_name="참여기업")
    part = models.CharField("맡은 일", max_length=200, blank=True)
    from_industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="지금 업종"
    )
    to_industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="새 업종"
    )

    objects = OfEditionQuerySet.as_manager()

    class Meta:
        verbose_name = "차수의 참여기업"
        ordering = ["edition", "-member__is_lead", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "member"],
                name="edition_member_once",
                violation_error_message="이 차수에 이미 있는 참여기업입니다.",
            )
        ]

    def __str__(self) -> str:
        return str(self.member)


@tracked()
class PlanGoal(models.Model):
    """A share of the new business, all members together: now, aimed at, and reached in the end. Percent."""

    edition = models.ForeignKey(PlanEdition, models.CASCADE, related_name="goals", db_index=False)
    measure = models.CharField("지표", max_length=16, choices=GoalMeasure)
    base = models.DecimalField("지금(%)", max_digits=5, decimal_places=2)
    target = models.DecimalField("목표(%)", max_digits=5, decimal_places=2)
    result = models.DecimalField("실적(%)", max_digits=5, decimal_places=2, null=True, blank=True)

    objects = OfEditionQuerySet.as_manager()

    class Meta:
        verbose_name = "전환 목표"
        ordering = ["edition", "-measure"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "measure"],
                name="plan_goal_once",
                violation_error_message="같은 지표의 목표가 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(base__gte=0, base__lte=_HUNDRED, target__gte=0, target__lte=_HUNDRED)
                & (Q(result=None) | Q(result__gte=0, result__lte=_HUNDRED)),
                name="plan_goal_is_a_share",
                violation_error_message="비중은 0~100%로 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_measure_display())

    @property
    def is_reached(self) -> bool:
        return self.result is not None and self.result >= self.target
