"""The workbench of a round, and the evidence sheet of one of its areas."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.vary import vary_on_headers

from crisis.waiting import Asked, of_areas
from crisis.workbench import pictures
from crisis.workbench.evidence import Evidence, evidence
from crisis.workbench.forms import CommentForm
from crisis.workbench.lists import DeskList, list_of
from crisis.workbench.selectors import evidence as reads
from crisis.workbench.selectors.desk import Desk, desk_of, rounds_to_review
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.scope import Grant, Scope
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def desk_or_404(scope: Scope, code: str) -> Desk:
    found = desk_of(scope, code)
    if found is None:
        raise Http404(code)
    return found


@needs(Capability.VIEW)
@methods()
def home(request: PortalRequest) -> HttpResponse:
    """The newest round that has a result; before there is one, what to wait for."""
    rounds = rounds_to_review(request.scope)
    if rounds:
        return redirect("workbench:desk", code=rounds[0].code)
    return render(request, "workbench/nothing.html")


@needs(Capability.VIEW)
@methods(writes=("POST",))
@vary_on_headers("HX-Request", "HX-Target")
def desk(request: PortalRequest, code: str) -> HttpResponseBase:
    """A round's areas in the reader's regions. POST hands an export too long to wait for to a job."""
    found = desk_or_404(request.scope, code)
    page = list_of(DeskList, request, round=code)
    if page.fault or request.method == "POST" or "export" in request.GET:
        return page.respond(request)
    context: dict[str, Any] = {"desk": found, "round": found.round}
    if not (request.htmx and request.htmx.target == page.id):
        context |= {
            "rounds": rounds_to_review(request.scope),
            "own": found.share(page.level, own=True),
            "everywhere": found.share(page.level, own=False),
            "spreads": found.spreads(),
            "can_try": request.scope.can(Capability.TRY_RULES),
        }
    return page.respond(request, **context)


def speaker(scope: Scope, region_id: int) -> Grant | None:
    """The membership by which a reader may speak of a region's areas; None if they may not."""
    may = scope.within(Capability.COMMENT_ROUNDS).grants
    return next((grant for grant in may if grant.nationwide or region_id in grant.region_ids), None)


def sheet_context(request: PortalRequest, code: str, area: str, form: CommentForm | None = None) -> dict[str, Any]:
    """Everything of an evidence sheet; 404 for an area outside the scope or without a result in the round."""
    found = desk_or_404(request.scope, code)
    result = get_object_or_404(reads.results(found), area__code=area)
    sheet = evidence(found, [result], with_tips=True)[0]
    return {
        "desk": found,
        "round": found.round,
        "sheet": sheet,
        "waits": of_areas(Asked(found.round, [sheet.area.pk], found.newest)).get(sheet.area.pk, []),
        "bars": pictures.contribution_bars(sheet),
        "parts": readings_parts(found, sheet),
        "decided": reads.decisions(sheet.area),
        "speaks": speaker(request.scope, sheet.area.region_id),
        "own_organizations": request.scope.within(Capability.COMMENT_ROUNDS).organization_ids,
        "prepares": request.scope.within(Capability.PREPARE_DECISIONS).holds(sheet.area.region_id),
        "form": form or CommentForm(),
    }


def readings_parts(found: Desk, sheet: Evidence) -> list[pictures.ReadingsPart]:
    """The readings of each indicator that has some, in the rule set's order."""
    known = reads.readings(found.run, sheet.area, list(found.indicators))
    return [
        pictures.readings_part(sheet, indicator, known[code])
        for code, indicator in found.indicators.items()
        if known.get(code)
    ]


@needs(Capability.VIEW)
@methods()
def sheet(request: PortalRequest, code: str, area: str) -> HttpResponse:
    """The evidence sheet of one area in one round."""
    return render(request, "workbench/sheet.html", sheet_context(request, code, area))
