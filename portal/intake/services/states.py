"""The state machine of an upload, kept under its row lock."""

from portal.directory.models import User
from portal.directory.scope import Scope, scope_of
from portal.intake.enums import UPLOAD_NEXT_STATES, UploadState
from portal.intake.models import Upload
from portal.intake.registry import Importer, importer_for, is_known
from portal.kernel.errors import Refusal


def locked(upload_id: int) -> Upload:
    """The upload under its row lock: whoever comes second waits here and finds the new state."""
    return Upload.objects.select_for_update(no_key=True, of=("self",)).select_related("owner", "job").get(pk=upload_id)


def step(upload: Upload, state: str) -> None:
    """Enter the state, or refuse if the workflow has no such step."""
    if state not in UPLOAD_NEXT_STATES[upload.state]:
        raise Refusal(
            "upload_state",
            f"‘{upload.get_state_display()}’ 상태의 파일은 ‘{UploadState(state).label}’(으)로 바꿀 수 없습니다.",
        )
    upload.state = state


def allowed(actor: User, kind: str) -> tuple[Importer, Scope]:
    """The importer of a kind and the part of the actor's scope in which it may be used; Refusal if there is none."""
    scope = scope_of(actor)
    if not is_known(kind) or not scope.can(importer_for(kind).capability):
        raise Refusal("upload_kind", "이 종류의 파일을 올릴 권한이 없습니다.")
    importer = importer_for(kind)
    return importer, scope.within(importer.capability)
