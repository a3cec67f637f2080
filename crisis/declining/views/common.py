"""Finding a row the reader may see, and the page on which one form is answered."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from companies.enums import ClusterKind
from companies.models import Cluster
from crisis.declining.enums import DeclineKind, MeasureState, ProjectState, ReportState
from crisis.declining.models import FundProject, LocalResource, ProjectReport, SpecialZone
from crisis.declining.rules import parse_half
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.errors import ChangedMeanwhile
from portal.kernel.forms import done
from portal.kernel.http import PortalRequest

STATE_KINDS = {
    ProjectState.DRAFT: "", ProjectState.REVIEW: "info", ProjectState.RETURNED: "warn", ProjectState.AGREED: "ok",
    ProjectState.RUNNING: "ok", ProjectState.CLOSED: "mark", ProjectState.WITHDRAWN: "mark",
}  # fmt: skip
REPORT_KINDS = {
    ReportState.OWED: "", ReportState.SUBMITTED: "info", ReportState.RETURNED: "warn", ReportState.ACCEPTED: "ok",
}  # fmt: skip
MEASURE_KINDS = {
    MeasureState.NEED: "warn", MeasureState.PLANNED: "info", MeasureState.RUNNING: "info", MeasureState.DONE: "ok",
    MeasureState.DROPPED: "mark",
}  # fmt: skip
DECLINE_KINDS = {DeclineKind.DECLINE: "danger", DeclineKind.WATCH: "warn"}


def project_of(request: PortalRequest, code: str) -> FundProject:
    rows = FundProject.objects.visible_to(request.scope).select_related(
        "region__parent", "submitted_by", "agreed_by", "closed_by"
    )
    return get_object_or_404(rows, code=code)


def report_of(request: PortalRequest, code: str, half: str) -> ProjectReport:
    rows = ProjectReport.objects.visible_to(request.scope).select_related(
        "project__region__parent", "submitted_by", "accepted_by"
    )
    return get_object_or_404(rows, project__code=code, half=parse_half(half))


def zone_of(request: PortalRequest, code: str) -> SpecialZone:
    return get_object_or_404(SpecialZone.objects.visible_to(request.scope), code=code)


def resource_of(request: PortalRequest, pk: int) -> LocalResource:
    rows = LocalResource.objects.visible_to(request.scope).select_related("region__parent", "industry")
    return get_object_or_404(rows, pk=pk)


def complex_of(request: PortalRequest, code: str) -> Cluster:
    rows = Cluster.objects.visible_to(request.scope).filter(kind=ClusterKind.AGRO).select_related("region__parent")
    return get_object_or_404(rows, code=code)


def records(scope: Scope, *region_ids: int) -> bool:
    """Whether the reader may record in all of these 시·군·구."""
    mine = scope.within(Capability.RECORD_DECLINING)
    return all(mine.holds(pk) for pk in region_ids)


def writes(scope: Scope, project: FundProject) -> bool:
    return scope.within(Capability.WRITE_FUND_PROJECTS).holds(project.region_id)


def is_ministry(scope: Scope) -> bool:
    return scope.within(Capability.AGREE_FUND_PROJECTS).nationwide


def posted(request: PortalRequest) -> Any:
    return request.POST if request.method == "POST" else None


def ask(
    request: PortalRequest, form: Any, *, title: Any, back: str, act: Callable[[], Any], told: Any, lead: Any = "",
    owner: Any = "", template: str = "declining/form.html",
) -> HttpResponse:  # fmt: skip
    """A page with one form: shows it, does the deed, goes back with the words. Who saved second is told to look again."""
    if request.method == "POST" and form.is_valid():
        try:
            if done(form, act):
                messages.success(request, str(told))
                return redirect(back)
        except ChangedMeanwhile as refusal:
            messages.error(request, refusal.message)
            return redirect(back)
    context = {
        "form": form, "title": title, "lead": lead, "back": back, "owner": owner, "today": timezone.localdate(),
        "multipart": form.is_multipart(),
    }  # fmt: skip
    return render(request, template, context, status=422 if form.is_bound else 200)
