from celery import shared_task

from portal.directory.services import jobs, notices


@shared_task(name="portal.directory.tasks.resume_stalled_jobs")
def resume_stalled_jobs() -> None:
    jobs.resume_stalled()


@shared_task(name="portal.directory.tasks.sweep_files")
def sweep_files() -> None:
    jobs.sweep_files()


@shared_task(name="portal.directory.tasks.mail_notices")
def mail_notices() -> None:
    notices.mail_notices()
