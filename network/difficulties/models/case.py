"""A case: one firm in difficulty, from the day somebody took it up to its outcome."""

import secrets
from datetime import date
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery

from companies.models import Company, Workplace
from network.difficulties.enums import UNFINISHED, CaseState, HandoverState, Outcome, Severity, Source
from network.difficulties.models.base import keeps_a_lead
from portal.directory.enums import Capability, Role
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none, not_blank, text_with
from portal.kernel.models import Timestamped

# Letters and digits that are not taken for one another.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_code(year: int) -> str:
    """A number that says nothing about how many cases there are: a gap would tell of a confidential one."""
    return f"FD-{year}-{''.join(secrets.choice(_ALPHABET) for _ in range(6))}"


class CaseQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """A case is seen where its workplace lies and by the bodies on it, by whoever may see cases at all.

        A firm's other sites do not open it to their regions: that a firm is in difficulty can ruin it, so it is told
        where somebody must act and nowhere else. A body of another region sees it once it is on the case or has been
        offered the lead: it could not answer otherwise.

        A confidential case exists only for its referents and the heads of their bodies (`_insiders`), not for the
        ministry, the auditor or colleagues.
        """
        if scope.nationwide and not scope.grants:
            return self  # the system itself
        seen = scope.within(Capability.VIEW_DIFFICULTIES)
        if not seen.grants:
            return self.none()
        bodies = seen.organization_ids
        on_it = Q(Exists(_referents().filter(organization__in=bodies)))
        on_it |= Q(Exists(_offers().filter(to_organization__in=bodies)))
        plain = seen.regions("region") | on_it
        return self.filter(Q(confidential=False) & plain | Q(confidential=True) & _insiders(seen))

    def open(self) -> Self:
        return self.filter(state=CaseState.OPEN)

    def closed(self) -> Self:
        return self.filter(state=CaseState.CLOSED)

    def of_bodies(self, organizations: frozenset[int]) -> Self:
        """Cases on which one of these bodies is."""
        return self.filter(Exists(_referents().filter(organization__in=organizations)))

    def of_person(self, user_id: int | None) -> Self:
        return self.filter(Exists(_referents().filter(user=user_id)))

    def with_lead(self) -> Self:
        """With `lead_body`, `lead_code` and `lead_name`: the body and the person in the lead."""
        lead = _referents().filter(is_lead=True)
        return self.annotate(
            lead_body=Subquery(lead.values("organization__name_ko")[:1]),
            lead_code=Subquery(lead.values("organization__code")[:1]),
            lead_name=Subquery(lead.values("user__name")[:1]),
        )

    def with_work(self, today: date) -> Self:
        """With `open_difficulties`, `overdue_actions` and `next_due` of what is not finished."""
        from network.difficulties.models.action import Action
        from network.difficulties.models.difficulty import Difficulty

        unfinished = Action.objects.filter(case=OuterRef("pk"), state__in=UNFINISHED).order_by()
        return self.annotate(
            open_difficulties=_count(Difficulty.objects.filter(case=OuterRef("pk"), resolved_on=None)),
            overdue_actions=_count(unfinished.filter(due_on__lt=today)),
            next_due=Subquery(unfinished.values("case").annotate(first=Min("due_on")).values("first")),
        )


def _count(rows: models.QuerySet) -> Subquery:
    counted = rows.order_by().values("case").annotate(n=Count("pk")).values("n")
    return models.functions.Coalesce(Subquery(counted), 0)  # type: ignore[return-value]


def _referents() -> Any:
    from network.difficulties.models.referent import Referent

    return Referent.objects.current().filter(case=OuterRef("pk"))


def _offers() -> Any:
    from network.difficulties.models.referent import Handover

    return Handover.objects.filter(case=OuterRef("pk"), state=HandoverState.OFFERED)


def _insiders(seen: Scope) -> Q:
    """Who sees a confidential case: its referents, whoever is offered its lead, and the heads of their bodies.

    Where a body has no head on record (only regional offices have the role) and its referent is away, the officers of
    that body see it: somebody must be able to take it over.
    """
    me, bodies = seen.user_id or 0, seen.organization_ids
    headed = [grant.organization_id for grant in seen.grants if grant.role == Role.OFFICE_HEAD]
    managed = seen.within(Capability.MANAGE_DIFFICULTIES).organization_ids
    own = Q(user=me, organization__in=bodies) | Q(organization__in=headed)
    offered = Q(to_user=me, to_organization__in=bodies) | Q(to_organization__in=headed)
    stranded = _referents().away().without_head().filter(organization__in=managed)
    return Q(Exists(_referents().filter(own))) | Q(Exists(_offers().filter(offered))) | Q(Exists(stranded))


