"""Entering a company, and changing its facts while somebody else may be doing the same."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from companies import personal, selectors, services
from companies.models import Company, Workplace
from companies.page_forms import EditForm, NewCompanyForm, initial_of
from companies.rules import written_business_number
from companies.services import ChangedMeanwhile, LikelyDuplicates
from companies.views.common import follows_merges, kept, posted, side_by_side, told
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import Refusal
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

_FACTS = tuple(name for name in services.COMPANY_FACTS if name not in personal.FIELDS)


@needs(Capability.MANAGE_COMPANIES)
@methods(writes=("POST",))
def company_new(request: PortalRequest) -> HttpResponse:
    """Enter a company. Likely twins are shown first; entering it all the same is a second, deliberate step."""
    scope = request.scope.within(Capability.MANAGE_COMPANIES)
    form = NewCompanyForm(posted(request), scope=scope)
    twins: list[Any] = []
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        place = {name: facts.pop(name) for name in ("business_number", "number_reason", "region", "address")}
        accept = facts.pop("accept_duplicates")
        try:
            with transaction.atomic():
                company = services.register_company(
                    facts=facts, accept_duplicates=accept, actor=request.user, since=None, **place
                )
        except LikelyDuplicates as fault:
            form.add_error(None, fault.message)
            twins = _described(fault, request)
        except (Refusal, ModelValidationError) as fault:
            told(form, fault)
        else:
            for doubt in form.doubts():
                messages.warning(request, doubt)
            messages.success(request, _("%(name)s을(를) 등록했습니다.") % {"name": company.name})
            return redirect("companies:company", public_id=company.public_id)
    return render(request, "companies/company_form.html", {"form": form, "twins": twins})


def _described(fault: LikelyDuplicates, request: PortalRequest) -> list[dict[str, Any]]:
    """Each likely twin: name, place and reasons; an address only if the reader may open it."""
    ids = [likely.company.pk for likely in fault.likely]
    seats = selectors.headquarters(ids)
    seen = set(Company.objects.visible_to(request.scope).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        {
            "company": likely.company,
            "open": likely.company.pk in seen,
            "place": _place(seats.get(likely.company.pk)),
            "number": written_business_number(seats[likely.company.pk].business_number)
            if likely.company.pk in seats
            else "",
            "reasons": [_(selectors.LIKELY_REASONS[reason]) for reason in likely.reasons],
        }
        for likely in fault.likely
    ]


def _place(seat: Workplace | None) -> str:
    return seat.region.full_name if seat else ""


@needs(Capability.MANAGE_COMPANIES)
@follows_merges
@methods(writes=("POST",))
def company_edit(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Change a company's facts. If somebody saved in between, both versions are laid side by side."""
    company = kept(request, public_id)
    scope = request.scope.within(Capability.MANAGE_COMPANIES)
    form = EditForm(posted(request), scope=scope, initial=initial_of(company, _FACTS))
    conflicts: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        version, renamed, reason = (facts.pop(name) for name in ("version", "renamed", "reason"))
        try:
            with transaction.atomic():
                services.change_company(
                    company=company, version=version, changes=facts, actor=request.user, reason=reason, renamed=renamed
                )
        except ChangedMeanwhile as fault:
            company.refresh_from_db()
            conflicts = [side_by_side(Company, conflict) for conflict in fault.comparison]
            form = EditForm(_resolved(request, fault), scope=scope)
            form.add_error(None, fault.message)
        except (Refusal, ModelValidationError) as fault:
            told(form, fault)
        else:
            for doubt in form.doubts():
                messages.warning(request, doubt)
            messages.success(request, _("저장했습니다."))
            return redirect("companies:company", public_id=company.public_id)
    context = {"company": company, "form": form, "conflicts": conflicts, "edit": True}
    return render(request, "companies/company_form.html", context)


def _resolved(request: PortalRequest, fault: ChangedMeanwhile) -> Any:
    """What was typed, under the version that stands now; fields only the other one changed take their value.

    So that saving again loses nothing of either: where both changed a field, the editor's own word stands and both
    are shown to choose from.
    """
    data = request.POST.copy()
    data["version"] = str(fault.version)
    for conflict in fault.comparison:
        untouched = conflict.wanted == conflict.found
        if untouched and conflict.field in data and not hasattr(conflict.now, "pk"):
            data[conflict.field] = "" if conflict.now is None else str(conflict.now)
    current = initial_of(Company.objects.get(public_id=request.resolver_match.kwargs["public_id"]), _FACTS)  # type: ignore[union-attr]
    for conflict in fault.comparison:
        if conflict.wanted == conflict.found and conflict.field in {"industry", "lead_region"}:
            data[conflict.field] = current.get(conflict.field) or ""
    return data
