"""One campaign: its plan, sample, rates and what becomes of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.fieldwork import services
from crisis.fieldwork.enums import CampaignState
from crisis.fieldwork.forms import (
    AssignForm,
    ChooseForm,
    ClustersForm,
    NewCampaignForm,
    PlanForm,
    SampleForm,
    quarter_text,
)
from crisis.fieldwork.importers import PREFIX
from crisis.fieldwork.models import Campaign, FieldForm
from crisis.fieldwork.selectors import response_rates
from crisis.fieldwork.views.common import STATE_KINDS, campaign_of, forms_for, runs, sees_firms
from crisis.fieldwork.views.deeds import offered
from portal.directory.access import needs
from portal.directory.enums import Capability, RegionLevel
from portal.directory.models import Event, Organization, Region, User
from portal.directory.verbs import VERBS
from portal.kernel.errors import ChangedMeanwhile
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

_SHOWN_CLUSTERS = 200
STEPS = {
    CampaignState.DRAFT: 1, CampaignState.CANCELLED: 1, CampaignState.OPEN: 2, CampaignState.CLOSED: 3,
    CampaignState.CONFIRMED: 4,
}  # fmt: skip


@needs(Capability.VIEW)
@methods()
def campaign(request: PortalRequest, code: str) -> HttpResponse:
    """Everything of one campaign on one page."""
    found = campaign_of(request, code)
    running, firms = runs(request.scope, found), sees_firms(request.scope, found)
    entering = request.scope.within(Capability.ENTER_SURVEYS).holds(found.sido_id)
    places = list(found.clusters.select_related("cluster__region").order_by("cluster__code")[:_SHOWN_CLUSTERS])
    last = found.confirmations.select_related("by").order_by("-number").first()
    context = {
        "campaign": found,
        "state_kind": STATE_KINDS[CampaignState(found.state)],
        "step": STEPS[CampaignState(found.state)],
        "runs": running,
        "firms": firms,
        "entering": entering and found.takes_entry_on(timezone.localdate()),
        "offered": offered(request.scope, found),
        "lacking": services.lacking(found) if running and found.state == CampaignState.DRAFT else [],
        "draft": found.state == CampaignState.DRAFT,
        "ended": found.state in {CampaignState.CLOSED, CampaignState.CONFIRMED},
        "rates": response_rates(found),
        "places": [(place, _drawn(place.strata)) for place in places],
        "kind": f"{PREFIX}{found.code}",
        "quarter": quarter_text(found),
        "confirmation": last,
        "events": [(one, VERBS.get(one.verb, one.verb)) for one in _events(found)] if running or firms else [],
    }
    return render(request, "fieldwork/campaign_detail.html", context)


def _drawn(strata: dict[str, dict[str, int]]) -> tuple[int, int]:
    return sum(one["eligible"] for one in strata.values()), sum(one["drawn"] for one in strata.values())


def _events(found: Campaign) -> Any:
    return Event.objects.about(found).select_related("actor").order_by("-at", "-pk")[:15]


def _mine(request: PortalRequest, code: str) -> Campaign:
    """The campaign, for who runs it and while its plan may change."""
    found = campaign_of(request, code)
    if not runs(request.scope, found):
        raise PermissionDenied
    return found


def _form_page(request: PortalRequest, found: Campaign | None, form: Any, title: str, lead: str = "") -> HttpResponse:
    context = {"campaign": found, "form": form, "title": title, "lead": lead}
    return render(request, "fieldwork/campaign_form.html", context, status=422 if form.is_bound else 200)


def _posted(request: PortalRequest) -> Any:
    return request.POST if request.method == "POST" else None


@needs(Capability.RUN_FIELDWORK)
@methods(writes=("POST",))
def campaign_new(request: PortalRequest) -> HttpResponse:
    """Begin a campaign with its plan."""
    running = request.scope.within(Capability.RUN_FIELDWORK)
    today = timezone.localdate()
    sidos = Region.objects.in_force_on(today).filter(running.regions("pk"), level=RegionLevel.SIDO).order_by("name_ko")
    bodies = Organization.objects.filter(pk__in=running.organization_ids).order_by("name_ko")
    own = FieldForm.objects.visible_to(request.scope).newest().values_list("pk", flat=True)
    forms = FieldForm.objects.filter(pk__in=list(own)).order_by("region", "code")
    form = NewCampaignForm(
        _posted(request), sidos=sidos, bodies=bodies, forms_offered=forms, initial={"seen": 0, "opens_on": today}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = tried(
            form,
            lambda: services.plan_campaign(sido=data["sido"], body=data["body"], facts=form.facts, actor=request.user),
        )
        if made is not None:
            messages.success(request, _("계획을 저장했습니다. 밀집지역과 표본을 정한 다음 시작해 주세요."))
            return redirect("fieldwork:campaign", code=made.code)
    lead = _("기간, 목적, 대상, 내용을 먼저 정합니다. 시작하기 전까지 고칠 수 있습니다.")
    return _form_page(request, None, form, _("새 현장 실태조사"), lead)


def _change(
    request: PortalRequest, found: Campaign, form: Any, act: Any, *, title: str, done: str, lead: str = ""
) -> HttpResponse:
    """A deed on a campaign from one form, then back to it."""
    if request.method == "POST" and form.is_valid():
        try:
            if tried(form, act) is not None:
                messages.success(request, done)
                return redirect("fieldwork:campaign", code=found.code)
        except ChangedMeanwhile as refusal:
            messages.error(request, refusal.message)
            return redirect("fieldwork:campaign", code=found.code)
    return _form_page(request, found, form, title, lead)


@needs(Capability.RUN_FIELDWORK)
@methods(writes=("POST",))
def campaign_edit(request: PortalRequest, code: str) -> HttpResponse:
    """Change the plan."""
    found = _mine(request, code)
    form = PlanForm(
        _posted(request), forms_offered=forms_for(found.sido_id, found.form_id), initial=PlanForm.initial_of(found)
    )
    return _change(
        request, found, form, title=_("계획 고치기"), done=_("계획을 고쳤습니다."),
        act=lambda: services.change_plan(
            campaign=found, facts=form.facts, seen=form.cleaned_data["seen"], actor=request.user
        ),
    )  # fmt: skip


@needs(Capability.RUN_FIELDWORK)
@methods(writes=("POST",))
def campaign_clusters(request: PortalRequest, code: str) -> HttpResponse:
    """Choose the clusters."""
    found = _mine(request, code)
    covered = list(found.clusters.values_list("cluster", flat=True))
    form = ClustersForm(_posted(request), campaign=found, initial={"seen": found.version, "clusters": covered})
    return _change(
        request, found, form, title=_("조사할 밀집지역"), done=_("밀집지역을 정했습니다."),
        act=lambda: services.set_clusters(campaign=found, actor=request.user, **form.cleaned_data),
    )  # fmt: skip


@needs(Capability.RUN_FIELDWORK)
@methods(writes=("POST",))
def campaign_sample(request: PortalRequest, code: str) -> HttpResponse:
    """Draw the sample."""
    found = _mine(request, code)
    initial = {
        "seen": found.version, "size": found.sample_size, "percent": found.sample_percent, "seed": found.seed,
    }  # fmt: skip
    form = SampleForm(_posted(request), initial=initial)
    lead = _(
        "밀집지역에 등록된 사업장에서 규모별로 나누어 뽑습니다. 폐업하거나 합쳐진 기업은 빠집니다. 다시 뽑으면 앞의 표본을 갈음합니다."
    )
    return _change(
        request, found, form, title=_("표본 추출"), lead=lead, done=_("표본을 뽑았습니다."),
        act=lambda: services.draw_sample(campaign=found, actor=request.user, **form.cleaned_data),
    )  # fmt: skip


@needs(Capability.RUN_FIELDWORK)
@methods(writes=("POST",))
def campaign_choose(request: PortalRequest, code: str) -> HttpResponse:
    """Add workplaces by hand."""
    found = _mine(request, code)
    form = ChooseForm(_posted(request), initial={"seen": found.version})
    return _change(
        request, found, form, title=_("사업장 직접 추가"), done=_("표본에 더했습니다."),
        act=lambda: services.choose_units(
            campaign=found, workplaces=form.workplaces(), seen=form.cleaned_data["seen"], actor=request.user
        ),
    )  # fmt: skip


@needs(Capability.RUN_FIELDWORK)
@methods(writes=("POST",))
def campaign_assign(request: PortalRequest, code: str) -> HttpResponse:
    """Give workplaces to an interviewer."""
    found = _mine(request, code)
    people = User.objects.filter(is_active=True, memberships__organization=found.body).distinct().order_by("name")
    form = AssignForm(_posted(request), campaign=found, people=people)

    def act() -> int:
        data, units = form.cleaned_data, found.units.all()
        if data["cluster"]:
            units = units.filter(place__cluster=data["cluster"])
        if data["unassigned"]:
            units = units.filter(interviewer=None)
        return services.assign_units(campaign=found, units=units, interviewer=data["interviewer"], actor=request.user)

    return _change(request, found, form, title=_("조사원 배정"), done=_("조사원을 배정했습니다."), act=act)
