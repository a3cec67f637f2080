"""The situation board and the page of one area."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.vary import vary_on_headers

from crisis.models import Area
from portal.dashboards.area import area_story
from portal.dashboards.board import crisis_board
from portal.dashboards.board_list import BoardList
from portal.dashboards.selectors.rounds import calendar, progress
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.VIEW)
@methods(writes=("POST",))
@vary_on_headers("HX-Request", "HX-Target")  # going back must not find the part where the page was
def board(request: PortalRequest) -> HttpResponseBase:
    """위기징후 현황판: a round by map, counts and list. POST hands an export too long to wait for to a job."""
    found = BoardList.of(request)
    if request.GET.get("round") and found.round is None:
        raise Http404(request.GET["round"])
    if found.fault or request.method == "POST" or "export" in request.GET:
        return found.respond(request)
    context = {"list": found, "page": found.page, "dates": found.dates, "round": found.round}
    if request.htmx and request.htmx.target == found.id:
        return render(request, "dashboards/board_list.html", context | {"swapped": True})
    return render(request, found.template, context | {"board": crisis_board(found), "state": progress(found.dates)})


@needs(Capability.VIEW)
@methods()
def board_progress(request: PortalRequest) -> HttpResponse:
    """The progress line alone; it asks for itself until every due round is evaluated."""
    return render(request, "dashboards/board.html#progress", {"state": progress(calendar(request.scope))})


@needs(Capability.VIEW)
@methods()
def area(request: PortalRequest, code: str) -> HttpResponse:
    """One area: its stage, why, and how it came there. `?round=` a past round, `?months=all` all figures."""
    found = get_object_or_404(Area.objects.visible_to(request.scope).select_related("region"), code=code)
    dates = calendar(request.scope)
    asked = request.GET.get("round", "")
    round = dates.find(asked) if asked else dates.newest or dates.gathering
    if asked and round is None:
        raise Http404(asked)
    whole = request.GET.get("months") == "all"
    story = area_story(scope=request.scope, area=found, dates=dates, round=round, whole=whole)
    return render(request, "dashboards/area.html", {"story": story, "area": found, "round": round, "dates": dates})
