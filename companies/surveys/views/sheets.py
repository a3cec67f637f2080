"""One company's sheet: written by the officer, reviewed by the office, read by whoever sees the company there."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.rules import written_business_number
from companies.surveys import services
from companies.surveys.enums import EDITABLE, SubmissionState
from companies.surveys.forms import PREFIX, AnswerForm, MarksForm, RemovalForm
from companies.surveys.models import Submission, Target
from companies.surveys.rules import answers as rules
from companies.surveys.selectors import Calendar
from companies.surveys.views.rounds import phase_mark
from companies.surveys.wording import shown
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import Refusal
from portal.kernel.forms import tell
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

_SHOWN_REVISIONS = 20


def _target(request: PortalRequest, pk: int) -> Target:
    visible = Target.objects.visible_to(request.scope)
    found = visible.select_related("round__form", "company", "region__parent", "technopark", "cluster")
    return get_object_or_404(found, pk=pk)


@needs(Capability.VIEW, for_writing=Capability.ENTER_SURVEYS)
@methods(writes=("POST",))
def target(request: PortalRequest, pk: int) -> HttpResponse:
    """The sheet. POST saves it, and hands it in if asked to."""
    found = _target(request, pk)
    if request.method != "POST":
        return render(request, "surveys/sheet.html", _sheet(request, found))
    definition = found.round.form.definition
    standing = Submission.objects.filter(target=found).first()
    form = AnswerForm(
        request.POST, definition=definition, kept=standing.answers if standing else {}, seen=0, marks=_marks(standing)
    )
    if not form.is_valid():
        return render(request, "surveys/sheet.html", _sheet(request, found, form=form), status=422)
    try:
        saved = services.save_answers(
            target=found, answers=form.answers(), seen=form.cleaned_data["seen"], actor=request.user
        )
    except services.ChangedMeanwhile as refusal:
        return _both(request, found, form, refusal)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("surveys:target", pk=found.pk)
    if "submit" not in request.POST:
        messages.success(request, _("저장했습니다. 아직 제출하지 않았습니다."))
        return redirect("surveys:target", pk=found.pk)
    try:
        services.submit(target=found, seen=saved.version, actor=request.user)
    except Refusal as refusal:
        data = request.POST.copy()
        data["seen"] = str(saved.version)
        again = AnswerForm(data, definition=definition, kept=saved.answers, seen=saved.version, marks=_marks(saved))
        again.is_valid()
        again.tell(refusal.fields or {"": refusal.message})
        return render(request, "surveys/sheet.html", _sheet(request, found, form=again), status=422)
    messages.success(request, _("제출했습니다. 지방청의 검토를 기다립니다."))
    return redirect("surveys:target", pk=found.pk)


def _both(request: PortalRequest, found: Target, form: AnswerForm, refusal: services.ChangedMeanwhile) -> HttpResponse:
    """Somebody else saved first: show both, keep what each changed, let the writer settle the rest."""
    definition, now = form.definition, refusal.submission
    base = now.revisions.filter(version=form.cleaned_data["seen"]).first()
    merged, both = rules.merged(base.answers if base else {}, now.answers, form.answers())
    conflicts = [
        (
            definition.by_code[code].header,
            shown(definition.by_code[code], now.answers.get(code)),
            shown(definition.by_code[code], form.answers().get(code)),
        )
        for code in both
    ]
    data = {"seen": str(now.version)}
    for code, field in definition.by_code.items():
        value = merged.get(code)
        data[PREFIX + code] = (value or "") if field.kind == "CHOICE" else rules.written(field, value)
    fresh = AnswerForm(data, definition=definition, kept=now.answers, seen=now.version, marks=_marks(now))
    fresh.is_valid()
    context = _sheet(request, found, form=fresh) | {"told": refusal.message, "conflicts": conflicts, "merged": True}
    return render(request, "surveys/sheet.html", context, status=409)


def _marks(submission: Submission | None) -> dict[str, Any]:
    return {mark.field: mark for mark in submission.marks.select_related("by")} if submission else {}


@needs(Capability.REVIEW_SURVEYS)
@methods(reads=(), writes=("POST",))
def review(request: PortalRequest, pk: int) -> HttpResponse:
    """Keep the marks; then send back or approve, if asked to."""
    found = _target(request, pk)
    standing = Submission.objects.filter(target=found).first()
    form = MarksForm(
        request.POST, definition=found.round.form.definition, marks=_marks(standing),
        seen=standing.version if standing else 0,
    )  # fmt: skip
    if form.is_valid():
        try:
            text = _decide(request, found, form)
        except Refusal as refusal:
            form.tell(refusal.fields or {"": refusal.message})
        else:
            messages.success(request, text)
            return redirect("surveys:target", pk=found.pk)
    return render(request, "surveys/sheet.html", _sheet(request, found, marks_form=form), status=422)


@needs(Capability.MANAGE_SURVEYS)
@methods(writes=("POST",))
def target_remove(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a company out of its round, for a reason, while nothing is written."""
    found = _target(request, pk)
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_target(target=found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("%(company)s을(를) 대상에서 뺐습니다.") % {"company": found.company.name_ko})
            return redirect("surveys:round", code=found.round.code)
    context = {"target": found, "survey": found.round, "form": form}
    return render(request, "surveys/target_remove.html", context, status=422 if form.is_bound else 200)


