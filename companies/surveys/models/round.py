"""Survey rounds (실태조사 회차), the dates of each region, and who may still enter after the lock."""

from datetime import date, timedelta
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from companies.surveys.enums import ExceptionKind
from companies.surveys.models.form import SurveyForm
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped

_IN_ORDER = Q(opens_on__lte=F("due_on"), due_on__lte=F("closes_on"))


class SurveyRoundQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """A round is held for the whole country: whoever works anywhere sees that it is held."""
        return self.none() if scope.is_empty else self


@tracked()
class SurveyRound(Timestamped):
    """One round: a form, and the dates that hold where no region has its own."""

    code = models.SlugField("회차 코드", max_length=20, unique=True)
    title = models.CharField("회차 이름", max_length=80)
    form = models.ForeignKey(SurveyForm, models.PROTECT, related_name="rounds", verbose_name="양식")
    year = models.PositiveSmallIntegerField("조사 대상 연도")
    opens_on = models.DateField("여는 날")
    due_on = models.DateField("제출 기한")
    closes_on = models.DateField("마감일")
    purpose = models.TextField("조사 계획", blank=True, help_text="기간·목적·대상·내용(영 제37조)")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="만든 사람")
    is_demo = models.BooleanField("예시", default=False, editable=False)

    objects = SurveyRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "조사 회차"
        ordering = ["-opens_on", "code"]
        constraints = [
            models.CheckConstraint(
                condition=_IN_ORDER,
                name="survey_round_dates_in_order",
                violation_error_message="여는 날, 제출 기한, 마감일은 이 순서여야 합니다.",
            ),
            not_blank("title", name="survey_round_has_a_title", message="회차의 이름을 적어 주세요."),
        ]

    def __str__(self) -> str:
        return self.title


class OfRegionQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(scope.regions("region"))


@tracked()
class RegionWindow(Timestamped):
    """A region's own dates in a round, with the reason. Earlier dates stay in its history."""

    round = models.ForeignKey(SurveyRound, models.CASCADE, related_name="windows", db_index=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·도")
    opens_on = models.DateField("여는 날")
    due_on = models.DateField("제출 기한")
    closes_on = models.DateField("마감일")
    reason = models.CharField("사유", max_length=200)
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="정한 사람")

    objects = OfRegionQuerySet.as_manager()

    class Meta:
        verbose_name = "지역별 입력 기간"
        ordering = ["round", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "region"],
                name="region_window_once_a_round",
                violation_error_message="이 회차에 이미 지역의 기간이 정해져 있습니다.",
            ),
            models.CheckConstraint(
                condition=_IN_ORDER,
                name="region_window_dates_in_order",
                violation_error_message="여는 날, 제출 기한, 마감일은 이 순서여야 합니다.",
            ),
            not_blank("reason", name="region_window_needs_a_reason", message="기간을 달리 정하는 사유를 적어 주세요."),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.region}"


@tracked()
class LockException(Timestamped):
    """Entry is open in spite of the lock, for a region or one company, during `effective`, for a reason."""

    round = models.ForeignKey(SurveyRound, models.CASCADE, related_name="exceptions")
    kind = models.CharField("범위", max_length=8, choices=ExceptionKind)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="지역")
    target = models.ForeignKey(
        "surveys.Target", models.CASCADE, null=True, blank=True, related_name="exceptions", verbose_name="대상 기업"
    )
    effective = DateRangeField("연장 기간")
    reason = models.CharField("사유", max_length=200)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="허용한 사람")

    objects = OfRegionQuerySet.as_manager()

    class Meta:
        verbose_name = "마감 예외"
        ordering = ["round", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ExceptionKind.TARGET, target__isnull=False)
                | Q(kind=ExceptionKind.REGION, target=None),
                name="lock_exception_names_its_company",
                violation_error_message="한 기업의 예외에는 그 기업을, 지역 전체의 예외에는 지역만 적어야 합니다.",
            ),
            not_blank("reason", name="lock_exception_needs_a_reason", message="마감 예외의 사유를 적어 주세요."),
            models.CheckConstraint(
                condition=Q(effective__startswith__isnull=False, effective__endswith__isnull=False),
                name="lock_exception_ends",
                violation_error_message="마감 예외에는 시작하는 날과 끝나는 날이 있어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.region} {self.effective}"

    @property
    def last_day(self) -> date:
        """The last day on which entry is open; the range itself ends the day after."""
        return self.effective.upper - timedelta(days=1)
