"""Proposed anchors from past rounds, for a draft."""

from django.db import models
from django.db.models import F, Q

from crisis.enums import AreaLevel
from crisis.models import Round, RuleSet
from crisis.validation.enums import CalibrationSource, WorkState
from crisis.validation.models.base import ForAllQuerySet
from portal.directory.history import tracked
from portal.directory.models import Job, User
from portal.kernel.constraints import all_or_none
from portal.kernel.models import Timestamped


@tracked()
class Calibration(Timestamped):
    """Pooled percentiles of a and d over areas × past rounds, and the anchors proposed from them.

    `result` maps indicator → anchors_abs/anchors_rel → {count, found, proposed, old, usable}, decimals as strings.
    """

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name="초안")
    ruleset_sha256 = models.CharField("초안의 SHA-256", max_length=64)
    source = models.CharField("값의 출처", max_length=8, choices=CalibrationSource)
    level = models.CharField("판정 단위", max_length=8, choices=AreaLevel)
    first_round = models.ForeignKey(Round, models.PROTECT, related_name="+", verbose_name="첫 회차")
    last_round = models.ForeignKey(Round, models.PROTECT, related_name="+", verbose_name="마지막 회차")
    step = models.DecimalField("반올림 단위", max_digits=6, decimal_places=3)
    state = models.CharField("상태", max_length=6, choices=WorkState, default=WorkState.QUEUED)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    result = models.JSONField("결과", default=dict, blank=True)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="맡긴 사람")
    taken_at = models.DateTimeField("초안에 옮긴 일시", null=True, blank=True)
    taken_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="옮긴 사람"
    )

    objects = ForAllQuerySet.as_manager()

    class Meta:
        verbose_name = "기준점 산정"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step__gt=0),
                name="calibration_step_is_positive",
                violation_error_message="반올림 단위는 0보다 커야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=WorkState.DONE) | ~Q(result={}),
                name="calibration_done_has_a_result",
                violation_error_message="끝난 산정에는 결과가 있어야 합니다.",
            ),
            all_or_none(
                "taken_at",
                "taken_by",
                name="calibration_taken_by_someone_at_some_time",
                message="옮긴 일시와 옮긴 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(state=WorkState.DONE, taken_at__gte=F("created_at")),
                name="calibration_taken_after_it_was_done",
                violation_error_message="끝난 산정만 초안에 옮길 수 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set} {self.first_round.code}–{self.last_round.code}"
