"""내 업무: what waits for the reader, and how their regions stand."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.dashboards.selectors import board as board_reads
from portal.dashboards.selectors import home as reads
from portal.dashboards.selectors.rounds import calendar, progress, run_of
from portal.directory.enums import Capability
from portal.kernel import todo
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@methods()
def home(request: PortalRequest) -> HttpResponse:
    """The first page of everyone who signs in; what it shows follows from their scope."""
    scope = request.scope
    dates = calendar(scope)
    context: dict[str, Any] = {
        "tasks": todo.for_scope(scope),
        "dates": dates,
        "round": dates.newest,
        "gathering": dates.gathering,
        "state": progress(dates),
        "jobs": reads.open_jobs(scope),
        "uploads": reads.waiting_uploads(scope) if scope.can(Capability.ENTER_OBSERVATIONS) else [],
        "changes": reads.decided_changes(scope),
        "may_view": scope.can(Capability.VIEW),
    }
    if dates.gathering:
        context["days_left"] = (timezone.localtime(dates.gathering.cutoff).date() - timezone.localdate()).days
    run = run_of(dates.newest) if dates.newest else None
    if run is not None:
        level = reads.home_level(run)
        total = board_reads.whole(board_reads.tallies(run, scope, level))
        context |= {"total": total, "worsened": reads.worsened(run, scope, level)}
    return render(request, "dashboards/home.html", context)
