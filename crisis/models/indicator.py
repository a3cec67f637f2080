"""The indicator catalogue."""

from typing import Self

from django.db import models
from django.utils.translation import get_language

from crisis.enums import Frequency, IndicatorKind
from portal.directory.history import tracked
from portal.directory.scope import Scope


class IndicatorQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """The catalogue is for everyone who works here."""
        return self if not scope.is_empty else self.none()


@tracked()
class Indicator(models.Model):
    """What is observed: unit, frequency, direction (+1: higher is worse) and the legal item it serves."""

    code = models.CharField("지표 코드", max_length=16, unique=True)
    name_ko = models.CharField("이름", max_length=80)
    name_en = models.CharField("영문 이름", max_length=80, blank=True)
    unit = models.CharField("단위", max_length=12)
    frequency = models.CharField("주기", max_length=1, choices=Frequency)
    kind = models.CharField("종류", max_length=5, choices=IndicatorKind)
    direction = models.SmallIntegerField("방향", help_text="높을수록 나쁘면 1, 낮을수록 나쁘면 -1")
    legal_item = models.CharField("법적 근거", max_length=60, blank=True)
    source = models.CharField("출처", max_length=160, blank=True)
    pub_lag_months = models.PositiveSmallIntegerField("공표 시차(개월)", default=0)
    provisional = models.BooleanField("잠정", default=False)
    note = models.TextField("비고", blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "지표"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(direction__in=[-1, 1]),
                name="indicator_direction_is_plus_or_minus_one",
                violation_error_message="방향은 1 또는 -1이어야 합니다.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko


class IndicatorUnit(models.Model):
    """Another unit in which the indicator may be given, and its factor to the indicator's own unit."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="other_units")
    unit = models.CharField("단위", max_length=12)
    factor = models.DecimalField("곱할 수", max_digits=18, decimal_places=6)

    class Meta:
        verbose_name = "다른 단위"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "unit"],
                name="indicator_other_unit_once",
                violation_error_message="이 지표에 이미 있는 단위입니다.",
            ),
            models.CheckConstraint(
                condition=models.Q(factor__gt=0),
                name="indicator_unit_factor_positive",
                violation_error_message="단위 환산 값은 0보다 커야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} × {self.factor}"
