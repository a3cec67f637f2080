"""What-ifs: a round judged again by changed rules, beside the round and without touching it.

They are not rows of `crisis.Run`: a run belongs to a registered rule set, is seen by everyone and is shown on the page
of its round, while a what-if is somebody's own trial, seen by few and deleted after a month. The arithmetic and the
frozen inputs are those of the run it starts from.
"""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from crisis.enums import Stage
from crisis.models import Area, Result, Run
from portal.directory.enums import Role
from portal.directory.history import tracked
from portal.directory.models import Job, Organization, User
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped

KEPT_FOR = timedelta(days=30)


def a_month_on() -> datetime:
    return timezone.now() + KEPT_FOR


class WhatIfQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """The author's own body, and the ministry's officers."""
        if any(grant.role == Role.HQ for grant in scope.grants):
            return self
        return self.filter(organization__in=scope.organization_ids)

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)


@tracked(exclude=["body"])
class WhatIf(Timestamped):
    """One trial: the run it starts from, what was changed in a copy of its rules, and what came out."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="+", verbose_name="견줄 산출")
    title = models.CharField("이름", max_length=120)
    changes = models.JSONField("바꾼 것", default=list, blank=True, help_text="[항목, 전, 후]의 목록")
    body = models.JSONField("바꾼 기준의 내용")
    sha256 = models.CharField("바꾼 기준 SHA-256", max_length=64)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="만든 사람")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="기관")
    job = models.OneToOneField(Job, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="작업")
    output_digest = models.CharField("결과 SHA-256", max_length=64, blank=True)
    finished_at = models.DateTimeField("끝난 일시", null=True, blank=True)
    expires_at = models.DateTimeField("지우는 일시", default=a_month_on)

    objects = WhatIfQuerySet.as_manager()

    class Meta:
        verbose_name = "가정 산출"
        ordering = ["-created_at", "-pk"]
        constraints = [
            not_blank("title", name="what_if_has_a_name", message="가정의 이름을 적어 주세요."),
            models.CheckConstraint(
                condition=Q(finished_at=None, output_digest="") | (Q(finished_at__isnull=False) & ~Q(output_digest="")),
                name="what_if_finished_with_its_digest",
                violation_error_message="끝난 가정 산출에는 결과 해시가 있어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class WhatIfResultQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Of a what-if the reader sees, the areas the reader sees."""
        mine = self.filter(Exists(WhatIf.objects.visible_to(scope).filter(pk=OuterRef("what_if"))))
        if scope.nationwide:
            return mine
        return mine.filter(Exists(Area.objects.visible_to(scope).filter(pk=OuterRef("area"))))

    def moved(self) -> Self:
        """Areas whose stage the change moves."""
        return self.filter(moves=True)


class WhatIfResult(models.Model):
    """One area under the changed rules, with its stage and index of the run beside it. Stages: None is 판정보류."""

    what_if = models.ForeignKey(WhatIf, models.CASCADE, related_name="results")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="지역")
    base = models.ForeignKey(Result, models.PROTECT, null=True, related_name="+", verbose_name="견준 결과")
    public = models.JSONField("결과")
    digest = models.CharField("SHA-256", max_length=64)
    stage_before = models.CharField("지금 단계", max_length=8, choices=Stage, null=True)
    stage = models.CharField("가정 단계", max_length=8, choices=Stage, null=True)
    moves = models.BooleanField("단계 바뀜", default=False)
    rci_before = models.DecimalField("지금 지수", max_digits=5, decimal_places=1, null=True)
    rci = models.DecimalField("가정 지수", max_digits=5, decimal_places=1, null=True)
    grade_before = models.CharField("지금 자료 등급", max_length=1, blank=True)
    grade = models.CharField("가정 자료 등급", max_length=1)

    objects = WhatIfResultQuerySet.as_manager()

    class Meta:
        verbose_name = "가정 산출 결과"
        ordering = ["what_if", "area"]
        constraints = [
            models.UniqueConstraint(
                fields=["what_if", "area"],
                name="what_if_result_once_per_area",
                violation_error_message="이 가정 산출에 이미 있는 지역입니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what_if} · {self.area}"
