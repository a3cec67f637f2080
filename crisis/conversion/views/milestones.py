"""One milestone: its evidence, its report, the check."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crisis.conversion import services
from crisis.conversion.enums import OWED, EditionState, MilestoneState, PlanState
from crisis.conversion.forms import FileForm
from crisis.conversion.models import Milestone
from crisis.conversion.step_forms import CommentForm, ReportForm, SureForm
from crisis.conversion.views.common import MILESTONE_KINDS, Sight, form_page, milestone_of, sight, step_page
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.deeds import Step, offered, take_step
from portal.kernel.forms import done
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _plan(scope: Scope, row: Milestone) -> Sight:
    return sight(scope, row.edition.plan)


def _reports(scope: Scope, row: Milestone) -> bool:
    holds = row.edition.state == EditionState.APPROVED or row.state == MilestoneState.RETURNED
    running = row.edition.plan.state == PlanState.RUNNING
    return holds and running and row.state in OWED and _plan(scope, row).works


def _judges(scope: Scope, row: Milestone) -> bool:
    running = row.edition.plan.state == PlanState.RUNNING
    return running and row.state == MilestoneState.REPORTED and _plan(scope, row).checks


def _checks(scope: Scope, row: Milestone) -> bool:
    """Nobody checks what they reported themselves."""
    return _judges(scope, row) and row.reported_by_id != scope.user_id


STEPS = (
    Step("report", _("실적 보고"), _("증빙을 하나 이상 붙인 다음 한 일을 적습니다."), ReportForm, services.report_milestone, _reports,
         _("보고했습니다. 지방청의 확인을 기다립니다.")),
    Step("check", _("확인"), _("증빙을 보고 이 단계를 마친 것으로 확인합니다."), SureForm, services.check_milestone,
         _checks, _("확인했습니다.")),
    Step("return", _("보완 요청"), _("보완할 점을 알려 돌려보냅니다."), CommentForm, services.return_milestone, _judges,
         _("돌려보냈습니다."), "secondary"),
)  # fmt: skip


@needs(Capability.VIEW)
@methods()
def milestone(request: PortalRequest, pk: int) -> HttpResponse:
    """What was planned, what was done, what shows it."""
    row = milestone_of(request, pk)
    context = {
        "milestone": row,
        "plan": row.edition.plan,
        "kind": MILESTONE_KINDS[MilestoneState(row.state)],
        "overdue": row.is_overdue(timezone.localdate()) and row.edition.plan.state == PlanState.RUNNING,
        "steps": offered(STEPS, request.scope, row),
        "attaches": _reports(request.scope, row),
        "files": list(row.files.select_related("added_by")),  # type: ignore[attr-defined]
    }
    return render(request, "conversion/milestone_detail.html", context)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def milestone_step(request: PortalRequest, pk: int, key: str) -> HttpResponse:
    """Report, check or send back."""
    row = milestone_of(request, pk)
    back = reverse("conversion:milestone", args=[pk])
    page = step_page(back, str(row), request)
    return take_step(request, STEPS, key, called="milestone", row=row, back=back, page=page, initial={"row": row})


@needs(Capability.WORK_CONVERSION)
@methods(writes=("POST",))
def milestone_file(request: PortalRequest, pk: int) -> HttpResponse:
    """Attach evidence."""
    row = milestone_of(request, pk)
    if not _reports(request.scope, row):
        raise PermissionDenied
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    back = reverse("conversion:milestone", args=[pk])
    act = lambda: services.attach_file(to=row, actor=request.user, **form.cleaned_data)  # noqa: E731
    if request.method == "POST" and form.is_valid() and done(form, act):
        messages.success(request, _now("증빙을 붙였습니다."))
        return redirect(back)
    return form_page(request, form, _now("증빙 붙이기"), back=back, name=str(row))
