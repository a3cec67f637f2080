"""What was previewed is written, in one transaction or not at all; what was written is taken back."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.directory.audit import deed
from portal.directory.models import User
from portal.directory.services import start_job
from portal.intake.enums import WRITTEN_OUTCOMES, RowOutcome, UploadState
from portal.intake.models import Upload
from portal.intake.registry import importer_for
from portal.intake.services.receiving import refuse_if_committed
from portal.intake.services.states import allowed, locked, step
from portal.kernel.errors import Refusal

Say = Callable[..., None]
_CHUNK = 5_000


def needs_reason(upload: Upload) -> bool:
    """Whether the preview holds warnings that are committed only with a reason (`warnings_need_reason`)."""
    rules = getattr(importer_for(upload.kind), "warnings_need_reason", frozenset())
    doubtful = upload.rows.with_outcome(RowOutcome.WARNING)
    return any(doubtful.filter(problems__contains=[{"rule": rule}]).exists() for rule in sorted(rules))


@transaction.atomic
def ask_commit(*, upload: Upload, actor: User, reason: str = "") -> Upload:
    """Owe the writing of a previewed file. `reason`: why doubtful rows are right, where the kind asks for one."""
    _, scope = allowed(actor, upload.kind)
    upload = locked(upload.pk)
    if upload.state == UploadState.READY and not upload.count_of(*WRITTEN_OUTCOMES):
        raise Refusal("nothing_to_commit", "지금 자료와 다른 행이 없어 반영할 것이 없습니다.")
    step(upload, UploadState.COMMITTING)
    if not reason.strip() and needs_reason(upload):
        raise Refusal(
            "reason_missing",
            "확인이 필요한 행이 있습니다. 살펴보고, 맞는 값이면 그대로 반영하는 사유를 적어 주세요.",
            {"reason": "사유를 적어 주세요."},
        )
    upload.accepted_reason = reason.strip()[:300]
    refuse_if_committed(kind=upload.kind, sha256=upload.sha256, scope=scope)
    upload.job = start_job(
        kind="commit_upload",
        title=f"파일 반영: {upload.filename}"[:200],
        task="portal.intake.tasks.commit_upload",
        owner=actor,
        arguments={"upload": upload.pk, "actor": actor.pk},
        total=upload.count_of(*WRITTEN_OUTCOMES),
    )
    upload.save()
    return upload


def commit_upload(*, upload_id: int, actor_id: int, say: Say) -> Upload:
    """Write the rows of a file in one transaction. Whatever goes wrong, nothing is written and the file waits again.

    A second run finds the file committed and does nothing.
    """
    actor = User.objects.get(pk=actor_id)
    say(message="반영하는 중")
    try:
        return _commit(upload_id, actor)
    except IntegrityError as error:
        _wait_again(upload_id)
        if "upload_content_committed_once" in str(error):
            raise Refusal("already_committed", "같은 내용의 파일이 그 사이에 반영되었습니다.") from error
        raise
    except Exception:
        _wait_again(upload_id)
        raise


@transaction.atomic
def _commit(upload_id: int, actor: User) -> Upload:
    upload = locked(upload_id)
    if upload.state == UploadState.COMMITTED:
        return upload
    if upload.state != UploadState.COMMITTING:
        raise Refusal("upload_state", "반영을 기다리는 파일이 아닙니다. 파일 화면에서 다시 반영해 주세요.")
    importer, _ = allowed(actor, upload.kind)
    with deed("commit_upload", actor=actor) as done:
        written = importer.commit(upload, _rows(upload), actor=actor)
        step(upload, UploadState.COMMITTED)
        upload.committed_at, upload.committed_by = timezone.now(), actor
        upload.counts = {**upload.counts, "written": written}
        upload.save()
        done.about(upload, sha256=upload.sha256, **written)
    return upload


def _rows(upload: Upload) -> Iterator[dict[str, Any]]:
    """The rows to write, in the order of the file, some thousands at a time.

    No cursor stays open between: one left open by an importer that refuses would break the rollback.
    """
    rows = upload.rows.filter(outcome__in=WRITTEN_OUTCOMES).order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last).values_list("pk", "values")[:_CHUNK]):
        yield from (values for _, values in chunk)
        last = chunk[-1][0]


@transaction.atomic
def _wait_again(upload_id: int) -> None:
    upload = locked(upload_id)
    if upload.state == UploadState.COMMITTING:
        step(upload, UploadState.READY)
        upload.save()


@transaction.atomic
def undo_upload(*, upload: Upload, actor: User, reason: str) -> dict[str, Any]:
    """Take a committed file back through its importer; returns what was done. Needs a reason."""
    allowed(actor, upload.kind)
    if not reason.strip():
        raise Refusal("reason_missing", "되돌리는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    upload = locked(upload.pk)
    step(upload, UploadState.UNDONE)
    with deed("undo_upload", actor=actor, reason=reason) as done:
        taken_back = importer_for(upload.kind).undo(upload, actor=actor, reason=reason)
        upload.undone_at, upload.undone_by, upload.undo_reason = timezone.now(), actor, reason.strip()
        upload.counts = {**upload.counts, "undone": taken_back}
        upload.save()
        done.about(upload, sha256=upload.sha256, **taken_back)
    return taken_back
