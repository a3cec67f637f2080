"""지역혁신 선도기업: entered, extended, cancelled; certificates and half-yearly reports."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Company
from companies.tiers import rules, services
from companies.tiers.forms import CancelForm, DesignationForm, ExtendForm, ReasonForm, ReportForm, ReturnForm
from companies.tiers.models import LeadingDesignation, LeadingReport
from companies.tiers.models.designation import TERM_YEARS
from companies.tiers.selectors.places import home_regions
from companies.tiers.views.lists import DesignationList, ReportList
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.VIEW)
@methods(writes=("POST",))
def designations(request: PortalRequest) -> HttpResponseBase:
    return DesignationList.of(request).respond(request)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def reports(request: PortalRequest) -> HttpResponseBase:
    return ReportList.of(request).respond(request)


@needs(Capability.DECIDE_TIERS)
@methods(writes=("POST",))
def designation_new(request: PortalRequest, public_id: Any) -> HttpResponse:
    """Enter what a 시·도 designated."""
    scope = request.scope.within(Capability.DECIDE_TIERS)
    company = get_object_or_404(Company.objects.visible_to(scope).not_merged(), public_id=public_id)
    initial = {"start": timezone.localdate(), "region": home_regions([company.pk]).get(company.pk)}
    form = DesignationForm(request.POST or None, scope=scope, initial=initial)
    if request.method == "POST" and form.is_valid():
        act = partial(services.designate, company=company, actor=request.user)
        if made := tried(form, lambda: act(**form.cleaned_data)):
            messages.success(request, _("선정서 %(number)s로 등록했습니다.") % {"number": made.certificate_number})
            return redirect("tiers:designation", number=made.certificate_number)
    return render(request, "tiers/designation_form.html", {"company": company, "form": form})


def _found(request: PortalRequest, number: str) -> LeadingDesignation:
    year, _dash, serial = number.partition("-")
    if not (year.isdigit() and serial.isdigit()):
        raise Http404
    rows = LeadingDesignation.objects.visible_to(request.scope).select_related("company", "region", "cancelled_by")
    return get_object_or_404(rows, certificate_year=int(year), certificate_serial=int(serial))


DEEDS: dict[str, tuple[Any, Any, Any]] = {
    "extend": (ExtendForm, services.extend_designation, gettext_lazy("연장했습니다.")),
    "cancel": (CancelForm, services.cancel_designation, gettext_lazy("취소했습니다. 7일 안에 선정서를 돌려받으세요.")),
    "return": (ReturnForm, services.return_certificate, gettext_lazy("선정서 반납을 기록했습니다.")),
    "reissue": (ReasonForm, services.reissue_certificate, gettext_lazy("선정서 재발급을 기록했습니다.")),
}


def _offered(found: LeadingDesignation) -> list[str]:
    """Deeds that are open now."""
    if found.cancelled_on:
        return [] if found.returned_on else ["return"]
    offered = ["reissue", "cancel"] if found.is_in_force(timezone.localdate()) else []
    return offered if found.extended_until else ["extend", *offered]


def _page(request: PortalRequest, found: LeadingDesignation, bound: tuple[str, Any] | None = None) -> HttpResponse:
    today = timezone.localdate()
    decides = request.scope.within(Capability.DECIDE_TIERS).holds(found.region_id)
    initial = {"until": rules.years_later(found.ends_on, TERM_YEARS), "on": today}
    forms = [
        (key, bound[1] if bound and bound[0] == key else DEEDS[key][0](prefix=key, initial=initial))
        for key in (_offered(found) if decides else [])
    ]
    context = {
        "designation": found,
        "in_force": found.is_in_force(today),
        "forms": forms,
        "reports": found.reports.select_related("submitted_by"),
        "owed": set(LeadingReport.objects.owed().filter(designation=found).values_list("pk", flat=True)),
        "issues": found.issues.select_related("issued_by"),
        "today": today,
    }
    return render(request, "tiers/designation_detail.html", context, status=422 if bound else 200)


@needs(Capability.VIEW)
@methods()
def designation(request: PortalRequest, number: str) -> HttpResponse:
    """One designation, its certificate and its reports."""
    return _page(request, _found(request, number))


@needs(Capability.DECIDE_TIERS)
@methods(reads=(), writes=("POST",))
def designation_deed(request: PortalRequest, number: str, key: str) -> HttpResponse:
    """Extend, cancel, take back or reissue."""
    found = _found(request, number)
    if key not in DEEDS:
        raise Http404
    if not request.scope.within(Capability.DECIDE_TIERS).holds(found.region_id):
        raise PermissionDenied
    form_class, deed, said = DEEDS[key]
    form = form_class(request.POST, prefix=key)
    act = partial(deed, designation=found, actor=request.user)
    if form.is_valid() and tried(form, lambda: act(**form.cleaned_data)):
        messages.success(request, said)
        return redirect("tiers:designation", number=number)
    if key not in _offered(found):
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect("tiers:designation", number=number)
    return _page(request, found, (key, form))


@needs(Capability.VIEW, for_writing=Capability.MANAGE_COMPANIES)
@methods(writes=("POST",))
def report(request: PortalRequest, number: str, half: str) -> HttpResponse:
    """A half-yearly report: read, or written and handed in."""
    found = _found(request, number)
    row = get_object_or_404(LeadingReport, designation=found, half=half)
    writes = request.scope.within(Capability.MANAGE_COMPANIES).holds(found.region_id) and row.submitted_at is None
    form = ReportForm(request.POST or None) if writes else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        act = partial(services.submit_report, report=row, actor=request.user)
        if form.is_valid() and tried(form, lambda: act(**form.cleaned_data)) is not None:
            messages.success(request, _("보고를 기록했습니다."))
            return redirect("tiers:designation", number=number)
    return render(request, "tiers/report_form.html", {"designation": found, "report": row, "form": form})
