from celery import shared_task

from portal.directory.services import jobs


@shared_task(name="portal.directory.tasks.resume_stalled_jobs")
def resume_stalled_jobs() -> None:
    jobs.resume_stalled()
