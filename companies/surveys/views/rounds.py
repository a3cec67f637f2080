"""Rounds: the list, a new one, how far one is, its dates and exceptions, the companies it asks."""

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.surveys import services
from companies.surveys.enums import HANDED_IN
from companies.surveys.forms import ExceptionForm, RoundForm, TargetsForm, WindowForm
from companies.surveys.models import LockException, RegionWindow, SurveyRound, Target
from companies.surveys.selectors import Calendar, completion
from companies.surveys.shipped import shipped_forms
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import display, exports
from portal.kernel.errors import Refusal
from portal.kernel.forms import tell
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

PHASES = {
    "BEFORE": ("", "열기 전"),
    "OPEN": ("ok", "입력 중"),
    "LATE": ("warn", "기한 지남"),
    "CLOSED": ("mark", "마감"),
}
_SHOWN_EXCEPTIONS = 50


def phase_mark(phase: str) -> dict[str, str]:
    """A phase as badge: its kind and its word."""
    kind, word = PHASES[phase]
    return {"kind": kind, "word": _(word)}


def _round(request: PortalRequest, code: str) -> SurveyRound:
    return get_object_or_404(SurveyRound.objects.visible_to(request.scope).select_related("form"), code=code)


@needs(Capability.VIEW)
@methods()
def rounds(request: PortalRequest) -> HttpResponse:
    """Every round, with how many of the reader's companies have handed in."""
    found = list(SurveyRound.objects.visible_to(request.scope).select_related("form"))
    counts = {
        row["round"]: row
        for row in Target.objects.visible_to(request.scope)
        .order_by()
        .values("round")
        .annotate(asked=Count("pk"), done=Count("pk", filter=Q(submission__state__in=HANDED_IN)))
    }
    today = timezone.localdate()
    calendar = Calendar(found, today)
    rows = []
    for one in found:
        window = calendar.common(one.pk)
        rows.append((one, window, phase_mark(window.phase(today)), counts.get(one.pk)))
    context = {"rows": rows, "manages": request.scope.can(Capability.MANAGE_SURVEYS)}
    return render(request, "surveys/round_list.html", context)


@needs(Capability.MANAGE_SURVEYS)
@methods(writes=("POST",))
def round_new(request: PortalRequest) -> HttpResponse:
    """Plan a round."""
    form = RoundForm(request.POST or None, initial={"year": timezone.localdate().year})
    if request.method == "POST" and form.is_valid():
        try:
            survey = services.create_round(actor=request.user, **form.cleaned_data)
        except (Refusal, ValidationError) as fault:
            tell(form, fault)
        else:
            messages.success(request, _("회차를 만들었습니다. 대상 기업을 넣어 주세요."))
            return redirect("surveys:targets_new", code=survey.code)
    status = 422 if form.is_bound else 200
    return render(request, "surveys/round_form.html", {"form": form}, status=status)


@needs(Capability.VIEW)
@methods()
def round_detail(request: PortalRequest, code: str) -> HttpResponse:
    """How far the round is: by technopark and by 시·도, who is missing and who is late."""
    survey = _round(request, code)
    today = timezone.localdate()
    found = completion(survey, request.scope, today)
    shipped = {raw["code"]: str(raw["version"]) for raw in shipped_forms()}
    context = {
        "survey": survey,
        "window": found.window,
        "phase": phase_mark(found.window.phase(today)),
        "found": found,
        "regions": [(line, phase_mark(line.window.phase(today))) for line in found.regions if line.window],
        "manages": request.scope.can(Capability.MANAGE_SURVEYS),
        "enters": request.scope.can(Capability.ENTER_SURVEYS),
        "exports": request.scope.can(Capability.EXPORT),
        "template_kind": f"survey-{survey.form.code}"
        if shipped.get(survey.form.code) == str(survey.form.version)
        else "",
    }
    return render(request, "surveys/round_detail.html", context)


