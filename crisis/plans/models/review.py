"""A reviewer's word on one field of a plan or of one of its measures."""

from django.db import models

from crisis.plans.enums import PlanField
from crisis.plans.models.measure import PlanMeasure
from crisis.plans.models.plan import OfPlanQuerySet, Plan
from portal.directory.history import tracked
from portal.directory.models import User
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped


class PlanCommentQuerySet(OfPlanQuerySet):
    pass


@tracked()
class PlanComment(Timestamped):
    """What is to be mended, where, in which handing-in. Shown beside the very field when the plan comes back."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="comments", verbose_name="예방계획")
    measure = models.ForeignKey(
        PlanMeasure, models.CASCADE, null=True, blank=True, related_name="comments", verbose_name="과제"
    )
    field = models.CharField("항목", max_length=16, choices=PlanField)
    text = models.CharField("의견", max_length=500)
    submission = models.PositiveSmallIntegerField("제출 차수")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="의견을 낸 사람")

    objects = PlanCommentQuerySet.as_manager()

    class Meta:
        verbose_name = "보완 의견"
        ordering = ["plan", "pk"]
        constraints = [
            not_blank("text", name="plan_comment_says_something", message="보완할 내용을 적어 주세요."),
            models.UniqueConstraint(
                fields=["plan", "measure", "field", "submission", "by"],
                name="plan_comment_once_a_field",
                nulls_distinct=False,
                violation_error_message="이 항목에 이미 의견을 적었습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.text[:40]}"
