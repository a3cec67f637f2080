"""Which 시·군·구 the state lists as 인구감소지역 or 관심지역, from when to when and by which source."""

from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from crisis.declining.enums import DeclineKind
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.intake.models import Upload
from portal.kernel.constraints import not_blank, one_at_a_time
from portal.kernel.display import number
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped

HUNDRED_MILLION = 100_000_000


class DeclineStatusQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self if scope.nationwide else self.filter(scope.regions("region"))


@tracked()
class DeclineStatus(Timestamped):
    """One listing of a 시·군·구 during a period. The region may have been succeeded since: `selectors.Lineage` follows.

    `upload` is the file that stated it; None where somebody wrote it on the page.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", db_index=False, verbose_name="시·군·구")
    kind = models.CharField("구분", max_length=8, choices=DeclineKind)
    effective = DateRangeField("지정 기간")
    notice = models.CharField("고시", max_length=120, blank=True)
    source = models.CharField("출처", max_length=200)
    provisional = models.BooleanField("잠정", default=False)
    end_reason = models.CharField("끝난 사유", max_length=200, blank=True)
    upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="올린 파일"
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="기록한 사람")
    is_demo = models.BooleanField("예시", default=False)

    objects = DeclineStatusQuerySet.as_manager()

    class Meta:
        verbose_name = "인구감소지역 지정"
        verbose_name_plural = "인구감소지역 지정"
        ordering = ["region", "effective"]
        constraints = [
            one_at_a_time(
                "region",
                name="decline_status_one_at_a_time",
                message="이 시·군·구에는 같은 기간에 이미 지정이 있습니다.",
            ),
            not_blank("source", name="decline_status_has_a_source", message="어디에서 확인했는지 출처를 적어 주세요."),
            models.CheckConstraint(
                condition=Q(effective__startswith__isnull=False),
                name="decline_status_has_a_first_day",
                violation_error_message="지정일을 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.get_kind_display()}"


class PlanFigureQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Published: for everyone who works here."""
        return self.none() if scope.is_empty else self


@tracked()
class PlanFigure(models.Model):
    """A figure the published plan names for a year: shown beside what is on record, never mixed with it."""

    code = models.SlugField("코드", max_length=30, unique=True)
    year = models.PositiveSmallIntegerField("연도")
    name = models.CharField("이름", max_length=80)
    unit = models.CharField("단위", max_length=10)
    value = models.BigIntegerField("값")
    source = models.CharField("출처", max_length=200)
    note = models.CharField("비고", max_length=200, blank=True)

    objects = PlanFigureQuerySet.as_manager()

    class Meta:
        verbose_name = "계획에 적힌 수치"
        ordering = ["year", "code"]
        constraints = [
            not_blank("source", name="plan_figure_has_a_source", message="계획에 적힌 수치의 출처를 적어 주세요.")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """The figure as the plan writes it: `190개`, `251억원`."""
        if self.unit == "원" and self.value % HUNDRED_MILLION == 0:
            return f"{number(self.value // HUNDRED_MILLION)}억원"
        return f"{number(self.value)}{self.unit}"
