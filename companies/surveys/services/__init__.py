"""The public door of the surveys."""

from companies.surveys.services.rounds import add_targets, create_round, grant_exception, remove_target, set_window
from companies.surveys.services.submissions import (
    ChangedMeanwhile,
    approve,
    mark_fields,
    return_for_correction,
    save_answers,
    submit,
    undo_upload_of_answers,
)

__all__ = [
    "ChangedMeanwhile",
    "add_targets",
    "approve",
    "create_round",
    "grant_exception",
    "mark_fields",
    "remove_target",
    "return_for_correction",
    "save_answers",
    "set_window",
    "submit",
    "undo_upload_of_answers",
]
