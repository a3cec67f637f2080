"""Public holidays, as rows: they move with the moon and with laws."""

from datetime import date

from django.db import models

from portal.directory.history import tracked
from portal.kernel.constraints import not_blank


class HolidayQuerySet(models.QuerySet):
    def days(self) -> frozenset[date]:
        """Every day off on record, for `portal.kernel.deadlines`."""
        return frozenset(self.values_list("day", flat=True))


@tracked()
class Holiday(models.Model):
    """A public holiday (관공서의 공휴일). Provisional: not yet read in an official text."""

    day = models.DateField("날", unique=True)
    name_ko = models.CharField("이름", max_length=40)
    provisional = models.BooleanField("잠정", default=False)
    note = models.CharField("비고", max_length=200, blank=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = "공휴일"
        ordering = ["day"]
        constraints = [not_blank("name_ko", name="holiday_has_a_name", message="공휴일의 이름을 적어 주세요.")]

    def __str__(self) -> str:
        return f"{self.day} {self.name_ko}"
