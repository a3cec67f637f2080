"""What the council decided about an area, for how long, and why."""

from datetime import date, datetime
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from crisis.enums import DeterminationState, ReasonCode, Stage
from crisis.models.area import Area
from crisis.models.floor import Floor
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

    def unannounced(self) -> Self:
        """Decided, and nobody has been told yet."""
        return self.filter(confirmed_at__isnull=False, announced_at=None)

    def known_at(self, moment: datetime) -> Self:
        """Confirmed by that moment and not yet corrected then, whatever has become of them since."""
        return self.filter(confirmed_at__lte=moment).filter(Q(superseded_at=None) | Q(superseded_at__gt=moment))

    def as_known(self, *, moment: datetime, day: date) -> Self:
        """In force on `day` as far as anybody knew at `moment`: one an area at most.

        Corrections and decisions made after `moment` do not exist for this question. `in_force_on(day)` answers the
        other one: what holds for `day` as corrected since.
        """
        first = Coalesce("effective_at_confirmation", "effective")
        started = self.known_at(moment).annotate(first=first).filter(first__startswith__lte=day)
        last = started.order_by("area_id", "-first", "-confirmed_at", "-pk").distinct("area_id").values("pk")
        return self.annotate(first=first).filter(pk__in=last, first__contains=day)


# What was decided, why and by whom: fixed with the confirmation. The period may only be cut short, by what came after.
_CONTENT = (
    "area_id", "round_id", "result_id", "agenda_item_id", "model_stage", "floor_stage", "proposed_stage", "stage",
    "reason_code", "reason_text", "field_survey", "confirmed_at", "confirmed_by_id", "effective_at_confirmation",
    "supersedes_id", "corrects_from", "correction_reason", "is_demo",
)  # fmt: skip


def _row(of: str) -> str:
    return "ROW(" + ", ".join(f"{of}.{name}" for name in _CONTENT) + ")"


@tracked()
class Determination(Timestamped):
    """The proposal of the method, put to the council, and the stage it decided.

    Model stage, floor, proposal and decided stage are kept apart (method §8): the chain of model stages never uses what
    a council decided. Once confirmed nothing of it changes; it is corrected by another that supersedes it.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="지역")
    round = models.ForeignKey(Round, models.PROTECT, related_name="+", verbose_name="회차")
    result = models.ForeignKey(Result, models.PROTECT, related_name="+", verbose_name="산출 결과")
    agenda_item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="+", verbose_name="안건")
    model_stage = models.CharField("모형 단계", max_length=8, choices=Stage, null=True, blank=True)
    floor_stage = models.CharField("하한 단계", max_length=8, choices=Stage, null=True, blank=True)
    floors = models.ManyToManyField(Floor, related_name="determinations", blank=True, verbose_name="하한 사유")
    proposed_stage = models.CharField("제안 단계", max_length=8, choices=Stage, null=True, blank=True)
    stage = models.CharField("결정 단계", max_length=8, choices=Stage, null=True, blank=True)
    reason_code = models.CharField("사유 코드", max_length=24, choices=ReasonCode, blank=True)
    reason_text = models.TextField("사유", blank=True)
    field_survey = models.TextField("현장조사 근거", blank=True)
    state = models.CharField("상태", max_length=10, choices=DeterminationState, default=DeterminationState.DRAFT)
    effective = DateRangeField("적용 기간", null=True, blank=True)
    effective_at_confirmation = DateRangeField("확정 당시 적용 기간", null=True, blank=True, editable=False)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="정정한 결정"
    )
    correction_reason = models.TextField("정정 사유", blank=True)
    corrects_from = models.DateField("정정 적용일", null=True, blank=True)
    superseded_at = models.DateTimeField("정정된 일시", null=True, blank=True)
    announced_at = models.DateTimeField("고지 일시", null=True, blank=True)
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
                condition=Q(state__in=[DeterminationState.DRAFT, DeterminationState.CONFIRMED], supersedes=None),
                name="determination_once_per_area_and_round",
                violation_error_message="이 회차에 이미 심의 중이거나 확정된 지역입니다.",
            ),
            models.UniqueConstraint(
                fields=["area", "round"],
                condition=Q(state=DeterminationState.DRAFT),
                name="determination_one_draft_per_area_and_round",
                violation_error_message="이 회차에 이미 심의 중인 지역입니다.",
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                condition=~Q(state=DeterminationState.WITHDRAWN),
                name="determination_superseded_once",
                violation_error_message="이미 정정했거나 정정을 심의 중인 결정입니다.",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None, corrects_from=None, correction_reason="")
                | (Q(supersedes__isnull=False, corrects_from__isnull=False) & ~Q(correction_reason="")),
                name="determination_correction_has_a_reason",
                violation_error_message="정정하려면 정정할 결정, 적용일, 사유를 함께 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=DeterminationState.SUPERSEDED, superseded_at__isnull=False)
                | (~Q(state=DeterminationState.SUPERSEDED) & Q(superseded_at=None)),
                name="determination_superseded_at_some_time",
                violation_error_message="정정된 결정에는 정정된 일시가 있어야 합니다.",
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
                    state__in=[DeterminationState.CONFIRMED, DeterminationState.SUPERSEDED], confirmed_at__isnull=False
                )
                | Q(state__in=[DeterminationState.DRAFT, DeterminationState.WITHDRAWN], confirmed_at=None),
                name="determination_state_matches_confirmation",
                violation_error_message="상태와 확정 일시가 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DeterminationState.CONFIRMED, DeterminationState.SUPERSEDED])
                | Q(stage__isnull=False),
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
        triggers = [
            pgtrigger.Protect(
                name="determination_decided_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.confirmed_at IS NOT NULL AND ({_row('OLD')} IS DISTINCT FROM {_row('NEW')}"
                    " OR NOT NEW.effective <@ OLD.effective)"
                ),
            ),
            pgtrigger.Protect(
                name="determination_decided_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.area}"

    @property
    def departs(self) -> bool:
        return self.stage is not None and self.stage != self.proposed_stage

    @property
    def is_correction(self) -> bool:
        return self.supersedes_id is not None


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
