"""What is done to an upload: each a POST that answers with the way back to its page."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.intake import services
from portal.intake.forms import AcceptForm, ColumnsForm, ReasonForm
from portal.intake.models import Upload
from portal.intake.registry import importer_for
from portal.intake.views.common import offered, visible
from portal.kernel.display import number
from portal.kernel.errors import Refusal
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _do(request: PortalRequest, public_id: UUID, deed: Callable[[Upload], str]) -> HttpResponse:
    """Do it, or say why not, and go back."""
    offered(request)
    found = visible(request, public_id)
    try:
        done = deed(found)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("intake:upload", public_id=public_id)


@methods(reads=(), writes=("POST",))
def upload_commit(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Owe the writing of what was previewed."""

    def deed(found: Upload) -> str:
        form = AcceptForm(request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        services.ask_commit(upload=found, actor=request.user, reason=reason)
        return _("반영을 시작했습니다. 화면을 닫아도 계속됩니다.")

    return _do(request, public_id, deed)


@methods(reads=(), writes=("POST",))
def upload_reread(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Compare the file with the books once more."""

    def deed(found: Upload) -> str:
        services.reread_upload(upload=found, actor=request.user)
        return _("파일을 지금 자료와 다시 맞대고 있습니다.")

    return _do(request, public_id, deed)


@methods(reads=(), writes=("POST",))
def upload_columns(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Say what unknown headers mean; the file is read again, and later files of the body the same way."""

    def deed(found: Upload) -> str:
        headers = found.layout.get("strange", [])
        form = ColumnsForm(request.POST, headers=headers, importer=importer_for(found.kind))
        meanings = form.meanings() if form.is_valid() else {}
        if not meanings:
            raise Refusal("nothing_chosen", _("머리글의 뜻을 하나는 골라 주세요."))
        services.remember_columns(upload=found, choices=meanings, actor=request.user)
        return _("머리글을 기억하고 파일을 다시 읽고 있습니다. 다음 파일부터는 묻지 않습니다.")

    return _do(request, public_id, deed)


@methods(reads=(), writes=("POST",))
def upload_discard(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Throw a file away that was not committed."""

    def deed(found: Upload) -> str:
        services.discard_upload(upload=found, actor=request.user)
        return _("파일을 버렸습니다. 자료는 바뀌지 않았습니다.")

    return _do(request, public_id, deed)


@methods(reads=(), writes=("POST",))
def upload_undo(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take a committed file back, with a reason."""

    def deed(found: Upload) -> str:
        form = ReasonForm(request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        done = services.undo_upload(upload=found, actor=request.user, reason=reason)
        text = _("되돌렸습니다. 앞의 값으로 %(restored)s건, 없던 값으로 %(withdrawn)s건.") % {
            "restored": number(done.get("restored", 0)),
            "withdrawn": number(done.get("withdrawn", 0)),
        }
        if kept := done.get("kept"):
            text += " " + _("그 뒤에 다시 바뀐 %(kept)s건은 그대로 두었습니다.") % {"kept": number(kept)}
        return text

    return _do(request, public_id, deed)
