"""Bodies of the programme and the regions they answer for."""

from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from portal.directory.enums import OrganizationKind
from portal.directory.history import tracked
from portal.directory.models.region import Region
from portal.directory.scope import Scope
from portal.kernel.constraints import one_at_a_time
from portal.kernel.fields import DatedQuerySet


class OrganizationQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Bodies that answer for a region of the scope, the reader's own, and those of the whole country."""
        if scope.nationwide:
            return self
        if scope.is_empty:
            return self.none()
        here = Jurisdiction.objects.filter(organization=OuterRef("pk"), region__in=scope.region_ids)
        anywhere = Jurisdiction.objects.filter(organization=OuterRef("pk"))
        return self.filter(Exists(here) | ~Exists(anywhere) | Q(pk__in=scope.organization_ids))

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def responsible_for(self, region: Region, *, kind: str, day: object) -> Self:
        """Bodies of a kind whose jurisdiction on `day` holds the region or its 시·도."""
        places = [region.pk] + ([region.parent_id] if region.parent_id else [])
        return self.of_kind(kind).filter(
            Exists(Jurisdiction.objects.filter(organization=OuterRef("pk"), region__in=places, effective__contains=day))
        )


@tracked()
class Organization(models.Model):
    """A body: the ministry, a regional office, a technopark, a local government, a fund …"""

    code = models.CharField("기관 코드", max_length=40, unique=True)
    kind = models.CharField("종류", max_length=24, choices=OrganizationKind)
    name_ko = models.CharField("이름", max_length=80)
    name_en = models.CharField("영문 이름", max_length=120, blank=True)
    short_name_ko = models.CharField("줄임 이름", max_length=40, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    effective = DateRangeField("유효 기간")
    provisional = models.BooleanField("잠정", default=False)
    note = models.TextField("비고", blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "기관"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko


@tracked()
class Jurisdiction(models.Model):
    """A body answers for a region (관할) during a period."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="jurisdictions")
    region = models.ForeignKey(Region, models.PROTECT, related_name="jurisdictions")
    effective = DateRangeField("유효 기간")
    provisional = models.BooleanField("잠정", default=False)
    note = models.TextField("비고", blank=True)

    class Meta:
        verbose_name = "관할"
        constraints = [
            one_at_a_time(
                "organization",
                "region",
                name="jurisdiction_one_at_a_time",
                message="같은 기관과 지역의 관할 기간이 겹칩니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} – {self.region}"
