"""The public door of the network app."""

from network.services.meetings import add_item, close_meeting, open_meeting, plan_meeting, withdraw_item
from network.services.minutes import approve_minutes, register_minutes_approved, write_minutes
from network.services.votes import decide_item, drop_recusal, record_recusal, voters_of

__all__ = [
    "add_item",
    "approve_minutes",
    "close_meeting",
    "decide_item",
    "drop_recusal",
    "open_meeting",
    "plan_meeting",
    "record_recusal",
    "register_minutes_approved",
    "voters_of",
    "withdraw_item",
    "write_minutes",
]
