"""What a merge of two companies does with their cases: they go over, but two open ones cannot become one."""

from companies.models import Company
from companies.services import merge_rules
from companies.tiers.merging import BothIn
from network.difficulties.enums import CaseState
from network.difficulties.models import Case, Referent


def both_open(survivor: Company, absorbed: Company) -> str:
    """Two open cases are two sets of referents at work: they settle it themselves, no merge does it over their heads.

    As when a second case is begun, the bodies are named and nothing else, whether or not the case may be seen.
    """
    cases = Case.objects.open().filter(company__in=[survivor.pk, absorbed.pk])
    leads = Referent.objects.current().leading().filter(case__in=cases).select_related("organization")
    bodies = [row.organization.name_ko for row in leads.order_by("organization__name_ko")]
    if len(bodies) < 2:
        return ""
    return (
        "두 기업에 모두 진행 중인 위기·애로기업 사례가 있어 합칠 수 없습니다. "
        f"담당 기관({', '.join(dict.fromkeys(bodies))})이 한쪽 사례를 종결한 다음 합쳐 주세요."
    )


def register() -> None:
    merge_rules.register(
        "difficulties.Case.company", merge_rules.Move(also_same=(BothIn(states=(CaseState.OPEN,)),), quiet=True)
    )
    merge_rules.register("difficulties.Case.workplace", merge_rules.WithTheWorkplace())
    merge_rules.object_to(both_open)
