"""Measures of a plan, written one at a time."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crisis.plans import services
from crisis.plans.enums import EDITABLE
from crisis.plans.forms import MeasureForm, ReasonForm, SeenForm, SureForm
from crisis.plans.models import PlanMeasure
from crisis.plans.views.common import measure_of, plan_of
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.models import Organization
from portal.kernel.errors import ChangedMeanwhile
from portal.kernel.forms import again, conflicts, done, tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.WRITE_PLANS)
@methods(writes=("POST",))
def measure_new(request: PortalRequest, code: str) -> HttpResponse:
    """Add a measure."""
    return _written(request, code, None)


@needs(Capability.WRITE_PLANS)
@methods(writes=("POST",))
def measure_edit(request: PortalRequest, code: str, number: int) -> HttpResponse:
    """Change a measure."""
    return _written(request, code, number)


def _written(request: PortalRequest, code: str, number: int | None) -> HttpResponse:
    plan = plan_of(request, code)
    measure = measure_of(plan, number) if number is not None else None
    form = MeasureForm(request.POST or None, plan=plan, measure=measure)
    context: dict[str, Any] = {"plan": plan, "measure": measure, "form": form, "open": plan.state in EDITABLE}
    context["bodies"] = (
        Organization.objects.visible_to(request.scope).order_by("name_ko").values_list("name_ko", flat=True)
    )
    if measure is not None:
        context["words"] = measure.comments.filter(submission=plan.submissions).select_related("by")
    if request.method == "POST" and form.is_valid():
        try:
            saved = tried(
                form,
                lambda: services.put_measure(
                    plan=plan, measure=measure, facts=form.facts(), targets=form.targets(),
                    seen=form.cleaned_data["seen"], actor=request.user,
                ),
            )  # fmt: skip
        except ChangedMeanwhile:
            return _both(request, context, plan, number, form)
        if saved:
            messages.success(request, _("과제 ‘%(measure)s’을(를) 저장했습니다.") % {"measure": saved})
            return redirect("plans:plan", code=plan.code)
    return render(request, "plans/measure_form.html", context, status=422 if form.is_bound else 200)


def _both(request: PortalRequest, context: dict[str, Any], plan: Any, number: Any, form: MeasureForm) -> HttpResponse:
    """Somebody else saved first: show where the two differ, keep what was written."""
    standing = measure_of(plan, number)
    now = MeasureForm(plan=plan, measure=standing)
    context |= {
        "told": _("그 사이에 다른 담당자가 먼저 저장했습니다. 두 값을 견주어 본 다음 다시 저장해 주세요."),
        "conflicts": conflicts(form, now),
        "form": MeasureForm(again(request, standing.version), plan=plan, measure=standing),
    }
    return render(request, "plans/measure_form.html", context, status=409)


@needs(Capability.WRITE_PLANS)
@methods(writes=("POST",))
def measure_drop(request: PortalRequest, code: str, number: int) -> HttpResponse:
    """Take a measure out: with a reason once the plan has been approved."""
    plan = plan_of(request, code)
    measure: PlanMeasure = measure_of(plan, number)
    kind: type[SeenForm] = ReasonForm if plan.approved_at else SureForm
    form = kind(request.POST or None, initial={"seen": measure.version})
    if request.method == "POST" and form.is_valid():
        facts = {"reason": form.cleaned_data.get("reason", ""), "seen": form.cleaned_data["seen"]}
        if done(form, lambda: services.drop_measure(measure=measure, actor=request.user, **facts), passing=()):
            messages.success(request, _("과제를 뺐습니다."))
            return redirect("plans:plan", code=plan.code)
    context = {"plan": plan, "measure": measure, "form": form}
    return render(request, "plans/measure_drop.html", context, status=422 if form.is_bound else 200)
