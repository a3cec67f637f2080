"""Rule sets: policy as dated, approved, immutable data."""

from datetime import date
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from crisis import rules
from crisis.enums import AreaLevel, RuleSetState
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped


class RuleSetQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Rules are for everyone who works here."""
        return self if not scope.is_empty else self.none()

    def approved(self) -> Self:
        return self.filter(state=RuleSetState.APPROVED)

    def in_force_on(self, day: date) -> Self:
        return self.approved().filter(effective__contains=day)


@tracked()
class RuleSet(Timestamped):
    """One version of the method's weights, anchors and thresholds. Approved rows are never changed."""

    version = models.CharField("기준 번호", max_length=60, unique=True)
    title = models.CharField("이름", max_length=120)
    body = models.JSONField("내용")
    sha256 = models.CharField("SHA-256", max_length=64)
    levels = ArrayField(models.CharField(max_length=8, choices=AreaLevel), verbose_name="판정 단위")
    state = models.CharField("상태", max_length=8, choices=RuleSetState, default=RuleSetState.DRAFT)
    effective = DateRangeField("적용 기간", null=True, blank=True)
    approved_at = models.DateTimeField("승인 일시", null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="승인자"
    )
    document = models.CharField("근거 문서", max_length=200, blank=True)
    trial = models.BooleanField("시범", default=False, help_text="기준점이 아직 확정되지 않은 시범 기준")
    note = models.TextField("비고", blank=True)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = "판정 기준"
        ordering = ["-effective", "version"]
        constraints = [
            all_or_none(
                "approved_at",
                "approved_by",
                "effective",
                name="rule_set_approved_by_someone_from_some_day",
                message="승인 일시, 승인자, 적용 기간은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=RuleSetState.DRAFT, approved_at=None)
                | (~Q(state=RuleSetState.DRAFT) & Q(approved_at__isnull=False)),
                name="rule_set_state_matches_approval",
                violation_error_message="기준의 상태와 승인 일시가 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=RuleSetState.DRAFT) | ~Q(document=""),
                name="rule_set_approved_with_a_document",
                violation_error_message="승인하려면 근거 문서를 적어야 합니다.",
            ),
            ExclusionConstraint(
                name="rule_set_one_in_force",
                expressions=[("effective", RangeOperators.OVERLAPS)],
                condition=Q(state=RuleSetState.APPROVED),
                violation_error_message="적용 기간이 겹치는 승인된 기준이 이미 있습니다.",
            ),
            models.UniqueConstraint(
                fields=["sha256"],
                name="rule_set_content_once",
                violation_error_message="같은 내용의 판정 기준이 이미 있습니다.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="rule_set_approved_is_immutable",
                operation=pgtrigger.UpdateOf("version", "body", "sha256", "levels", "document"),
                condition=~pgtrigger.Q(old__state=RuleSetState.DRAFT),
            ),
            pgtrigger.Protect(
                name="rule_set_approved_is_kept",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state=RuleSetState.DRAFT),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"

    @property
    def parsed(self) -> rules.RuleSet:
        return rules.parse_ruleset(self.body)
