"""Opening a case and having it reviewed: candidate → review by the technopark → waiting for the decision."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Company
from companies.tiers.enums import (
    ADVERSE_KINDS,
    TIER_RANK,
    TRACK_OF,
    CaseKind,
    CaseState,
    Opinion,
    Tier,
    Track,
)
from companies.tiers.models import CriteriaSet, TierCase
from companies.tiers.selectors import tier_on
from companies.tiers.services.case_steps import BELOW, evidence_of, locked, refuse_odd_tiers, step, written
from companies.tiers.services.telling import tell_of_case
from portal.directory.audit import deed
from portal.directory.enums import RegionLevel
from portal.directory.models import Region, User
from portal.kernel.errors import Refusal


def _refuse_second(company: Company, track: str) -> None:
    if TierCase.objects.open().filter(company=company, track=track).exists():
        raise Refusal("case_open", _("이 기업에 진행 중인 심사가 이미 있습니다. 그 심사를 먼저 마쳐 주세요."))


@transaction.atomic
def open_case(
    *,
    company: Company,
    region: Region,
    kind: str,
    criteria: CriteriaSet | None,
    actor: User | None,
    to_tier: str = "",
    track: str = "",
    ground: str = "",
    request_text: str = "",
    on: date | None = None,
    base_year: int | None = None,
    is_demo: bool = False,
) -> TierCase:
    """Open a case by hand, with its evidence where criteria apply. `region` is the deciding 시·도.

    The kind decides the tiers: an entry or promotion goes for the criteria's tier, a demotion for `to_tier` (one rung
    down without it), retention and cancellation for the tier held. `track` matters only where no tier is named.
    """
    if region.level != RegionLevel.SIDO:
        raise Refusal("region_not_sido", _("관할은 시·도여야 합니다."), {"region": _("시·도를 고르세요.")})
    on = on or timezone.localdate()
    company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    if company.merged_into_id:
        raise Refusal("company_merged", _("다른 기업에 합쳐진 기업입니다. 합쳐진 기업에서 심사를 여세요."))
    goal = criteria.tier if criteria is not None and kind in (CaseKind.ENTRY, CaseKind.PROMOTION) else to_tier
    track = TRACK_OF.get(goal) or (TRACK_OF[criteria.tier] if criteria and criteria.tier else track or Track.MAIN)
    _refuse_second(company, track)
    held = tier_on(company, on, track=track)
    from_tier = held.tier if held else ""
    kind, to_tier = _settle(kind, from_tier, goal)
    if kind in ADVERSE_KINDS:
        written(ground if kind == CaseKind.CANCELLATION else "-", "ground", _("취소 사유를 고르세요."))
    with deed("open_tier_case", actor=actor, reason=request_text) as done:
        case = TierCase(
            company=company,
            region=region,
            kind=kind,
            track=track,
            from_tier=from_tier,
            to_tier=to_tier,
            criteria=criteria,
            ground=ground,
            request_text=request_text,
            on=on,
            base_year=base_year or on.year - 1,
            opened_by=actor,
            is_demo=is_demo,
            **evidence_of(company, criteria, on=on, base_year=base_year or on.year - 1),
        )
        case.full_clean()
        case.save()
        done.about(case, region=region, kind=kind, to_tier=to_tier, outcome=case.outcome)
    tell_of_case(case)
    return case


def _settle(kind: str, from_tier: str, goal: str) -> tuple[str, str]:
    """The kind and the tier in question, given what the firm has; refused where they do not go together."""
    if kind in (CaseKind.ENTRY, CaseKind.PROMOTION):
        if not goal:
            raise Refusal(
                "no_goal", _("어느 등급을 심사할지 기준이나 등급을 골라 주세요."), {"to_tier": _("등급을 고르세요.")}
            )
        if TIER_RANK[goal] <= TIER_RANK[from_tier]:
            raise Refusal("not_a_rise", _("이미 그 등급이거나 더 높은 등급입니다."))
        return (CaseKind.PROMOTION if from_tier else CaseKind.ENTRY), goal
    if not from_tier:
        raise Refusal("no_tier", _("판정 기준일에 등급이 없는 기업입니다."))
    if kind == CaseKind.RETENTION:
        return kind, from_tier
    if kind == CaseKind.CANCELLATION:
        return kind, ""
    to_tier = goal or BELOW.get(from_tier, "")
    refuse_odd_tiers(kind, from_tier, to_tier)
    return kind, to_tier


@transaction.atomic
def begin_review(*, case: TierCase, actor: User) -> TierCase:
    """The technopark takes the case up; the evidence is made anew from today's registry."""
    case = locked(case)
    with deed("begin_tier_review", actor=actor) as done:
        step(case, CaseState.IN_REVIEW)
        _renew(case)
        case.save()
        done.about(case, region=case.region, outcome=case.outcome)
    return case


