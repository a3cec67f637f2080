"""Files that take a while: long lists and templates filled with the current rows, written by a worker.

A file lies under `exports/<job>`; only the job's owner can fetch it (`job_file`).
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from portal.directory.audit import deed
from portal.directory.models import Job, User
from portal.directory.scope import scope_of
from portal.directory.services import start_job
from portal.intake import workbooks
from portal.intake.registry import importer_for, names_people
from portal.intake.services.states import allowed
from portal.kernel import exports
from portal.kernel.errors import Refusal
from portal.kernel.lists import ListPage

Say = Callable[..., None]


@transaction.atomic
def start_list_export(page: ListPage, user: User, format: str) -> str:
    """Owe the file of a list as it is narrowed, ordered and cut now; returns the address of its job."""
    path = f"{type(page).__module__}.{type(page).__qualname__}"
    job = start_job(
        kind="export_list",
        title=_("%(list)s 내려받기") % {"list": page.title},
        task="portal.intake.tasks.export_list",
        owner=user,
        arguments={
            "list": path,
            "query": page.query.urlencode(),
            "columns": [column.key for column in page.chosen],
            "format": format,
        },
        total=page.rows.count(),
    )
    return reverse("job", args=[job.pk])


def write_list_export(*, job: Job, say: Say) -> dict[str, Any]:
    """Write the file a list's export owes, with the scope its owner has today."""
    facts = job.arguments
    query = QueryDict(facts["query"], mutable=True)
    for name in ("cols", "export", "page"):
        query.pop(name, None)
    query.setlist("cols", facts["columns"])
    page = import_string(facts["list"])(scope=scope_of(cast(User, job.owner)), query=query, kept={})
    name = exports.filename(str(page.title), facts["format"])
    return _write(job, name, lambda target: page.write(target, facts["format"], lambda count: say(done=count)))


@transaction.atomic
def start_filled_template(*, kind: str, actor: User, reason: str = "") -> Job:
    """Owe a template that already holds the current rows of the actor's scope, to be edited and brought back.

    Refuses rows that name people without a `reason`; who took what, when and what for is written down.
    """
    importer, scope = allowed(actor, kind)
    personal = names_people(importer, scope)
    if personal and not reason.strip():
        text = _("대표자와 연락처가 든 양식은 어디에 쓰는지 적어야 내려받을 수 있습니다.")
        raise Refusal("reason_missing", text, {"reason": _("쓰임을 적어 주세요.")})
    with deed("export_template", actor=actor, reason=reason.strip()) as done:
        job = start_job(
            kind="filled_template",
            title=_("%(kind)s 양식(지금 자료 포함)") % {"kind": importer.title},
            task="portal.intake.tasks.fill_template",
            owner=actor,
            arguments={"kind": kind},
        )
        done.about(job, kind=kind, personal=personal)
    return job


def write_filled_template(*, job: Job, say: Say) -> dict[str, Any]:
    """Write the filled template a job owes."""
    importer = importer_for(job.arguments["kind"])
    scope = scope_of(cast(User, job.owner)).within(importer.capability)
    name = exports.filename(importer.title, "xlsx")
    say(message=_("양식에 지금 자료를 담는 중"))
    return _write(job, name, lambda target: workbooks.write_template(target, importer, scope, filled=True))


def _write(job: Job, filename: str, write: Callable[[BinaryIO], int]) -> dict[str, Any]:
    """Write beside the place, then move: nobody fetches half a file, a second run replaces the first."""
    path = Path(default_storage.path(f"exports/{job.pk}"))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    try:
        with unfinished.open("wb") as target:
            rows = write(target)
        unfinished.chmod(0o600)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return {"filename": filename, "rows": rows, "url": reverse("job_file", args=[job.pk])}
