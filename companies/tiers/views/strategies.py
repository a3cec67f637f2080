"""Growth strategies: planned by tier, started, their steps closed with results."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Company
from companies.tiers import services
from companies.tiers.enums import SUPPORT_OF, StepState, StrategyState, Support, Tier
from companies.tiers.forms import BareForm, CloseStepForm, OfficerForm, ResultForm, StepForm, StrategyForm
from companies.tiers.models import GrowthStep, GrowthStrategy
from companies.tiers.models.strategy import RUNNING
from companies.tiers.selectors import tier_on
from companies.tiers.selectors.places import home_regions
from companies.tiers.views.lists import StrategyList
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.VIEW)
@methods(writes=("POST",))
def strategies(request: PortalRequest) -> HttpResponseBase:
    return StrategyList.of(request).respond(request)


@needs(Capability.MANAGE_COMPANIES)
@methods(writes=("POST",))
def strategy_new(request: PortalRequest, public_id: Any) -> HttpResponse:
    """Plan for a firm; the usual support of its tier becomes the first steps."""
    scope = request.scope.within(Capability.MANAGE_COMPANIES)
    company = get_object_or_404(Company.objects.visible_to(scope).not_merged(), public_id=public_id)
    today = timezone.localdate()
    held = tier_on(company, today)
    initial = {
        "region": home_regions([company.pk]).get(company.pk),
        "tier": held.tier if held else Tier.POTENTIAL,
        "officer": request.user.pk,
        "start": today,
        "end": today + timedelta(days=365),
    }
    form = StrategyForm(request.POST or None, scope=scope, initial=initial)
    if request.method == "POST" and form.is_valid():
        act = partial(services.plan_strategy, company=company, actor=request.user)
        if made := tried(form, lambda: act(**form.cleaned_data)):
            messages.success(request, _("성장전략 초안을 만들었습니다. 등급에 맞는 지원 단계를 고쳐 쓰고 시작하세요."))
            return redirect("tiers:strategy", pk=made.pk)
    supports = [(tier, [Support(kind).label for kind in SUPPORT_OF[tier]]) for tier in Tier]
    context = {"company": company, "form": form, "held": held, "supports": supports}
    return render(request, "tiers/strategy_form.html", context)


def _found(request: PortalRequest, pk: int, *, own: bool = False) -> GrowthStrategy:
    """A plan the reader sees; with `own`, one of the regions in which they manage companies."""
    rows = GrowthStrategy.objects.visible_to(request.scope)
    if own:
        rows = rows.decided_within(request.scope.within(Capability.MANAGE_COMPANIES))
    return get_object_or_404(rows.select_related("company", "region", "officer"), pk=pk)


def _page(request: PortalRequest, strategy: GrowthStrategy, bound: dict[str, Any] | None = None) -> HttpResponse:
    bound = bound or {}
    today = timezone.localdate()
    steps = list(strategy.steps.select_related("agency"))
    usual = SUPPORT_OF[strategy.tier]
    own = request.scope.within(Capability.MANAGE_COMPANIES).holds(strategy.region_id)
    active = strategy.state == StrategyState.ACTIVE
    for step in steps:
        step.is_usual = step.support in usual  # type: ignore[attr-defined]
        step.is_late = active and step.state == StepState.PLANNED and step.due_on < today  # type: ignore[attr-defined]
        step.close_form = None  # type: ignore[attr-defined]
        if own and active and step.state == StepState.PLANNED:
            key = f"step{step.pk}"
            step.close_form = bound.get(key) or CloseStepForm(prefix=key, initial={"on": today})  # type: ignore[attr-defined]
    running = own and strategy.state in RUNNING
    context = {
        "strategy": strategy,
        "steps": steps,
        "done": sum(step.state == StepState.DONE for step in steps),
        "step_form": (bound.get("step") or StepForm(scope=request.scope, prefix="step")) if running else None,
        "can_start": own and strategy.state == StrategyState.DRAFT,
        "officer_form": (bound.get("officer") or OfficerForm(scope=request.scope, prefix="officer"))
        if running
        else None,
        "start_form": bound.get("start"),
        "end_form": (bound.get("end") or ResultForm(prefix="end")) if running else None,
        "is_active": active,
    }
    return render(request, "tiers/strategy_detail.html", context, status=422 if bound else 200)


@needs(Capability.VIEW)
@methods()
def strategy(request: PortalRequest, pk: int) -> HttpResponse:
    """One plan with its steps."""
    return _page(request, _found(request, pk))


@needs(Capability.MANAGE_COMPANIES)
@methods(reads=(), writes=("POST",))
def strategy_move(request: PortalRequest, pk: int, key: str) -> HttpResponse:
    """Start a plan, complete it or stop it."""
    found = _found(request, pk, own=True)
    state = {"start": StrategyState.ACTIVE, "complete": StrategyState.COMPLETED, "stop": StrategyState.STOPPED}.get(key)
    place = "start" if key == "start" else "end"
    form = BareForm(request.POST, prefix=place) if key == "start" else ResultForm(request.POST, prefix=place)
    if form.is_valid() and state is not None:
        result = form.cleaned_data.get("result", "")
        act = partial(services.move_strategy, strategy=found, state=state, actor=request.user)
        if tried(form, lambda: act(result=result)):
            messages.success(request, _("성장전략의 상태를 바꿨습니다."))
            return redirect("tiers:strategy", pk=pk)
    return _page(request, found, {place: form})


@needs(Capability.MANAGE_COMPANIES)
@methods(reads=(), writes=("POST",))
def strategy_officer(request: PortalRequest, pk: int) -> HttpResponse:
    """Hand the firm to another officer."""
    found = _found(request, pk, own=True)
    form = OfficerForm(request.POST, scope=request.scope, prefix="officer")
    if form.is_valid():
        act = partial(services.change_officer, strategy=found, actor=request.user)
        if tried(form, lambda: act(officer=form.cleaned_data["officer"])):
            messages.success(request, _("전담을 바꿨습니다."))
            return redirect("tiers:strategy", pk=pk)
    return _page(request, found, {"officer": form})


@needs(Capability.MANAGE_COMPANIES)
@methods(reads=(), writes=("POST",))
def step_new(request: PortalRequest, pk: int) -> HttpResponse:
    """Add a support to the plan."""
    found = _found(request, pk, own=True)
    form = StepForm(request.POST, scope=request.scope, prefix="step")
    if form.is_valid():
        act = partial(services.add_step, strategy=found, actor=request.user)
        if tried(form, lambda: act(**form.cleaned_data)):
            messages.success(request, _("지원 단계를 더했습니다."))
            return redirect("tiers:strategy", pk=pk)
    return _page(request, found, {"step": form})


@needs(Capability.MANAGE_COMPANIES)
@methods(reads=(), writes=("POST",))
def step_close(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    """A step was done, or will not be."""
    found = _found(request, pk, own=True)
    step = get_object_or_404(GrowthStep, strategy=found, number=number)
    key = f"step{step.pk}"
    form = CloseStepForm(request.POST, prefix=key)
    if form.is_valid():
        data = form.cleaned_data
        act = partial(services.close_step, step=step, done_well=data["outcome"] == "done", actor=request.user)
        if tried(form, lambda: act(on=data["on"], result=data["result"])):
            messages.success(request, _("지원 단계를 마쳤습니다."))
            return redirect("tiers:strategy", pk=pk)
    return _page(request, found, {key: form})
