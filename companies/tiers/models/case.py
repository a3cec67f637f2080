"""Tier cases: from a candidate to a decision, with the evidence it rests on."""

import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from companies.models import Company
from companies.models.tracking import tracked_in_bulk
from companies.tiers.enums import (
    ADVERSE_KINDS,
    DECIDED_STATES,
    OPEN_STATES,
    CancelGround,
    CaseKind,
    CaseState,
    Opinion,
    Tier,
    Track,
    steps_of,
)
from companies.tiers.models.base import OfFirmQuerySet, any_change
from companies.tiers.models.criteria import CriteriaSet
from companies.tiers.models.screening import Screening
from portal.directory.models import Region, User
from portal.kernel.constraints import all_or_none
from portal.kernel.models import Timestamped

_FINAL = [*DECIDED_STATES, CaseState.WITHDRAWN]
_DECISION = (
    "region_id", "kind", "track", "from_tier", "to_tier", "criteria_id", "appealed_id", "on", "base_year", "evidence",
    "evidence_sha256", "outcome", "state", "opinion", "review_text", "reviewed_at", "reviewed_by_id", "heard_at",
    "hearing_record", "decided_at", "decided_by_id", "decision_text", "effective_from", "effective_until",
    "resolution_council", "resolution_item", "resolution_on", "ground",
)  # fmt: skip


class TierCaseQuerySet(OfFirmQuerySet):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def awaiting_review(self) -> Self:
        return self.filter(state__in=[CaseState.CANDIDATE, CaseState.IN_REVIEW])

    def awaiting_decision(self) -> Self:
        return self.filter(state__in=[CaseState.REVIEWED, CaseState.HEARING, CaseState.HEARD])


