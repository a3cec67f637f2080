"""What rural complexes (농공단지) need and what is done about it."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from companies.models import Cluster
from crisis.declining.enums import MEASURED, SOURCES, ComplexField, MeasureState
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped


class ComplexMeasureQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Cluster.objects.visible_to(scope).filter(pk=OuterRef("cluster"))))

    def live(self) -> Self:
        return self.exclude(state=MeasureState.DROPPED)


@tracked()
class ComplexMeasure(Timestamped):
    """One need of one complex in a year and the measure that answers it. Money in won by source."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="+", db_index=False, verbose_name="농공단지")
    year = models.PositiveSmallIntegerField("연도")
    kind = models.CharField("분야", max_length=10, choices=ComplexField)
    need = models.TextField("필요한 것")
    measure = models.TextField("할 일", blank=True)
    lead_name = models.CharField("주관 기관", max_length=80, blank=True)
    state = models.CharField("상태", max_length=8, choices=MeasureState, default=MeasureState.NEED)
    progress = models.PositiveSmallIntegerField("진행률(%)", default=0)
    national = models.BigIntegerField("국비", default=0)
    sido = models.BigIntegerField("시·도비", default=0)
    sigungu = models.BigIntegerField("시·군·구비", default=0)
    private = models.BigIntegerField("민간", default=0)
    result = models.TextField("결과", blank=True)
    drop_reason = models.CharField("중단 사유", max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="기록한 사람")
    version = models.PositiveIntegerField("판", default=1, editable=False)
    is_demo = models.BooleanField("예시", default=False)

    objects = ComplexMeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "농공단지 활력 과제"
        ordering = ["-year", "cluster", "pk"]
        indexes = [models.Index(fields=["cluster", "year"], name="complex_measure_of_cluster")]
        constraints = [
            not_blank("need", name="complex_measure_says_what_is_needed", message="무엇이 필요한지 적어 주세요."),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100),
                name="complex_measure_of_a_year",
                violation_error_message="연도는 2000년부터 2100년까지 적을 수 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100),
                name="complex_measure_progress_is_a_share",
                violation_error_message="진행률은 0에서 100까지 적어 주세요.",
            ),
            models.CheckConstraint(
                condition=Q(**{f"{source}__gte": 0 for source in SOURCES}),
                name="complex_measure_money_not_negative",
                violation_error_message="예산은 0원 이상이어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=MEASURED) | ~Q(measure=""),
                name="complex_measure_says_what_is_done",
                violation_error_message="계획이나 추진으로 바꾸려면 할 일을 적어 주세요.",
            ),
            models.CheckConstraint(
                condition=Q(state=MeasureState.DONE, progress=100) & ~Q(result="") | ~Q(state=MeasureState.DONE),
                name="complex_measure_done_with_a_result",
                violation_error_message="완료하려면 결과를 적고 진행률이 100이어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=MeasureState.DROPPED) & ~Q(drop_reason="")
                | ~Q(state=MeasureState.DROPPED) & Q(drop_reason=""),
                name="complex_measure_dropped_for_a_reason",
                violation_error_message="중단하려면 사유를 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cluster} {self.year} {self.get_kind_display()}"

    @property
    def total(self) -> int:
        """All sources together, in won."""
        return sum(int(getattr(self, source)) for source in SOURCES)
