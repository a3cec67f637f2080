"""Terms and limits of prevention plans, as dated rows: the ministry's notice sets them and changes them."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from crisis.plans.enums import SHIPPED_TERMS, TermCode, TermUnit
from portal.directory.history import tracked
from portal.kernel.constraints import one_at_a_time
from portal.kernel.fields import DatedQuerySet


class PlanTermQuerySet(DatedQuerySet):
    def figure(self, code: str, day: date) -> int:
        """The figure in force on a day; the shipped one where no row says otherwise."""
        found = self.in_force_on(day).filter(code=code).values_list("count", flat=True).first()
        return SHIPPED_TERMS[code][0] if found is None else int(found)

    def whole(self) -> Self:
        return self.order_by("code", "effective")


@tracked()
class PlanTerm(models.Model):
    """How many working days a deed may take, or at which gap spending counts as slow, during `effective`."""

    code = models.CharField("항목", max_length=16, choices=TermCode)
    count = models.PositiveSmallIntegerField("값")
    unit = models.CharField("단위", max_length=12, choices=TermUnit)
    effective = DateRangeField("적용 기간")
    basis = models.CharField("근거", max_length=200, blank=True)
    provisional = models.BooleanField("잠정", default=True)

    objects = PlanTermQuerySet.as_manager()

    class Meta:
        verbose_name = "예방계획 기한"
        ordering = ["code", "effective"]
        constraints = [
            one_at_a_time("code", name="plan_term_one_at_a_time", message="같은 항목의 적용 기간이 겹칩니다."),
            models.CheckConstraint(
                condition=Q(count__gte=1),
                name="plan_term_is_at_least_one",
                violation_error_message="기한은 하루 이상이어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} {self.count}{self.get_unit_display()}"
