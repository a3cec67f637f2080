"""One case: what it says, what was asked and found, its terms, notices and reports; writing its contents."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.support_areas import services
from crisis.support_areas.enums import CASE_WORDS, EDITABLE, OPINIONS_OPEN, CaseState, Initiative, Purpose
from crisis.support_areas.forms import CaseForm, FileForm, NewCaseForm, PlacesForm
from crisis.support_areas.models import CaseFile, SupportAreaRule, SupportCase
from crisis.support_areas.selectors import other_designations
from crisis.support_areas.services.decisions import lacking_for
from crisis.support_areas.views.common import REPORT_KINDS, STATE_KINDS, case_of, is_ministry, is_sido
from crisis.support_areas.views.deeds import DEEDS
from portal.directory.access import needs
from portal.directory.enums import Capability, RegionLevel
from portal.directory.models import Event, Region
from portal.directory.scope import Scope
from portal.directory.verbs import VERBS
from portal.kernel.deeds import offered
from portal.kernel.errors import ChangedMeanwhile
from portal.kernel.fields import own_field
from portal.kernel.forms import again, conflicts, done, tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

STEPS = {
    CaseState.DRAFT: 1, CaseState.RETURNED: 1, CaseState.SUBMITTED: 2, CaseState.UNDER_REVIEW: 3, CaseState.REJECTED: 3,
    CaseState.WITHDRAWN: 1, CaseState.DESIGNATED: 4, CaseState.RELEASED: 5, CaseState.EXPIRED: 5,
}  # fmt: skip


def writes(scope: Scope, case: SupportCase) -> bool:
    """Whether the reader may write the contents now."""
    own = is_ministry(scope) if case.initiative == Initiative.OWN_MOTION else is_sido(scope, case)
    return own and case.state in EDITABLE


@needs(Capability.VIEW)
@methods()
def case(request: PortalRequest, code: str) -> HttpResponse:
    """Everything of one case on one page."""
    found = case_of(request, code)
    purpose = Purpose.DESIGNATION if found.state == CaseState.UNDER_REVIEW else None
    context = {
        "case": found,
        "state_kind": STATE_KINDS[CaseState(found.state)],
        "step": STEPS[CaseState(found.state)],
        "offered": offered(DEEDS, request.scope, found),
        "writes": writes(request.scope, found),
        "ministry": is_ministry(request.scope),
        "open": found.state in OPINIONS_OPEN,
        "texts": [(own_field(SupportCase, name).verbose_name, getattr(found, name)) for name in CASE_WORDS],
        "places": list(found.places.select_related("region", "cluster__region")),
        "files": list(found.files.select_related("uploaded_by")),
        "opinions": list(found.opinions.select_related("file")),
        "inquiries": list(found.inquiries.prefetch_related("members")),
        "lacking": lacking_for(found, purpose) if purpose and is_ministry(request.scope) else [],
        "terms": list(found.terms.select_related("decided_by")),
        "reports": [(one, REPORT_KINDS[one.state]) for one in found.reports.order_by("year")],  # type: ignore[index]
        "designations": other_designations(found),
        "events": [(one, VERBS.get(one.verb, one.verb)) for one in _events(found)],
    }
    return render(request, "support_areas/case_detail.html", context)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def case_new(request: PortalRequest) -> HttpResponse:
    """Begin a case."""
    scope, today = request.scope, timezone.localdate()
    rule = SupportAreaRule.objects.in_force_on(today).first()
    may_own = is_ministry(scope) and rule is not None and rule.own_motion
    applying = scope.within(Capability.APPLY_SUPPORT_AREAS)
    if not may_own and applying.is_empty:
        if is_ministry(scope):
            messages.error(request, _("지금 규칙은 본부 직권 지정을 허용하지 않습니다. 시·도의 신청을 받아 주세요."))
            return redirect("support_areas:cases")
        raise PermissionDenied
    sidos = Region.objects.in_force_on(today).filter(level=RegionLevel.SIDO)
    if not may_own:
        sidos = sidos.filter(applying.regions("pk"))
    form = NewCaseForm(
        request.POST if request.method == "POST" else None,
        sidos=sidos.order_by("name_ko"), may_own=may_own, may_apply=not applying.is_empty,
    )  # fmt: skip
    act = lambda: services.draft_case(**form.cleaned_data, actor=request.user)  # noqa: E731
    if request.method == "POST" and form.is_valid() and (made := tried(form, act)):
        messages.success(request, _("초안을 만들었습니다. 내용과 대상 지역, 증빙을 채운 다음 신청해 주세요."))
        return redirect("support_areas:case", code=made.code)
    return render(request, "support_areas/case_new.html", {"form": form}, status=422 if form.is_bound else 200)


def _events(found: SupportCase) -> Any:
    return Event.objects.about(found).select_related("actor").order_by("-at", "-pk")[:15]


def _form_page(
    request: PortalRequest, found: SupportCase, form: Any, title: str, *, status: int = 422, **more: Any
) -> HttpResponse:
    context = {"case": found, "form": form, "title": title, "multipart": form.is_multipart(), **more}
    return render(request, "support_areas/case_form.html", context, status=status if form.is_bound else 200)


def _writable(request: PortalRequest, code: str) -> SupportCase:
    found = case_of(request, code)
    if not writes(request.scope, found):
        raise PermissionDenied
    return found


@needs(Capability.VIEW)
@methods(writes=("POST",))
def case_edit(request: PortalRequest, code: str) -> HttpResponse:
    """Write the contents of decree §24②."""
    found = _writable(request, code)
    form = CaseForm(request.POST if request.method == "POST" else None, initial=CaseForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        seen = facts.pop("seen")
        act = lambda: services.save_case(case=found, facts=facts, seen=seen, actor=request.user)  # noqa: E731
        try:
            if done(form, act):
                messages.success(request, _("저장했습니다."))
                return redirect("support_areas:case", code=code)
        except ChangedMeanwhile as refusal:
            now = case_of(request, code)
            both = {"told": refusal.message, "conflicts": conflicts(form, CaseForm(initial=CaseForm.initial_of(now)))}
            form = CaseForm(again(request, now.version))
            return _form_page(request, now, form, _("내용 고치기"), status=409, **both)
    return _form_page(request, found, form, _("내용 고치기"))


@needs(Capability.VIEW)
@methods(writes=("POST",))
def case_places(request: PortalRequest, code: str) -> HttpResponse:
    """Say which 시·군·구 and clusters the area is."""
    found = _writable(request, code)
    places = list(found.places.all())
    initial = {
        "seen": found.version,
        "regions": [one.region_id for one in places if one.region_id],
        "clusters": [one.cluster_id for one in places if one.cluster_id],
    }
    form = PlacesForm(request.POST if request.method == "POST" else None, initial=initial, case=found)
    act = lambda: services.set_places(case=found, **form.cleaned_data, actor=request.user)  # noqa: E731
    if request.method == "POST" and form.is_valid() and done(form, act, passing=()):
        messages.success(request, _("대상 지역을 정했습니다."))
        return redirect("support_areas:case", code=code)
    return _form_page(request, found, form, _("대상 지역 정하기"))


@needs(Capability.VIEW)
@methods(writes=("POST",))
def file_new(request: PortalRequest, code: str) -> HttpResponse:
    """Attach proof: the 시·도 to its application, the ministry to a case under review."""
    found = case_of(request, code)
    if not writes(request.scope, found) and not (is_ministry(request.scope) and found.state in OPINIONS_OPEN):
        raise PermissionDenied
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    act = lambda: services.attach_file(case=found, **form.cleaned_data, actor=request.user)  # noqa: E731
    if request.method == "POST" and form.is_valid() and done(form, act, passing=()):
        messages.success(request, _("파일을 붙였습니다."))
        return redirect("support_areas:case", code=code)
    return _form_page(request, found, form, _("증빙 붙이기"))


@needs(Capability.VIEW)
@methods()
def file(request: PortalRequest, code: str, pk: int) -> HttpResponseBase:
    """A piece of proof, for whoever sees the case."""
    kept = get_object_or_404(CaseFile, case=case_of(request, code), pk=pk)
    return FileResponse(kept.file.open("rb"), as_attachment=True, filename=kept.filename)
