"""Remarks on an area: say, withdraw, open the attached file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crisis.workbench import services
from crisis.workbench.forms import CommentForm, WithdrawForm
from crisis.workbench.models import Comment
from crisis.workbench.selectors import evidence as reads
from crisis.workbench.views.desk import desk_or_404, sheet_context, speaker
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.models import Organization
from portal.kernel.errors import Refusal
from portal.kernel.forms import tell
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.COMMENT_ROUNDS)
@methods(reads=(), writes=("POST",))
def comment_add(request: PortalRequest, code: str, area: str) -> HttpResponse:
    """Leave a remark; what is wrong with it is told on the sheet, with what was typed."""
    found = desk_or_404(request.scope, code)
    result = get_object_or_404(reads.results(found), area__code=area)
    grant = speaker(request.scope, result.area.region_id)
    if grant is None:
        raise PermissionDenied
    form = CommentForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.add_comment(
                round=found.round,
                area=result.area,
                organization=Organization.objects.get(pk=grant.organization_id),
                actor=request.user,
                **form.cleaned_data,
            )
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("의견을 남겼습니다."))
            return redirect("workbench:sheet", code=code, area=area)
    context = sheet_context(request, code, area, form)
    return render(request, "workbench/sheet.html", context, status=422)


@needs(Capability.COMMENT_ROUNDS)
@methods(writes=("POST",))
def comment_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    """Take back a remark of one's own body."""
    bodies = request.scope.within(Capability.COMMENT_ROUNDS).organization_ids
    own = Comment.objects.visible_to(request.scope).standing().filter(organization__in=bodies)
    comment = get_object_or_404(own.select_related("round", "area", "author", "organization"), pk=pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_comment(comment=comment, reason=form.cleaned_data["reason"], actor=request.user)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("의견을 거두었습니다."))
            return redirect("workbench:sheet", code=comment.round.code, area=comment.area.code)
    return render(request, "workbench/comment_withdraw.html", {"comment": comment, "form": form})


@needs(Capability.VIEW)
@methods()
def comment_file(request: PortalRequest, pk: int) -> FileResponse:
    """The file as it was attached, to be saved: never shown inside the portal."""
    found = get_object_or_404(Comment.objects.visible_to(request.scope).exclude(file=""), pk=pk)
    if not found.file.name or not found.file.storage.exists(found.file.name):
        raise Http404(found.filename)
    return FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.filename, content_type="application/octet-stream"
    )
