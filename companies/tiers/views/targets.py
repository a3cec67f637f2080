"""Targets of the cohort: the nation's as published, a region's set by its office."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.tiers import services
from companies.tiers.enums import Tier
from companies.tiers.forms import TargetForm
from companies.tiers.models import CohortTarget
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _order(row: CohortTarget) -> tuple[str, int, int]:
    """The nation's first, then region by region; within a year up the ladder."""
    return (row.region.code if row.region else "", row.year, Tier.values.index(row.tier))


@needs(Capability.VIEW, for_writing=Capability.MANAGE_TIER_CRITERIA)
@methods(writes=("POST",))
def targets(request: PortalRequest) -> HttpResponse:
    """Every target the reader sees; those who set criteria set the targets of their regions."""
    mine = request.scope.within(Capability.MANAGE_TIER_CRITERIA)
    form = None
    if not mine.is_empty:
        form = TargetForm(request.POST or None, scope=mine, initial={"year": timezone.localdate().year})
        if request.method == "POST" and form.is_valid():
            act = partial(services.set_target, actor=request.user)
            if tried(form, lambda: act(**form.cleaned_data)):
                messages.success(request, _("지역 목표를 정했습니다."))
                return redirect("tiers:targets")
    rows = CohortTarget.objects.visible_to(request.scope).select_related("region")
    context = {
        "rows": [(row, row.region_id is not None and mine.holds(row.region_id)) for row in sorted(rows, key=_order)],
        "form": form,
    }
    return render(request, "tiers/target_list.html", context, status=422 if form and form.errors else 200)


@needs(Capability.MANAGE_TIER_CRITERIA)
@methods(reads=(), writes=("POST",))
def target_drop(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a region's target back."""
    found = get_object_or_404(CohortTarget.objects.visible_to(request.scope).select_related("region"), pk=pk)
    if found.region_id is None or not request.scope.within(Capability.MANAGE_TIER_CRITERIA).holds(found.region_id):
        raise PermissionDenied
    services.drop_target(target=found, actor=request.user)
    messages.success(request, _("지역 목표를 지웠습니다."))
    return redirect("tiers:targets")
