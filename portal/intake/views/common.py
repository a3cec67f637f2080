"""What the pages of one upload share: it is fetched as its reader may see it, or it does not exist."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from portal.intake.models import Upload
from portal.intake.registry import Importer, importers_for
from portal.kernel.http import PortalRequest


def offered(request: PortalRequest) -> list[Importer]:
    """The kinds of files this reader may bring in; nobody without any has business here."""
    found = importers_for(request.scope)
    if not found:
        raise PermissionDenied
    return found


def visible(request: PortalRequest, public_id: UUID) -> Upload:
    """The reader's upload, its body's, or any for a nationwide reader."""
    uploads = Upload.objects.visible_to(request.scope)
    return get_object_or_404(uploads.select_related("owner", "organization", "job"), public_id=public_id)


def mine_to_move(request: PortalRequest, upload: Upload) -> bool:
    """Whether this reader may commit, undo or discard it: who only looks at the whole country may not."""
    return any(importer.kind == upload.kind for importer in importers_for(request.scope))
