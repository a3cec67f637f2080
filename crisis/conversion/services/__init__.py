"""The public door of business conversion."""

from crisis.conversion.services.closing import (
    approve_completion,
    record_follow_up,
    report_completion,
    return_completion,
)
from crisis.conversion.services.diagnoses import (
    begin_diagnosis,
    finish_diagnosis,
    refer_diagnosis,
    refuse_diagnosis,
    request_diagnosis,
    withdraw_diagnosis,
)
from crisis.conversion.services.execution import (
    assign_manager,
    check_milestone,
    log_contact,
    report_milestone,
    return_milestone,
)
from crisis.conversion.services.files import attach_file
from crisis.conversion.services.plans import (
    begin_change,
    draft_plan,
    lacking,
    put_member,
    put_milestone,
    remove_member,
    remove_milestone,
    save_edition,
    submit_plan,
    withdraw_plan,
)
from crisis.conversion.services.reference import add_rule, add_score_item, end_score_item, save_centre
from crisis.conversion.services.review import approve_plan, cancel_plan, leave_plan, refuse_plan, return_plan
from crisis.conversion.services.watching import remind

__all__ = [
    "add_rule",
    "add_score_item",
    "approve_completion",
    "approve_plan",
    "assign_manager",
    "attach_file",
    "begin_change",
    "begin_diagnosis",
    "cancel_plan",
    "check_milestone",
    "draft_plan",
    "end_score_item",
    "finish_diagnosis",
    "lacking",
    "leave_plan",
    "log_contact",
    "put_member",
    "put_milestone",
    "record_follow_up",
    "refer_diagnosis",
    "refuse_diagnosis",
    "refuse_plan",
    "remind",
    "remove_member",
    "remove_milestone",
    "report_completion",
    "report_milestone",
    "request_diagnosis",
    "return_completion",
    "return_milestone",
    "return_plan",
    "save_centre",
    "save_edition",
    "submit_plan",
    "withdraw_diagnosis",
    "withdraw_plan",
]
