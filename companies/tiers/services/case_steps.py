"""What the steps of a case share: lock it, check the step, keep its evidence fresh."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from companies.models import Company
from companies.tiers import rules
from companies.tiers.enums import TIER_RANK, CaseKind, CaseState, Tier
from companies.tiers.models import CriteriaSet, TierCase
from companies.tiers.selectors import sheet_of
from portal.kernel.errors import Refusal

BELOW: dict[str, str] = {Tier.LEADING: Tier.PRELIMINARY, Tier.PRELIMINARY: Tier.POTENTIAL}
"""One rung down; from the lowest a firm leaves the ladder."""


def locked(case: TierCase) -> TierCase:
    """The case as it is now, held until the transaction ends."""
    return (
        TierCase.objects.select_for_update(no_key=True, of=("self",))
        .select_related("company", "region", "criteria", "appealed")
        .get(pk=case.pk)
    )


def step(case: TierCase, state: str) -> None:
    """Move the case on, or refuse with where it stands."""
    if state not in case.steps:
        raise Refusal(
            "case_state",
            _("‘%(now)s’ 상태의 심사는 ‘%(next)s’(으)로 바꿀 수 없습니다.")
            % {"now": case.get_state_display(), "next": CaseState(state).label},
        )
    case.state = state


def written(text: str, field: str, message: str) -> str:
    """The text without its margins; refused when there is none."""
    if not text.strip():
        raise Refusal(f"{field}_missing", message, {field: message})
    return text.strip()


def evidence_of(company: Company, criteria: CriteriaSet | None, *, on: date, base_year: int) -> dict[str, Any]:
    """The evidence fields of a case, made from what the registry says now; empty ones without criteria."""
    if criteria is None:
        return {"evidence": None, "evidence_sha256": "", "outcome": ""}
    sheet = sheet_of(company, criteria, on=on, base_year=base_year)
    return {"evidence": sheet, "evidence_sha256": rules.digest(sheet), "outcome": sheet["outcome"]}


def refuse_stale_evidence(case: TierCase) -> None:
    """Refuse a decision on evidence that the registry no longer bears out."""
    fresh = evidence_of(case.company, case.criteria, on=case.on, base_year=case.base_year)
    if fresh["evidence_sha256"] != case.evidence_sha256:
        raise Refusal(
            "evidence_stale",
            _("증거표를 만든 뒤 기업 자료가 바뀌었습니다. 검토로 되돌려 증거표를 다시 만들어 주세요."),
        )


def refuse_odd_tiers(kind: str, from_tier: str, to_tier: str) -> None:
    """Refuse a promotion that does not rise, a demotion that does not fall."""
    up, down = TIER_RANK[to_tier], TIER_RANK[from_tier]
    if kind == CaseKind.PROMOTION and up <= down:
        raise Refusal(
            "not_a_rise", _("승급은 지금보다 높은 등급으로만 할 수 있습니다."), {"to_tier": _("더 높은 등급")}
        )
    if kind == CaseKind.DEMOTION and up >= down:
        raise Refusal(
            "not_a_fall", _("하향은 지금보다 낮은 등급으로만 할 수 있습니다."), {"to_tier": _("더 낮은 등급")}
        )
