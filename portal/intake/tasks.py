"""Couriers of the uploads. Each takes the number of a job, may come twice, and leaves the deed to the services."""

from celery import shared_task
from django.urls import reverse

from portal.directory.services import JobProgress, run_job
from portal.intake import services
from portal.intake.models import Upload


def _result(upload: Upload) -> dict[str, object]:
    return {"url": reverse("intake:upload", args=[upload.public_id]), "counts": upload.counts}


@shared_task(name="portal.intake.tasks.read_upload")
def read_upload(*, job_id: int) -> None:
    def work(progress: JobProgress) -> dict[str, object]:
        return _result(services.read_upload(upload_id=progress.arguments["upload"], say=progress.say))

    run_job(job_id=job_id, work=work)


@shared_task(name="portal.intake.tasks.commit_upload")
def commit_upload(*, job_id: int) -> None:
    def work(progress: JobProgress) -> dict[str, object]:
        facts = progress.arguments
        return _result(services.commit_upload(upload_id=facts["upload"], actor_id=facts["actor"], say=progress.say))

    run_job(job_id=job_id, work=work)


@shared_task(name="portal.intake.tasks.export_list")
def export_list(*, job_id: int) -> None:
    run_job(job_id=job_id, work=lambda progress: services.write_list_export(job=progress.job, say=progress.say))


@shared_task(name="portal.intake.tasks.fill_template")
def fill_template(*, job_id: int) -> None:
    run_job(job_id=job_id, work=lambda progress: services.write_filled_template(job=progress.job, say=progress.say))
