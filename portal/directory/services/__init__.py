"""The public door of the directory."""

from portal.directory.services.access import grant_membership, issue_client_token, revoke_client_token
from portal.directory.services.jobs import JobProgress, run_job, start_job

__all__ = [
    "JobProgress",
    "grant_membership",
    "issue_client_token",
    "revoke_client_token",
    "run_job",
    "start_job",
]
