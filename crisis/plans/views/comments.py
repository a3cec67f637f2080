"""Words of the reviewer on a field of the plan."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crisis.plans import services
from crisis.plans.forms import CommentForm
from crisis.plans.models import PlanComment
from crisis.plans.views.common import plan_of
from crisis.plans.views.plans import plan_page
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import Refusal
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _refuse_readers(request: PortalRequest) -> None:
    if not (request.scope.can(Capability.REVIEW_PLANS) or request.scope.can(Capability.RATE_PLANS)):
        raise PermissionDenied


@needs(Capability.VIEW)
@methods(reads=(), writes=("POST",))
def comment_new(request: PortalRequest, code: str) -> HttpResponse:
    """Say what is to be mended in one field."""
    _refuse_readers(request)
    found = plan_of(request, code)
    form = CommentForm(request.POST, measures=found.measures.live())
    if form.is_valid():
        measure, field = form.where()
        text = form.cleaned_data["text"]
        act = services.comment_on
        if tried(form, lambda: act(plan=found, measure=measure, field=field, text=text, actor=request.user)):
            messages.success(request, _("의견을 달았습니다."))
            return redirect("plans:plan", code=found.code)
    return render(request, "plans/plan_detail.html", plan_page(request, found, form), status=422)


@needs(Capability.VIEW)
@methods(reads=(), writes=("POST",))
def comment_remove(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """Take one's own word back."""
    _refuse_readers(request)
    found = plan_of(request, code)
    comment = get_object_or_404(PlanComment.objects.select_related("plan"), plan=found, pk=pk)
    try:
        services.uncomment(comment=comment, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("의견을 지웠습니다."))
    return redirect("plans:plan", code=found.code)
