"""A half-yearly report: written and handed in by the local government, taken note of or sent back by the ministry."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.declining import services
from crisis.declining.enums import GOING, REPORTABLE, ReportState
from crisis.declining.forms import CommentForm, SureForm
from crisis.declining.models import ProjectReport, ReportEvidence
from crisis.declining.project_forms import EvidenceForm, ReportForm
from crisis.declining.views.common import ask, is_ministry, report_of, writes
from crisis.declining.views.lists import report_badge
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import ChangedMeanwhile, Refusal
from portal.kernel.forms import done, tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _may_write(request: PortalRequest, report: ProjectReport) -> bool:
    going = report.project.state in GOING and timezone.localdate() >= report.half
    return going and report.state in REPORTABLE and writes(request.scope, report.project)


def _context(request: PortalRequest, report: ProjectReport, **more: Any) -> dict[str, Any]:
    may = _may_write(request, report)
    spending = list(report.spending.select_related("money"))
    looks = is_ministry(request.scope) and report.state == ReportState.SUBMITTED and report.project.state in GOING
    return {
        "report": report, "project": report.project, "badge": report_badge(report), "writes": may, "looks": looks,
        "form": ReportForm(report=report) if may else None, "evidence_form": EvidenceForm() if may else None,
        "spending": spending, "spent": sum(one.won for one in spending),
        "results": list(report.results.select_related("indicator")),
        "evidence": list(report.evidence.select_related("added_by")),
    } | more  # fmt: skip


@needs(Capability.VIEW)
@methods(writes=("POST",))
def report(request: PortalRequest, code: str, half: str) -> HttpResponse:
    """One report: its form for the writer, its text for everyone else."""
    found = report_of(request, code, half)
    if request.method != "POST":
        return render(request, "declining/report_detail.html", _context(request, found))
    if not _may_write(request, found):
        raise PermissionDenied
    form = ReportForm(request.POST, report=found)
    submit = "submit" in request.POST
    if form.is_valid():
        facts: dict[str, Any] = {
            "report": found,
            "spent": form.spent(),
            "values": form.values(),
            "submit": submit,
            "actor": request.user,
        }
        words = {name: form.cleaned_data[name] for name in ("result", "problems", "seen")}
        try:
            if tried(form, lambda: services.save_report(**facts, **words)):
                messages.success(request, _("보고를 냈습니다.") if submit else _("임시저장했습니다."))
                return redirect("declining:report", code, half)
        except ChangedMeanwhile as refusal:
            messages.error(request, refusal.message)
            return redirect("declining:report", code, half)
    return render(request, "declining/report_detail.html", _context(request, found, form=form), status=422)


@needs(Capability.WRITE_FUND_PROJECTS)
@methods(reads=(), writes=("POST",))
def evidence_new(request: PortalRequest, code: str, half: str) -> HttpResponse:
    """Add a paper."""
    found = report_of(request, code, half)
    if not _may_write(request, found):
        raise PermissionDenied
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid() and done(
        form, lambda: services.attach_evidence(report=found, **form.cleaned_data, actor=request.user)
    ):
        messages.success(request, _("증빙을 올렸습니다."))
        return redirect("declining:report", code, half)
    context = _context(request, found, evidence_form=form)
    return render(request, "declining/report_detail.html", context, status=422)


def _paper(request: PortalRequest, public_id: Any) -> ReportEvidence:
    rows = ReportEvidence.objects.visible_to(request.scope).select_related("report__project")
    return get_object_or_404(rows, public_id=public_id)


@needs(Capability.VIEW)
@methods()
def evidence_file(request: PortalRequest, public_id: Any) -> HttpResponseBase:
    """The paper as it was sent, always as a download."""
    found = _paper(request, public_id)
    return FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.filename, content_type="application/octet-stream"
    )


@needs(Capability.WRITE_FUND_PROJECTS)
@methods(reads=(), writes=("POST",))
def evidence_remove(request: PortalRequest, public_id: Any) -> HttpResponse:
    """Take a paper back while the report is being written."""
    found = _paper(request, public_id)
    report = found.report
    try:
        services.remove_evidence(evidence=found, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("증빙을 지웠습니다."))
    return redirect("declining:report", report.project.code, report.text)


@needs(Capability.AGREE_FUND_PROJECTS)
@methods(writes=("POST",))
def report_accept(request: PortalRequest, code: str, half: str) -> HttpResponse:
    """Take note of a report."""
    found = report_of(request, code, half)
    form = SureForm(request.POST if request.method == "POST" else None, initial={"seen": found.version})
    return ask(
        request, form, title=_("보고 확인"), owner=str(found), back=reverse("declining:report", args=[code, half]),
        told=_("보고를 확인했습니다."), lead=_("확인한 보고는 더 고칠 수 없습니다."),
        act=lambda: services.accept_report(report=found, **form.cleaned_data, actor=request.user),
    )  # fmt: skip


@needs(Capability.AGREE_FUND_PROJECTS)
@methods(writes=("POST",))
def report_return(request: PortalRequest, code: str, half: str) -> HttpResponse:
    """Send a report back."""
    found = report_of(request, code, half)
    form = CommentForm(request.POST if request.method == "POST" else None, initial={"seen": found.version})
    return ask(
        request, form, title=_("보고 돌려보내기"), owner=str(found), told=_("보고를 돌려보냈습니다."),
        back=reverse("declining:report", args=[code, half]),
        act=lambda: services.return_report(report=found, **form.cleaned_data, actor=request.user),
    )  # fmt: skip
