"""A look at the firm half a year and a year after its case was closed."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef

from network.difficulties.models.base import OfCaseQuerySet
from network.difficulties.models.case import Case
from portal.directory.history import tracked
from portal.directory.models import User
from portal.kernel.constraints import all_or_none, text_with


class LookQuerySet(OfCaseQuerySet):
    def waiting(self) -> Self:
        """Not done, and not overtaken by a case that was opened anew."""
        return self.filter(~Exists(Case.objects.filter(predecessor=OuterRef("case"))), done_on=None)

    def due_by(self, day: date) -> Self:
        return self.waiting().filter(due_on__lte=day)


@tracked()
class FollowUp(models.Model):
    """One later look (사후 확인). The case itself stays as it was closed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="follow_ups")
    months = models.PositiveSmallIntegerField("개월")
    due_on = models.DateField("확인할 날")
    done_on = models.DateField("확인한 날", null=True, blank=True)
    done_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="확인한 사람"
    )
    finding = models.TextField("확인 내용", blank=True)
    jobs_now = models.PositiveIntegerField("지금 일자리", null=True, blank=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = "사후 확인"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "months"], name="case_follow_up_once", violation_error_message="이미 있는 사후 확인입니다."
            ),
            all_or_none(
                "done_on", "done_by", name="case_follow_up_done_by_someone",
                message="확인한 날과 확인한 사람은 함께 기록되어야 합니다.",
            ),
            text_with(
                "finding", "done_on", name="case_follow_up_done_with_words", message="확인한 내용을 적어 주세요."
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case} {self.months}개월"
