"""The public door of the directory."""

from portal.directory.services.access import grant_membership, issue_client_token, revoke_client_token
from portal.directory.services.accounts import (
    add_user,
    change_password,
    end_membership,
    give_membership,
    reset_password,
    set_active,
)
from portal.directory.services.jobs import JobProgress, run_job, start_job
from portal.directory.services.notices import mail_notices, mark_read, notify, settle_notices
from portal.directory.services.sign_in import Attempt, attempt_sign_in, note_sign_in, note_sign_out

__all__ = [
    "Attempt",
    "JobProgress",
    "add_user",
    "attempt_sign_in",
    "change_password",
    "end_membership",
    "give_membership",
    "grant_membership",
    "issue_client_token",
    "mail_notices",
    "mark_read",
    "note_sign_in",
    "note_sign_out",
    "notify",
    "reset_password",
    "revoke_client_token",
    "run_job",
    "set_active",
    "settle_notices",
    "start_job",
]
