"""Local sub-levels: what a 시·도 calls the parts of a legal stage. Labels only."""

from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from crisis.enums import Stage
from crisis.validation.rules.levels import Level
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank, one_at_a_time
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped


class LocalSchemeQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """A 시·도's own words are no secret: everyone who works here reads them."""
        return self if not scope.is_empty else self.none()

    def writable_by(self, scope: Scope) -> Self:
        return self.filter(scope.regions("region"))


@tracked()
class LocalScheme(Timestamped):
    """One 시·도's table of local levels during a period."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·도")
    title = models.CharField("이름", max_length=80)
    document = models.CharField("근거 문서", max_length=200)
    effective = DateRangeField("적용 기간")
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="등록자")
    is_demo = models.BooleanField("예시", default=False)

    objects = LocalSchemeQuerySet.as_manager()

    class Meta:
        verbose_name = "지역 자체 단계표"
        ordering = ["region__code", "-effective"]
        constraints = [
            one_at_a_time(
                "region",
                name="local_scheme_one_at_a_time",
                message="이 시·도에는 같은 기간에 적용되는 자체 단계표가 이미 있습니다.",
            ),
            not_blank("document", name="local_scheme_has_a_document", message="근거 문서를 적어야 합니다."),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.title}"


class LocalLevelQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """As the table it belongs to."""
        return self if not scope.is_empty else self.none()


@tracked()
class LocalLevel(models.Model):
    """One label: from which index on, inside which legal stage."""

    scheme = models.ForeignKey(LocalScheme, models.CASCADE, related_name="levels")
    order = models.PositiveSmallIntegerField("차례")
    name = models.CharField("이름", max_length=20)
    stage = models.CharField("법정 단계", max_length=8, choices=Stage)
    lowest = models.DecimalField("하한 지수", max_digits=5, decimal_places=1, null=True, blank=True)
    note = models.CharField("이 단계에서 하는 일", max_length=200, blank=True)

    objects = LocalLevelQuerySet.as_manager()

    class Meta:
        verbose_name = "지역 자체 단계"
        ordering = ["scheme_id", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "order"],
                name="local_level_order_once",
                violation_error_message="같은 차례가 두 번 있습니다.",
            ),
            models.UniqueConstraint(
                fields=["scheme", "name"],
                name="local_level_name_once",
                violation_error_message="같은 이름의 단계가 두 번 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(lowest=None) | Q(lowest__gte=0, lowest__lte=100),
                name="local_level_bound_is_an_index",
                violation_error_message="하한 지수는 0에서 100 사이로 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def as_level(self) -> Level:
        return Level(self.order, self.name, self.stage, self.lowest)
