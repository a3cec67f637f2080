"""Lists: plans, obligations, reports."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crisis.enums import Stage
from crisis.plans.enums import ObligationState, PlanState, Rating, ReportState
from crisis.plans.models import Obligation, Plan, PlanEvaluation, QuarterlyReport
from crisis.plans.rules import quarter_text
from crisis.plans.views.common import REPORT_KINDS, STATE_KINDS
from portal.directory.access import needs
from portal.directory.enums import Capability, RegionLevel
from portal.directory.models import Region
from portal.kernel import display
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.templatetags import ui
from portal.kernel.views import methods

ANY = _("전체")


class SidoFilters(ListFilters):
    region = django_filters.ModelChoiceFilter(
        "sido", label=_("시·도"), queryset=Region.objects.none(), empty_label=ANY, to_field_name="code"
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        provinces = Region.objects.visible_to(self.scope).of_level(RegionLevel.SIDO).select_related("parent")
        self.filters["region"].field.queryset = provinces.order_by("code")


ENDED, EVALUATED = "ENDED", "EVALUATED"


class PlanFilters(SidoFilters):
    q = django_filters.CharFilter(method="named", label=_("계획 이름·지역"))
    state = django_filters.ChoiceFilter(
        method="standing", label=_("상태"), empty_label=ANY,
        choices=[*PlanState.choices, (ENDED, _("기간이 끝나 평가할 것")), (EVALUATED, _("종료를 기다리는 것"))],
    )  # fmt: skip

    def named(self, rows: QuerySet[Plan], name: str, value: str) -> QuerySet[Plan]:
        inside = Obligation.objects.filter(plan=OuterRef("pk"), area__name_ko__icontains=value.strip())
        return rows.filter(Q(title__icontains=value.strip()) | Exists(inside))

    def standing(self, rows: Any, name: str, value: str) -> QuerySet[Plan]:
        if value == ENDED:
            return rows.ended_by(timezone.localdate()).filter(evaluation=None)
        if value == EVALUATED:
            return rows.in_effect().filter(Exists(PlanEvaluation.objects.filter(plan=OuterRef("pk"))))
        return rows.filter(state=value)


def plan_badge(plan: Plan) -> SafeString:
    mark = ui.badge(plan.get_state_display(), STATE_KINDS[PlanState(plan.state)])
    return format_html("{} {}", mark, ui.badge(_now("늦게 제출"), "warn")) if plan.late else mark


class PlanList(ListPage):
    name = "plans"
    title = _("위기예방계획")
    template = "plans/plan_list.html"
    default_sort = "-starts"
    filters = PlanFilters
    empty_text = _("주의나 심각으로 결정된 지역이 생기면 ‘계획을 낼 지역’에서 계획을 시작할 수 있습니다.")
    columns = (
        ListColumn(
            "title", _("계획"), link=lambda row: reverse("plans:plan", args=[row.code]), sort=("title",), fixed=True,
            show=lambda row: format_html("{} {}", row.title, ui.example()) if row.is_demo else row.title, width=40,
        ),
        ListColumn("code", _("번호"), sort=("code",), text=True),
        ListColumn("sido", _("시·도"), value=lambda row: row.sido.name, sort=("sido__code",)),
        ListColumn(
            "areas", _("지역"), value=lambda row: ", ".join(dict.fromkeys(o.area.name for o in row.obligations.all())),
            width=32,
        ),
        ListColumn("starts", _("시작일"), value=lambda row: row.starts_on, sort=("starts_on",)),
        ListColumn("ends", _("종료일"), value=lambda row: row.ends_on, sort=("ends_on",)),
        ListColumn(
            "state", _("상태"), value=lambda row: str(row.get_state_display()), show=plan_badge, sort=("state",)
        ),
        ListColumn("submitted", _("제출 일시"), value=lambda row: row.submitted_at, sort=("submitted_at",), shown=False),
        ListColumn("approved", _("승인 일시"), value=lambda row: row.approved_at, sort=("approved_at",), shown=False),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Plan]:
        return Plan.objects.visible_to(self.scope).select_related("sido").prefetch_related("obligations__area")


OPEN, OVERDUE = "OPEN", "OVERDUE"


class ObligationFilters(SidoFilters):
    stage = django_filters.ChoiceFilter(
        label=_("단계"), choices=[(s.value, s.label) for s in (Stage.CAUTION, Stage.SEVERE)], empty_label=ANY
    )
    state = django_filters.ChoiceFilter(
        method="standing",
        label=_("상태"),
        choices=[*ObligationState.choices, (OVERDUE, _("기한 지남"))],
        empty_label=ANY,
    )

    def standing(self, rows: Any, name: str, value: str) -> QuerySet[Obligation]:
        return rows.overdue_on(timezone.localdate()) if value == OVERDUE else rows.filter(state=value)


def _owed_badge(row: Obligation) -> SafeString:
    today = timezone.localdate()
    if row.is_overdue(today):
        return ui.badge(_now("기한 %(days)s일 지남") % {"days": (today - row.due_on).days}, "danger")
    if row.state == ObligationState.OPEN and row.plan is not None:
        return ui.badge(row.plan.get_state_display(), STATE_KINDS[PlanState(row.plan.state)])
    kinds = {ObligationState.OPEN: "warn", ObligationState.MET: "ok", ObligationState.RELEASED: "mark"}
    return ui.badge(row.get_state_display(), kinds[ObligationState(row.state)])


class ObligationList(ListPage):
    name = "plan-obligations"
    title = _("계획을 낼 지역")
    template = "plans/obligation_list.html"
    default_sort = "due"
    filters = ObligationFilters
    empty_text = _("협의회가 주의나 심각으로 확정하면 그 지역이 기한과 함께 여기에 나타납니다.")
    columns = (
        ListColumn(
            "area", _("지역"), value=lambda row: row.area.name, sort=("area__name_ko",), fixed=True, width=28,
            link=lambda row: reverse("dashboards:area", args=[row.area.code]),
            show=lambda row: format_html("{} {}", row.area.name, ui.example()) if row.is_demo else row.area.name,
        ),
        ListColumn("sido", _("시·도"), value=lambda row: row.sido.name, sort=("sido__code",)),
        ListColumn(
            "stage", _("단계"), value=lambda row: str(row.get_stage_display()), show=lambda row: ui.stage(row.stage),
            sort=("stage",),
        ),
        ListColumn("opened", _("의무가 생긴 날"), value=lambda row: row.opened_on, sort=("opened_on",)),
        ListColumn("due", _("제출 기한"), value=lambda row: row.due_on, sort=("due_on",)),
        ListColumn(
            "state", _("상태"), value=lambda row: str(row.get_state_display()), show=_owed_badge, sort=("state",)
        ),
        ListColumn(
            "plan", _("예방계획"), value=lambda row: row.plan.title if row.plan else None, width=32,
            link=lambda row: reverse("plans:plan", args=[row.plan.code]) if row.plan else "",
        ),
        ListColumn("reason", _("해제 사유"), value=lambda row: row.release_reason, shown=False, width=32),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Obligation]:
        return Obligation.objects.visible_to(self.scope).select_related("area", "sido", "plan")


RATE = "RATE"


class ReportFilters(ListFilters):
    region = django_filters.ModelChoiceFilter(
        "measure__plan__sido", label=_("시·도"), queryset=Region.objects.none(), empty_label=ANY, to_field_name="code"
    )
    state = django_filters.ChoiceFilter(
        method="standing", label=_("상태"), empty_label=ANY,
        choices=[*ReportState.choices, (OVERDUE, _("기한 지남")), (RATE, _("평가를 기다리는 것"))],
    )  # fmt: skip
    rating = django_filters.ChoiceFilter(label=_("평가"), choices=Rating.choices, empty_label=ANY)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        provinces = Region.objects.visible_to(self.scope).of_level(RegionLevel.SIDO).select_related("parent")
        self.filters["region"].field.queryset = provinces.order_by("code")

    def standing(self, rows: Any, name: str, value: str) -> QuerySet[QuarterlyReport]:
        today = timezone.localdate()
        if value == OVERDUE:
            return rows.overdue_on(today)
        if value == RATE:
            return rows.to_rate()
        if value == ReportState.OWED:
            return rows.owed().filter(quarter__lte=today)
        return rows.filter(state=value)


def report_url(row: QuarterlyReport) -> str:
    return reverse("plans:report", args=[row.measure.plan.code, row.measure.number, quarter_text(row.quarter)])


def report_badge(row: QuarterlyReport) -> SafeString:
    today = timezone.localdate()
    if row.is_overdue(today):
        return ui.badge(_now("기한 %(days)s일 지남") % {"days": (today - row.due_on).days}, "danger")
    return ui.badge(row.get_state_display(), REPORT_KINDS[ReportState(row.state)])


class ReportList(ListPage):
    name = "plan-reports"
    title = _("분기 이행 보고")
    template = "plans/report_list.html"
    default_sort = "due"
    filters = ReportFilters
    empty_text = _("예방계획이 승인되면 과제마다 분기별 이행 보고가 여기에 생깁니다.")
    columns = (
        ListColumn(
            "measure", _("과제"), value=lambda row: str(row.measure), link=report_url, sort=("measure__title",),
            fixed=True, width=36,
        ),
        ListColumn(
            "quarter", _("분기"), value=lambda row: display.period(quarter_text(row.quarter)), sort=("quarter",)
        ),
        ListColumn(
            "plan", _("예방계획"), value=lambda row: row.measure.plan.title, width=36,
            link=lambda row: reverse("plans:plan", args=[row.measure.plan.code]), sort=("measure__plan__title",),
        ),
        ListColumn(
            "sido", _("시·도"), value=lambda row: row.measure.plan.sido.name, sort=("measure__plan__sido__code",)
        ),
        ListColumn("due", _("보고 기한"), value=lambda row: row.due_on, sort=("due_on",)),
        ListColumn(
            "state", _("상태"), value=lambda row: str(row.get_state_display()), show=report_badge, sort=("state",)
        ),
        ListColumn(
            "spent", _("집행액(원)"), value=lambda row: row.spent_total if row.state != ReportState.OWED else None,
            css="num",
        ),
        ListColumn("finding", _("점검"), value=lambda row: str(row.get_finding_display()), sort=("finding",)),
        ListColumn("rating", _("평가"), value=lambda row: str(row.get_rating_display()), sort=("rating",)),
        ListColumn("late", _("늦게 제출"), value=lambda row: row.late, shown=False),
    )  # fmt: skip

    def queryset(self) -> QuerySet[QuarterlyReport]:
        return QuarterlyReport.objects.visible_to(self.scope).select_related("measure__plan__sido")


@needs(Capability.VIEW)
@methods(writes=("POST",))
def plans(request: PortalRequest) -> HttpResponseBase:
    """Every plan of the reader's regions."""
    return PlanList.of(request).respond(request, writes=request.scope.can(Capability.WRITE_PLANS))


@needs(Capability.VIEW)
@methods(writes=("POST",))
def obligations(request: PortalRequest) -> HttpResponseBase:
    """Areas that need a plan, by due day."""
    releases = request.scope.within(Capability.RATE_PLANS).nationwide
    writes = request.scope.can(Capability.WRITE_PLANS)
    return ObligationList.of(request).respond(request, writes=writes, releases=releases)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def reports(request: PortalRequest) -> HttpResponseBase:
    """Quarterly reports owed, waiting and done."""
    return ReportList.of(request).respond(request)
