"""A firm's tiers: what it has, had and was thought to have; its cases, facts, plan and designation."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from companies.models import Company
from companies.tiers import services
from companies.tiers.enums import Track
from companies.tiers.forms import FactForm, PartnerEndForm, PartnerForm
from companies.tiers.models import GrowthStrategy, LeadingDesignation, PartnerRegion, StatedFact, TierCase, TierPeriod
from companies.tiers.selectors import firms_seen, tier_on
from companies.tiers.views.lists import FirmList
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.dates import end_of_day
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.VIEW)
@methods(writes=("POST",))
def firms(request: PortalRequest) -> HttpResponseBase:
    """Firms with a tier on a day, as known on another."""
    made = FirmList.of(request)
    return made.respond(request, day=made.day if not made.fault else None, known=request.GET.get("known", ""))


def _partners(request: PortalRequest, company: Company, own: bool, bound: dict[str, Any]) -> dict[str, Any]:
    """The regions that take part, and what those who decide over the firm may do about it."""
    today = timezone.localdate()
    rows = list(PartnerRegion.objects.filter(company=company).select_related("region", "stated_by"))
    for row in rows:
        key = f"partner{row.pk}"
        runs = row.effective.upper is None or row.effective.upper > today
        row.end_form = None  # type: ignore[attr-defined]
        if own and runs:
            row.end_form = bound.get(key) or PartnerEndForm(prefix=key, initial={"end": today})  # type: ignore[attr-defined]
    form = bound.get("partner") or PartnerForm(prefix="partner", initial={"start": today})
    return {"partners": rows, "partner_form": form if own else None}


def _page(request: PortalRequest, company: Company, **bound: Any) -> HttpResponse:
    today = timezone.localdate()
    day = _day(request.GET.get("on", "")) or today
    known = _day(request.GET.get("known", ""))
    known_at = end_of_day(known) if known else None
    periods = list(
        TierPeriod.objects.filter(company=company)
        .select_related("case__criteria", "case__decided_by", "superseded_by", "region")
        .order_by("-effective", "-recorded_at")
    )
    manages = request.scope.within(Capability.MANAGE_COMPANIES)
    own = Company.objects.visible_to(manages).filter(pk=company.pk).exists() if not manages.is_empty else False
    context = {
        "company": company,
        "today": today,
        "day": day,
        "known": known,
        "as_of": [(track.label, tier_on(company, day, known_at, track=track)) for track in Track],
        "current": [row for row in periods if row.superseded_at is None],
        "superseded": [row for row in periods if row.superseded_at is not None],
        "cases": TierCase.objects.filter(company=company).defer("evidence").select_related("criteria")[:50],
        "facts": StatedFact.objects.filter(company=company).select_related("stated_by")[:50],
        "designations": LeadingDesignation.objects.filter(company=company).select_related("region"),
        "strategies": GrowthStrategy.objects.filter(company=company).with_progress().select_related("officer"),
        "can_manage": own,
        "can_designate": request.scope.can(Capability.DECIDE_TIERS),
        "fact_form": bound.get("fact") or FactForm(initial={"start": today}),
        **_partners(request, company, own, bound),
    }
    return render(request, "tiers/firm_detail.html", context, status=422 if bound else 200)


def _day(text: str) -> Any:
    try:
        return parse_date(text) if text else None
    except ValueError:
        return None


@needs(Capability.VIEW)
@methods()
def firm(request: PortalRequest, public_id: Any) -> HttpResponse:
    """One firm's tiers; `?on=` and `?known=` ask for a day, and for what was known on another."""
    return _page(request, get_object_or_404(firms_seen(request.scope), public_id=public_id))


@needs(Capability.MANAGE_COMPANIES)
@methods(reads=(), writes=("POST",))
def fact_new(request: PortalRequest, public_id: Any) -> HttpResponse:
    """State a fact with its document."""
    company = _own(request, public_id)
    form = FactForm(request.POST)
    if form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("code", "value", "start", "end", "document")}
        if tried(form, lambda: services.state_fact(company=company, actor=request.user, **data)):
            messages.success(request, _("확인 사항을 저장했습니다."))
            return redirect("tiers:firm", public_id=company.public_id)
    return _page(request, company, fact=form)


def _own(request: PortalRequest, public_id: Any) -> Company:
    scope = request.scope.within(Capability.MANAGE_COMPANIES)
    return get_object_or_404(Company.objects.visible_to(scope).not_merged(), public_id=public_id)


@needs(Capability.MANAGE_COMPANIES)
@methods(reads=(), writes=("POST",))
def partner_new(request: PortalRequest, public_id: Any) -> HttpResponse:
    """A region takes part in the firm."""
    company = _own(request, public_id)
    form = PartnerForm(request.POST, prefix="partner")
    if form.is_valid():
        act = partial(services.add_partner, company=company, actor=request.user)
        if tried(form, lambda: act(**form.cleaned_data)):
            messages.success(request, _("함께하는 시·도를 더했습니다. 그 시·도도 이 기업의 등급을 봅니다."))
            return redirect("tiers:firm", public_id=company.public_id)
    return _page(request, company, partner=form)


@needs(Capability.MANAGE_COMPANIES)
@methods(reads=(), writes=("POST",))
def partner_end(request: PortalRequest, public_id: Any, pk: int) -> HttpResponse:
    """A region no longer takes part."""
    company = _own(request, public_id)
    partner = get_object_or_404(PartnerRegion, company=company, pk=pk)
    form = PartnerEndForm(request.POST, prefix=f"partner{pk}")
    if form.is_valid():
        act = partial(services.end_partner, partner=partner, actor=request.user)
        if tried(form, lambda: act(end=form.cleaned_data["end"])):
            messages.success(request, _("참여를 끝냈습니다."))
            return redirect("tiers:firm", public_id=company.public_id)
    return _page(request, company, **{f"partner{pk}": form})