@needs(Capability.EXPORT)
@methods()
def completion_file(request: PortalRequest, code: str, format: str) -> HttpResponseBase:
    """The completion tables as one file."""
    if format not in exports.FORMATS:
        raise Http404
    survey = _round(request, code)
    found = completion(survey, request.scope, timezone.localdate())
    heads = [_("구분"), _("이름"), _("기한"), _("대상"), _("미작성"), _("작성 중"), _("돌려보냄"), _("승인 대기"), _("승인"),
             _("늦게 제출"), _("기한 지난 미제출"), _("제출률(%)")]  # fmt: skip
    fields = [exports.Field(head, text=at < 2) for at, head in enumerate(heads)]
    lines = [(_("조사 기관"), line) for line in found.technoparks]
    lines += [(_("시·도"), line) for line in found.regions]
    lines.append((_("전체"), found.total))
    rows = [
        (kind, line.name, line.window.due if line.window else None, line.targets, line.untouched, line.draft,
         line.returned, line.submitted, line.approved, line.late, line.overdue, line.percent)
        for kind, line in lines
    ]  # fmt: skip
    target = io.BytesIO()
    exports.write(target, format, fields, rows, survey.title)
    target.seek(0)
    name = exports.filename(_("%(round)s 제출 현황") % {"round": survey.title}, format)
    return FileResponse(target, as_attachment=True, filename=name, content_type=exports.FORMATS[format])


@needs(Capability.VIEW, for_writing=Capability.MANAGE_SURVEYS)
@methods(writes=("POST",))
def round_dates(request: PortalRequest, code: str) -> HttpResponse:
    """Dates of the regions and exceptions of the lock; the ministry sets them here."""
    survey = _round(request, code)
    manages = request.scope.can(Capability.MANAGE_SURVEYS)
    nominal = {"opens_on": survey.opens_on, "due_on": survey.due_on, "closes_on": survey.closes_on}
    deed = request.POST.get("deed", "")
    window_form = WindowForm(request.POST if deed == "window" else None, initial=nominal, prefix="w")
    exception_form = ExceptionForm(request.POST if deed == "exception" else None, prefix="e")
    if request.method == "POST":
        if deed not in {"window", "exception"}:
            raise PermissionDenied
        done = (
            _set_window(request, survey, window_form) if deed == "window" else _grant(request, survey, exception_form)
        )
        if done:
            messages.success(request, done)
            return redirect("surveys:round_dates", code=survey.code)
    visible = LockException.objects.visible_to(request.scope).filter(round=survey)
    context = {
        "survey": survey,
        "windows": RegionWindow.objects.visible_to(request.scope)
        .filter(round=survey)
        .select_related("region", "set_by")
        .order_by("region__code"),
        "exceptions": visible.select_related("region__parent", "target__company", "granted_by")[:_SHOWN_EXCEPTIONS],
        "today": timezone.localdate(),
        "manages": manages,
        "window_form": window_form,
        "exception_form": exception_form,
    }
    return render(request, "surveys/round_dates.html", context, status=422 if deed else 200)


def _set_window(request: PortalRequest, survey: SurveyRound, form: WindowForm) -> str:
    if not form.is_valid():
        return ""
    try:
        services.set_window(survey=survey, actor=request.user, **form.cleaned_data)
    except (Refusal, ValidationError) as fault:
        tell(form, fault)
        return ""
    return _("%(region)s의 입력 기간을 정했습니다.") % {"region": form.cleaned_data["region"]}


def _grant(request: PortalRequest, survey: SurveyRound, form: ExceptionForm) -> str:
    if not form.is_valid():
        return ""
    data = form.cleaned_data
    target = None
    if data["business_number"]:
        target = Target.objects.filter(round=survey, business_number=data["business_number"]).first()
        if target is None:
            form.add_error("business_number", _("이 회차의 대상 기업이 아닙니다. 번호를 확인해 주세요."))
            return ""
    try:
        services.grant_exception(
            survey=survey, region=data["region"], target=target, until=data["until"], reason=data["reason"],
            actor=request.user,
        )  # fmt: skip
    except (Refusal, ValidationError) as fault:
        tell(form, fault)
        return ""
    return _("%(until)s까지 적을 수 있게 했습니다.") % {"until": display.day(data["until"])}


@needs(Capability.MANAGE_SURVEYS)
@methods(writes=("POST",))
def targets_new(request: PortalRequest, code: str) -> HttpResponse:
    """Draw companies into the round."""
    survey = _round(request, code)
    form = TargetsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        drawn = services.add_targets(
            survey=survey, companies=form.companies(), kind=form.cleaned_data["kind"], actor=request.user
        )
        text = _("%(added)s개 기업을 넣었습니다. 이미 있던 기업 %(already)s개.")
        messages.success(request, text % {"added": drawn.added, "already": drawn.already})
        if drawn.placeless:
            names = ", ".join(drawn.placeless[:10])
            messages.warning(request, _("운영 중인 사업장이 없어 넣지 못한 기업: %(names)s") % {"names": names})
        return redirect("surveys:round", code=survey.code)
    context = {"survey": survey, "form": form}
    return render(request, "surveys/targets_new.html", context, status=422 if form.is_bound else 200)
