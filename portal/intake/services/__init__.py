"""The public door of the uploads: a file is received, read, committed, perhaps undone or discarded."""

from portal.intake.services.columns import remember_columns
from portal.intake.services.committing import ask_commit, commit_upload, needs_reason, undo_upload
from portal.intake.services.exporting import (
    start_filled_template,
    start_list_export,
    write_filled_template,
    write_list_export,
)
from portal.intake.services.reading import read_upload
from portal.intake.services.receiving import discard_upload, receive_upload, reread_upload

__all__ = [
    "ask_commit",
    "commit_upload",
    "discard_upload",
    "needs_reason",
    "read_upload",
    "receive_upload",
    "remember_columns",
    "reread_upload",
    "start_filled_template",
    "start_list_export",
    "undo_upload",
    "write_filled_template",
    "write_list_export",
]
