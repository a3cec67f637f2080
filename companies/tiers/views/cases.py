"""A case: its evidence, where it stands, what can be done next; and opening one by hand."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Company
from companies.tiers import rules, services
from companies.tiers.enums import ADVERSE_KINDS, CaseKind, CaseState
from companies.tiers.forms import CaseForm
from companies.tiers.models import TierCase
from companies.tiers.selectors.places import home_regions
from companies.tiers.views.deeds import BY_KEY, DEEDS, CaseDeed
from companies.tiers.views.lists import CaseList, goal
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.models import Event
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.VIEW)
@methods(writes=("POST",))
def cases(request: PortalRequest) -> HttpResponseBase:
    """Cases of the firms the reader sees."""
    can = request.scope.can
    return CaseList.of(request).respond(request, can_find=can(Capability.REVIEW_TIERS) or can(Capability.DECIDE_TIERS))


def _found(request: PortalRequest, public_id: Any) -> TierCase:
    rows = TierCase.objects.visible_to(request.scope).select_related(
        "company", "region", "criteria", "screening", "appealed", "reviewed_by", "decided_by", "opened_by"
    )
    return get_object_or_404(rows, public_id=public_id)


def _initial(case: TierCase, key: str) -> dict[str, Any]:
    today = timezone.localdate()
    if key == "approve":
        years = case.criteria.term_years if case.criteria else None
        end = rules.years_later(today, years) if years and case.kind not in ADVERSE_KINDS else None
        return {"start": today, "end": end}
    return {"on": today + timedelta(days=14)} if key == "notify" else {}


def _open_deeds(request: PortalRequest, case: TierCase) -> list[CaseDeed]:
    """Deeds that the case's state and the reader's rights in its region allow."""
    scope = request.scope
    return [
        deed
        for deed in DEEDS
        if deed.is_open(case) and scope.can(deed.capability) and scope.within(deed.capability).holds(case.region_id)
    ]


def _steps(case: TierCase) -> tuple[list[str], int]:
    """The road of this kind of case and where it stands on it, from 1; past the end when it is over."""
    names = [_("후보"), _("검토"), _("결정 대기")]
    at = {CaseState.CANDIDATE: 1, CaseState.IN_REVIEW: 2, CaseState.REVIEWED: 3}
    if case.kind in ADVERSE_KINDS:
        names.append(_("의견청취"))
        at |= {CaseState.REVIEWED: 3, CaseState.HEARING: 4, CaseState.HEARD: 5}
    names.append(_("결정"))
    return names, at.get(CaseState(case.state), len(names) + 1)


def _page(request: PortalRequest, case: TierCase, bound: tuple[str, Form] | None = None) -> HttpResponse:
    deeds = [
        (
            deed,
            bound[1]
            if bound and bound[0] == deed.key
            else deed.form(prefix=deed.key, initial=_initial(case, deed.key)),
        )
        for deed in _open_deeds(request, case)
    ]
    names, at = _steps(case)
    context = {
        "case": case,
        "goal": goal(case),
        "evidence": case.evidence["result"] if case.evidence else None,
        "deeds": deeds,
        "steps": [{"name": name, "done": n < at, "current": n == at} for n, name in enumerate(names, 1)],
        "step_at": min(at, len(names)),
        "step_here": names[min(at, len(names)) - 1],
        "council_needed": services.council_needed(case),
        "periods": case.periods.order_by("recorded_at"),
        "appeals": case.appeals.order_by("pk"),
        "events": Event.objects.about(case).select_related("actor").order_by("-at", "-pk")[:50],
    }
    return render(request, "tiers/case_detail.html", context, status=422 if bound else 200)


@needs(Capability.VIEW)
@methods()
def case(request: PortalRequest, public_id: Any) -> HttpResponse:
    """One case with its evidence sheet and its history."""
    return _page(request, _found(request, public_id))


@needs(Capability.VIEW)
@methods(reads=(), writes=("POST",))
def case_deed(request: PortalRequest, public_id: Any, key: str) -> HttpResponse:
    """Do one of the case's deeds; a refusal comes back on the page, at the form."""
    found = _found(request, public_id)
    deed = BY_KEY.get(key)
    if deed is None:
        raise Http404
    if not request.scope.can(deed.capability) or not request.scope.within(deed.capability).holds(found.region_id):
        raise PermissionDenied
    form = deed.form(request.POST, prefix=deed.key)
    if form.is_valid() and (result := tried(form, lambda: deed.act(found, form, request.user))):
        messages.success(request, str(deed.said))
        return redirect("tiers:case", public_id=result.public_id)
    if deed not in _open_deeds(request, found):  # the form is gone from the page: say it above
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect("tiers:case", public_id=found.public_id)
    return _page(request, found, (key, form))


@needs(Capability.MANAGE_COMPANIES)
@methods(writes=("POST",))
def case_new(request: PortalRequest, public_id: Any) -> HttpResponse:
    """Open a case about a firm by hand."""
    scope = request.scope.within(Capability.MANAGE_COMPANIES)
    company = get_object_or_404(Company.objects.visible_to(scope).not_merged(), public_id=public_id)
    today = timezone.localdate()
    initial = {"on": today, "base_year": today.year - 1, "region": home_regions([company.pk]).get(company.pk)}
    form = CaseForm(request.POST or None, scope=scope, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = _case_facts(form.cleaned_data)
        if made := tried(form, lambda: services.open_case(company=company, actor=request.user, **facts)):
            messages.success(request, _("심사를 열었습니다."))
            return redirect("tiers:case", public_id=made.public_id)
    back = reverse("tiers:firm", args=[company.public_id])
    return render(request, "tiers/case_form.html", {"company": company, "form": form, "back": back})


def _case_facts(data: dict[str, Any]) -> dict[str, Any]:
    """What a kind of case does not use is left out, however it was filled in."""
    kind = data["kind"]
    return {
        **data,
        "to_tier": data["to_tier"] if kind == CaseKind.DEMOTION else "",
        "ground": data["ground"] if kind == CaseKind.CANCELLATION else "",
    }
