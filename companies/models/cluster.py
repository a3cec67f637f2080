"""Clusters of SMEs (밀집지역): industrial complexes and the other places of decree §14①."""

from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import get_language

from companies.enums import ClusterKind
from portal.directory.history import tracked
from portal.directory.models import Region
from portal.directory.scope import Scope
from portal.kernel.fields import DatedQuerySet


class ClusterQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(scope.regions("region"))


@tracked()
class Cluster(models.Model):
    """A place where SMEs gather, as of its source; child complexes point at their parent and are not counted twice."""

    code = models.CharField("밀집지역 코드", max_length=12, unique=True)
    kind = models.CharField("종류", max_length=20, choices=ClusterKind)
    name_ko = models.CharField("이름", max_length=80)
    name_en = models.CharField("영문 이름", max_length=120, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·군·구")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    legal_item = models.CharField("근거", max_length=40, blank=True)
    status = models.CharField("조성 상태", max_length=20, blank=True)
    effective = DateRangeField("유효 기간")
    source = models.CharField("출처", max_length=120, blank=True)
    note = models.TextField("비고", blank=True)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        verbose_name = "밀집지역"
        ordering = ["code"]
        indexes = [models.Index(fields=["region", "code"], name="cluster_of_region")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("pk")),
                name="cluster_not_its_own_parent",
                violation_error_message="자기 자신을 상위 단지로 둘 수 없습니다.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko
