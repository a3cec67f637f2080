"""The public door of the round workbench."""

from crisis.workbench.services.agenda import put_on_agenda
from crisis.workbench.services.comments import add_comment, withdraw_comment
from crisis.workbench.services.what_if import compute_what_if, delete_expired, delete_what_if, start_what_if

__all__ = [
    "add_comment",
    "compute_what_if",
    "delete_expired",
    "delete_what_if",
    "put_on_agenda",
    "start_what_if",
    "withdraw_comment",
]
