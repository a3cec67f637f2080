"""Measures of a plan: what is done, by whom, with whose money, measured by what."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from crisis.plans.enums import SOURCES, MeasureKind
from crisis.plans.models.plan import OfPlanQuerySet, Plan
from portal.directory.history import tracked
from portal.directory.models import Organization
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped


def total(prefix: str, holder: models.Model) -> int:
    """The sum over the sources of money of fields named `<prefix>_<source>`."""
    return sum(int(getattr(holder, f"{prefix}_{source}")) for source in SOURCES)


class PlanMeasureQuerySet(OfPlanQuerySet):
    def live(self) -> Self:
        return self.filter(dropped_on=None)

    def with_budget(self) -> Self:
        """`budget`: the sum of all sources, in won."""
        parts = [Coalesce(F(f"budget_{source}"), 0) for source in SOURCES]
        return self.annotate(budget=parts[0] + parts[1] + parts[2] + parts[3])


@tracked()
class PlanMeasure(Timestamped):
    """One measure (과제). Money in won by source. `version` rises with each change."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="measures", db_index=False, verbose_name="예방계획")
    number = models.PositiveSmallIntegerField("번호")
    kind = models.CharField("구분", max_length=12, choices=MeasureKind)
    title = models.CharField("과제 이름", max_length=120)
    content = models.TextField("내용")
    lead = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="주관 기관(등록된 기관)"
    )
    lead_name = models.CharField("주관 기관", max_length=80)
    partners = models.CharField("참여 기관", max_length=200, blank=True)
    budget_national = models.BigIntegerField("국비", default=0)
    budget_sido = models.BigIntegerField("시·도비", default=0)
    budget_sigungu = models.BigIntegerField("시·군·구비", default=0)
    budget_private = models.BigIntegerField("민간", default=0)
    starts_on = models.DateField("시작일")
    ends_on = models.DateField("종료일")
    dropped_on = models.DateField("뺀 날", null=True, blank=True)
    drop_reason = models.CharField("뺀 사유", max_length=200, blank=True)
    version = models.PositiveIntegerField("판", default=1, editable=False)

    objects = PlanMeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "예방계획 과제"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="plan_measure_number_once",
                violation_error_message="이미 있는 과제 번호입니다.",
            ),
            not_blank("title", name="plan_measure_has_a_title", message="과제의 이름을 적어 주세요."),
            not_blank("lead_name", name="plan_measure_has_a_lead", message="주관 기관을 적어 주세요."),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="plan_measure_ends_after_it_starts",
                violation_error_message="과제의 종료일이 시작일보다 앞섭니다.",
            ),
            models.CheckConstraint(
                condition=Q(**{f"budget_{source}__gte": 0 for source in SOURCES}),
                name="plan_measure_budget_not_negative",
                violation_error_message="예산은 0원 이상이어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(dropped_on=None, drop_reason="") | (Q(dropped_on__isnull=False) & ~Q(drop_reason="")),
                name="plan_measure_dropped_for_a_reason",
                violation_error_message="과제를 빼려면 사유를 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def budget_total(self) -> int:
        """All sources together, in won."""
        return total("budget", self)


class MeasureTargetQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(PlanMeasure.objects.visible_to(scope).filter(pk=OuterRef("measure"))))


@tracked()
class MeasureTarget(models.Model):
    """An indicator of a measure with where it stands and where it is to be (성과지표)."""

    measure = models.ForeignKey(PlanMeasure, models.CASCADE, related_name="targets", db_index=False)
    position = models.PositiveSmallIntegerField("순서")
    name = models.CharField("지표", max_length=80)
    unit = models.CharField("단위", max_length=20, blank=True)
    baseline = models.DecimalField("현재값", max_digits=18, decimal_places=2, null=True, blank=True)
    target = models.DecimalField("목표값", max_digits=18, decimal_places=2)

    objects = MeasureTargetQuerySet.as_manager()

    class Meta:
        verbose_name = "성과지표"
        ordering = ["measure", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "name"],
                name="measure_target_once",
                violation_error_message="같은 이름의 성과지표가 이미 있습니다.",
            ),
            not_blank("name", name="measure_target_has_a_name", message="성과지표의 이름을 적어 주세요."),
        ]

    def __str__(self) -> str:
        return self.name
