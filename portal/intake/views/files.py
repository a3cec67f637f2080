"""Files given out: the template, the original, the workbook of faults."""

import io
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.intake import services, workbooks
from portal.intake.registry import Importer
from portal.intake.views.common import offered, visible
from portal.kernel.errors import Refusal
from portal.kernel.exports import FORMATS, filename
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@methods(writes=("POST",))
def template(request: PortalRequest, kind: str) -> HttpResponseBase:
    """The empty template; POST asks for one filled with the current rows, with a reason where people are in them."""
    importer = _one_of(offered(request), kind)
    if request.method == "POST":
        try:
            job = services.start_filled_template(
                kind=kind, actor=request.user, reason=request.POST.get(f"{kind}-reason", "")[:300]
            )
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect(f"{reverse('intake:upload_new')}?{urlencode({'kind': kind})}")
        return redirect("job", pk=job.pk)
    target = io.BytesIO()
    workbooks.write_template(target, importer, request.scope.within(importer.capability))
    return _workbook(target, filename(_("%(kind)s 양식") % {"kind": importer.title}, "xlsx"))


def _one_of(importers: list[Importer], kind: str) -> Importer:
    for importer in importers:
        if importer.kind == kind:
            return importer
    raise Http404


@methods()
def upload_errors(request: PortalRequest, public_id: UUID) -> HttpResponseBase:
    """The user's own rows with what to mend beside them."""
    found = visible(request, public_id)
    if not found.layout or not found.rows.exists():
        raise Http404
    target = io.BytesIO()
    workbooks.write_errors(target, found)
    bare = found.filename.rsplit(".", 1)[0][:80]
    return _workbook(target, filename(_("%(file)s 고칠 점") % {"file": bare}, "xlsx"))


@methods()
def upload_file(request: PortalRequest, public_id: UUID) -> HttpResponseBase:
    """The file as it was uploaded, byte for byte, never shown in the browser."""
    found = visible(request, public_id)
    if not found.file.name or not found.file.storage.exists(found.file.name):
        raise Http404
    return FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.filename, content_type="application/octet-stream"
    )


def _workbook(target: io.BytesIO, name: str) -> FileResponse:
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type=FORMATS["xlsx"])
