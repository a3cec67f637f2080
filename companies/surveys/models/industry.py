"""Industries a region is built on (주축산업, 미래 신산업), which regions share them, and their KSIC codes."""

from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Exists, OuterRef

from companies.models import Industry
from companies.surveys.enums import IndustryKind
from portal.directory.history import tracked
from portal.directory.models import Region
from portal.directory.scope import Scope
from portal.intake.models import Upload
from portal.kernel.constraints import not_blank
from portal.kernel.fields import DatedQuerySet


class RegionalIndustryQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Published for every region: whoever works anywhere reads them."""
        return self.none() if scope.is_empty else self

    def of_regions(self, region_ids: frozenset[int]) -> Self:
        """Of any of these regions, each once."""
        here = RegionalIndustryRegion.objects.filter(industry=OuterRef("pk"), region__in=region_ids)
        return self.filter(Exists(here))


@tracked()
class RegionalIndustry(models.Model):
    """One industry as published; provisional where its source is older or weaker than the reorganisation of 2023.

    `upload` is the file by which the ministry stated it: such a row is not overwritten by the shipped ones.
    """

    code = models.CharField("코드", max_length=12, unique=True)
    kind = models.CharField("구분", max_length=12, choices=IndustryKind)
    name_ko = models.CharField("이름", max_length=80)
    effective = DateRangeField("유효 기간")
    provisional = models.BooleanField("잠정", default=False)
    source = models.CharField("출처", max_length=120)
    note = models.CharField("비고", max_length=300, blank=True)
    upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="올린 파일"
    )

    objects = RegionalIndustryQuerySet.as_manager()

    class Meta:
        verbose_name = "지역 산업"
        ordering = ["code"]
        constraints = [
            not_blank("name_ko", name="regional_industry_has_a_name", message="산업의 이름을 적어 주세요."),
            not_blank("source", name="regional_industry_has_a_source", message="산업의 출처를 적어 주세요."),
        ]

    def __str__(self) -> str:
        return self.name_ko


class OfIndustryQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self.none() if scope.is_empty else self


@tracked()
class RegionalIndustryRegion(models.Model):
    """A region has a part in an industry."""

    industry = models.ForeignKey(RegionalIndustry, models.CASCADE, related_name="places", db_index=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·도")

    objects = OfIndustryQuerySet.as_manager()

    class Meta:
        verbose_name = "산업의 지역"
        ordering = ["industry", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["industry", "region"],
                name="regional_industry_region_once",
                violation_error_message="이 산업에 이미 있는 지역입니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.industry} – {self.region}"


@tracked()
class RegionalIndustryCode(models.Model):
    """A KSIC code that belongs to an industry. `provisional`: not from an official list."""

    industry = models.ForeignKey(RegionalIndustry, models.CASCADE, related_name="codes", db_index=False)
    ksic = models.ForeignKey(Industry, models.PROTECT, related_name="+", verbose_name="표준산업분류")
    provisional = models.BooleanField("잠정", default=False)
    source = models.CharField("출처", max_length=120)

    objects = OfIndustryQuerySet.as_manager()

    class Meta:
        verbose_name = "산업의 표준산업분류"
        ordering = ["industry", "ksic"]
        constraints = [
            models.UniqueConstraint(
                fields=["industry", "ksic"],
                name="regional_industry_code_once",
                violation_error_message="이 산업에 이미 있는 산업분류 코드입니다.",
            ),
            not_blank("source", name="regional_industry_code_has_a_source", message="산업분류의 출처를 적어 주세요."),
        ]

    def __str__(self) -> str:
        return f"{self.industry} {self.ksic}"
