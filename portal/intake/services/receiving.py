"""A file comes in, is read again, or is thrown away."""

import hashlib
import re
from typing import cast

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from portal.directory.audit import deed
from portal.directory.models import Job, Organization, User
from portal.directory.scope import Scope
from portal.directory.services import start_job
from portal.intake.enums import UploadState
from portal.intake.models import Upload
from portal.intake.services.states import allowed, locked, step
from portal.kernel.errors import Refusal

_MEGABYTE = 1024 * 1024


@transaction.atomic
def receive_upload(*, kind: str, content: File, filename: str, actor: User) -> Upload:
    """Keep a file with its hash and owe its reading.

    Refuses an empty file, one above `UPLOAD_MAX_BYTES`, and one whose content is already committed as this kind and
    not undone (`fields["upload"]` then holds the public number of that upload, if the actor may see it).
    """
    importer, scope = allowed(actor, kind)
    if not content.size:
        raise Refusal("file_empty", "빈 파일입니다. 자료를 적어 저장한 파일인지 확인해 주세요.")
    if content.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // _MEGABYTE
        raise Refusal("file_too_large", f"파일은 {limit}MB까지 올릴 수 있습니다. 나누어 올려 주세요.")
    digest = _digest(content)
    refuse_if_committed(kind=kind, sha256=digest, scope=scope)
    upload = Upload(
        kind=kind,
        owner=actor,
        organization=_organization(scope),
        filename=_tidy(filename),
        size=content.size,
        sha256=digest,
    )
    with deed("receive_upload", actor=actor) as done:
        upload.file.save("", content, save=False)
        try:
            upload.save()
            _owe_reading(upload)
            done.about(upload, kind=importer.kind, sha256=digest, size=upload.size)
        except BaseException:
            upload.file.storage.delete(cast(str, upload.file.name))
            raise
    return upload


def refuse_if_committed(*, kind: str, sha256: str, scope: Scope) -> None:
    """Say no if this very content is in force already."""
    twin = Upload.objects.filter(kind=kind, sha256=sha256, state=UploadState.COMMITTED).first()
    if twin is None:
        return
    seen = Upload.objects.visible_to(scope).filter(pk=twin.pk).exists()
    raise Refusal(
        "already_committed",
        "같은 내용의 파일이 이미 반영되어 있습니다. 다시 올리려면 먼저 그 파일을 되돌려 주세요."
        if seen
        else "같은 내용의 파일을 다른 기관에서 이미 반영했습니다. 본부 담당자에게 확인해 주세요.",
        {"upload": str(twin.public_id)} if seen else {},
    )


@transaction.atomic
def reread_upload(*, upload: Upload, actor: User) -> Upload:
    """Read a waiting or faulty file again: the books, or the reader's scope, may have changed since."""
    allowed(actor, upload.kind)
    upload = locked(upload.pk)
    if upload.state == UploadState.READING:
        raise Refusal("upload_state", "이미 읽고 있는 파일입니다.")
    step(upload, UploadState.READING)
    _owe_reading(upload)
    return upload


@transaction.atomic
def discard_upload(*, upload: Upload, actor: User) -> Upload:
    """Throw a file away that was not committed: its rows and its content go, the entry stays."""
    allowed(actor, upload.kind)
    upload = locked(upload.pk)
    if upload.state == UploadState.READING and upload.job and not upload.job.is_finished:
        raise Refusal("upload_state", "아직 읽고 있는 파일입니다. 다 읽은 다음 버려 주세요.")
    step(upload, UploadState.DISCARDED)
    with deed("discard_upload", actor=actor) as done:
        upload.rows.all().delete()
        name, storage = upload.file.name, upload.file.storage
        upload.file.name = ""
        upload.save()
        done.about(upload, sha256=upload.sha256)
    if name:
        transaction.on_commit(lambda: storage.delete(name))
    return upload


def _owe_reading(upload: Upload) -> Job:
    upload.job = start_job(
        kind="read_upload",
        title=f"파일 읽기: {upload.filename}"[:200],
        task="portal.intake.tasks.read_upload",
        owner=upload.owner,
        arguments={"upload": upload.pk},
    )
    upload.save()
    return upload.job


def _digest(content: File) -> str:
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


def _organization(scope: Scope) -> Organization | None:
    return Organization.objects.filter(pk__in=scope.organization_ids).order_by("pk").first()


def _tidy(filename: str) -> str:
    """The user's name of the file, for showing only: without path and control characters."""
    bare = re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[\\/]", filename)[-1]).strip()
    return bare[-255:] or "이름 없는 파일"
