"""One diagnosis: asked for, begun, finished, led on; its papers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from crisis.conversion import services
from crisis.conversion.enums import DIAGNOSIS_OPEN, DiagnosisState
from crisis.conversion.forms import DiagnosisForm, FileForm, number_of
from crisis.conversion.models import Diagnosis, PlanMember
from crisis.conversion.step_forms import BeginForm, FinishForm, ReasonForm, ReferForm
from crisis.conversion.views.common import (
    DIAGNOSIS_KINDS,
    diagnosis_of,
    events_of,
    form_page,
    posted,
    step_page,
    works_for,
)
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.deeds import Step, offered, take_step
from portal.kernel.forms import done, tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def works(scope: Scope, row: Diagnosis) -> bool:
    """Whether the reader handles conversion where the firm is; worked out once for a row."""
    known: bool | None = getattr(row, "_works", None)
    if known is None:
        known = row._works = works_for(scope, row.company_id)  # type: ignore[attr-defined]
    return known


def _asked(scope: Scope, row: Diagnosis) -> bool:
    return row.state == DiagnosisState.REQUESTED and works(scope, row)


def _under_way(scope: Scope, row: Diagnosis) -> bool:
    return row.state == DiagnosisState.EXAMINING and works(scope, row)


def _open(scope: Scope, row: Diagnosis) -> bool:
    return row.state in DIAGNOSIS_OPEN and works(scope, row)


def _done(scope: Scope, row: Diagnosis) -> bool:
    return row.state == DiagnosisState.DONE and works(scope, row)


STEPS = (
    Step("begin", _("진단 시작"), _("진단을 맡은 사람과 시작일을 적습니다."), BeginForm, services.begin_diagnosis, _asked,
         _("진단을 시작했습니다.")),
    Step("finish", _("결과 적기"), _("결과 문서를 먼저 붙인 다음 결과와 권고, 점수를 적습니다."), FinishForm,
         services.finish_diagnosis, _under_way, _("진단을 마쳤습니다. 어디로 이을지 정해 주세요.")),
    Step("refer", _("연계 정하기"), _("사업전환계획이나 다른 지원으로 잇습니다. 정한 다음에도 바꿀 수 있습니다."), ReferForm,
         services.refer_diagnosis, _done, _("연계를 적었습니다.")),
    Step("refuse", _("진단하지 않음"), _("진단하지 않는 사유를 적습니다."), ReasonForm, services.refuse_diagnosis, _open,
         _("진단하지 않기로 적었습니다."), "secondary"),
    Step("withdraw", _("신청 철회"), _("기업이 바라지 않아 신청을 거둡니다."), ReasonForm, services.withdraw_diagnosis, _open,
         _("신청을 철회했습니다."), "tertiary"),
)  # fmt: skip


@needs(Capability.WORK_CONVERSION)
@methods(writes=("POST",))
def diagnosis_new(request: PortalRequest) -> HttpResponse:
    """Ask for a diagnosis. `?company=` (its number in the portal) fills the firm in."""
    mine = request.scope.within(Capability.WORK_CONVERSION)
    initial = {}
    if asked := request.GET.get("company", ""):
        rows = Company.objects.visible_to(mine)
        initial["company"] = number_of(get_object_or_404(rows, public_id=asked)) if _is_uuid(asked) else ""
    form = DiagnosisForm(posted(request), scope=mine, initial=initial)
    act = lambda: services.request_diagnosis(**form.cleaned_data, centre=None, actor=request.user)  # noqa: E731
    if request.method == "POST" and form.is_valid() and (made := tried(form, act)):
        messages.success(request, _now("진단을 신청했습니다."))
        return redirect("conversion:diagnosis", code=made.code)
    back = reverse("conversion:diagnoses")
    return form_page(
        request, form, _now("구조혁신 진단 신청"), back=back, name=_now("구조혁신 진단"), button=_now("신청")
    )


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4


@needs(Capability.VIEW)
@methods()
def diagnosis(request: PortalRequest, code: str) -> HttpResponse:
    """What was asked, found and done."""
    found = diagnosis_of(request, code)
    scores = list(found.scores.select_related("item"))
    members = PlanMember.objects.filter(diagnosis=found).visible_to(request.scope).select_related("plan")
    context = {
        "diagnosis": found,
        "kind": DIAGNOSIS_KINDS[DiagnosisState(found.state)],
        "steps": [
            one for one in offered(STEPS, request.scope, found) if one.key != "refer" or found.referral != "PLAN"
        ],
        "works": works(request.scope, found),
        "open": found.state in DIAGNOSIS_OPEN,
        "scores": scores,
        "sum": sum(one.points for one in scores),
        "most": sum(one.item.most for one in scores),
        "files": list(found.files.select_related("added_by")),
        "plans": [one.plan for one in members],
        "may_plan": _done(request.scope, found) and not members,
        "events": events_of(found),
    }
    return render(request, "conversion/diagnosis_detail.html", context)


@needs(Capability.WORK_CONVERSION)
@methods(writes=("POST",))
def diagnosis_step(request: PortalRequest, code: str, key: str) -> HttpResponse:
    """Take a step of a diagnosis."""
    found = diagnosis_of(request, code)
    back = reverse("conversion:diagnosis", args=[code])
    page = step_page(back, str(found), request)
    return take_step(request, STEPS, key, called="diagnosis", row=found, back=back, page=page, initial={"row": found})


@needs(Capability.WORK_CONVERSION)
@methods(writes=("POST",))
def diagnosis_file(request: PortalRequest, code: str) -> HttpResponse:
    """Attach the result document."""
    found = diagnosis_of(request, code)
    if not _open(request.scope, found):
        raise PermissionDenied
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    back = reverse("conversion:diagnosis", args=[code])
    act = lambda: services.attach_file(to=found, actor=request.user, **form.cleaned_data)  # noqa: E731
    if request.method == "POST" and form.is_valid() and done(form, act):
        messages.success(request, _now("문서를 붙였습니다."))
        return redirect(back)
    return form_page(request, form, _now("진단 문서 붙이기"), back=back, name=str(found))
