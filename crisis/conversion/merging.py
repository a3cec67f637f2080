"""What a merge of two companies does with diagnoses and plans."""

from companies.services import merge_rules
from companies.tiers.merging import BothIn
from crisis.conversion.enums import DIAGNOSIS_OPEN


def register() -> None:
    """Diagnoses and memberships go over; of two open diagnoses, or two parts in one plan, the survivor's stays."""
    open_states = tuple(str(state) for state in DIAGNOSIS_OPEN)
    merge_rules.register("conversion.Diagnosis.company", merge_rules.Move(also_same=(BothIn(states=open_states),)))
    merge_rules.register("conversion.PlanMember.company", merge_rules.Move(same=("plan",)))
