"""Who is in charge for which body, and how the lead goes from one to the other."""

from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from network.difficulties.enums import CaseState, HandoverState
from network.difficulties.models.base import OFFICER_ROLES, OfCaseQuerySet, keeps_a_lead, only_while_open
from network.difficulties.models.case import Case
from portal.directory.enums import Role
from portal.directory.history import tracked
from portal.directory.models import Membership, Organization, User
from portal.kernel.constraints import all_or_none, not_blank
from portal.kernel.models import Timestamped


class ReferentQuerySet(OfCaseQuerySet):
    def current(self) -> Self:
        """Whose charge has not ended. A closed case keeps its last referents: they look after it later."""
        return self.filter(effective__upper_inf=True)

    def leading(self) -> Self:
        return self.filter(is_lead=True)

    def away(self) -> Self:
        """Whose account is closed, or who works for the body no longer."""
        works = Membership.objects.current().filter(
            user=OuterRef("user"), organization=OuterRef("organization"), role__in=OFFICER_ROLES
        )
        return self.filter(~Exists(works) | Q(user__is_active=False))

    def without_head(self) -> Self:
        """Of bodies that have no head on record who could answer for the absent."""
        heads = Membership.objects.current().filter(
            organization=OuterRef("organization"), role=Role.OFFICE_HEAD, user__is_active=True
        )
        return self.filter(~Exists(heads))

    def open(self) -> Self:
        return self.filter(case__state=CaseState.OPEN)


@tracked()
class Referent(models.Model):
    """Somebody is in charge (담당) of a case for a body during a period; one of them leads (주담당).

    The period is one of moments: a lead that is handed over at noon has no day with two leads or with none.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="referents")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="기관")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="담당자")
    is_lead = models.BooleanField("주담당", default=False)
    effective = DateTimeRangeField("담당 기간")
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="정한 사람")

    objects = ReferentQuerySet.as_manager()

    class Meta:
        verbose_name = "담당"
        ordering = ["-is_lead", "effective", "pk"]
        constraints = [
            ExclusionConstraint(
                name="referent_one_a_body",
                expressions=[
                    ("case", RangeOperators.EQUAL), ("organization", RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                ],
                violation_error_message="한 기관의 담당자는 한 번에 한 사람입니다.",
            ),
            ExclusionConstraint(
                name="referent_one_lead",
                expressions=[("case", RangeOperators.EQUAL), ("effective", RangeOperators.OVERLAPS)],
                condition=Q(is_lead=True),
                violation_error_message="주담당은 한 번에 한 사람입니다.",
            ),
        ]  # fmt: skip
        triggers = [
            only_while_open("referent"),
            keeps_a_lead("referent", "OLD.case_id", pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.user}"

    @property
    def is_current(self) -> bool:
        return self.effective.upper is None


class HandoverQuerySet(OfCaseQuerySet):
    def offered(self) -> Self:
        return self.filter(state=HandoverState.OFFERED)


@tracked()
class Handover(Timestamped):
    """The lead is offered to another person or body (인계). Until it is accepted the old lead stays the lead."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="handovers")
    from_referent = models.ForeignKey(Referent, models.PROTECT, related_name="+", verbose_name="넘기는 담당")
    to_organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="받을 기관")
    to_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="받을 사람")
    note = models.TextField("인계 사유")
    offered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="제안한 사람")
    offered_at = models.DateTimeField("제안 일시", default=timezone.now)
    state = models.CharField("상태", max_length=10, choices=HandoverState, default=HandoverState.OFFERED)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="답한 사람"
    )
    answered_at = models.DateTimeField("답한 일시", null=True, blank=True)
    answer_note = models.TextField("답", blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = "인계"
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state=HandoverState.OFFERED),
                name="handover_one_offer",
                violation_error_message="답을 기다리는 인계가 이미 있습니다.",
            ),
            not_blank("note", name="handover_says_why", message="인계 사유를 적어 주세요."),
            all_or_none(
                "answered_by", "answered_at", name="handover_answered_by_someone",
                message="답한 사람과 답한 일시는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=HandoverState.OFFERED, answered_at=None)
                | ~Q(state=HandoverState.OFFERED) & Q(answered_at__isnull=False),
                name="handover_state_matches_answer",
                violation_error_message="인계의 상태와 답한 일시가 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=HandoverState.DECLINED) | ~Q(answer_note=""),
                name="handover_declined_with_a_reason",
                violation_error_message="받지 않으려면 사유를 적어 주세요.",
            ),
        ]  # fmt: skip
        triggers = [only_while_open("handover")]

    def __str__(self) -> str:
        return f"{self.case} → {self.to_organization}"
