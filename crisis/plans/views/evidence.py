"""Papers that show what was done: added, taken away as they were, removed."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crisis.plans import services
from crisis.plans.forms import EvidenceForm
from crisis.plans.models import Evidence
from crisis.plans.rules import quarter_text
from crisis.plans.views.common import plan_of, report_of
from crisis.plans.views.reports import report_page
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import Refusal
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.REPORT_PLANS)
@methods(reads=(), writes=("POST",))
def evidence_new(request: PortalRequest, code: str, number: int, quarter: str) -> HttpResponse:
    """Add a paper to a report."""
    found = report_of(plan_of(request, code), number, quarter)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        act = services.attach_evidence
        if tried(form, lambda: act(report=found, file=data["file"], note=data["note"], actor=request.user)):
            messages.success(request, _("증빙을 올렸습니다."))
            return redirect("plans:report", code=code, number=number, quarter=quarter)
    return render(request, "plans/report.html", report_page(request, found, evidence_form=form), status=422)


def _evidence(request: PortalRequest, public_id: Any) -> Evidence:
    rows = Evidence.objects.visible_to(request.scope).select_related("report__measure__plan")
    return get_object_or_404(rows, public_id=public_id)


@needs(Capability.VIEW)
@methods()
def evidence_file(request: PortalRequest, public_id: Any) -> HttpResponseBase:
    """The paper as it was sent, always as a download."""
    found = _evidence(request, public_id)
    return FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.filename, content_type="application/octet-stream"
    )


@needs(Capability.REPORT_PLANS)
@methods(reads=(), writes=("POST",))
def evidence_remove(request: PortalRequest, public_id: Any) -> HttpResponse:
    """Take a paper back while the report is being written."""
    found = _evidence(request, public_id)
    report = found.report
    try:
        services.remove_evidence(evidence=found, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("증빙을 지웠습니다."))
    plan = report.measure.plan
    return redirect("plans:report", code=plan.code, number=report.measure.number, quarter=quarter_text(report.quarter))