def _renew(case: TierCase) -> None:
    for name, value in evidence_of(case.company, case.criteria, on=case.on, base_year=case.base_year).items():
        setattr(case, name, value)


@transaction.atomic
def renew_evidence(*, case: TierCase, actor: User) -> TierCase:
    """Make the evidence sheet anew while the case is under review."""
    case = locked(case)
    if case.state not in (CaseState.CANDIDATE, CaseState.IN_REVIEW):
        raise Refusal("case_state", _("검토 중인 심사만 증거표를 다시 만들 수 있습니다."))
    with deed("renew_tier_evidence", actor=actor) as done:
        _renew(case)
        case.save()
        done.about(case, region=case.region, outcome=case.outcome)
    return case


@transaction.atomic
def submit_review(*, case: TierCase, opinion: str, text: str, actor: User) -> TierCase:
    """The technopark's opinion: the case goes to the regional office."""
    case = locked(case)
    text = written(text, "text", _("검토 내용을 적어 주세요."))
    with deed("submit_tier_review", actor=actor, reason=text) as done:
        step(case, CaseState.REVIEWED)
        case.opinion, case.review_text = Opinion(opinion), text
        case.reviewed_at, case.reviewed_by = timezone.now(), actor
        case.full_clean()
        case.save()
        done.about(case, region=case.region, opinion=opinion)
    tell_of_case(case)
    return case


@transaction.atomic
def return_to_review(*, case: TierCase, reason: str, actor: User) -> TierCase:
    """The office sends a case back with what is to be done."""
    case = locked(case)
    reason = written(reason, "reason", _("돌려보내는 사유를 적어 주세요."))
    with deed("return_tier_case", actor=actor, reason=reason) as done:
        step(case, CaseState.IN_REVIEW)
        waited = case.reviewed_at
        case.opinion, case.reviewed_at, case.reviewed_by = "", None, None
        case.closing_reason = reason
        case.save()
        done.about(case, region=case.region)
    tell_of_case(case, waited=waited)
    return case


@transaction.atomic
def withdraw_case(*, case: TierCase, reason: str, actor: User) -> TierCase:
    """End a case without a decision."""
    case = locked(case)
    reason = written(reason, "reason", _("철회 사유를 적어 주세요."))
    with deed("withdraw_tier_case", actor=actor, reason=reason) as done:
        step(case, CaseState.WITHDRAWN)
        case.closing_reason = reason
        case.save()
        done.about(case, region=case.region)
    return case


@transaction.atomic
def open_appeal(*, decision: TierCase, request_text: str, actor: User) -> TierCase:
    """The firm contests a refusal, or a decision against it; the appeal is about the same tier and criteria."""
    decision = locked(decision)
    contestable = decision.state == CaseState.REJECTED or (
        decision.state == CaseState.APPROVED and decision.kind in ADVERSE_KINDS
    )
    if not contestable or decision.kind == CaseKind.APPEAL:
        raise Refusal("not_contestable", _("불승인 결정이나 하향·취소 결정에만 이의를 제기할 수 있습니다."))
    request_text = written(request_text, "request_text", _("이의 내용을 적어 주세요."))
    if decision.appeals.exclude(state=CaseState.WITHDRAWN).exists():
        raise Refusal("already_appealed", _("이 결정에는 이미 이의신청이 있습니다."))
    _refuse_second(decision.company, decision.track)
    wanted = decision.to_tier if decision.state == CaseState.REJECTED else decision.from_tier
    held = tier_on(decision.company, timezone.localdate(), track=decision.track)
    with deed("open_tier_appeal", actor=actor, reason=request_text) as done:
        case = TierCase(
            company=decision.company,
            region=decision.region,
            kind=CaseKind.APPEAL,
            track=decision.track,
            from_tier=held.tier if held else "",
            to_tier=Tier(wanted) if wanted else "",
            criteria=decision.criteria,
            appealed=decision,
            request_text=request_text,
            on=decision.on,
            base_year=decision.base_year,
            opened_by=actor,
            is_demo=decision.is_demo,
            **evidence_of(decision.company, decision.criteria, on=decision.on, base_year=decision.base_year),
        )
        case.full_clean()
        case.save()
        done.about(case, region=case.region, appealed=str(decision.public_id))
    tell_of_case(case)
    return case
