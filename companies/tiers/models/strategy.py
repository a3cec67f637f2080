"""Growth strategies: what a firm of a tier is to be helped with, by whom, until when, and what came of it."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q

from companies.models import Company
from companies.tiers.enums import StepState, StrategyState, Support, Tier
from companies.tiers.models.base import OfFirmQuerySet
from portal.directory.history import tracked
from portal.directory.models import Organization, Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped

RUNNING = (StrategyState.DRAFT, StrategyState.ACTIVE)


class GrowthStrategyQuerySet(OfFirmQuerySet):
    def running(self) -> Self:
        return self.filter(state__in=RUNNING)

    def with_progress(self) -> Self:
        """Adds `step_count`, `done_count` and `next_due` of the steps still open."""
        return self.annotate(
            step_count=Count("steps"),
            done_count=Count("steps", filter=Q(steps__state=StepState.DONE)),
            next_due=Min("steps__due_on", filter=Q(steps__state=StepState.PLANNED)),
        )

    def with_late_steps(self, day: date) -> Self:
        late = GrowthStep.objects.late_on(day).filter(strategy=OuterRef("pk"))
        return self.filter(Exists(late))


@tracked()
class GrowthStrategy(Timestamped):
    """The plan for one firm at one tier, with the officer in charge (전담)."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="기업")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="관할 시·도")
    tier = models.CharField("수립 때 등급", max_length=16, choices=Tier)
    goal = models.TextField("목표")
    diagnosis = models.TextField("진단", blank=True)
    officer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="전담")
    starts_on = models.DateField("시작일")
    ends_on = models.DateField("끝나는 날")
    state = models.CharField("상태", max_length=10, choices=StrategyState, default=StrategyState.DRAFT)
    result = models.TextField("결과", blank=True)
    is_demo = models.BooleanField("예시", default=False)

    objects = GrowthStrategyQuerySet.as_manager()

    class Meta:
        verbose_name = "성장전략"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(state__in=RUNNING),
                name="growth_strategy_one_running",
                violation_error_message="이 기업의 추진 중인 성장전략이 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="growth_strategy_ends_after_it_begins",
                violation_error_message="끝나는 날은 시작일보다 빠를 수 없습니다.",
            ),
            not_blank("goal", name="growth_strategy_has_a_goal", message="목표를 적어 주세요."),
            models.CheckConstraint(
                condition=Q(state__in=RUNNING) | ~Q(result=""),
                name="growth_strategy_ends_with_a_result",
                violation_error_message="끝내려면 결과를 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} 성장전략"


class GrowthStepQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(strategy__in=GrowthStrategy.objects.visible_to(scope))

    def late_on(self, day: date) -> Self:
        return self.filter(state=StepState.PLANNED, due_on__lt=day, strategy__state=StrategyState.ACTIVE)


@tracked()
class GrowthStep(Timestamped):
    """One support of the plan: kind, what, who gives it, until when, what came of it."""

    strategy = models.ForeignKey(GrowthStrategy, models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField("순서")
    support = models.CharField("지원 종류", max_length=20, choices=Support)
    title = models.CharField("내용", max_length=160)
    agency = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="지원 기관"
    )
    due_on = models.DateField("기한")
    state = models.CharField("상태", max_length=8, choices=StepState, default=StepState.PLANNED)
    closed_on = models.DateField("완료·취소일", null=True, blank=True)
    result = models.TextField("결과", blank=True)

    objects = GrowthStepQuerySet.as_manager()

    class Meta:
        verbose_name = "성장전략 단계"
        ordering = ["strategy", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "number"],
                name="growth_step_number_once",
                violation_error_message="이미 있는 순서입니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=StepState.PLANNED, closed_on=None)
                | ~Q(state=StepState.PLANNED) & Q(closed_on__isnull=False) & ~Q(result=""),
                name="growth_step_closed_with_day_and_result",
                violation_error_message="완료하거나 취소하려면 날짜와 결과를 적어야 합니다.",
            ),
            not_blank("title", name="growth_step_has_a_title", message="지원 내용을 적어 주세요."),
        ]

    def __str__(self) -> str:
        return self.title
