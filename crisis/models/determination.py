"""What the council decided about an area, for how long, and why."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from crisis.enums import DeterminationState, ReasonCode, Stage
from crisis.models.area import Area
from crisis.models.round import Result, Round
from network.models import AgendaItem
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none, one_at_a_time
from portal.kernel.models import Timestamped


class DeterminationQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Area.objects.visible_to(scope).filter(pk=OuterRef("area"))))

    def in_force_on(self, day: date) -> Self:
        return self.filter(state=DeterminationState.CONFIRMED, effective__contains=day)

    def awaiting_council(self) -> Self:
        return self.filter(state=DeterminationState.DRAFT)

    def confirmed(self) -> Self:
        return self.filter(state=DeterminationState.CONFIRMED)


@tracked()
class Determination(Timestamped):
    """The proposal of the method, put to the council, and the stage it decided.

    Model stage, proposal and decided stage are kept apart (method §8): the chain of model stages never uses what a
    council decided.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="지역")
    round = models.ForeignKey(Round, models.PROTECT, related_name="+", verbose_name="회차")
    result = models.ForeignKey(Result, models.PROTECT, related_name="+", verbose_name="산출 결과")
    agenda_item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="+", verbose_name="안건")
    model_stage = models.CharField("모형 단계", max_length=8, choices=Stage, null=True)
    proposed_stage = models.CharField("제안 단계", max_length=8, choices=Stage, null=True)
    stage = models.CharField("결정 단계", max_length=8, choices=Stage, null=True, blank=True)
    reason_code = models.CharField("사유 코드", max_length=24, choices=ReasonCode, blank=True)
    reason_text = models.TextField("사유", blank=True)
    field_survey = models.TextField("현장조사 근거", blank=True)
    state = models.CharField("상태", max_length=10, choices=DeterminationState, default=DeterminationState.DRAFT)
    effective = DateRangeField("적용 기간", null=True, blank=True)
    confirmed_at = models.DateTimeField("확정 일시", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="확정자"
    )
    is_demo = models.BooleanField("예시", default=False)

    objects = DeterminationQuerySet.as_manager()

    class Meta:
        verbose_name = "단계 결정"
        ordering = ["-round__reference_month", "area__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "round"],
                condition=Q(state__in=[DeterminationState.DRAFT, DeterminationState.CONFIRMED]),
                name="determination_once_per_area_and_round",
                violation_error_message="이 회차에 이미 심의 중이거나 확정된 지역입니다.",
            ),
            all_or_none(
                "confirmed_at",
                "confirmed_by",
                "effective",
                name="determination_confirmed_by_someone_at_some_time",
                message="확정 일시, 확정자, 적용 기간은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[DeterminationState.CONFIRMED, DeterminationState.ANNULLED], confirmed_at__isnull=False
                )
                | Q(state__in=[DeterminationState.DRAFT, DeterminationState.WITHDRAWN], confirmed_at=None),
                name="determination_state_matches_confirmation",
                violation_error_message="상태와 확정 일시가 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeterminationState.CONFIRMED) | Q(stage__isnull=False),
                name="determination_confirmed_has_a_stage",
                violation_error_message="확정하려면 단계를 정해야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(stage=None) | Q(stage=F("proposed_stage")) | (~Q(reason_code="") & ~Q(reason_text="")),
                name="determination_departure_needs_reason",
                violation_error_message="제안과 다르게 정하려면 사유 코드와 사유를 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(stage=None) | Q(proposed_stage__isnull=False) | ~Q(field_survey=""),
                name="determination_without_model_needs_survey",
                violation_error_message="모형 단계가 없으면 현장조사 근거가 있어야 합니다.",
            ),
            one_at_a_time(
                "area",
                name="determination_one_in_force",
                condition=Q(state=DeterminationState.CONFIRMED),
                message="적용 기간이 겹치는 결정이 이미 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.area}"

    @property
    def departs(self) -> bool:
        return self.stage is not None and self.stage != self.proposed_stage


class StageChangeQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Area.objects.visible_to(scope).filter(pk=OuterRef("area"))))

    def unannounced(self) -> Self:
        return self.filter(announced_at=None)


class StageChange(models.Model):
    """A decided stage differs from the one before: history, statistics and outbox at once."""

    determination = models.OneToOneField(Determination, models.PROTECT, related_name="change")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    from_stage = models.CharField("이전 단계", max_length=8, choices=Stage, null=True)
    to_stage = models.CharField("새 단계", max_length=8, choices=Stage)
    on = models.DateField("적용일")
    announced_at = models.DateTimeField("알린 일시", null=True)

    objects = StageChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "단계 변동"
        ordering = ["-on", "area__code"]

    def __str__(self) -> str:
        return f"{self.area}: {self.from_stage} → {self.to_stage}"