@tracked_in_bulk()
class TierCase(Timestamped):
    """One question about one firm's tier, its evidence, the technopark's review and the office's decision."""

    public_id = models.UUIDField("심사 번호", default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="기업")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="관할 시·도")
    kind = models.CharField("종류", max_length=12, choices=CaseKind)
    track = models.CharField("구분", max_length=5, choices=Track)
    from_tier = models.CharField("현재 등급", max_length=16, choices=Tier, blank=True)
    to_tier = models.CharField("심사 등급", max_length=16, choices=Tier, blank=True)
    criteria = models.ForeignKey(
        CriteriaSet, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="적용 기준"
    )
    screening = models.ForeignKey(
        Screening, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="찾은 선별"
    )
    appealed = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="appeals", verbose_name="다투는 결정"
    )
    ground = models.CharField("사유 구분", max_length=14, choices=CancelGround, blank=True)
    request_text = models.TextField("신청·제기 내용", blank=True)
    on = models.DateField("판정 기준일")
    base_year = models.PositiveSmallIntegerField("기준 연도")
    evidence = models.JSONField("증거표", null=True, blank=True)
    evidence_sha256 = models.CharField("증거표 SHA-256", max_length=64, blank=True)
    outcome = models.CharField("기준 판정", max_length=8, blank=True)
    state = models.CharField("상태", max_length=10, choices=CaseState, default=CaseState.CANDIDATE)
    opinion = models.CharField("검토 의견", max_length=12, choices=Opinion, blank=True)
    review_text = models.TextField("검토 내용", blank=True)
    reviewed_at = models.DateTimeField("검토 일시", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="검토자"
    )
    hearing_on = models.DateField("의견청취일", null=True, blank=True)
    hearing_notice = models.CharField("의견청취 통지 문서", max_length=200, blank=True)
    hearing_record = models.TextField("기업의 의견", blank=True)
    heard_at = models.DateTimeField("의견청취 완료 일시", null=True, blank=True)
    decided_at = models.DateTimeField("결정 일시", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="결정자")
    decision_text = models.TextField("결정 사유", blank=True)
    effective_from = models.DateField("효력 시작일", null=True, blank=True)
    effective_until = models.DateField("효력 끝난 다음 날", null=True, blank=True)
    resolution_council = models.CharField("의결한 협의회", max_length=80, blank=True)
    resolution_meeting = models.CharField("회의 차수", max_length=40, blank=True)
    resolution_item = models.CharField("안건", max_length=120, blank=True)
    resolution_on = models.DateField("의결일", null=True, blank=True)
    closing_reason = models.TextField("철회·반려 사유", blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="등록자")
    is_demo = models.BooleanField("예시", default=False)

    objects = TierCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "등급 심사"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "region"], name="tier_case_waiting"),
            models.Index(fields=["company", "-created_at"], name="tier_case_of_firm"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "track"],
                condition=Q(state__in=OPEN_STATES),
                name="tier_case_one_open_per_firm",
                violation_error_message="이 기업에 진행 중인 심사가 이미 있습니다.",
            ),
            models.UniqueConstraint(
                fields=["appealed"],
                condition=~Q(state=CaseState.WITHDRAWN),
                name="tier_case_appealed_once",
                violation_error_message="이 결정에는 이미 이의신청이 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(kind=CaseKind.ENTRY, from_tier="") & ~Q(to_tier="")
                | Q(kind=CaseKind.PROMOTION) & ~Q(from_tier="") & ~Q(to_tier="") & ~Q(from_tier=F("to_tier"))
                | Q(kind=CaseKind.RETENTION, from_tier=F("to_tier")) & ~Q(to_tier="")
                | Q(kind=CaseKind.DEMOTION) & ~Q(from_tier="") & ~Q(from_tier=F("to_tier"))
                | Q(kind=CaseKind.CANCELLATION, to_tier="") & ~Q(from_tier="")
                | Q(kind=CaseKind.APPEAL),
                name="tier_case_tiers_match_kind",
                violation_error_message="심사 종류와 등급이 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=Q(kind=CaseKind.APPEAL, appealed__isnull=False)
                | ~Q(kind=CaseKind.APPEAL) & Q(appealed__isnull=True),
                name="tier_case_appeal_names_its_decision",
                violation_error_message="이의신청에는 다투는 결정이 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=CaseKind.CANCELLATION) | ~Q(ground=""),
                name="tier_case_cancellation_has_a_ground",
                violation_error_message="취소에는 사유 구분이 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(evidence__isnull=True, evidence_sha256="", outcome="")
                | Q(evidence__isnull=False) & ~Q(evidence_sha256="") & ~Q(outcome=""),
                name="tier_case_evidence_with_hash",
                violation_error_message="증거표와 그 해시, 판정은 함께 기록되어야 합니다.",
            ),
            all_or_none(
                "reviewed_at",
                "reviewed_by",
                name="tier_case_reviewed_by_someone_at_some_time",
                message="검토 일시와 검토자는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[CaseState.CANDIDATE, CaseState.IN_REVIEW], reviewed_at=None)
                | Q(state=CaseState.WITHDRAWN)
                | Q(
                    state__in=[CaseState.REVIEWED, CaseState.HEARING, CaseState.HEARD, *DECIDED_STATES],
                    reviewed_at__isnull=False,
                ),
                name="tier_case_state_matches_review",
                violation_error_message="심사 상태와 검토 기록이 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None) | ~Q(opinion=""),
                name="tier_case_review_has_an_opinion",
                violation_error_message="검토에는 의견이 있어야 합니다.",
            ),
            all_or_none(
                "decided_at",
                "decided_by",
                name="tier_case_decided_by_someone_at_some_time",
                message="결정 일시와 결정자는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED_STATES, decided_at__isnull=False)
                | ~Q(state__in=DECIDED_STATES) & Q(decided_at=None),
                name="tier_case_state_matches_decision",
                violation_error_message="심사 상태와 결정 기록이 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("reviewed_by")),
                name="tier_case_reviewer_does_not_decide",
                violation_error_message="검토한 사람이 결정할 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.APPROVED) | Q(effective_from__isnull=False),
                name="tier_case_approved_from_some_day",
                violation_error_message="결정에는 효력 시작일이 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(effective_until=None) | Q(effective_until__gt=F("effective_from")),
                name="tier_case_ends_after_it_begins",
                violation_error_message="효력이 끝나는 날은 시작일보다 늦어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.APPROVED) | ~Q(kind__in=ADVERSE_KINDS) | Q(heard_at__isnull=False),
                name="tier_case_firm_is_heard_first",
                violation_error_message="하향·취소는 기업의 의견을 들은 뒤에 결정할 수 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(heard_at=None) | ~Q(hearing_record=""),
                name="tier_case_hearing_has_a_record",
                violation_error_message="의견청취에는 기록이 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(resolution_council="", resolution_item="", resolution_on=None)
                | ~Q(resolution_council="") & ~Q(resolution_item="") & Q(resolution_on__isnull=False),
                name="tier_case_resolution_is_whole",
                violation_error_message="의결은 협의회, 안건, 의결일을 함께 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.WITHDRAWN) | ~Q(closing_reason=""),
                name="tier_case_withdrawn_with_a_reason",
                violation_error_message="철회 사유를 적어 주세요.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="tier_case_decision_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=_FINAL) & any_change(*_DECISION),
            ),
            pgtrigger.Protect(name="tier_case_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.get_kind_display()}"

    @property
    def steps(self) -> frozenset[str]:
        """States this case may go to next."""
        return steps_of(self.kind, self.state)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_adverse(self) -> bool:
        return self.kind in ADVERSE_KINDS

    @property
    def tier(self) -> str:
        """The tier in question: the one to be given, else the one to be taken away."""
        return self.to_tier or self.from_tier
