"""Regional support councils (지역중소기업 지원협의회, Act §10⑥; decree §11) and their seats."""

from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from network.enums import SeatPosition
from portal.directory.history import tracked
from portal.directory.models import Jurisdiction, Organization, User
from portal.directory.scope import Scope
from portal.kernel.constraints import one_at_a_time
from portal.kernel.fields import DatedQuerySet


class CouncilQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Councils of offices that answer for a region of the scope."""
        if scope.nationwide:
            return self
        here = Jurisdiction.objects.filter(organization=OuterRef("organization"), region__in=scope.region_ids)
        return self.filter(Exists(here) | Q(organization__in=scope.organization_ids))


@tracked()
class Council(models.Model):
    """One per regional office; its head presides."""

    organization = models.OneToOneField(Organization, models.PROTECT, related_name="+", verbose_name="지방청")
    name_ko = models.CharField("이름", max_length=80)
    is_demo = models.BooleanField("예시", default=False)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = "지원협의회"
        ordering = ["organization__code"]

    def __str__(self) -> str:
        return self.name_ko


class SeatQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(Exists(Council.objects.visible_to(scope).filter(pk=OuterRef("council"))))


@tracked()
class Seat(models.Model):
    """Somebody sits on a council during a period. The secretary does not vote."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="seats")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="계정")
    name = models.CharField("이름", max_length=40)
    affiliation = models.CharField("소속", max_length=80, blank=True)
    position = models.CharField("직위", max_length=10, choices=SeatPosition, default=SeatPosition.MEMBER)
    effective = DateRangeField("위촉 기간")

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = "협의회 위원"
        ordering = ["council", "position", "name"]
        constraints = [
            one_at_a_time(
                "council",
                name="seat_one_chair_at_a_time",
                condition=Q(position=SeatPosition.CHAIR),
                message="의장의 임기가 겹칩니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.affiliation})" if self.affiliation else self.name

    @property
    def votes(self) -> bool:
        return self.position != SeatPosition.SECRETARY
