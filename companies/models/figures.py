"""Yearly figures of a company, per source."""

from django.db import models
from django.db.models import Q

from companies.enums import FigureSource, FigureStatus
from companies.models.company import Company, OfCompanyQuerySet
from companies.models.tracking import tracked_in_bulk
from portal.kernel.models import Timestamped

FIGURES = (
    "sales",
    "exports_direct",
    "exports_indirect",
    "rnd",
    "operating_profit",
    "assets",
    "employees",
)
"""The figures of a year: won, but `employees` (regular employees, 명)."""


def _never_negative(*fields: str) -> Q:
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0})
    return condition


@tracked_in_bulk()
class CompanyYear(Timestamped):
    """What one source says of one year. Won as whole numbers; an empty figure is not known, which is not nought."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="years", db_index=False, verbose_name="기업")
    year = models.PositiveSmallIntegerField("연도")
    source = models.CharField("출처", max_length=20, choices=FigureSource, db_collation="C")
    status = models.CharField("확정 여부", max_length=6, choices=FigureStatus, default=FigureStatus.FINAL)
    as_of = models.DateField("기준일", null=True, blank=True)
    sales = models.BigIntegerField("매출액(원)", null=True, blank=True)
    exports_direct = models.BigIntegerField("직접수출액(원)", null=True, blank=True)
    exports_indirect = models.BigIntegerField("간접수출액(원)", null=True, blank=True)
    rnd = models.BigIntegerField("연구개발비(원)", null=True, blank=True)
    operating_profit = models.BigIntegerField("영업이익(원)", null=True, blank=True)
    assets = models.BigIntegerField("자산총계(원)", null=True, blank=True)
    employees = models.PositiveIntegerField("상시근로자 수(명)", null=True, blank=True)
    version = models.PositiveIntegerField("판", default=1, editable=False)

    objects = OfCompanyQuerySet.as_manager()

    class Meta:
        verbose_name = "연도별 실적"
        ordering = ["company", "-year", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "year", "source"],
                name="company_year_once_per_source",
                violation_error_message="이 기업·연도·출처의 실적이 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1950, year__lte=2200),
                name="company_year_is_a_year",
                violation_error_message="연도는 1950년부터 2200년까지여야 합니다.",
            ),
            models.CheckConstraint(
                condition=_never_negative("exports_direct", "exports_indirect", "rnd", "assets"),
                name="company_year_amounts_not_negative",
                violation_error_message="수출액·연구개발비·자산은 0보다 작을 수 없습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.year} ({self.get_source_display()})"
