"""The public door of the cases of firms in difficulty."""

from network.difficulties.services.cases import (
    CASE_FACTS,
    AlreadyOpen,
    body_for,
    close_case,
    edit_case,
    open_case,
    record_follow_up,
    reopen_case,
    set_confidential,
)
from network.difficulties.services.common import is_of_lead, lead_of, managed, officers_of
from network.difficulties.services.people import (
    accept_handover,
    decline_handover,
    may_answer,
    name_referent,
    offer_handover,
    release_referent,
    withdraw_handover,
)
from network.difficulties.services.watching import watch_cases
from network.difficulties.services.work import (
    add_action,
    add_difficulty,
    attach_paper,
    resolve_difficulty,
    step_action,
    write_note,
)

__all__ = [
    "CASE_FACTS",
    "AlreadyOpen",
    "accept_handover",
    "add_action",
    "add_difficulty",
    "attach_paper",
    "body_for",
    "close_case",
    "decline_handover",
    "edit_case",
    "is_of_lead",
    "lead_of",
    "managed",
    "may_answer",
    "name_referent",
    "offer_handover",
    "officers_of",
    "open_case",
    "record_follow_up",
    "release_referent",
    "reopen_case",
    "resolve_difficulty",
    "set_confidential",
    "step_action",
    "watch_cases",
    "withdraw_handover",
    "write_note",
]
