"""Local resources (연고·특화자원), the firms that live on them and the support they were given."""

from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from companies.models import Company, Industry
from crisis.declining.enums import FirmRole, ResourceKind, SupportKind
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank, one_at_a_time
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped


class LocalResourceQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self if scope.nationwide else self.filter(scope.regions("region"))


@tracked()
class LocalResource(Timestamped):
    """What a 시·군·구 is known for: a product, a trade that gathers there, a craft."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·군·구")
    kind = models.CharField("구분", max_length=10, choices=ResourceKind)
    name = models.CharField("이름", max_length=80)
    description = models.TextField("설명", blank=True)
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="표준산업분류"
    )
    effective = DateRangeField("기간")
    source = models.CharField("출처", max_length=200)
    version = models.PositiveIntegerField("판", default=1, editable=False)
    is_demo = models.BooleanField("예시", default=False)

    objects = LocalResourceQuerySet.as_manager()

    class Meta:
        verbose_name = "지역 특화자원"
        ordering = ["region", "name", "pk"]
        constraints = [
            not_blank("name", name="local_resource_has_a_name", message="특화자원의 이름을 적어 주세요."),
            not_blank("source", name="local_resource_has_a_source", message="특화자원의 출처를 적어 주세요."),
            one_at_a_time(
                "region",
                "name",
                name="local_resource_once_at_a_time",
                message="같은 시·군·구에 같은 이름의 특화자원이 이 기간에 이미 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.name}"


class ResourceFirmQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Seen with the resource and, the firm's name being the firm's, with the firm."""
        if scope.nationwide:
            return self
        mine = LocalResource.objects.visible_to(scope).filter(pk=OuterRef("resource"))
        firm = Company.objects.visible_to(scope).filter(pk=OuterRef("company"))
        return self.filter(Exists(mine), Exists(firm))


@tracked()
class ResourceFirm(Timestamped):
    """A firm lives on a resource during a period: what it does with it and what shows it."""

    resource = models.ForeignKey(LocalResource, models.PROTECT, related_name="firms", db_index=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="기업")
    role = models.CharField("역할", max_length=10, choices=FirmRole)
    evidence = models.CharField("근거", max_length=200)
    effective = DateRangeField("기간")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="기록한 사람")

    objects = ResourceFirmQuerySet.as_manager()

    class Meta:
        verbose_name = "특화자원 기업"
        ordering = ["resource", "company", "effective"]
        constraints = [
            one_at_a_time(
                "resource",
                "company",
                name="resource_firm_once_at_a_time",
                message="이 기업은 같은 기간에 이미 이 자원에 연결되어 있습니다.",
            ),
            not_blank(
                "evidence", name="resource_firm_has_evidence", message="무엇을 보고 연결했는지 근거를 적어 주세요."
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} – {self.company}"


class ResourceSupportQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(ResourceFirm.objects.visible_to(scope).filter(pk=OuterRef("firm"))))


@tracked()
class ResourceSupport(Timestamped):
    """Support one of these firms was given. Money in won."""

    firm = models.ForeignKey(ResourceFirm, models.PROTECT, related_name="supports")
    given_on = models.DateField("지원일")
    kind = models.CharField("지원", max_length=14, choices=SupportKind)
    programme = models.CharField("사업", max_length=120)
    won = models.BigIntegerField("지원액(원)", default=0)
    note = models.CharField("비고", max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="기록한 사람")

    objects = ResourceSupportQuerySet.as_manager()

    class Meta:
        verbose_name = "특화자원 기업 지원"
        ordering = ["-given_on", "pk"]
        constraints = [
            not_blank(
                "programme", name="resource_support_names_its_programme", message="지원 사업의 이름을 적어 주세요."
            ),
            models.CheckConstraint(
                condition=Q(won__gte=0),
                name="resource_support_money_not_negative",
                violation_error_message="지원액은 0원 이상이어야 합니다.",
            ),
            models.UniqueConstraint(
                fields=["firm", "given_on", "kind", "programme"],
                name="resource_support_once",
                violation_error_message="같은 날 같은 사업의 지원이 이미 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm} {self.programme}"
