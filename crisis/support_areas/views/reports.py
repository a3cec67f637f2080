"""One yearly report: read it, write it, send it back, accept it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.support_areas import services
from crisis.support_areas.enums import REPORT_WORDS, ReportState
from crisis.support_areas.forms import CommentForm, ReportForm
from crisis.support_areas.models import YearlyReport
from crisis.support_areas.views.common import REPORT_KINDS, is_ministry, is_sido, report_of
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import Refusal
from portal.kernel.fields import own_field
from portal.kernel.forms import done
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

_OWED = {ReportState.OWED, ReportState.RETURNED}


def _page(
    request: PortalRequest, found: YearlyReport, form: ReportForm | None, comment: CommentForm | None
) -> HttpResponse:
    bound = any(one is not None and one.is_bound for one in (form, comment))
    context = {
        "report": found,
        "case": found.case,
        "state_kind": REPORT_KINDS[ReportState(found.state)],
        "overdue": found.state in _OWED and found.due_on < timezone.localdate(),
        "texts": [(own_field(YearlyReport, name).verbose_name, getattr(found, name)) for name in REPORT_WORDS],
        "form": form,
        "comment_form": comment,
    }
    return render(request, "support_areas/report_detail.html", context, status=422 if bound else 200)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def report(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """The 시·도 writes while it is owed; everybody who sees the case reads it."""
    found = report_of(request, code, year)
    mine = is_sido(request.scope, found.case) and found.state in _OWED
    judges = is_ministry(request.scope) and found.state == ReportState.SUBMITTED
    if request.method == "POST" and not mine:
        raise PermissionDenied
    form = None
    if mine:
        form = ReportForm(request.POST if request.method == "POST" else None, initial=ReportForm.initial_of(found))
        if request.method == "POST" and form.is_valid():
            facts = form.cleaned_data
            if done(form, lambda: services.submit_report(report=found, facts=facts, actor=request.user)):
                messages.success(request, _("연차 보고를 제출했습니다."))
                return redirect("support_areas:report", code=code, year=year)
    return _page(request, found, form, CommentForm() if judges else None)


@needs(Capability.DECIDE_SUPPORT_AREAS)
@methods(reads=(), writes=("POST",))
def report_return(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """Back to the 시·도 with what is to be mended."""
    found = report_of(request, code, year)
    form = CommentForm(request.POST)
    if form.is_valid():
        words = form.cleaned_data["comment"]
        if done(form, lambda: services.return_report(report=found, comment=words, actor=request.user)):
            messages.success(request, _("돌려보냈습니다."))
            return redirect("support_areas:report", code=code, year=year)
    return _page(request, found, None, form)


@needs(Capability.DECIDE_SUPPORT_AREAS)
@methods(reads=(), writes=("POST",))
def report_accept(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """The ministry has read it and is content."""
    found = report_of(request, code, year)
    try:
        services.accept_report(report=found, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("연차 보고를 확인했습니다."))
    return redirect("support_areas:report", code=code, year=year)
