"""The public door of the registry of companies."""

from companies.services.bulk import Written, undo_companies, upsert_companies
from companies.services.bulk_figures import undo_figures, upsert_figures
from companies.services.differences import (
    accept_difference,
    compare_profiles,
    compare_tax_status,
    reject_difference,
)
from companies.services.editing import ChangedMeanwhile, FieldConflict
from companies.services.figures import put_figures
from companies.services.merging import MergePlan, merge_companies, plan_merge, undo_merge
from companies.services.registering import (
    COMPANY_FACTS,
    LikelyDuplicates,
    add_name,
    change_company,
    register_company,
    remove_name,
)
from companies.services.standing import (
    change_state,
    end_certification,
    put_certification,
    put_patent,
    remove_patent,
)
from companies.services.state_files import change_states, undo_states
from companies.services.workplaces import (
    WORKPLACE_FACTS,
    add_workplace,
    change_workplace,
    close_workplace,
    join_cluster,
    leave_cluster,
    make_headquarters,
    move_workplace,
)

__all__ = [
    "COMPANY_FACTS",
    "WORKPLACE_FACTS",
    "ChangedMeanwhile",
    "FieldConflict",
    "LikelyDuplicates",
    "MergePlan",
    "Written",
    "accept_difference",
    "add_name",
    "add_workplace",
    "change_company",
    "change_state",
    "change_states",
    "change_workplace",
    "close_workplace",
    "compare_profiles",
    "compare_tax_status",
    "end_certification",
    "join_cluster",
    "leave_cluster",
    "make_headquarters",
    "merge_companies",
    "move_workplace",
    "plan_merge",
    "put_certification",
    "put_figures",
    "put_patent",
    "register_company",
    "reject_difference",
    "remove_name",
    "remove_patent",
    "undo_companies",
    "undo_figures",
    "undo_merge",
    "undo_states",
    "upsert_companies",
    "upsert_figures",
]
