"""Steps of a plan: each is a page with what it asks, and a button."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisis.plans import services
from crisis.plans.enums import EDITABLE, PlanState
from crisis.plans.forms import (
    CloseForm,
    EvaluationForm,
    OpinionForm,
    ReasonForm,
    ReleaseForm,
    ReturnForm,
    SureForm,
)
from crisis.plans.models import Obligation, Plan
from crisis.plans.views.common import plan_of
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.deeds import Step, take_step
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _writer(scope: Scope, plan: Plan) -> bool:
    return scope.within(Capability.WRITE_PLANS).holds(plan.sido_id)


def _ministry(scope: Scope, plan: Plan) -> bool:
    return scope.within(Capability.RATE_PLANS).nationwide


def _office(scope: Scope, plan: Plan) -> bool:
    return scope.within(Capability.REVIEW_PLANS).holds(plan.sido_id)


def _ends(plan: Plan) -> bool:
    over = timezone.localdate() > plan.ends_on or plan.recovered_on is not None
    return plan.state == PlanState.RUNNING and over


def _waits(plan: Plan) -> bool:
    return plan.state == PlanState.SUBMITTED


DEEDS: tuple[Step, ...] = (
    Step(
        "submit", gettext_lazy("제출"), gettext_lazy("지방청에 제출합니다. 제출한 다음에는 돌려받아야 고칠 수 있습니다."),
        SureForm, services.submit_plan, lambda s, p: _writer(s, p) and p.state in EDITABLE,
        gettext_lazy("제출했습니다. 지방청의 검토를 기다립니다."),
    ),
    Step(
        "review", gettext_lazy("검토 의견 내기"), gettext_lazy("검토 의견을 내면 본부의 승인을 기다립니다."),
        OpinionForm, services.review_plan, lambda s, p: _office(s, p) and _waits(p) and p.reviewed_at is None,
        gettext_lazy("검토 의견을 냈습니다. 본부의 승인을 기다립니다."),
    ),
    Step(
        "approve", gettext_lazy("승인"), gettext_lazy("승인하면 의무가 이행된 것으로 보고, 과제마다 분기 보고가 생깁니다."),
        SureForm, services.approve_plan, lambda s, p: _ministry(s, p) and _waits(p) and p.reviewed_at is not None,
        gettext_lazy("승인했습니다."),
    ),
    Step(
        "return", gettext_lazy("돌려보내기"), gettext_lazy("보완할 곳을 알려 시·도에 돌려보냅니다."),
        ReturnForm, services.return_plan, lambda s, p: (_office(s, p) or _ministry(s, p)) and _waits(p),
        gettext_lazy("돌려보냈습니다."), "secondary",
    ),
    Step(
        "evaluate", gettext_lazy("종료 평가 내기"), gettext_lazy("성과와 남은 과제를 적어 본부에 냅니다."),
        EvaluationForm, services.submit_evaluation, lambda s, p: _writer(s, p) and _ends(p),
        gettext_lazy("종료 평가를 냈습니다. 본부가 종료를 결정합니다."),
    ),
    Step(
        "close", gettext_lazy("종료"), gettext_lazy("계획 전체를 평가하고 종료합니다. 종료한 계획은 바꿀 수 없습니다."),
        CloseForm, services.close_plan,
        lambda s, p: _ministry(s, p) and p.state == PlanState.RUNNING and getattr(p, "evaluation", None) is not None,
        gettext_lazy("종료했습니다."),
    ),
    Step(
        "amend", gettext_lazy("계획 변경 시작"), gettext_lazy("승인한 계획을 고칠 수 있게 엽니다. 분기 보고 의무는 그대로입니다."),
        ReasonForm, services.amend_plan,
        lambda s, p: _writer(s, p) and p.state in {PlanState.RUNNING, PlanState.APPROVED},
        gettext_lazy("변경을 시작했습니다. 고친 다음 다시 제출해 주세요."), "tertiary",
    ),
    Step(
        "discard", gettext_lazy("초안 버리기"), gettext_lazy("초안을 버립니다. 지역은 다른 계획에 담을 수 있습니다."),
        SureForm, services.discard_draft, lambda s, p: _writer(s, p) and p.state == PlanState.DRAFT,
        gettext_lazy("초안을 버렸습니다."), "tertiary",
    ),
)  # fmt: skip


@needs(Capability.VIEW)
@methods(writes=("POST",))
def plan_deed(request: PortalRequest, code: str, key: str) -> HttpResponse:
    """Take a step of a plan."""
    found = plan_of(request, code)

    def page(step: Step, form: Form) -> HttpResponse:
        context = {"plan": found, "deed": step, "form": form}
        return render(request, "plans/plan_deed.html", context, status=422 if form.is_bound else 200)

    evaluation = getattr(found, "evaluation", None)
    initial = {}
    if key == "evaluate" and evaluation is not None:
        initial = {name: getattr(evaluation, name) for name in ("outcome", "lessons", "early_reason")}
    here = reverse("plans:plan", args=[found.code])
    after = reverse("plans:plans") if key == "discard" else here
    return take_step(request, DEEDS, key, called="plan", row=found, back=here, page=page, initial=initial, after=after)


@needs(Capability.RATE_PLANS)
@methods(writes=("POST",))
def release(request: PortalRequest, pk: int) -> HttpResponse:
    """Let a 시·도 off an obligation, with a reason."""
    rows = Obligation.objects.visible_to(request.scope).open().select_related("area", "sido")
    obligation = get_object_or_404(rows, pk=pk)
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = services.release_obligation
        if tried(form, lambda: act(obligation=obligation, reason=form.cleaned_data["reason"], actor=request.user)):
            messages.success(request, _("%(area)s의 의무를 해제했습니다.") % {"area": obligation.area})
            return redirect("plans:obligations")
    context = {"obligation": obligation, "form": form}
    return render(request, "plans/release_form.html", context, status=422 if form.is_bound else 200)
