"""One workplace's sheet: written, handed in, corrected, told as unanswered, replaced."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.fieldwork import services
from crisis.fieldwork.enums import ENDED, NO_ANSWER, CampaignState, UnitState
from crisis.fieldwork.forms import OutcomeForm, ReplaceForm, SheetForm
from crisis.fieldwork.models import Unit
from crisis.fieldwork.rules.questionnaire import written
from crisis.fieldwork.views.common import UNIT_KINDS, runs, unit_of
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import ChangedMeanwhile, Refusal
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

_SHOWN_REVISIONS = 20


@needs(Capability.VIEW, for_writing=Capability.ENTER_SURVEYS)
@methods(writes=("POST",))
def sheet(request: PortalRequest, code: str, number: str) -> HttpResponse:
    """The sheet. POST saves it, hands it in, hands it in and goes on to the next; after the end it corrects."""
    found = unit_of(request, code, number)
    if request.method != "POST":
        return render(request, "fieldwork/sheet.html", _context(request, found))
    form = _form(found, request.POST, found.version)
    if not form.is_valid():
        return render(request, "fieldwork/sheet.html", _context(request, found, form), status=422)
    submit = bool({"submit", "next"} & set(request.POST))
    reason, seen = form.cleaned_data.get("reason") or "", form.cleaned_data["seen"]
    try:
        if found.campaign.state in ENDED:
            services.correct_sheet(unit=found, answers=form.answers(), reason=reason, seen=seen, actor=request.user)
        else:
            services.save_sheet(
                unit=found, answers=form.answers(), seen=seen, actor=request.user, submit=submit, reason=reason
            )
    except ChangedMeanwhile as refusal:
        return _both(request, form, refusal)
    except Refusal as refusal:
        form.tell(refusal.fields or {"": refusal.message})
        return render(request, "fieldwork/sheet.html", _context(request, found, form), status=422)
    messages.success(request, _("제출했습니다.") if submit else _("저장했습니다."))
    if "next" in request.POST and (ahead := _next(request, found)) is not None:
        return redirect("fieldwork:sheet", code=code, number=ahead.number)
    return redirect("fieldwork:sheet", code=code, number=number)


def _form(found: Unit, data: Any, seen: int) -> SheetForm:
    return SheetForm(
        data, questionnaire=found.campaign.form.questionnaire, kept=found.answers, seen=seen,
        correcting=found.state == UnitState.SUBMITTED,
    )  # fmt: skip


def _both(request: PortalRequest, form: SheetForm, refusal: ChangedMeanwhile) -> HttpResponse:
    """Somebody else saved first: what was typed stays in the form, what stands now is told beside it."""
    now = unit_of(request, refusal.current.campaign.code, refusal.current.number)
    questionnaire, mine = now.campaign.form.questionnaire, form.answers()
    labels = {field.code: field.label for field in questionnaire.definition.fields}
    labels |= {question.code: question.label for question in questionnaire.multiples}
    conflicts = [
        (label, written(questionnaire, code, now.answers.get(code)), written(questionnaire, code, mine.get(code)))
        for code, label in labels.items()
        if now.answers.get(code) != mine.get(code)
    ]
    data = request.POST.copy()
    data["seen"] = str(now.version)
    fresh = _form(now, data, now.version)
    fresh.is_valid()
    context = _context(request, now, fresh) | {"told": refusal.message, "conflicts": conflicts}
    return render(request, "fieldwork/sheet.html", context, status=409)


def _next(request: PortalRequest, found: Unit) -> Unit | None:
    """The next workplace without an answer: of the same interviewer, by number, round to the beginning."""
    left = Unit.objects.entered_within(request.scope).unfinished().filter(campaign=found.campaign)
    if found.interviewer_id:
        left = left.filter(interviewer=found.interviewer_id)
    return left.filter(number__gt=found.number).order_by("number").first() or left.order_by("number").first()


def _context(request: PortalRequest, found: Unit, form: SheetForm | None = None) -> dict[str, Any]:
    campaign, scope = found.campaign, request.scope
    running = runs(scope, campaign)
    enters = scope.within(Capability.ENTER_SURVEYS).holds(found.place.cluster.region_id)
    replaced = getattr(found, "replacement", None)
    entry = enters and replaced is None and campaign.takes_entry_on(timezone.localdate())
    correcting = running and campaign.state in ENDED and found.state == UnitState.SUBMITTED
    questionnaire = campaign.form.questionnaire
    fields = [
        *((f.code, f.label) for f in questionnaire.definition.fields),
        *((q.code, q.label) for q in questionnaire.multiples),
    ]
    return {
        "unit": found,
        "campaign": campaign,
        "state_kind": UNIT_KINDS[UnitState(found.state)],
        "replaced": replaced,
        "writable": entry or correcting,
        "correcting": correcting,
        "form": form or _form(found, None, found.version),
        "outcome_form": OutcomeForm(initial={"seen": found.version, "outcome": found.state, "note": found.outcome_note})
        if entry and found.state != UnitState.SUBMITTED
        else None,
        "replaceable": running and replaced is None and found.state in NO_ANSWER and campaign.state == CampaignState.OPEN,
        "removable": running and campaign.state == CampaignState.DRAFT,
        "told_answers": [(label, written(questionnaire, code, found.answers.get(code))) for code, label in fields],
        "revisions": found.revisions.select_related("actor", "upload").order_by("-version")[:_SHOWN_REVISIONS],
    }  # fmt: skip


@needs(Capability.ENTER_SURVEYS)
@methods(reads=(), writes=("POST",))
def outcome(request: PortalRequest, code: str, number: str) -> HttpResponse:
    """Tell why there is no answer."""
    found = unit_of(request, code, number)
    form = OutcomeForm(request.POST)
    if form.is_valid():
        try:
            services.record_outcome(unit=found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("응답이 없는 까닭을 적었습니다."))
    else:
        messages.error(request, _("거절, 연락 안 됨, 휴·폐업 가운데 하나를 골라 주세요."))
    return redirect("fieldwork:sheet", code=code, number=number)


@needs(Capability.RUN_FIELDWORK)
@methods(writes=("POST",))
def replace(request: PortalRequest, code: str, number: str) -> HttpResponse:
    """Ask another workplace instead."""
    found = unit_of(request, code, number)
    if not runs(request.scope, found.campaign):
        raise PermissionDenied
    form = ReplaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        new = tried(form, lambda: services.replace_unit(unit=found, reason=reason, actor=request.user))
        if new is not None:
            messages.success(request, _("%(number)s번 사업장으로 대체했습니다.") % {"number": new.number})
            return redirect("fieldwork:sheet", code=code, number=new.number)
    title = _("%(firm)s 대체") % {"firm": found.workplace.company.name_ko}
    lead = _(
        "같은 밀집지역과 규모에서 추출 순서가 다음인 사업장을 묻습니다. 대체한 곳도 물은 곳으로 남아 응답률에 들어갑니다."
    )
    context = {"campaign": found.campaign, "form": form, "title": title, "lead": lead, "button": _("대체")}
    return render(request, "fieldwork/campaign_form.html", context, status=422 if form.is_bound else 200)


@needs(Capability.RUN_FIELDWORK)
@methods(reads=(), writes=("POST",))
def remove(request: PortalRequest, code: str, number: str) -> HttpResponse:
    """Take a workplace out of the sample before the campaign opens."""
    found = unit_of(request, code, number)
    try:
        services.remove_unit(unit=found, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("표본에서 뺐습니다."))
    return redirect("fieldwork:campaign", code=code)
