"""Regions with their codes, their validity and what became of them."""

from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from portal.directory.enums import RegionLevel, SuccessionKind
from portal.directory.history import tracked
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank
from portal.kernel.fields import DatedQuerySet


class RegionQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Regions of the scope, and the nation, of which everyone is part."""
        if scope.nationwide:
            return self
        if scope.is_empty:
            return self.none()
        return self.filter(Q(pk__in=scope.region_ids) | Q(level=RegionLevel.NATION))

    def of_level(self, level: str) -> Self:
        return self.filter(level=level)


@tracked()
class Region(models.Model):
    """The nation, a 시·도 or a 시·군·구 as it was called and coded during `effective`. Codes are never reused."""

    scheme = models.CharField("코드 체계", max_length=12)
    code = models.CharField("지역 코드", max_length=12)
    level = models.CharField("구분", max_length=8, choices=RegionLevel)
    name_ko = models.CharField("이름", max_length=60)
    name_en = models.CharField("영문 이름", max_length=80, blank=True)
    short_name_ko = models.CharField("줄임 이름", max_length=30)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    effective = DateRangeField("유효 기간")
    capital_area = models.BooleanField("수도권", default=False)
    provisional = models.BooleanField("잠정", default=False)
    latitude = models.DecimalField("위도", max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField("경도", max_digits=8, decimal_places=5, null=True, blank=True)
    note = models.TextField("비고", blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "지역"
        ordering = ["scheme", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "code"],
                name="region_code_once_per_scheme",
                violation_error_message="같은 코드 체계에 이미 있는 지역 코드입니다.",
            ),
            models.CheckConstraint(
                condition=Q(level=RegionLevel.NATION, parent=None)
                | (~Q(level=RegionLevel.NATION) & Q(parent__isnull=False)),
                name="region_below_the_nation_has_a_parent",
                violation_error_message="전국을 뺀 모든 지역은 상위 지역이 있어야 합니다.",
            ),
            # Maps, tables and links speak of a region by its short name.
            not_blank("short_name_ko", name="region_has_a_short_name", message="지역의 줄임 이름을 적어 주세요."),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko

    @property
    def full_name(self) -> str:
        """`경상남도 거제시`; the 시·도 alone for a 시·도."""
        if self.level == RegionLevel.SIGUNGU and self.parent:
            return f"{self.parent.name} {self.name}" if self.parent.name != self.name else self.name
        return self.name


@tracked()
class RegionSuccession(models.Model):
    """What became of a region on a day."""

    predecessor = models.ForeignKey(Region, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Region, models.PROTECT, related_name="precessions")
    on = models.DateField("바뀐 날")
    kind = models.CharField("종류", max_length=8, choices=SuccessionKind)
    provisional = models.BooleanField("잠정", default=False)
    note = models.TextField("비고", blank=True)

    class Meta:
        verbose_name = "지역 승계"
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="region_succession_once",
                violation_error_message="이미 기록된 승계 관계입니다.",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=models.F("successor")),
                name="region_succession_not_to_itself",
                violation_error_message="자기 자신으로 승계할 수 없습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor} ({self.on})"


class RegionCode(models.Model):
    """The same region's code in another body's series (통계청 …): never stored without its scheme."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="other_codes")
    scheme = models.CharField("코드 체계", max_length=12)
    code = models.CharField("코드", max_length=12)

    class Meta:
        verbose_name = "다른 체계의 지역 코드"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "scheme"],
                name="region_one_code_per_other_scheme",
                violation_error_message="이 지역에는 이 체계의 코드가 이미 있습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code}"


class RegionName(models.Model):
    """Another spelling of a region, met in somebody's file."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="other_names")
    name = models.CharField("다른 이름", max_length=60)

    class Meta:
        verbose_name = "지역의 다른 이름"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="region_other_name_once",
                violation_error_message="이미 있는 다른 이름입니다.",
            )
        ]

    def __str__(self) -> str:
        return self.name
