"""Who voted how on one matter, and who took no part in it."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from network.enums import BallotChoice, RecusalKind
from network.models.council import Seat
from network.models.meeting import AgendaItem
from portal.directory.history import append_only, tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank


class OfItemQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(Exists(AgendaItem.objects.visible_to(scope).filter(pk=OuterRef("item"))))


class Ballot(models.Model):
    """One member's vote by name, with the opinion they want on record. Written with the decision, never changed."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="ballots")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+", verbose_name="위원")
    choice = models.CharField("표결", max_length=8, choices=BallotChoice)
    dissent = models.TextField("소수 의견", blank=True)

    objects = OfItemQuerySet.as_manager()

    class Meta:
        verbose_name = "표결"
        ordering = ["item", "seat"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "seat"],
                name="ballot_once_per_seat",
                violation_error_message="이 안건에 이미 표결한 위원입니다.",
            )
        ]
        triggers = append_only("ballot")

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_choice_display()}"


@tracked()
class Recusal(models.Model):
    """A member takes no part in one matter: they count neither among the enrolled nor among the present for it."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="recusals")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+", verbose_name="위원")
    kind = models.CharField("구분", max_length=10, choices=RecusalKind)
    reason = models.CharField("사유", max_length=300)
    recorded_at = models.DateTimeField("기록 일시", default=timezone.now)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="기록자")

    objects = OfItemQuerySet.as_manager()

    class Meta:
        verbose_name = "제척·기피·회피"
        ordering = ["item", "seat"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "seat"],
                name="recusal_once_per_seat",
                violation_error_message="이 안건에서 이미 빠진 위원입니다.",
            ),
            not_blank("reason", name="recusal_has_a_reason", message="제척·기피·회피의 사유를 적어야 합니다."),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_kind_display()}"
