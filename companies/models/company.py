"""Companies: legal entities, under all the names they are known by."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import get_language

from companies.enums import CompanyKind, CompanySize, NameKind, OperatingState
from companies.models.industry import Industry
from companies.models.tracking import tracked_in_bulk
from portal.directory.history import tracked
from portal.directory.models import Region
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped


class CompanyQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Seen wherever one of its workplaces lies or its lead region is; each company once."""
        if scope.nationwide:
            return self
        here = self._workplaces().filter(company=OuterRef("pk"), region__in=scope.region_ids)
        return self.filter(Exists(here) | Q(lead_region__in=scope.region_ids))

    def in_region(self, region_ids: list[int] | frozenset[int]) -> Self:
        """With a workplace in one of the regions."""
        return self.filter(Exists(self._workplaces().filter(company=OuterRef("pk"), region__in=region_ids)))

    def not_merged(self) -> Self:
        return self.filter(merged_into=None)

    def operating(self) -> Self:
        return self.filter(state=OperatingState.OPERATING)

    @staticmethod
    def _workplaces() -> models.QuerySet:
        return Company._meta.get_field("workplaces").related_model._default_manager.all()


@tracked_in_bulk()
class Company(Timestamped):
    """A legal entity. Its places, figures, names and papers are rows of their own; `version` tells editors apart.

    `name_key` and `initials` follow from `name_ko` (`companies.rules.names`); whoever writes the one writes the others.
    """

    public_id = models.UUIDField("기업 번호", default=uuid.uuid4, editable=False)
    name_ko = models.CharField("기업명", max_length=120)
    name_en = models.CharField("영문 이름", max_length=160, blank=True)
    name_key = models.CharField("찾는 이름", max_length=120, db_collation="C", editable=False)
    initials = models.CharField("초성", max_length=120, db_collation="C", blank=True, editable=False)
    corporate_number = models.CharField("법인등록번호", max_length=13, db_collation="C", blank=True)
    kind = models.CharField("기업 유형", max_length=12, choices=CompanyKind, default=CompanyKind.CORPORATION)
    size = models.CharField("기업 규모", max_length=10, choices=CompanySize, default=CompanySize.UNKNOWN)
    founded_on = models.DateField("설립일", null=True, blank=True)
    representative = models.CharField("대표자", max_length=120, blank=True)
    main_product = models.CharField("주생산품", max_length=200, blank=True)
    homepage = models.CharField("누리집", max_length=200, blank=True)
    phone = models.CharField("전화", max_length=40, blank=True)
    email = models.EmailField("전자우편", blank=True)
    contact_name = models.CharField("담당자", max_length=60, blank=True)
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="companies", verbose_name="업종"
    )
    state = models.CharField("영업 상태", max_length=10, choices=OperatingState, default=OperatingState.OPERATING)
    lead_region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="주관 지역"
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        db_index=False,
        verbose_name="합쳐진 기업",
    )
    version = models.PositiveIntegerField("판", default=1, editable=False)
    is_demo = models.BooleanField("예시", default=False, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = "기업"
        ordering = ["name_key", "pk"]
        indexes = [
            models.Index(fields=["name_key", "id"], name="company_by_name"),
            models.Index(
                fields=["corporate_number"], name="company_by_corporate_number", condition=~Q(corporate_number="")
            ),
            models.Index(
                fields=["representative"],
                name="company_by_representative",
                condition=~Q(representative=""),
            ),
            models.Index(fields=["lead_region"], name="company_by_lead", condition=Q(lead_region__isnull=False)),
            models.Index(fields=["merged_into"], name="company_by_survivor", condition=Q(merged_into__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["public_id"],
                name="company_public_id_once",
                violation_error_message="이미 쓰인 기업 번호입니다.",
            ),
            not_blank("name_ko", name="company_has_a_name", message="기업명을 적어 주세요."),
            not_blank("name_key", name="company_can_be_found", message="기업명에 글자나 숫자가 하나는 있어야 합니다."),
            models.CheckConstraint(
                condition=Q(corporate_number="") | Q(corporate_number__regex=r"^[0-9]{13}$"),
                name="company_corporate_number_has_13_digits",
                violation_error_message="법인등록번호는 숫자 13자리여야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                name="company_not_merged_into_itself",
                violation_error_message="자기 자신에게 합칠 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1),
                name="company_version_counts_from_one",
                violation_error_message="판 번호는 1부터 셉니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko


class OfCompanyQuerySet(models.QuerySet):
    """Rows that belong to a company are seen with it."""

    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(Company.objects.visible_to(scope).filter(pk=OuterRef("company"))))


@tracked()
class CompanyName(models.Model):
    """Another name of a company: a former one, another spelling, a brand."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="other_names", db_index=False)
    name = models.CharField("이름", max_length=120)
    name_key = models.CharField("찾는 이름", max_length=120, db_collation="C", editable=False)
    initials = models.CharField("초성", max_length=120, db_collation="C", blank=True, editable=False)
    kind = models.CharField("종류", max_length=10, choices=NameKind, default=NameKind.ALIAS)
    until = models.DateField("쓰인 마지막 날", null=True, blank=True)
    source = models.CharField("출처", max_length=80, blank=True)

    objects = OfCompanyQuerySet.as_manager()

    class Meta:
        verbose_name = "기업의 다른 이름"
        ordering = ["company", "name"]
        indexes = [models.Index(fields=["name_key"], name="company_other_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "name"],
                name="company_other_name_once",
                violation_error_message="이 기업에 이미 있는 다른 이름입니다.",
            ),
            not_blank("name_key", name="company_other_name_not_blank", message="이름을 적어 주세요."),
        ]

    def __str__(self) -> str:
        return self.name
