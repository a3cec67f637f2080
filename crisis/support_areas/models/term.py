"""The dated designation: first term and at most one extension."""

from datetime import date, timedelta
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import DateField, Exists, F, Func, OuterRef
from django.db.models.lookups import LessThanOrEqual

from crisis.support_areas.enums import TermKind
from crisis.support_areas.models.case import SupportCase
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank, one_at_a_time, text_with
from portal.kernel.fields import DatedQuerySet
from portal.kernel.models import Timestamped


class TermQuerySet(DatedQuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(SupportCase.objects.visible_to(scope).filter(pk=OuterRef("case"))))


class DayAfter(Func):
    """The first day after a range of days."""

    function = "upper"
    output_field = DateField()


class TwoYearsOn(Func):
    """The day two years after a range of days began."""

    template = "(lower(%(expressions)s) + interval '2 years')::date"
    output_field = DateField()


@tracked()
class Term(Timestamped):
    """From when to when the area is designated, with what support, by which notice in the gazette (관보)."""

    case = models.ForeignKey(SupportCase, models.PROTECT, related_name="terms")
    kind = models.CharField("구분", max_length=10, choices=TermKind)
    effective = DateRangeField("지정 기간")
    planned_until = models.DateField("정한 마지막 날")
    support_content = models.TextField("지원 내용")
    requested_on = models.DateField("연장 신청일", null=True, blank=True)
    decided_on = models.DateField("결정일")
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="결정한 사람")
    notice_number = models.CharField("관보 공고 번호", max_length=60, blank=True)
    notice_on = models.DateField("관보 공고일", null=True, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "지정 기간"
        ordering = ["case", "effective"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                name="term_extended_once",
                violation_error_message="지정은 한 번, 연장도 한 번만 할 수 있습니다.",
            ),
            one_at_a_time("case", name="term_one_at_a_time", message="지정 기간이 겹칩니다."),
            models.CheckConstraint(
                condition=LessThanOrEqual(DayAfter(F("effective")), TwoYearsOn(F("effective"))),
                name="term_at_most_two_years",
                violation_error_message="지정과 연장은 각각 2년 이내입니다.",
            ),
            not_blank("support_content", name="term_says_what_is_given", message="어떤 지원을 하는지 적어 주세요."),
            text_with(
                "notice_number",
                "notice_on",
                name="term_notice_has_number_and_day",
                message="관보 공고 번호와 공고일은 함께 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()}"

    @property
    def first_day(self) -> date:
        found: date = self.effective.lower
        return found

    @property
    def last_day(self) -> date:
        last: date = self.effective.upper - timedelta(days=1)
        return last

    @property
    def cut_short(self) -> bool:
        """Whether it ended before the day that was decided: the area was released."""
        return self.last_day < self.planned_until
