"""The public door of tiers."""

from companies.tiers.selectors import tier_on
from companies.tiers.services.cases import (
    begin_review,
    open_appeal,
    open_case,
    renew_evidence,
    return_to_review,
    submit_review,
    withdraw_case,
)
from companies.tiers.services.criteria import (
    adopt_criteria,
    change_to_try,
    checked,
    copy_criteria,
    draft_criteria,
    edit_criteria,
    retire_criteria,
)
from companies.tiers.services.decisions import (
    Resolution,
    approve_case,
    council_needed,
    notify_hearing,
    record_hearing,
    reject_case,
)
from companies.tiers.services.designations import (
    cancel_designation,
    designate,
    extend_designation,
    move_due_days,
    reissue_certificate,
    return_certificate,
    submit_report,
)
from companies.tiers.services.partners import add_partner, end_partner
from companies.tiers.services.screenings import run_screening, start_screening
from companies.tiers.services.stated import state_fact
from companies.tiers.services.strategies import add_step, change_officer, close_step, move_strategy, plan_strategy
from companies.tiers.services.targets import drop_target, set_target
from companies.tiers.services.telling import tell_what_ends

__all__ = [
    "Resolution",
    "add_partner",
    "add_step",
    "adopt_criteria",
    "approve_case",
    "begin_review",
    "cancel_designation",
    "change_officer",
    "change_to_try",
    "checked",
    "close_step",
    "copy_criteria",
    "council_needed",
    "designate",
    "draft_criteria",
    "drop_target",
    "edit_criteria",
    "end_partner",
    "extend_designation",
    "move_due_days",
    "move_strategy",
    "notify_hearing",
    "open_appeal",
    "open_case",
    "plan_strategy",
    "record_hearing",
    "reissue_certificate",
    "reject_case",
    "renew_evidence",
    "retire_criteria",
    "return_certificate",
    "return_to_review",
    "run_screening",
    "set_target",
    "start_screening",
    "state_fact",
    "submit_report",
    "submit_review",
    "tell_what_ends",
    "tier_on",
    "withdraw_case",
]
