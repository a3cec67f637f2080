"""How a plan ended: what the 시·도 says came of it, and what the ministry makes of that."""

from django.db import models
from django.db.models import Q

from crisis.plans.enums import Rating
from crisis.plans.models.plan import OfPlanQuerySet, Plan
from portal.directory.history import tracked
from portal.directory.models import User
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped


class PlanEvaluationQuerySet(OfPlanQuerySet):
    pass


@tracked()
class PlanEvaluation(Timestamped):
    """The closing evaluation (종료 평가). `early`: the plan ends before its year because its areas are better."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="evaluation", verbose_name="예방계획")
    early = models.BooleanField("조기 종료", default=False)
    early_reason = models.TextField("조기 종료 사유", blank=True)
    outcome = models.TextField("성과")
    lessons = models.TextField("남은 과제와 교훈")
    submitted_at = models.DateTimeField("제출 일시")
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="제출한 사람")
    rating = models.CharField("종합 평가", max_length=5, choices=Rating, blank=True)
    note = models.TextField("평가 의견", blank=True)
    closed_at = models.DateTimeField("종료 일시", null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="종료한 사람"
    )

    objects = PlanEvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = "종료 평가"
        ordering = ["plan"]
        constraints = [
            not_blank("outcome", name="plan_evaluation_tells_the_outcome", message="성과를 적어 주세요."),
            models.CheckConstraint(
                condition=Q(early=False) | ~Q(early_reason=""),
                name="plan_evaluation_early_for_a_reason",
                violation_error_message="일찍 끝내려면 사유를 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(rating="", closed_at=None, closed_by=None)
                | (~Q(rating="") & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="plan_evaluation_closed_by_someone",
                violation_error_message="종합 평가, 종료 일시, 종료한 사람은 함께 기록되어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} 종료 평가"
