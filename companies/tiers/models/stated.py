"""Facts about a firm that no register of ours holds, stated with a document."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from companies.models import Company
from companies.tiers.enums import NUMBER_FACTS, Fact
from companies.tiers.models.base import SeenWithFirmQuerySet
from portal.directory.history import tracked
from portal.directory.models import User
from portal.kernel.constraints import exactly_one, not_blank, one_at_a_time
from portal.kernel.models import Timestamped


class StatedFactQuerySet(SeenWithFirmQuerySet):
    def in_force_on(self, day: date) -> Self:
        return self.filter(effective__contains=day)


@tracked()
class StatedFact(Timestamped):
    """Somebody checked it and names the paper: no tax arrears, a trade record outside the region, …"""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="기업")
    code = models.CharField("항목", max_length=20, choices=Fact)
    flag = models.BooleanField("확인 결과", null=True, blank=True)
    number = models.DecimalField("값", max_digits=18, decimal_places=4, null=True, blank=True)
    effective = DateRangeField("유효 기간")
    document = models.CharField("확인 서류", max_length=200)
    stated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="확인자")

    objects = StatedFactQuerySet.as_manager()

    class Meta:
        verbose_name = "확인 사항"
        ordering = ["company", "code", "-effective"]
        constraints = [
            exactly_one("flag", "number", name="stated_fact_is_one_value", message="값은 하나만 적습니다."),
            models.CheckConstraint(
                condition=Q(code__in=NUMBER_FACTS, number__isnull=False)
                | ~Q(code__in=NUMBER_FACTS) & Q(flag__isnull=False),
                name="stated_fact_value_matches_its_code",
                violation_error_message="항목에 맞는 값을 적어 주세요.",
            ),
            not_blank("document", name="stated_fact_has_a_document", message="확인 서류를 적어 주세요."),
            one_at_a_time(
                "company", "code", name="stated_fact_once_at_a_time", message="같은 항목의 유효 기간이 겹칩니다."
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.get_code_display()}"
