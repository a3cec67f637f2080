"""Local sub-levels: each 시·도's own labels beside the legal stage."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.enums import AreaLevel
from crisis.models import Result
from crisis.selectors import latest_evaluated_round
from crisis.validation import services
from crisis.validation.forms import EndForm, SchemeForm
from crisis.validation.models import LocalScheme
from crisis.validation.selectors.levels import LocalLevels
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def writing(scope: Scope) -> Scope:
    """Where this reader may set local levels: an office in its regions, the ministry everywhere."""
    if scope.can(Capability.MANAGE_RULE_SETS):
        return scope.within(Capability.MANAGE_RULE_SETS)
    return scope.within(Capability.PREPARE_DECISIONS)


@needs(Capability.VIEW)
@methods()
def schemes(request: PortalRequest) -> HttpResponse:
    """Every 시·도's table, those in force first."""
    rows = LocalScheme.objects.visible_to(request.scope).select_related("region").prefetch_related("levels")
    today = timezone.localdate()
    context = {
        "rows": [(row, today in row.effective) for row in rows],
        "may_enter": not writing(request.scope).is_empty,
    }
    return render(request, "validation/schemes.html", context)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def scheme_new(request: PortalRequest) -> HttpResponse:
    """Enter a 시·도's table."""
    scope = writing(request.scope)
    if scope.is_empty:
        raise PermissionDenied
    form = SchemeForm(request.POST or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = partial(services.enter_scheme, actor=request.user)
        facts = {name: data[name] for name in ("region", "title", "document", "start", "levels", "notes")}
        if made := tried(form, lambda: act(**facts)):
            messages.success(request, _("자체 단계표를 등록했습니다. 법정 단계는 그대로입니다."))
            return redirect("validation:scheme", pk=made.pk)
    return render(request, "validation/scheme_new.html", {"form": form}, status=422 if form.errors else 200)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def scheme(request: PortalRequest, pk: int) -> HttpResponse:
    """A table, and the newest round's areas with both words; it may be ended."""
    rows = LocalScheme.objects.visible_to(request.scope).select_related("region", "entered_by")
    found = get_object_or_404(rows.prefetch_related("levels"), pk=pk)
    may_end = writing(request.scope).holds(found.region_id) and found.effective.upper is None
    form = EndForm(request.POST or None)
    if request.method == "POST":
        if not may_end:
            raise PermissionDenied
        if form.is_valid():
            act = partial(services.end_scheme, scheme=found, actor=request.user)
            if tried(form, lambda: act(end=form.cleaned_data["end"])):
                messages.success(request, _("자체 단계표를 끝냈습니다."))
                return redirect("validation:schemes")
    context: dict[str, Any] = {"scheme": found, "form": form if may_end else None, "areas": [], "round": None}
    newest = latest_evaluated_round()
    today = timezone.localdate()
    if newest is not None and today in found.effective:
        tables = LocalLevels(today)
        results = (
            Result.objects.filter(run__round=newest, official=True, area__level=AreaLevel.SIGUNGU, status="OK")
            .filter(area__region__parent=found.region)
            .visible_to(request.scope)
            .select_related("area__region")
            .defer("public")
            .order_by("-rci", "area__code")
        )
        context["round"] = newest
        context["areas"] = [(row, tables.of(row.area, row.rci, row.model_stage)) for row in results]
    return render(request, "validation/scheme.html", context, status=422 if form.errors else 200)
