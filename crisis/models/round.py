"""Half-yearly rounds, their runs and the results for each area."""

from datetime import datetime
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.enums import AreaLevel, RoundState, RunKind, RunState, Stage
from crisis.models.area import Area
from crisis.models.ruleset import RuleSet
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.models import Timestamped


class RoundQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """The calendar is everyone's who works here."""
        return self if not scope.is_empty else self.none()

    def evaluated(self) -> Self:
        return self.filter(state=RoundState.EVALUATED)

    def owing_an_official_run(self, now: datetime) -> Self:
        """Past their cut-off and not evaluated: the debt the sweep works off, oldest first."""
        return self.filter(state=RoundState.OPEN, cutoff__lt=now).order_by("reference_month")

    def owing_a_review(self) -> Self:
        """Figures these were decided from have changed since, and nobody has looked yet what that means."""
        return self.filter(review_owed_at__isnull=False).order_by("reference_month")


@tracked()
class Round(Timestamped):
    """One half-year: what is judged is the reference month, from what was known at the cut-off."""

    code = models.CharField("회차", max_length=10, unique=True)
    reference_month = models.DateField("기준월", unique=True)
    cutoff = models.DateTimeField("자료 마감")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name="판정 기준")
    state = models.CharField("상태", max_length=10, choices=RoundState, default=RoundState.OPEN)
    opened_at = models.DateTimeField("연 일시", default=timezone.now)
    figures_changed_at = models.DateTimeField("마지막 자료 변경", null=True, blank=True)
    previewed_at = models.DateTimeField("마지막 미리보기", null=True, blank=True)
    review_owed_at = models.DateTimeField("재검토가 필요해진 일시", null=True, blank=True)
    reviewed_seq = models.BigIntegerField("재검토한 마지막 관측 번호", null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "판정 회차"
        ordering = ["-reference_month"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reference_month__day=1),
                name="round_reference_is_a_month",
                violation_error_message="기준월은 그 달의 첫날로 적어야 합니다.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        year, half = self.code[:4], self.code[-1]
        return _("%(year)s년 %(half)s") % {"year": year, "half": _("상반기") if half == "1" else _("하반기")}


class RunQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self if not scope.is_empty else self.none()

    def official(self) -> Self:
        return self.filter(kind=RunKind.OFFICIAL)

    def done(self) -> Self:
        return self.filter(state=RunState.DONE)

    def unfinished(self) -> Self:
        return self.filter(state__in=[RunState.QUEUED, RunState.EVALUATING])


class Run(Timestamped):
    """One calculation of a round: everything needed to compute it again to the same bytes."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="runs")
    kind = models.CharField("종류", max_length=12, choices=RunKind)
    state = models.CharField("상태", max_length=10, choices=RunState, default=RunState.QUEUED)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="지난 회차 산출")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")
    ruleset_sha256 = models.CharField("기준 SHA-256", max_length=64)
    engine_version = models.CharField("산식 판", max_length=30)
    known_at = models.DateTimeField("자료 시점")
    seq_high = models.BigIntegerField("마지막 관측 번호", null=True)
    tree = models.JSONField("지역 구성", default=list)
    national = models.JSONField("전국 기준값", default=dict)
    input_digest = models.CharField("입력 SHA-256", max_length=64, blank=True)
    output_digest = models.CharField("결과 SHA-256", max_length=64, blank=True)
    error = models.TextField("오류", blank=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField("시작", null=True)
    heartbeat_at = models.DateTimeField("마지막 소식", null=True)
    finished_at = models.DateTimeField("끝", null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = "산출"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(kind=RunKind.OFFICIAL) & ~Q(state=RunState.FAILED),
                name="run_one_official_per_round",
                violation_error_message="이 회차의 공식 산출이 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.DONE) | (~Q(output_digest="") & Q(finished_at__isnull=False)),
                name="run_done_has_its_digest",
                violation_error_message="끝난 산출에는 결과 해시와 끝난 일시가 있어야 합니다.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="run_done_is_immutable",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=RunState.DONE, old__kind=RunKind.OFFICIAL),
            )
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.get_kind_display()}"


class RunShard(models.Model):
    """One 시·도's share of a run. Its `done_at` is the fact the chord and the sweep go by."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="shards")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_count = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "산출 조각"
        constraints = [
            models.UniqueConstraint(
                fields=["run", "area"],
                name="run_shard_once",
                violation_error_message="이 산출의 같은 조각이 이미 있습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.run} · {self.area}"


class ResultQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Area.objects.visible_to(scope).filter(pk=OuterRef("area"))))

    def of_level(self, *levels: str) -> Self:
        return self.filter(area__level__in=levels)


class Result(models.Model):
    """What the method says of one area in one run: the canonical result and the columns lists sort by."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="results")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    public = models.JSONField("결과")
    digest = models.CharField("SHA-256", max_length=64)
    official = models.BooleanField("공식", default=False)
    status = models.CharField("상태", max_length=14)
    grade = models.CharField("자료 등급", max_length=1)
    coverage = models.DecimalField("자료 비율", max_digits=4, decimal_places=2)
    ca = models.DecimalField("절대 지수", max_digits=5, decimal_places=1, null=True)
    cr = models.DecimalField("상대 지수", max_digits=5, decimal_places=1, null=True)
    rci = models.DecimalField("위기지수", max_digits=5, decimal_places=1, null=True)
    view = models.CharField("관점", max_length=3, blank=True)
    raw_stage = models.CharField("산출 단계", max_length=8, choices=Stage, null=True)
    model_stage = models.CharField("모형 단계", max_length=8, choices=Stage, null=True)
    previous_stage = models.CharField("지난 회차 모형 단계", max_length=8, choices=Stage, null=True)
    previous_rci = models.DecimalField("지난 회차 지수", max_digits=5, decimal_places=1, null=True)
    held = models.BooleanField("하향 유보", default=False)
    watch = models.BooleanField("관찰", default=False)
    rho = models.DecimalField("견고성", max_digits=4, decimal_places=2, null=True)
    badge = models.CharField("견고성 배지", max_length=10, blank=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = "산출 결과"
        ordering = ["run_id", "area_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "area"],
                name="result_once_per_area",
                violation_error_message="이 산출에 이미 있는 지역입니다.",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="result_never_changes", operation=pgtrigger.Update),
            pgtrigger.Protect(
                name="result_official_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__official=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} · {self.area}"

    @property
    def is_national(self) -> bool:
        return self.area.level == AreaLevel.NATION
