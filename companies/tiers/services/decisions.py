"""The regional office's part: hear the firm where the decision is against it, decide, and write the tier."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.services import change_company
from companies.tiers.enums import ADVERSE_KINDS, CaseKind, CaseState, Tier
from companies.tiers.models import TierCase
from companies.tiers.rules import policy
from companies.tiers.selectors import tier_on
from companies.tiers.services.case_steps import locked, refuse_stale_evidence, step, written
from companies.tiers.services.periods import write_period
from companies.tiers.services.telling import tell_of_case
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Resolution:
    """A support council's resolution, as text: which council, at which sitting, on which item, on which day."""

    council: str
    item: str
    on: date
    meeting: str = ""


def council_needed(case: TierCase) -> bool:
    """Whether this case may be approved only on a council's resolution."""
    return policy.needs_resolution(
        kind=case.kind,
        from_tier=case.from_tier,
        to_tier=case.to_tier,
        by_criteria=case.criteria is not None and case.criteria.needs_resolution,
    )


@transaction.atomic
def notify_hearing(*, case: TierCase, on: date, notice: str, actor: User) -> TierCase:
    """Tell the firm what is intended and when it will be heard."""
    case = locked(case)
    notice = written(notice, "notice", _("통지한 문서를 적어 주세요."))
    with deed("notify_tier_hearing", actor=actor, reason=notice) as done:
        step(case, CaseState.HEARING)
        case.hearing_on, case.hearing_notice = on, notice
        case.save()
        done.about(case, region=case.region, on=on.isoformat())
    return case


@transaction.atomic
def record_hearing(*, case: TierCase, record: str, actor: User) -> TierCase:
    """What the firm said, or that it said nothing until the day it was given."""
    case = locked(case)
    record = written(record, "record", _("기업이 낸 의견(내지 않았으면 그 사실)을 적어 주세요."))
    if case.hearing_on and timezone.localdate() < case.hearing_on:
        raise Refusal("hearing_too_early", _("의견청취일이 지난 뒤에 기록할 수 있습니다."))
    with deed("record_tier_hearing", actor=actor) as done:
        step(case, CaseState.HEARD)
        case.hearing_record, case.heard_at = record, timezone.now()
        case.save()
        done.about(case, region=case.region)
    return case


@transaction.atomic
def reject_case(*, case: TierCase, text: str, actor: User, resolution: Resolution | None = None) -> TierCase:
    """Decide that the tier does not change, with reasons."""
    case = locked(case)
    text = written(text, "text", _("불승인 사유를 적어 주세요."))
    if case.reviewed_by_id == actor.pk:
        raise Refusal("same_person", _("검토한 사람은 결정할 수 없습니다."))
    with deed("reject_tier_case", actor=actor, reason=text) as done:
        step(case, CaseState.REJECTED)
        _sign(case, text, actor, resolution)
        case.full_clean()
        case.save()
        done.about(case, region=case.region)
    tell_of_case(case)
    return case


def _sign(case: TierCase, text: str, actor: User, resolution: Resolution | None) -> None:
    case.decision_text, case.decided_at, case.decided_by = text.strip(), timezone.now(), actor
    if resolution is not None:
        case.resolution_council, case.resolution_meeting = resolution.council, resolution.meeting
        case.resolution_item, case.resolution_on = resolution.item, resolution.on


@transaction.atomic
def approve_case(
    *,
    case: TierCase,
    start: date,
    end: date | None,
    text: str,
    actor: User,
    resolution: Resolution | None = None,
) -> TierCase:
    """Decide, and put the tier in force from `start` up to, not including, `end`.

    Refused all at once for what is lacking (hearing, resolution, reasons for departing from the criteria, a reviewer
    who would decide), when the registry has changed since the evidence was made, and when the firm's tier is no
    longer the one the case began from. An appeal restores from the day of the decision it undoes.
    """
    case = locked(case)
    lacks = policy.lacking_to_approve(
        kind=case.kind,
        outcome=case.outcome,
        heard=case.heard_at is not None,
        council_needed=council_needed(case),
        resolution=resolution is not None,
        same_person=case.reviewed_by_id == actor.pk,
        text=text,
    )
    if lacks:
        raise Refusal(
            "decision_incomplete",
            " ".join(lack.message for lack in lacks),
            {lack.field: lack.message for lack in lacks if lack.field},
        )
    with deed("approve_tier_case", actor=actor, reason=text) as done:
        step(case, CaseState.APPROVED)
        refuse_stale_evidence(case)
        start = _start(case, start)
        if end is not None and end <= start:
            raise Refusal(
                "ends_too_early", _("끝나는 날은 시작일보다 늦어야 합니다."), {"end": _("더 늦은 날을 고르세요.")}
            )
        _sign(case, text, actor, resolution)
        case.effective_from, case.effective_until = start, end
        case.full_clean()
        case.save()
        span_end = end if end is not None else _inherited_end(case, start)
        write_period(case=case, tier=case.to_tier, start=start, end=span_end if case.to_tier else None)
        if case.to_tier == Tier.SUPRA_REGIONAL and case.company.lead_region_id != case.region_id:
            # Led by the region that decided: the registry says so too, and shows it the firm wherever it moves.
            change_company(company=case.company, version=None, changes={"lead_region": case.region})
        done.about(case, region=case.region, tier=case.to_tier, start=start.isoformat())
    tell_of_case(case)
    return case


def _inherited_end(case: TierCase, start: date) -> date | None:
    """The end where the decision names none: that of the tier it lowers, that of the tier it restores."""
    if case.kind == CaseKind.DEMOTION:
        held = tier_on(case.company, start, track=case.track)
        return held.effective.upper if held else None
    if case.appealed is not None and case.appealed.kind in ADVERSE_KINDS:
        lost = case.appealed.superseded.filter(tier=case.to_tier, effective__contains=start).first()
        return lost.effective.upper if lost else None
    return None


def _start(case: TierCase, start: date) -> date:
    """The day from which it holds; refused where the firm's tier on that day is not what the case supposes."""
    if case.appealed is not None and case.appealed.kind in ADVERSE_KINDS:
        return case.appealed.effective_from or start
    held = tier_on(case.company, start, track=case.track)
    if held is None and case.kind == CaseKind.RETENTION:  # taken up on the day the last term ends
        held = tier_on(case.company, start - timedelta(days=1), track=case.track)
    if (held.tier if held else "") != case.from_tier:
        raise Refusal(
            "tier_changed",
            _("%(day)s의 등급이 심사를 시작할 때와 다릅니다. 심사를 철회하고 다시 여세요.")
            % {"day": start.isoformat()},
            {"start": _("그날의 등급을 확인하세요.")},
        )
    return start
