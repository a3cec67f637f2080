"""The catalogue of preferential measures, as dated rows: what entitles to what, since when."""

from datetime import date, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from crisis.measures.enums import MeasureKind, StatusCode
from crisis.measures.rules import Rule
from portal.directory.history import tracked
from portal.directory.models import Organization
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank, one_at_a_time
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped


class PreferentialMeasureQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Measures hold for the whole country: whoever works anywhere may read of them."""
        return self.none() if scope.is_empty else self

    def of_code(self, code: str) -> Self:
        return self.filter(code=code)


@tracked()
class PreferentialMeasure(Timestamped):
    """What one body gives to firms in areas of certain statuses, as it stood during `effective`.

    A change of the terms is a new row of the same code: an answer for a past day goes by the terms of that day.
    """

    code = models.CharField("제도 코드", max_length=24)
    kind = models.CharField("구분", max_length=16, choices=MeasureKind)
    name_ko = models.CharField("이름", max_length=80)
    name_en = models.CharField("영문 이름", max_length=120, blank=True)
    provider = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="운영 기관(등록된 기관)"
    )
    provider_name = models.CharField("운영 기관", max_length=80)
    benefit = models.TextField("우대 내용", blank=True)
    basis = models.CharField("근거", max_length=300)
    statuses = ArrayField(models.CharField(max_length=24, choices=StatusCode), verbose_name="대상이 되는 단계·지정")
    lag_before_days = models.PositiveSmallIntegerField("시작 유예(일)", default=0)
    lag_after_days = models.PositiveSmallIntegerField("종료 뒤 유지(일)", default=0)
    outside_capital = models.BooleanField("비수도권만", default=False)
    effective = DateRangeField("적용 기간")
    provisional = models.BooleanField("잠정", default=True)
    note = models.TextField("비고", blank=True)
    version = models.PositiveIntegerField("판", default=1, editable=False)

    objects = PreferentialMeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "우대 제도"
        ordering = ["code", "effective"]
        constraints = [
            one_at_a_time("code", name="measure_one_at_a_time", message="같은 제도의 적용 기간이 겹칩니다."),
            not_blank("name_ko", name="measure_has_a_name", message="제도의 이름을 적어 주세요."),
            not_blank("provider_name", name="measure_has_a_provider", message="운영 기관을 적어 주세요."),
            not_blank("basis", name="measure_has_a_basis", message="근거를 적어 주세요."),
            models.CheckConstraint(
                condition=Q(statuses__len__gte=1),
                name="measure_follows_from_something",
                violation_error_message="대상이 되는 단계나 지정을 하나 이상 고르세요.",
            ),
            models.CheckConstraint(
                condition=Q(effective__startswith__isnull=False),
                name="measure_begins_some_day",
                violation_error_message="제도가 시작하는 날을 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return self.name_ko

    @property
    def rule(self) -> Rule:
        """The row's terms as the arithmetic takes them."""
        return Rule(
            statuses=frozenset(self.statuses),
            lag_before=self.lag_before_days,
            lag_after=self.lag_after_days,
            outside_capital=self.outside_capital,
            start=self.effective.lower,
            before=self.effective.upper,
        )

    @property
    def last_day(self) -> date | None:
        """The last day these terms hold; None while they are open."""
        return self.effective.upper - timedelta(days=1) if self.effective.upper else None

    @property
    def status_words(self) -> str:
        return ", ".join(str(StatusCode(code).label) for code in self.statuses)
