"""What-ifs: a changed copy of the rules tried on a round, and who would change stage by it."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crisis.enums import AreaLevel
from crisis.workbench import services, words
from crisis.workbench.forms import WhatIfForm
from crisis.workbench.lists import MoveList, list_of
from crisis.workbench.models import WhatIf, WhatIfResult
from crisis.workbench.rules import STAGE_ORDER, transition_matrix
from crisis.workbench.selectors.desk import Desk
from crisis.workbench.views.desk import desk_or_404
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.models import Organization
from portal.kernel.errors import Refusal
from portal.kernel.forms import tell
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.TRY_RULES)
@methods()
def what_ifs(request: PortalRequest) -> HttpResponse:
    """The trials of one's own body; the ministry's officers see all."""
    rows = WhatIf.objects.visible_to(request.scope).select_related("run__round", "owner", "organization", "job")
    return render(request, "workbench/what_if_list.html", {"what_ifs": rows[:200]})


@needs(Capability.TRY_RULES)
@methods(writes=("POST",))
def what_if_new(request: PortalRequest, code: str) -> HttpResponse:
    """Change figures of a copy of the round's rules and have the round judged again by it."""
    found = desk_or_404(request.scope, code)
    form = WhatIfForm(request.POST or None, body=found.body, names=found.names)
    if request.method == "POST" and form.is_valid():
        grant = request.scope.within(Capability.TRY_RULES).grants[0]
        try:
            made = services.start_what_if(
                run=found.run,
                organization=Organization.objects.get(pk=grant.organization_id),
                actor=request.user,
                **form.asked,
            )
        except Refusal as refusal:
            tell(form, refusal)
        else:
            return redirect("workbench:what_if", pk=made.pk)
    return render(request, "workbench/what_if_new.html", {"desk": found, "round": found.round, "form": form})


def _found(request: PortalRequest, pk: int) -> WhatIf:
    rows = WhatIf.objects.visible_to(request.scope)
    return get_object_or_404(rows.select_related("run__round", "run__rule_set", "owner", "organization", "job"), pk=pk)


@needs(Capability.TRY_RULES)
@methods(writes=("POST",))
def what_if(request: PortalRequest, pk: int) -> HttpResponseBase:
    """How far it has come, then who moves: a matrix of stages and a list. POST: an export too long to wait for."""
    found = _found(request, pk)
    if found.finished_at is None:
        return render(request, "workbench/what_if_running.html", {"what_if": found, "job": found.job})
    page = list_of(MoveList, request, what_if=pk)
    if page.fault or request.method == "POST" or "export" in request.GET:
        return page.respond(request)
    desk = Desk(found.run.round, found.run, request.scope, newest=False)
    given = found.body.get("dimension_names", {})
    context: dict[str, Any] = {
        "what_if": found,
        "round": found.run.round,
        "changes": [(words.changed(path, desk.names, given), old, new) for path, old, new in found.changes],
        "same": found.output_digest == found.run.output_digest,
        "matrices": _matrices(request, found),
        "stages": STAGE_ORDER,
    }
    return page.respond(request, **context)


@needs(Capability.TRY_RULES)
@methods()
def what_if_progress(request: PortalRequest, pk: int) -> HttpResponse:
    """The progress line alone; once the result is there it sends the reader to it."""
    found = _found(request, pk)
    if found.finished_at is not None:
        return HttpResponse(headers={"HX-Redirect": reverse("workbench:what_if", args=[pk])})
    return render(request, "workbench/what_if_running.html#progress", {"what_if": found, "job": found.job})


def _matrices(request: PortalRequest, found: WhatIf) -> list[tuple[str, Any, int]]:
    """(level in words, matrix, how many move) for each level judged below the nation."""
    rows = WhatIfResult.objects.visible_to(request.scope).filter(what_if=found).order_by()
    counted = rows.values_list("area__level", "stage_before", "stage").annotate(n=Count("pk"))
    by_level: dict[str, list[tuple[str | None, str | None, int]]] = {}
    for level, before, after, number in counted:
        by_level.setdefault(level, []).append((before, after, number))
    return [
        (
            str(AreaLevel(level).label),
            transition_matrix(by_level[level]),
            sum(number for before, after, number in by_level[level] if before != after),
        )
        for level in (AreaLevel.CLUSTER, AreaLevel.SIGUNGU, AreaLevel.SIDO)
        if level in by_level
    ]


@needs(Capability.TRY_RULES)
@methods(reads=(), writes=("POST",))
def what_if_delete(request: PortalRequest, pk: int) -> HttpResponse:
    """Throw a trial away before its month is over."""
    found = _found(request, pk)
    try:
        services.delete_what_if(what_if=found, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("workbench:what_if", pk=pk)
    messages.success(request, _("가정 산출을 지웠습니다."))
    return redirect("workbench:what_ifs")
