"""What a 시·도 owes after a council decided caution or severe: a prevention plan, by a day."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from crisis.enums import Stage
from crisis.models import Area, Determination
from crisis.plans.enums import ObligationState
from crisis.plans.models.plan import Plan
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.models import Timestamped


class ObligationQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Seen by the 시·도 that owes, and wherever the area itself is seen."""
        if scope.nationwide:
            return self
        here = Exists(Area.objects.filter(scope.regions("region"), pk=OuterRef("area")))
        return self.filter(scope.regions("sido") | here)

    def owed_within(self, scope: Scope) -> Self:
        """Owed by a 시·도 of this scope (pass `request.scope.within(capability)`)."""
        return self.filter(scope.regions("sido"))

    def open(self) -> Self:
        return self.filter(state=ObligationState.OPEN)

    def unanswered(self) -> Self:
        """Open, and no plan was handed in since it arose."""
        return self.open().filter(
            Q(plan=None) | Q(plan__submitted_at=None) | Q(plan__submitted_at__lt=models.F("created_at"))
        )

    def overdue_on(self, day: date) -> Self:
        return self.unanswered().filter(due_on__lt=day)


@tracked()
class Obligation(Timestamped):
    """One area needs a prevention plan. `legal_due` is the last day of the term, `due_on` the day that counts.

    Met by the approval of its plan; released when the area is better before a plan was handed in, or by the ministry.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="지역")
    sido = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·도")
    determination = models.OneToOneField(
        Determination, models.PROTECT, related_name="+", verbose_name="근거가 된 단계 결정"
    )
    stage = models.CharField("단계", max_length=8, choices=Stage)
    opened_on = models.DateField("의무가 생긴 날")
    legal_due = models.DateField("기한(근무일 계산)")
    due_on = models.DateField("제출 기한")
    state = models.CharField("상태", max_length=8, choices=ObligationState, default=ObligationState.OPEN)
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="obligations", verbose_name="예방계획"
    )
    released_at = models.DateTimeField("해제 일시", null=True, blank=True)
    released_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="해제한 사람"
    )
    release_reason = models.TextField("해제 사유", blank=True)
    is_demo = models.BooleanField("예시", default=False)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "예방계획 의무"
        ordering = ["due_on", "area__code"]
        indexes = [models.Index(fields=["sido", "state", "due_on"], name="obligation_of_sido")]
        constraints = [
            models.UniqueConstraint(
                fields=["area"],
                condition=Q(state=ObligationState.OPEN),
                name="obligation_one_open_per_area",
                violation_error_message="이 지역에는 이미 예방계획 의무가 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.CAUTION, Stage.SEVERE]),
                name="obligation_follows_an_alarm",
                violation_error_message="예방계획 의무는 주의나 심각 단계에서만 생깁니다.",
            ),
            models.CheckConstraint(
                condition=Q(legal_due__gt=models.F("opened_on"), due_on__gte=models.F("legal_due")),
                name="obligation_due_after_opening",
                violation_error_message="기한은 의무가 생긴 날보다 뒤여야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=ObligationState.MET) | Q(plan__isnull=False),
                name="obligation_met_by_a_plan",
                violation_error_message="계획 없이 의무를 마칠 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=(Q(state=ObligationState.RELEASED, released_at__isnull=False) & ~Q(release_reason=""))
                | (~Q(state=ObligationState.RELEASED) & Q(released_at=None, release_reason="")),
                name="obligation_released_with_a_reason",
                violation_error_message="의무를 해제하려면 사유를 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.get_stage_display()}"

    def is_overdue(self, day: date) -> bool:
        """Whether nothing was handed in by the due day. `plan` must be loaded where there is one."""
        submitted = self.plan.submitted_at if self.plan else None
        unanswered = submitted is None or submitted < self.created_at
        return self.state == ObligationState.OPEN and unanswered and day > self.due_on