def _decide(request: PortalRequest, found: Target, form: MarksForm) -> str:
    seen = form.cleaned_data["seen"]
    services.mark_fields(target=found, marks=form.marks(), seen=seen, actor=request.user)
    if "approve" in request.POST:
        services.approve(target=found, seen=seen, actor=request.user)
        return _("승인했습니다.")
    if "return" in request.POST:
        comment = form.cleaned_data["comment"]
        services.return_for_correction(target=found, comment=comment, seen=seen, actor=request.user)
        return _("고칠 곳을 알려 돌려보냈습니다.")
    return _("검토 표시를 저장했습니다.")


def _sheet(
    request: PortalRequest, found: Target, form: AnswerForm | None = None, marks_form: MarksForm | None = None
) -> dict[str, Any]:
    submission = Submission.objects.filter(target=found).select_related("submitted_by", "decided_by").first()
    marks, version = _marks(submission), submission.version if submission else 0
    definition = found.round.form.definition
    entry = Calendar([found.round], timezone.localdate()).entry(found)
    enters = request.scope.within(Capability.ENTER_SURVEYS).holds(found.region_id)
    reviews = request.scope.within(Capability.REVIEW_SURVEYS).holds(found.region_id)
    state = submission.state if submission else ""
    kept = submission.answers if submission else {}
    writable = enters and entry.is_open and (submission is None or state in EDITABLE)
    reviewable = reviews and state == SubmissionState.SUBMITTED
    if form is None:
        earlier = _handed_in_before(submission) if reviewable and submission else None
        form = AnswerForm(definition=definition, kept=kept, seen=version, marks=marks, earlier=earlier)
    if reviewable and marks_form is None:
        marks_form = MarksForm(definition=definition, marks=marks, seen=version)
    return {
        "target": found,
        "survey": found.round,
        "submission": submission,
        "entry": entry,
        "phase": phase_mark(entry.phase),
        "form": form,
        "marks_form": marks_form if reviewable else None,
        "pairs": _pairs(form, marks_form) if reviewable and marks_form else [],
        "writable": writable,
        "number": written_business_number(found.business_number),
        "removable": submission is None and request.scope.can(Capability.MANAGE_SURVEYS),
        "locked": enters and not entry.is_open,
        "fixes": [(definition.by_code[code], mark) for code, mark in marks.items() if mark.mark != "OK"]
        if state in {SubmissionState.RETURNED, SubmissionState.SUBMITTED}
        else [],
        "revisions": submission.revisions.select_related("actor", "upload").order_by("-version")[:_SHOWN_REVISIONS]
        if submission
        else [],
    }


def _handed_in_before(submission: Submission) -> dict[str, Any] | None:
    """The answers of the hand-in before the one that waits; None for the first."""
    sent = submission.revisions.filter(state=SubmissionState.SUBMITTED, version__lt=submission.version)
    found = sent.order_by("-version").first()
    return found.answers if found else None


def _pairs(form: AnswerForm, marks_form: MarksForm) -> list[tuple[str, list[tuple[Any, Any, Any]]]]:
    """Answers with the reviewer's two controls beside each."""
    return [
        (head, [(one, marks_form[f"m_{one.code}"], marks_form[f"c_{one.code}"]) for one in asked])
        for head, asked in form.sections
    ]
