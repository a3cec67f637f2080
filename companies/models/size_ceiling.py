"""Up to which yearly sales a firm of an industry counts as small, or as small and medium-sized; dated."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from companies.enums import CeilingKind
from portal.directory.history import tracked
from portal.kernel.constraints import one_at_a_time
from portal.kernel.fields import DatedQuerySet


@tracked()
class SizeCeiling(models.Model):
    """The ceiling of three-year average sales of one industry during a period (중소기업기본법 시행령 별표 1·3).

    `industry_code`: a division (`C26` is written `26`) or a section letter; the longest that fits counts. What could
    not be checked against the decree is provisional and shown as such.
    """

    kind = models.CharField("상한의 종류", max_length=6, choices=CeilingKind)
    industry_code = models.CharField("업종", max_length=6)
    sales = models.BigIntegerField("평균매출액 상한(원)")
    effective = DateRangeField("유효 기간")
    provisional = models.BooleanField("잠정", default=True)
    source = models.CharField("출처", max_length=200)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "기업 규모 상한"
        ordering = ["kind", "industry_code", "effective"]
        constraints = [
            one_at_a_time(
                "kind",
                "industry_code",
                name="size_ceiling_once_at_a_time",
                message="같은 업종의 상한 기간이 겹칩니다.",
            ),
            models.CheckConstraint(
                condition=Q(sales__gt=0),
                name="size_ceiling_above_nought",
                violation_error_message="상한은 0보다 커야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.industry_code}"
