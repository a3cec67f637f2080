"""May a council (지역중소기업 지원협의회) depart from the proposed stage, and with what evidence? (method §8)

The proposal is the worse of the model stage and any active floor (decree §30②2). The council may decide otherwise, but
a departure must be reasoned; the model chain itself never uses council stages.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from crisis.rules.stages import STAGES, rank

NO_REASON, NO_TEXT, UNKNOWN_REASON = "NO_REASON", "NO_TEXT", "UNKNOWN_REASON"
NO_SURVEY, NO_MAJORITY = "NO_SURVEY", "NO_MAJORITY"

_MESSAGES = {
    NO_REASON: "제안된 단계와 다르게 정하려면 사유 부호를 골라야 합니다.",
    NO_TEXT: "제안된 단계와 다르게 정하려면 사유를 글로 적어야 합니다.",
    UNKNOWN_REASON: "판정 기준에 없는 사유 부호입니다. 목록에서 고르십시오.",
    NO_SURVEY: "현장조사 결과가 있어야 합니다. 현장조사를 기록한 뒤 다시 정하십시오.",
    NO_MAJORITY: "두 단계를 옮기려면 참석 위원 3분의 2 이상이 찬성해야 합니다. 표결 결과를 확인하십시오.",
}


@dataclass(frozen=True)
class Shortfall:
    """Something a decision still lacks: a code, and a Korean sentence saying how to mend it."""

    code: str
    message: str


# Shares of an area's employment lost with an anchor firm, in per cent (method §8; a policy choice, not a legal figure).
ANCHOR_LOSS_CAUTION, ANCHOR_LOSS_SEVERE = 10, 30

# How many days after the next cut-off an override still holds while the council has not met (a policy choice).
OVERRIDE_GRACE_DAYS = 60


def anchor_loss_stage(share: Decimal) -> str | None:
    """The floor that the loss of so many per cent of the employment makes; None below the smaller mark."""
    if share >= ANCHOR_LOSS_SEVERE:
        return "SEVERE"
    return "CAUTION" if share >= ANCHOR_LOSS_CAUTION else None


def proposal(model_stage: str | None, floors: Collection[str] = ()) -> str | None:
    """The worst of the model stage and the stages of the active floors; None when there is neither."""
    worst = max((rank(stage) for stage in (model_stage, *floors)), default=-1)
    return None if worst < 0 else STAGES[worst]


def shortfalls(
    proposed: str | None,
    decided: str,
    *,
    reason_code: str | None,
    reason_text: str | None = None,
    field_survey: bool = False,
    votes_for: int = 0,
    votes_total: int = 0,
    allowed_reasons: Collection[str] = (),
    text_required: bool = True,
) -> list[Shortfall]:
    """What a council decision lacks; an empty list means it may be confirmed.

    Same stage as proposed: nothing is needed. One step: reason code and text. Two steps: a field survey and two thirds
    of the votes besides. No proposal at all: reason and field survey. ``allowed_reasons`` empty allows any code. Raises
    ValueError for an unknown stage.
    """
    target, start = rank(decided), rank(proposed)
    if proposed is not None and target == start:
        return []
    missing: list[str] = []
    if not reason_code:
        missing.append(NO_REASON)
    elif allowed_reasons and reason_code not in allowed_reasons:
        missing.append(UNKNOWN_REASON)
    if text_required and not (reason_text or "").strip():
        missing.append(NO_TEXT)
    two_steps = proposed is not None and abs(target - start) >= 2
    if (proposed is None or two_steps) and not field_survey:
        missing.append(NO_SURVEY)
    if two_steps and not (votes_total > 0 and 3 * votes_for >= 2 * votes_total and votes_for <= votes_total):
        missing.append(NO_MAJORITY)
    return [Shortfall(code, _MESSAGES[code]) for code in missing]


def departure_is_valid(
    *,
    model: str | None,
    decided: str,
    reason: str | None,
    floors: Collection[str] = (),
    field_survey: bool = False,
    votes_for: int = 0,
    votes_total: int = 0,
) -> bool:
    """Whether a decision may be confirmed, for callers that see to the reason's text and code list themselves."""
    return not shortfalls(
        proposal(model, floors),
        decided,
        reason_code=reason,
        field_survey=field_survey,
        votes_for=votes_for,
        votes_total=votes_total,
        text_required=False,
    )
