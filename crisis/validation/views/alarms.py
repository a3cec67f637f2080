"""Alarms: rated by those who know the place, followed by what came; events as they are documented."""

from functools import partial
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisis.enums import RoundState, Stage
from crisis.models import Result, Round
from crisis.validation import services
from crisis.validation.enums import AlarmKind, EventKind
from crisis.validation.forms import IncidentForm, RatingForm, WithdrawForm
from crisis.validation.models import AlarmRating, FollowUp, Incident
from crisis.validation.selectors.feedback import alarms as alarm_results
from crisis.validation.services.feedback import alarm_kind
from crisis.validation.views.common import body_for
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.templatetags import ui
from portal.kernel.views import methods

_KIND_WORDS = dict(AlarmKind.choices)


def _kind_word(result: Result) -> str:
    return str(_KIND_WORDS[alarm_kind(result) or AlarmKind.WATCH])


class AlarmFilters(ListFilters):
    round = django_filters.ModelChoiceFilter(
        field_name="run__round",
        label=gettext_lazy("회차"),
        to_field_name="code",
        queryset=Round.objects.filter(state=RoundState.EVALUATED),
    )
    stage = django_filters.ChoiceFilter(
        field_name="model_stage",
        label=gettext_lazy("단계"),
        choices=[choice for choice in Stage.choices if choice[0] != Stage.GOOD],
    )
    rated = django_filters.ChoiceFilter(
        label=gettext_lazy("우리 기관의 평가"),
        method="by_rating",
        choices=[("no", gettext_lazy("아직 안 함")), ("yes", gettext_lazy("함"))],
    )

    def by_rating(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        mine = AlarmRating.objects.filter(result=OuterRef("pk"), organization__in=self.scope.organization_ids)
        return queryset.filter(Exists(mine) if value == "yes" else ~Exists(mine))


def _rating_word(result: Any) -> str:
    return {True: _("유용"), False: _("유용하지 않음"), None: "–"}[result.rated_useful]


class AlarmList(ListPage):
    """Alarms of the reader's areas, the newest round first."""

    name = "alarms"
    title = gettext_lazy("경보와 평가")
    template = "validation/alarms.html"
    default_sort = "-round"
    tie = ("area__code",)
    filters = AlarmFilters
    empty_text = gettext_lazy("공식 산출이 끝나면 주의·심각·관찰이 나온 지역이 여기에 보입니다.")
    columns = (
        ListColumn(
            "area", gettext_lazy("지역"), value=lambda r: r.area.name, sort=("area__code",), fixed=True,
            link=lambda r: reverse("validation:alarm", args=[r.run.round.code, r.area.code]),
        ),
        ListColumn(
            "round", gettext_lazy("회차"), value=lambda r: r.run.round.code, show=lambda r: r.run.round.title,
            sort=("run__round__reference_month",), text=True,
        ),
        ListColumn(
            "kind", gettext_lazy("경보"), value=_kind_word,
            show=lambda r: ui.stage(r.model_stage) if r.status == "OK" and r.model_stage != Stage.GOOD
            else ui.badge(_("관찰"), "warn"),
            sort=("model_stage",),
        ),
        ListColumn("rci", gettext_lazy("위기지수"), value=lambda r: r.rci, sort=("rci",), css="num"),
        ListColumn("grade", gettext_lazy("자료 등급"), value=lambda r: r.grade, sort=("grade",)),
        ListColumn("rating", gettext_lazy("최근 평가"), value=_rating_word),
        ListColumn(
            "crisis", gettext_lazy("12개월 안의 위기"),
            value=lambda r: {True: _("있음"), False: _("없음"), None: "–"}[r.turned_out],
        ),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        newest = AlarmRating.objects.filter(result=OuterRef("pk")).order_by("-updated_at").values("useful")[:1]
        after = FollowUp.objects.filter(result=OuterRef("pk"), months=12).values("crisis")[:1]
        return (
            alarm_results()
            .visible_to(self.scope)
            .select_related("area", "run__round")
            .defer("public")
            .annotate(rated_useful=newest, turned_out=after)
        )


@needs(Capability.VIEW)
@methods(writes=("POST",))
def alarms(request: PortalRequest) -> HttpResponseBase:
    """Alarms, with what was said of them and what came."""
    return AlarmList.of(request).respond(request, can_document=request.scope.can(Capability.RATE_ALARMS))


@needs(Capability.VIEW, for_writing=Capability.RATE_ALARMS)
@methods(writes=("POST",))
def alarm(request: PortalRequest, code: str, area: str) -> HttpResponse:
    """One alarm: what it said, who thought what of it, what came after 6, 12 and 18 months; the reader's own word."""
    rows = alarm_results().visible_to(request.scope).select_related("area__region", "run__round", "run__rule_set")
    found = get_object_or_404(rows, run__round__code=code, area__code=area)
    mine = request.scope.within(Capability.RATE_ALARMS)
    may_rate = mine.holds(found.area.region_id)
    body = body_for(mine, found.area.region_id) if may_rate else None
    said = list(AlarmRating.objects.filter(result=found).select_related("organization", "rated_by"))
    own = next((row for row in said if body is not None and row.organization_id == body.pk), None)
    initial = {"useful": "yes" if own.useful else "no", "reason": own.reason, "note": own.note} if own else {}
    form = RatingForm(request.POST or None, initial=initial)
    if request.method == "POST":
        if body is None:
            raise PermissionDenied
        if form.is_valid():
            data = form.cleaned_data
            act = partial(services.rate_alarm, result=found, organization=body, actor=request.user)
            if tried(form, lambda: act(useful=data["useful"] == "yes", reason=data["reason"], note=data["note"])):
                messages.success(request, _("평가를 남겼습니다. 판정 기준을 고칠 때 씁니다."))
                return redirect("validation:alarm", code=code, area=area)
    context = {
        "result": found,
        "kind": _kind_word(found),
        "ratings": said,
        "form": form if body is not None else None,
        "body": body,
        "follow_ups": FollowUp.objects.filter(result=found).prefetch_related("designations", "incidents"),
    }
    return render(request, "validation/alarm.html", context, status=422 if form.errors else 200)


class IncidentFilters(ListFilters):
    kind = django_filters.ChoiceFilter(label=gettext_lazy("종류"), choices=EventKind.choices)


class IncidentList(ListPage):
    """What happened in the reader's areas, as documented."""

    name = "incidents"
    title = gettext_lazy("확인된 사건")
    template = "validation/incidents.html"
    default_sort = "-occurred_on"
    filters = IncidentFilters
    empty_text = gettext_lazy("사업장 폐쇄나 회복을 확인하면 근거와 함께 적어 주세요. 경보가 맞았는지 따질 때 씁니다.")
    columns = (
        ListColumn("occurred_on", gettext_lazy("일어난 날"), sort=("occurred_on",), fixed=True),
        ListColumn("area", gettext_lazy("지역"), value=lambda row: row.area.name, sort=("area__code",)),
        ListColumn("kind", gettext_lazy("종류"), value=lambda row: str(row.get_kind_display()), sort=("kind",)),
        ListColumn(
            "title", gettext_lazy("내용"), link=lambda row: reverse("validation:incident", args=[row.pk])
        ),
        ListColumn("workers", gettext_lazy("종사자(명)"), sort=("workers",), css="num"),
        ListColumn("source", gettext_lazy("근거")),
        ListColumn(
            "state", gettext_lazy("상태"), value=lambda row: _("거둠") if row.withdrawn_at else _("확인됨")
        ),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Incident]:
        return Incident.objects.visible_to(self.scope).select_related("area")


@needs(Capability.VIEW)
@methods(writes=("POST",))
def incidents(request: PortalRequest) -> HttpResponseBase:
    """Documented events."""
    return IncidentList.of(request).respond(request, can_document=request.scope.can(Capability.RATE_ALARMS))


@needs(Capability.RATE_ALARMS)
@methods(writes=("POST",))
def incident_new(request: PortalRequest) -> HttpResponse:
    """Document an event."""
    mine = request.scope.within(Capability.RATE_ALARMS)
    form = IncidentForm(request.POST or None, scope=mine, initial={"area": request.GET.get("area", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        body = body_for(mine, data["area"].region_id)
        act = partial(services.document_incident, organization=body, actor=request.user)
        if tried(form, lambda: act(**data)):
            messages.success(request, _("사건을 기록했습니다. 관련된 경보의 사후 결과에 반영했습니다."))
            return redirect("validation:incidents")
    return render(request, "validation/incident_new.html", {"form": form}, status=422 if form.errors else 200)


@needs(Capability.VIEW, for_writing=Capability.RATE_ALARMS)
@methods(writes=("POST",))
def incident(request: PortalRequest, pk: int) -> HttpResponse:
    """One event; whoever answers for the place may take it back with a reason."""
    rows = Incident.objects.visible_to(request.scope).select_related(
        "area", "organization", "entered_by", "withdrawn_by"
    )
    found = get_object_or_404(rows, pk=pk)
    may = request.scope.within(Capability.RATE_ALARMS).holds(found.area.region_id) and not found.withdrawn_at
    form = WithdrawForm(request.POST or None)
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        if form.is_valid():
            act = partial(services.withdraw_incident, incident=found, actor=request.user)
            if tried(form, lambda: act(reason=form.cleaned_data["reason"])):
                messages.success(request, _("사건을 거두었습니다."))
                return redirect("validation:incidents")
    context = {"incident": found, "form": form if may else None}
    return render(request, "validation/incident.html", context, status=422 if form.errors else 200)
