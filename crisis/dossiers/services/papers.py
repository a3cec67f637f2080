"""A dossier handed out as a file: owed as a job, written by a worker from the record alone."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crisis.dossiers.documents import hwpx_of, paper_of, pdf_of
from crisis.dossiers.enums import Format
from crisis.dossiers.models import Dossier
from crisis.dossiers.services.verifying import inspect
from portal.directory.models import Job, User
from portal.directory.services import JobProgress, start_job
from portal.kernel.errors import Refusal


@transaction.atomic
def start_paper(*, dossier: Dossier, format: str, actor: User) -> Job:
    """Owe the PDF or HWPX file of a dossier to whoever asked."""
    wanted = Format(format)
    return start_job(
        kind="dossier_paper",
        title=_("%(dossier)s %(format)s 만들기") % {"dossier": dossier, "format": wanted.label},
        task="crisis.dossiers.tasks.write_paper",
        owner=actor,
        arguments={"sequence": dossier.sequence, "format": wanted.value},
    )


def write_paper(progress: JobProgress) -> dict[str, Any]:
    """Write the file a job owes. Refuses to print a dossier that does not hold: a paper would make it look whole."""
    sequence, format = progress.arguments["sequence"], progress.arguments["format"]
    dossier = Dossier.objects.get(sequence=sequence)
    broken = inspect(dossier, before=Dossier.objects.filter(sequence=sequence - 1).first())
    if broken is not None:
        raise Refusal(
            "dossier_broken", _("보관본이 어긋나 문서를 만들지 않았습니다. %(what)s") % {"what": broken.message}
        )
    progress.say(message=_("문서를 그리는 중"))
    paper = paper_of(dossier.record, dossier.sha256)
    content = pdf_of(paper) if format == Format.PDF else hwpx_of(paper)
    _keep(progress.job, content)
    name = f"{paper.title}_{paper.subtitle}_제{sequence}호.{format}".replace(" ", "_").replace("/", "_")
    return {"filename": name, "url": reverse("job_file", args=[progress.job.pk])}


def _keep(job: Job, content: bytes) -> None:
    """Write beside the place, then move: nobody fetches half a file, a second run replaces the first."""
    path = Path(default_storage.path(f"exports/{job.pk}"))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.chmod(0o600)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
