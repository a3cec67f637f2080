"""The public door of regions in decline."""

from crisis.declining.services.complexes import put_complex_measure
from crisis.declining.services.planning import (
    agree_project,
    change_money,
    close_project,
    lacking_reviews,
    missing_for_submission,
    record_review,
    return_project,
    start_project,
    submit_project,
    withdraw_project,
)
from crisis.declining.services.projects import (
    draft_project,
    link_project_firm,
    save_project,
    set_indicators,
    set_money,
    set_supports,
    unlink_project_firm,
)
from crisis.declining.services.reports import (
    accept_report,
    attach_evidence,
    remove_evidence,
    return_report,
    save_report,
)
from crisis.declining.services.resources import (
    add_resource_support,
    end_resource_firm,
    link_resource_firm,
    put_resource,
)
from crisis.declining.services.statuses import Listed, end_status, listed, put_status, record_statuses, undo_statuses
from crisis.declining.services.watching import remind
from crisis.declining.services.zone_files import Stated, record_zones, stated, undo_zones
from crisis.declining.services.zones import add_exception, add_operator, change_zone, end_part, end_zone, put_zone

__all__ = [
    "Listed",
    "Stated",
    "accept_report",
    "add_exception",
    "add_operator",
    "add_resource_support",
    "agree_project",
    "attach_evidence",
    "change_money",
    "change_zone",
    "close_project",
    "draft_project",
    "end_part",
    "end_resource_firm",
    "end_status",
    "end_zone",
    "lacking_reviews",
    "link_project_firm",
    "link_resource_firm",
    "listed",
    "missing_for_submission",
    "put_complex_measure",
    "put_resource",
    "put_status",
    "put_zone",
    "record_review",
    "record_statuses",
    "record_zones",
    "remind",
    "remove_evidence",
    "return_project",
    "return_report",
    "save_project",
    "save_report",
    "set_indicators",
    "set_money",
    "set_supports",
    "start_project",
    "stated",
    "submit_project",
    "undo_statuses",
    "undo_zones",
    "unlink_project_firm",
    "withdraw_project",
]