# What may still change of a closed case: whose it is, when two companies turn out to be one.
_MOVES = "'company_id', 'updated_at'"


@tracked()
class Case(Timestamped):
    """One firm in difficulty (위기·애로기업 사례). `version` rises with each change of its head facts.

    `region` is where the workplace lay when the case was opened; a later move of the site does not hand it over.
    """

    code = models.SlugField("사례 번호", max_length=20, unique=True)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="기업")
    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="+", verbose_name="사업장")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="지역")
    source = models.CharField("알게 된 길", max_length=10, choices=Source)
    source_note = models.CharField("알게 된 길의 내용", max_length=200, blank=True)
    severity = models.CharField("심각성", max_length=6, choices=Severity, default=Severity.NORMAL)
    jobs_at_stake = models.PositiveIntegerField("위태로운 일자리")
    summary = models.TextField("개요")
    confidential = models.BooleanField("비공개", default=False)
    state = models.CharField("상태", max_length=6, choices=CaseState, default=CaseState.OPEN)
    opened_on = models.DateField("시작일")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="시작한 사람")
    closed_on = models.DateField("종결일", null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="종결한 사람"
    )
    outcome = models.CharField("결과", max_length=12, choices=Outcome, blank=True)
    closing_note = models.TextField("종결 내용", blank=True)
    jobs_kept = models.PositiveIntegerField("지킨 일자리", null=True, blank=True)
    jobs_lost = models.PositiveIntegerField("잃은 일자리", null=True, blank=True)
    predecessor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name="앞선 사례"
    )
    version = models.PositiveIntegerField("판", default=1, editable=False)
    is_demo = models.BooleanField("예시", default=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "위기·애로기업 사례"
        ordering = ["-opened_on", "-pk"]
        indexes = [models.Index(fields=["region", "state"], name="difficulty_case_by_region")]
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(state=CaseState.OPEN),
                name="difficulty_case_one_open_a_company",
                violation_error_message="이 기업에는 진행 중인 사례가 이미 있습니다.",
            ),
            models.UniqueConstraint(
                fields=["predecessor"],
                name="difficulty_case_reopened_once",
                violation_error_message="이미 다시 연 사례입니다. 뒤의 사례에서 이어 주세요.",
            ),
            models.CheckConstraint(
                condition=Q(predecessor=None) | ~Q(predecessor=F("pk")),
                name="difficulty_case_follows_another",
                violation_error_message="사례는 자기 자신을 이을 수 없습니다.",
            ),
            not_blank("summary", name="difficulty_case_has_a_summary", message="개요를 적어 주세요."),
            all_or_none(
                "closed_on", "closed_by", "jobs_kept", "jobs_lost", name="difficulty_case_closed_by_someone",
                message="종결일, 종결한 사람, 지킨 일자리와 잃은 일자리는 함께 기록되어야 합니다.",
            ),
            text_with(
                "outcome", "closed_on", name="difficulty_case_closed_with_an_outcome",
                message="종결한 사례에만, 그리고 반드시 결과가 있어야 합니다.",
            ),
            text_with(
                "closing_note", "closed_on", name="difficulty_case_closed_with_words",
                message="종결하려면 종결 내용을 적어 주세요.",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.OPEN, closed_on=None) | Q(state=CaseState.CLOSED, closed_on__isnull=False),
                name="difficulty_case_state_matches_closing",
                violation_error_message="상태와 종결일이 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="difficulty_case_closes_after_opening",
                violation_error_message="종결일은 시작일보다 빠를 수 없습니다.",
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(
                name="difficulty_case_closed_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.state = 'CLOSED' AND to_jsonb(OLD) - ARRAY[{_MOVES}] IS DISTINCT FROM"
                    f" to_jsonb(NEW) - ARRAY[{_MOVES}]"
                ),
            ),
            pgtrigger.Protect(name="difficulty_case_is_kept", operation=pgtrigger.Delete),
            keeps_a_lead("difficulty_case", "NEW.id", pgtrigger.Insert | pgtrigger.UpdateOf("state")),
        ]

    def __str__(self) -> str:
        # The number alone: this text stands in the record of deeds, which more people read than the case.
        return self.code

    @property
    def is_open(self) -> bool:
        return self.state == CaseState.OPEN

    def days(self, today: date) -> int:
        """How long it has been, or was, open."""
        return ((self.closed_on or today) - self.opened_on).days
