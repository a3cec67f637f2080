"""The public door of special support areas."""

from crisis.support_areas.services.cases import (
    attach_file,
    draft_case,
    return_case,
    save_case,
    set_places,
    submit_case,
    take_up_case,
    withdraw_case,
)
from crisis.support_areas.services.decisions import designate, expire_due, extend, publish_notice, reject, release
from crisis.support_areas.services.opinions import ask_opinion, form_inquiry, record_findings, record_opinion
from crisis.support_areas.services.reports import accept_report, remind, return_report, submit_report

__all__ = [
    "accept_report",
    "ask_opinion",
    "attach_file",
    "designate",
    "draft_case",
    "expire_due",
    "extend",
    "form_inquiry",
    "publish_notice",
    "record_findings",
    "record_opinion",
    "reject",
    "release",
    "remind",
    "return_case",
    "return_report",
    "save_case",
    "set_places",
    "submit_case",
    "submit_report",
    "take_up_case",
    "withdraw_case",
]
