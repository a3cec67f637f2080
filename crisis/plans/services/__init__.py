"""The public door of prevention plans."""

from crisis.plans.services.closing import close_plan, submit_evaluation
from crisis.plans.services.measures import drop_measure, put_measure
from crisis.plans.services.obligations import on_confirmed, on_superseded, release_obligation
from crisis.plans.services.plans import amend_plan, discard_draft, draft_plan, save_plan, set_areas, submit_plan
from crisis.plans.services.reports import (
    attach_evidence,
    check_report,
    rate_report,
    remove_evidence,
    return_report,
    save_report,
)
from crisis.plans.services.review import approve_plan, comment_on, return_plan, review_plan, uncomment
from crisis.plans.services.watching import start_due_plans, tell_late

__all__ = [
    "amend_plan",
    "approve_plan",
    "attach_evidence",
    "check_report",
    "close_plan",
    "comment_on",
    "discard_draft",
    "draft_plan",
    "drop_measure",
    "on_confirmed",
    "on_superseded",
    "put_measure",
    "rate_report",
    "release_obligation",
    "remove_evidence",
    "return_plan",
    "return_report",
    "review_plan",
    "save_plan",
    "save_report",
    "set_areas",
    "start_due_plans",
    "submit_evaluation",
    "submit_plan",
    "tell_late",
    "uncomment",
]
