"""Workplaces (사업장): where a company is, under which business number, in which region and cluster, since when."""

from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from companies.models.cluster import Cluster
from companies.models.company import Company
from companies.models.tracking import tracked_in_bulk
from portal.directory.history import tracked
from portal.directory.models import Region
from portal.directory.scope import Scope
from portal.kernel.constraints import one_at_a_time
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped


class WorkplaceQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Every workplace of a company that may be seen: a site elsewhere explains the site here."""
        if scope.nationwide:
            return self
        return self.filter(Exists(Company.objects.visible_to(scope).filter(pk=OuterRef("company"))))

    def lying_in(self, scope: Scope) -> Self:
        """Only those that themselves lie in the scope."""
        return self.filter(scope.regions("region"))

    def headquarters(self) -> Self:
        return self.filter(is_headquarters=True)


@tracked_in_bulk()
class Workplace(Timestamped):
    """One site of a company. Where it stood before a move is kept in `FormerPlace`.

    A site may share the number of its headquarters at the tax office; then its own number is empty.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="workplaces", verbose_name="기업")
    business_number = models.CharField("사업자등록번호", max_length=10, db_collation="C", blank=True)
    number_reason = models.CharField(
        "검증번호 불일치 사유",
        max_length=200,
        blank=True,
        help_text="사업자등록번호의 검증번호가 맞지 않는데도 쓰는 까닭",
    )
    name = models.CharField("사업장 이름", max_length=120, blank=True)
    address = models.CharField("주소", max_length=200, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", db_index=False, verbose_name="시·군·구")
    is_headquarters = models.BooleanField("본사", default=False)
    effective = DateRangeField("운영 기간")
    version = models.PositiveIntegerField("판", default=1, editable=False)

    objects = WorkplaceQuerySet.as_manager()

    class Meta:
        verbose_name = "사업장"
        ordering = ["company", "-is_headquarters", "pk"]
        indexes = [models.Index(fields=["region", "company"], name="workplace_of_region")]
        constraints = [
            models.UniqueConstraint(
                fields=["business_number"],
                condition=~Q(business_number=""),
                name="workplace_business_number_once",
                violation_error_message="이미 등록된 사업자등록번호입니다.",
            ),
            models.CheckConstraint(
                condition=Q(business_number="") | Q(business_number__regex=r"^[0-9]{10}$"),
                name="workplace_business_number_has_10_digits",
                violation_error_message="사업자등록번호는 숫자 10자리여야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(is_headquarters=False) | ~Q(business_number=""),
                name="workplace_headquarters_has_a_number",
                violation_error_message="본사 사업장에는 사업자등록번호가 있어야 합니다.",
            ),
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(is_headquarters=True),
                name="workplace_one_headquarters",
                violation_error_message="본사는 한 곳이어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.business_number or self.address


class OfWorkplaceQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Workplace.objects.visible_to(scope).filter(pk=OuterRef("workplace"))))


@tracked()
class FormerPlace(models.Model):
    """Where a workplace stood before it moved."""

    workplace = models.ForeignKey(Workplace, models.CASCADE, related_name="former_places", db_index=False)
    address = models.CharField("주소", max_length=200, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·군·구")
    effective = DateRangeField("기간")

    objects = OfWorkplaceQuerySet.as_manager()

    class Meta:
        verbose_name = "옛 소재지"
        ordering = ["workplace", "effective"]
        constraints = [
            one_at_a_time(
                "workplace", name="workplace_at_one_place", message="같은 사업장의 옛 소재지 기간이 겹칩니다."
            )
        ]

    def __str__(self) -> str:
        return f"{self.address} ({self.effective})"


@tracked()
class WorkplaceCluster(models.Model):
    """A workplace lies in a cluster during a period. It may lie in two at once: a building inside a complex."""

    workplace = models.ForeignKey(Workplace, models.CASCADE, related_name="cluster_memberships", db_index=False)
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="memberships", verbose_name="밀집지역")
    effective = DateRangeField("입주 기간")
    source = models.CharField("출처", max_length=80, blank=True)

    objects = OfWorkplaceQuerySet.as_manager()

    class Meta:
        verbose_name = "밀집지역 입주"
        ordering = ["workplace", "effective"]
        constraints = [
            one_at_a_time(
                "workplace",
                "cluster",
                name="workplace_once_in_a_cluster",
                message="같은 사업장과 밀집지역의 입주 기간이 겹칩니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.workplace} – {self.cluster}"
