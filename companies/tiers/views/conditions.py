"""Trying a change: a draft copied from a set, its conditions changed field by field, then simulated."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.tiers import services
from companies.tiers.enums import CriteriaState
from companies.tiers.forms import ConditionsForm, sidos
from companies.tiers.models import CriteriaSet
from companies.tiers.views.criteria import may_draft
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _found(request: PortalRequest, code: str) -> CriteriaSet:
    rows = CriteriaSet.objects.visible_to(request.scope).select_related("region", "industry", "based_on")
    return get_object_or_404(rows, code=code)


@needs(Capability.MANAGE_TIER_CRITERIA)
@methods(reads=(), writes=("POST",))
def criteria_try(request: PortalRequest, code: str) -> HttpResponse:
    """Copy a set into a draft of the reader's own region and open its conditions."""
    found = _found(request, code)
    mine = request.scope.within(Capability.MANAGE_TIER_CRITERIA)
    region = None if may_draft(request.scope, found) else sidos(mine).first()
    made = services.change_to_try(criteria=found, actor=request.user, region=region)
    messages.success(request, _("사본을 만들었습니다. 조건을 바꾸고 시뮬레이션해 보세요. 원래 기준은 그대로입니다."))
    return redirect("tiers:criteria_conditions", code=made.code)


@needs(Capability.MANAGE_TIER_CRITERIA)
@methods(writes=("POST",))
def criteria_conditions(request: PortalRequest, code: str) -> HttpResponse:
    """Change a draft's thresholds, operators and groups; drop conditions, add new ones."""
    found = _found(request, code)
    if not may_draft(request.scope, found):
        raise PermissionDenied
    if found.state != CriteriaState.DRAFT or found.is_published:
        messages.error(request, _("확정됐거나 공고에서 옮긴 기준은 고칠 수 없습니다. ‘바꿔 보기’로 사본을 만드세요."))
        return redirect("tiers:criteria", code=code)
    form = ConditionsForm(request.POST or None, body=found.body, initial={"seen": found.updated_at.isoformat()})
    if request.method == "POST" and form.is_valid():
        facts: dict[str, Any] = {
            "criteria": found,
            "actor": request.user,
            "facts": {},
            "seen": form.cleaned_data["seen"],
        }
        if tried(form, lambda: services.edit_criteria(body=form.body, **facts)):
            messages.success(request, _("조건을 저장했습니다."))
            return redirect(_next(request, found))
    context = {"criteria": found, "form": form, "tree": form.shown()}
    return render(request, "tiers/criteria_conditions.html", context, status=422 if form.errors else 200)


def _next(request: PortalRequest, draft: CriteriaSet) -> str:
    """To the simulation against what it was copied from, to the set, or on with the conditions."""
    if "simulate" in request.POST:
        asked = {"criteria": draft.code}
        if draft.based_on is not None:
            asked["compared_with"] = draft.based_on.code
        if draft.region_id:
            asked["region"] = str(draft.region_id)
        return f"{reverse('tiers:screening_new', args=['try'])}?{urlencode(asked)}"
    name = "tiers:criteria_conditions" if "more" in request.POST else "tiers:criteria"
    return reverse(name, args=[draft.code])
