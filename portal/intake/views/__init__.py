"""The pages of the uploads."""

from portal.intake.views.deeds import upload_columns, upload_commit, upload_discard, upload_reread, upload_undo
from portal.intake.views.files import template, upload_errors, upload_file
from portal.intake.views.pages import upload, upload_new, upload_progress, uploads

__all__ = [
    "template",
    "upload",
    "upload_columns",
    "upload_commit",
    "upload_discard",
    "upload_errors",
    "upload_file",
    "upload_new",
    "upload_progress",
    "upload_reread",
    "upload_undo",
    "uploads",
]
