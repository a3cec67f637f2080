"""Crisis designations by other ministries: context beside our own stages, never mixed with them."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef

from crisis.models.area import Area
from portal.directory.scope import Scope


class DesignationQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Area.objects.visible_to(scope).filter(pk=OuterRef("area"))))


class Designation(models.Model):
    """What the state designated as a crisis area, where and when, with the confidence of the record."""

    scheme = models.CharField("제도", max_length=40)
    authority = models.CharField("지정 기관", max_length=40)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="지역")
    site = models.CharField("대상", max_length=80, blank=True)
    start = models.DateField("지정일")
    end_last_known = models.DateField("끝(알려진 것)", null=True, blank=True)
    trigger_industry = models.CharField("관련 산업", max_length=80, blank=True)
    confidence = models.CharField("기록의 확실성", max_length=60, blank=True)
    source_count = models.PositiveSmallIntegerField("출처 수", default=0)
    note = models.TextField("비고", blank=True)

    objects = DesignationQuerySet.as_manager()

    class Meta:
        verbose_name = "다른 제도의 지정"
        ordering = ["start", "area__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "area", "site", "start"],
                name="designation_once",
                violation_error_message="이미 있는 지정입니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.area} ({self.start})"
