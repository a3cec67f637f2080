"""Long work somebody asked for: watched, found again, retried, its file fetched."""

import mimetypes

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.directory.enums import JobState
from portal.directory.models import Job
from portal.directory.services.jobs import EXPORTS, retry_job
from portal.kernel.errors import Refusal
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListPage
from portal.kernel.views import methods


class JobList(ListPage):
    """One's own jobs; a nationwide reader also sees those of the system."""

    name = "jobs"
    title = gettext_lazy("맡긴 작업")
    template = "directory/job_list.html"
    default_sort = "-created_at"
    export_capability = ""
    empty_text = gettext_lazy("파일을 올리거나 긴 목록을 내려받으면 그 작업이 여기에 보입니다.")
    columns = (
        ListColumn(
            "title", gettext_lazy("작업"), sort=("title",), fixed=True, link=lambda job: reverse("job", args=[job.pk])
        ),
        ListColumn("state", gettext_lazy("상태"), value=lambda job: str(job.get_state_display()), sort=("state",)),
        ListColumn(
            "percent",
            gettext_lazy("진행"),
            value=lambda job: job.percent,
            show=lambda job: f"{job.percent}%",
            css="num",
        ),
        ListColumn("created_at", gettext_lazy("맡긴 일시"), sort=("created_at",)),
        ListColumn("finished_at", gettext_lazy("끝난 일시"), sort=("finished_at",)),
    )

    def queryset(self) -> QuerySet[Job]:
        return Job.objects.visible_to(self.scope)


@methods()
def jobs(request: PortalRequest) -> HttpResponseBase:
    """The reader's jobs, the latest first."""
    return JobList.of(request).respond(request)


@methods()
def job(request: PortalRequest, pk: int) -> HttpResponse:
    """One job: how far it is, what came out, why it failed."""
    return render(request, "directory/job_detail.html", _facts(_visible(request, pk)))


@methods()
def job_progress(request: PortalRequest, pk: int) -> HttpResponse:
    """The moving part of a job's page, for htmx; without it the page itself is read again."""
    found = _visible(request, pk)
    if not request.htmx:
        return redirect("job", pk=pk)
    return render(request, "directory/job_detail.html#state", _facts(found) | {"swapped": True})


@methods(reads=(), writes=("POST",))
def job_retry(request: PortalRequest, pk: int) -> HttpResponse:
    """Begin a failed job of one's own again."""
    found = _own(request, pk)
    try:
        retry_job(job=found)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("‘%(job)s’ 작업을 다시 시작했습니다.") % {"job": found})
    return redirect("job", pk=pk)


@methods()
def job_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The file a job made, for its owner alone."""
    found = _own(request, pk)
    name = f"{EXPORTS}/{found.pk}"
    if found.state != JobState.DONE or not found.result.get("filename") or not default_storage.exists(name):
        raise Http404
    filename = str(found.result["filename"])
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return FileResponse(default_storage.open(name), as_attachment=True, filename=filename, content_type=kind)


def _visible(request: PortalRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.scope), pk=pk)


def _own(request: PortalRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.scope), pk=pk, owner=request.user)


def _facts(found: Job) -> dict[str, object]:
    has_file = found.state == JobState.DONE and "filename" in found.result
    return {
        "job": found,
        "has_file": has_file,
        "file_is_there": has_file and default_storage.exists(f"{EXPORTS}/{found.pk}"),
    }
