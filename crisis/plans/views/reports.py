"""One quarter of one measure: reported, checked, rated."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.plans import services
from crisis.plans.enums import REPORTABLE, SOURCE_WORDS, SOURCES, ReportState
from crisis.plans.forms import CheckForm, EvidenceForm, RateForm, ReportForm, ReportReturnForm
from crisis.plans.models import QuarterlyReport
from crisis.plans.rules import quarter_text
from crisis.plans.views.common import plan_of, report_of
from crisis.plans.views.lists import report_badge
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel import display
from portal.kernel.errors import ChangedMeanwhile
from portal.kernel.forms import again, conflicts, tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _may(scope: Scope, report: QuarterlyReport) -> dict[str, bool]:
    """What this reader may do with the report now."""
    plan = report.measure.plan
    centre = scope.within(Capability.CHECK_PLANS).holds(plan.sido_id)
    ministry = scope.within(Capability.RATE_PLANS).nationwide
    waits = report.state in {ReportState.SUBMITTED, ReportState.CHECKED}
    writes = scope.within(Capability.REPORT_PLANS).holds(plan.sido_id) and report.measure.dropped_on is None
    return {
        "write": plan.is_in_effect and writes and report.state in REPORTABLE and report.quarter <= timezone.localdate(),
        "check": plan.is_in_effect and centre and report.state == ReportState.SUBMITTED,
        "return": plan.is_in_effect and (centre or ministry) and waits,
        "rate": plan.is_in_effect and ministry and waits,
    }


def report_page(request: PortalRequest, report: QuarterlyReport, **forms: Any) -> dict[str, Any]:
    """What the page of a report shows to this reader; `forms` that came back with faults stand in for fresh ones."""
    may = _may(request.scope, report)
    targets = list(report.measure.targets.all())
    known = {one.target_id: one.value for one in report.results.all()}
    seen = {"seen": report.version}
    return {
        "report": report,
        "plan": report.measure.plan,
        "measure": report.measure,
        "quarter": quarter_text(report.quarter),
        "quarter_name": display.period(quarter_text(report.quarter)),
        "badge": report_badge(report),
        "may": may,
        "figures": [(one, known.get(one.pk)) for one in targets],
        "money": [
            (SOURCE_WORDS[s], getattr(report.measure, f"budget_{s}"), getattr(report, f"spent_{s}")) for s in SOURCES
        ],
        "evidence": report.evidence.select_related("added_by"),
        "form": forms.get("form") or (ReportForm(report=report, targets=targets) if may["write"] else None),
        "evidence_form": forms.get("evidence_form") or (EvidenceForm() if may["write"] else None),
        "check_form": forms.get("check") or (CheckForm(initial=seen, prefix="check") if may["check"] else None),
        "return_form": forms.get("return")
        or (ReportReturnForm(initial=seen, prefix="return") if may["return"] else None),
        "rate_form": forms.get("rate") or (RateForm(initial=seen, prefix="rate") if may["rate"] else None),
    }


@needs(Capability.VIEW, for_writing=Capability.REPORT_PLANS)
@methods(writes=("POST",))
def report(request: PortalRequest, code: str, number: int, quarter: str) -> HttpResponse:
    """The report. POST saves it, and hands it in if asked to."""
    found = report_of(plan_of(request, code), number, quarter)
    if request.method != "POST":
        return render(request, "plans/report.html", report_page(request, found))
    targets = list(found.measure.targets.all())
    form = ReportForm(request.POST, report=found, targets=targets)
    submit = "submit" in request.POST
    context: dict[str, Any] = {}
    if form.is_valid():
        try:
            saved = tried(
                form,
                lambda: services.save_report(
                    report=found, seen=form.cleaned_data["seen"], submit=submit, actor=request.user, **form.facts()
                ),
            )
        except ChangedMeanwhile:
            now = report_of(found.measure.plan, number, quarter)
            context = {"conflicts": conflicts(form, ReportForm(report=now, targets=targets))}
            form = ReportForm(again(request, now.version), report=now, targets=targets)
            context["told"] = _("그 사이에 다른 담당자가 먼저 저장했습니다. 두 값을 견주어 본 다음 다시 저장해 주세요.")
            return render(request, "plans/report.html", report_page(request, now, form=form) | context, status=409)
        if saved:
            messages.success(
                request, _("이행 보고를 냈습니다.") if submit else _("저장했습니다. 아직 내지 않았습니다.")
            )
            return redirect("plans:report", code=code, number=number, quarter=quarter)
    return render(request, "plans/report.html", report_page(request, found, form=form), status=422)


DEEDS: dict[str, tuple[Any, Any]] = {
    "check": (CheckForm, services.check_report),
    "return": (ReportReturnForm, services.return_report),
    "rate": (RateForm, services.rate_report),
}


@needs(Capability.VIEW)
@methods(reads=(), writes=("POST",))
def report_deed(request: PortalRequest, code: str, number: int, quarter: str, key: str) -> HttpResponse:
    """Check, send back or rate a report."""
    found = report_of(plan_of(request, code), number, quarter)
    if key not in DEEDS:
        raise Http404
    if not _may(request.scope, found)[key]:
        raise PermissionDenied
    kind, act = DEEDS[key]
    form = kind(request.POST, prefix=key)
    if form.is_valid():
        try:
            facts = {"report": found, "actor": request.user, **form.cleaned_data}
            result = tried(form, lambda: act(**facts))
        except ChangedMeanwhile as refusal:
            messages.error(request, refusal.message)
            return redirect("plans:report", code=code, number=number, quarter=quarter)
        if result:
            words = {"check": _("점검을 기록했습니다."), "return": _("돌려보냈습니다."), "rate": _("평가했습니다.")}
            messages.success(request, words[key])
            return redirect("plans:report", code=code, number=number, quarter=quarter)
    return render(request, "plans/report.html", report_page(request, found, **{key: form}), status=422)
