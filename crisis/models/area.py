"""Statistical areas: the units for which series and stages exist."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from companies.models import Cluster
from crisis.enums import AreaLevel
from portal.directory.history import tracked
from portal.directory.models import Region
from portal.directory.scope import Scope
from portal.kernel.constraints import one_at_a_time
from portal.kernel.fields import DatedQuerySet


class AreaQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Areas whose region lies in the scope, and the nation, against which everyone is measured."""
        if scope.nationwide:
            return self
        if scope.is_empty:
            return self.none()
        return self.filter(scope.regions("region") | Q(level=AreaLevel.NATION))

    def of_level(self, *levels: str) -> Self:
        return self.filter(level__in=levels)

    def writable_by(self, scope: Scope) -> Self:
        """Areas for which this scope may enter figures: the nation only by a nationwide writer."""
        return self if scope.nationwide else self.filter(scope.regions("region")).exclude(level=AreaLevel.NATION)


@tracked()
class Area(models.Model):
    """The nation, a 시·도, a 시·군·구 or a cluster as a statistical unit.

    It outlives renamings of its region (history may be rebased); a boundary change makes a new area.
    """

    code = models.CharField("지역 코드", max_length=16, unique=True)
    level = models.CharField("구분", max_length=8, choices=AreaLevel)
    name_ko = models.CharField("이름", max_length=80)
    name_en = models.CharField("영문 이름", max_length=120, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="행정구역")
    cluster = models.OneToOneField(
        Cluster, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="밀집지역"
    )
    effective = DateRangeField("유효 기간")
    source_name = models.CharField("자료의 이름", max_length=80, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = "통계 지역"
        ordering = ["code"]
        indexes = [models.Index(fields=["region"], name="area_of_region")]
        constraints = [
            models.CheckConstraint(
                condition=Q(level=AreaLevel.CLUSTER, cluster__isnull=False)
                | (~Q(level=AreaLevel.CLUSTER) & Q(cluster=None)),
                name="area_cluster_level_has_a_cluster",
                violation_error_message="밀집지역 단위는 밀집지역과 이어져야 하고, 다른 단위는 이어질 수 없습니다.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko


class AreaMembershipQuerySet(DatedQuerySet):
    def tree_on(self, day: date) -> Self:
        return self.in_force_on(day).select_related("area", "parent").order_by("area__code")


@tracked()
class AreaMembership(models.Model):
    """An area is part of another during a period: 시·군·구 moved to the merged 시·도 on 2026-07-01."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="memberships")
    parent = models.ForeignKey(Area, models.PROTECT, related_name="members")
    effective = DateRangeField("유효 기간")

    objects = AreaMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "상하위 지역"
        constraints = [
            one_at_a_time(
                "area",
                name="area_one_parent_at_a_time",
                message="같은 기간에 상위 지역이 둘일 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(area=models.F("parent")),
                name="area_not_its_own_parent",
                violation_error_message="자기 자신을 상위 지역으로 둘 수 없습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} ⊂ {self.parent}"
