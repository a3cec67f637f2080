"""The public door of the network app."""

from network.services.meetings import add_item, close_meeting, decide_item, open_meeting, plan_meeting, withdraw_item

__all__ = ["add_item", "close_meeting", "decide_item", "open_meeting", "plan_meeting", "withdraw_item"]
