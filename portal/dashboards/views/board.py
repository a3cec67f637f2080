"""The situation board and the page of one area."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crisis.models import Area
from portal.dashboards.board import crisis_board, indicator_names
from portal.dashboards.selectors.rounds import Calendar, calendar, progress
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _chosen(dates: Calendar, code: str) -> object:
    """The round asked for; without one the newest evaluated. An unknown code is no page."""
    found = dates.find(code) if code else dates.newest
    if code and found is None:
        raise Http404(code)
    return found


@methods()
def board(request: PortalRequest) -> HttpResponse:
    """위기징후 현황판: a round by map, counts and list."""
    dates = calendar(request.scope)
    round = _chosen(dates, request.GET.get("round", ""))
    state = progress(dates) if dates.owed or dates.gathering else None
    found = crisis_board(scope=request.scope, dates=dates, round=round, query=request.GET) if round else None
    context = {"dates": dates, "round": round, "state": state, "board": found}
    if found:
        context["names"] = indicator_names(found.run, get_language() or "ko")
    return render(request, "dashboards/board.html", context)


@methods()
def board_progress(request: PortalRequest) -> HttpResponse:
    """The progress line alone; it asks for itself until every due round is evaluated."""
    return render(request, "dashboards/board.html#progress", {"state": progress(calendar(request.scope))})


@methods()
def area(request: PortalRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Area.objects.visible_to(request.scope), code=code)
    return HttpResponse(found.name + _(" "))
