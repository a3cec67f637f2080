"""What a body does for the firm, by when, and what came of it."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from network.difficulties.enums import FINISHED, UNFINISHED, WITHOUT_MONEY, ActionKind, ActionState, CaseState
from network.difficulties.models.base import OfCaseQuerySet, only_while_open
from network.difficulties.models.case import Case
from portal.directory.history import tracked
from portal.directory.models import Organization, User
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped


class ActionQuerySet(OfCaseQuerySet):
    def unfinished(self) -> Self:
        """Still to do, in a case that is still open: a closed case owes nothing."""
        return self.filter(state__in=UNFINISHED, case__state=CaseState.OPEN)

    def overdue_on(self, day: date) -> Self:
        return self.unfinished().filter(due_on__lt=day)


@tracked()
class Action(Timestamped):
    """One action (조치) of a body. `due_on` is a working day; `amount` in won where the kind gives money."""

    public_id = models.UUIDField("조치 번호", default=uuid.uuid4, editable=False, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="actions")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="하는 기관")
    kind = models.CharField("종류", max_length=10, choices=ActionKind)
    title = models.CharField("조치", max_length=120)
    due_on = models.DateField("기한")
    state = models.CharField("상태", max_length=7, choices=ActionState, default=ActionState.PLANNED)
    amount = models.PositiveBigIntegerField("금액(원)", null=True, blank=True)
    result = models.TextField("결과", blank=True)
    finished_on = models.DateField("마친 날", null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="적은 사람")

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "조치"
        ordering = ["due_on", "pk"]
        constraints = [
            not_blank("title", name="case_action_has_a_title", message="무엇을 하는지 적어 주세요."),
            models.CheckConstraint(
                condition=Q(state__in=list(FINISHED), finished_on__isnull=False)
                | Q(state__in=list(UNFINISHED), finished_on=None),
                name="case_action_state_matches_day",
                violation_error_message="조치의 상태와 마친 날이 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=list(FINISHED)) | ~Q(result=""),
                name="case_action_finished_with_a_result",
                violation_error_message="마치거나 중단하려면 결과나 사유를 적어 주세요.",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | ~Q(kind__in=list(WITHOUT_MONEY)),
                name="case_action_money_where_it_applies",
                violation_error_message="방문, 회의, 조정에는 금액을 적지 않습니다.",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(state__in=list(UNFINISHED)), name="case_action_due")]
        triggers = [only_while_open("case_action")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    def is_overdue(self, day: date) -> bool:
        return self.is_unfinished and self.due_on < day
