"""What the catalogue knows of an indicator beyond its definition: who publishes it, when, on which terms."""

from typing import Self

from django.db import models
from django.db.models import Q

from crisis.models import Indicator
from portal.directory.history import tracked
from portal.directory.models import Organization
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped

LONGEST_LAG = 730


class CatalogueQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """The catalogue is for everyone who works here."""
        return self if not scope.is_empty else self.none()


@tracked()
class IndicatorSource(Timestamped):
    """Publisher, owner in the portal, publication lag in days, terms and cautions of one indicator."""

    indicator = models.OneToOneField(Indicator, models.CASCADE, related_name="+", verbose_name="지표")
    publisher = models.CharField("공표 기관", max_length=120)
    owner = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="담당 기관"
    )
    lag_days = models.PositiveSmallIntegerField(
        "공표 시차(일)", help_text="기간이 끝난 날부터 공표하기로 한 날까지. 쉬는 날이면 다음 근무일로 봅니다."
    )
    terms = models.CharField("이용 조건", max_length=200, blank=True)
    address = models.CharField(
        "자료 주소", max_length=300, blank=True, help_text="공표 기관의 주소. 적어 두기만 하고 접속하지 않습니다."
    )
    method = models.TextField("만드는 방법", blank=True)
    caution = models.TextField("유의할 점", blank=True)
    provisional = models.BooleanField("잠정", default=False, help_text="공식 문서로 확인하지 못한 내용이 있음")

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = "지표의 출처"
        constraints = [
            not_blank("publisher", name="indicator_source_has_a_publisher", message="공표 기관을 적어 주세요."),
            models.CheckConstraint(
                condition=Q(lag_days__lte=LONGEST_LAG),
                name="indicator_source_lag_is_below_two_years",
                violation_error_message=f"공표 시차는 {LONGEST_LAG}일까지 적을 수 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.publisher}"


@tracked()
class SeriesBreak(models.Model):
    """From this period on the series counts something else: charts mark it, readers must not compare across it."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", verbose_name="지표")
    period = models.DateField("바뀐 기간", help_text="그 달의 첫날")
    note = models.CharField("무엇이 달라졌는가", max_length=200)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = "계열 단절"
        ordering = ["indicator", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period"],
                name="series_break_once_a_period",
                violation_error_message="이 기간의 단절이 이미 적혀 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(period__day=1),
                name="series_break_period_is_a_month",
                violation_error_message="기간은 그 달의 첫날로 적어야 합니다.",
            ),
            not_blank("note", name="series_break_says_what_changed", message="무엇이 달라졌는지 적어 주세요."),
        ]

    def __str__(self) -> str:
        return f"{self.period:%Y-%m} {self.note}"
