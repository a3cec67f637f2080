"""What a case still lacks before a step: one list for the refusal and for the page."""

from dataclasses import dataclass

ADVERSE = frozenset({"DEMOTION", "CANCELLATION"})
COUNCIL_TIERS = frozenset({"LEADING", "SUPRA_REGIONAL"})


def needs_resolution(*, kind: str, from_tier: str, to_tier: str, by_criteria: bool) -> bool:
    """Whether the support council must have resolved on it.

    Where the criteria say so, for every appeal, and for leading and supra-regional firms: deliberation on leading
    firms is the council's (notice 2026-39 §16–17); that it covers the portal's tiers is our reading, hence provisional.
    """
    return by_criteria or kind == "APPEAL" or bool({from_tier, to_tier} & COUNCIL_TIERS)


@dataclass(frozen=True, slots=True)
class Lack:
    """`field` names what to fill in (empty: nothing to fill in here), `message` what is missing."""

    code: str
    field: str
    message: str


def departs(*, kind: str, outcome: str) -> bool:
    """Whether approving goes against what the criteria say: such a decision gives its reasons."""
    if outcome == "":
        return False
    return outcome == "MET" if kind == "DEMOTION" else kind in {"ENTRY", "PROMOTION", "RETENTION"} and outcome != "MET"


def lacking_to_approve(
    *,
    kind: str,
    outcome: str,
    heard: bool,
    council_needed: bool,
    resolution: bool,
    same_person: bool,
    text: str,
) -> list[Lack]:
    """Everything that stands between a reviewed case and its approval."""
    found = []
    if kind in ADVERSE and not heard:
        found.append(Lack("not_heard", "", "하향·취소는 기업의 의견을 들은 뒤에 결정할 수 있습니다."))
    if council_needed and not resolution:
        found.append(Lack("no_resolution", "resolution_council", "지원협의회 의결(협의회·안건·의결일)을 적어 주세요."))
    if same_person:
        found.append(Lack("same_person", "", "검토한 사람은 결정할 수 없습니다."))
    if departs(kind=kind, outcome=outcome) and not text.strip():
        found.append(Lack("no_reason", "text", "기준 판정과 다르게 결정하려면 사유를 적어 주세요."))
    return found
