"""Lists: projects, reports, zones, resources, rural complexes and their measures."""

from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from companies.enums import ClusterKind
from companies.models import Cluster
from crisis.declining.enums import (
    ComplexField,
    MeasureState,
    ProjectField,
    ProjectState,
    ReportState,
    ResourceKind,
    ZoneKind,
)
from crisis.declining.models import ComplexMeasure, FundProject, LocalResource, ProjectReport, SpecialZone
from crisis.declining.selectors.figures import latest_figures, operating_rate
from crisis.declining.services.common import last_day
from crisis.declining.views.common import MEASURE_KINDS, REPORT_KINDS, STATE_KINDS
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
    """Narrowed to a 시·도 over the path of the row's 시·군·구."""

    path = "region"
    q = django_filters.CharFilter(method="named", label=_("이름"))
    sido = django_filters.ModelChoiceFilter(
        method="within", label=_("시·도"), queryset=Region.objects.none(), empty_label=ANY, to_field_name="code"
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        provinces = Region.objects.visible_to(self.scope).of_level(RegionLevel.SIDO).select_related("parent")
        self.filters["sido"].field.queryset = provinces.order_by("code")

    def within(self, rows: QuerySet[Any], name: str, value: Region) -> QuerySet[Any]:
        return rows.filter(**{f"{self.path}__parent": value}).distinct()

    def named(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(name__icontains=value.strip()) | Q(region__name_ko__icontains=value.strip()))


def _marked(text: Any, is_demo: bool) -> Any:
    return format_html("{} {}", text, ui.example()) if is_demo else text


class ProjectFilters(SidoFilters):
    year = django_filters.NumberFilter(label=_("연도"))
    state = django_filters.ChoiceFilter(label=_("상태"), choices=ProjectState.choices, empty_label=ANY)
    field = django_filters.ChoiceFilter(label=_("분야"), choices=ProjectField.choices, empty_label=ANY)


class ProjectList(ListPage):
    name = "fund-projects"
    title = _("기금 연계 사업")
    template = "declining/project_list.html"
    default_sort = "-year"
    filters = ProjectFilters
    empty_text = _("시·군·구가 초안을 만들면 여기에 나타납니다. 조건을 넓혀 보거나 ‘새 사업’에서 시작해 주세요.")
    columns = (
        ListColumn(
            "name", _("사업"), sort=("name",), fixed=True, width=36,
            link=lambda row: reverse("declining:project", args=[row.code]), show=lambda row: _marked(row.name, row.is_demo),
        ),
        ListColumn("code", _("번호"), sort=("code",), text=True),
        ListColumn("year", _("연도"), value=lambda row: str(row.year), sort=("year", "code"), text=True),
        ListColumn("region", _("시·군·구"), value=lambda row: row.region.full_name, sort=("region__code",), width=24),
        ListColumn("field", _("분야"), value=lambda row: str(row.get_field_display()), sort=("field",)),
        ListColumn(
            "state", _("상태"), value=lambda row: str(row.get_state_display()), sort=("state",),
            show=lambda row: ui.badge(row.get_state_display(), STATE_KINDS[ProjectState(row.state)]),
        ),
        ListColumn("planned", _("계획(원)"), sort=("planned",), css="num"),
        ListColumn("agreed", _("합의(원)"), sort=("agreed",), css="num"),
        ListColumn("executed", _("집행(원)"), sort=("executed",), css="num"),
        ListColumn("bonus", _("가점"), value=lambda row: row.bonus_points, sort=("bonus_points",), css="num", shown=False),
    )  # fmt: skip

    def queryset(self) -> QuerySet[FundProject]:
        rows = FundProject.objects.visible_to(self.scope).select_related("region__parent")
        return rows.annotate(
            planned=Sum("money__planned", default=0), agreed=Sum("money__agreed", default=0),
            executed=Sum("money__executed", default=0),
        )  # fmt: skip


OVERDUE = "OVERDUE"


class ReportFilters(SidoFilters):
    path = "project__region"
    state = django_filters.ChoiceFilter(
        method="standing", label=_("상태"), empty_label=ANY, choices=[*ReportState.choices, (OVERDUE, _("기한 지남"))]
    )

    def named(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = value.strip()
        return rows.filter(Q(project__name__icontains=text) | Q(project__region__name_ko__icontains=text))

    def standing(self, rows: Any, name: str, value: str) -> QuerySet[ProjectReport]:
        today = timezone.localdate()
        if value == OVERDUE:
            return rows.overdue_on(today)
        return rows.owed().filter(half__lte=today) if value == ReportState.OWED else rows.filter(state=value)


def report_badge(row: ProjectReport) -> SafeString:
    today = timezone.localdate()
    if row.is_overdue(today):
        return ui.badge(_now("기한 %(days)s일 지남") % {"days": (today - row.due_on).days}, "danger")
    if today < row.half:
        return ui.badge(_now("아직 오지 않음"))
    return ui.badge(row.get_state_display(), REPORT_KINDS[ReportState(row.state)])


class ReportList(ListPage):
    name = "fund-reports"
    title = _("기금 연계 사업 반기 보고")
    template = "declining/report_list.html"
    default_sort = "due"
    filters = ReportFilters
    empty_text = _("사업에 합의하면 반기마다 보고가 여기에 생깁니다.")
    columns = (
        ListColumn(
            "project", _("사업"), value=lambda row: row.project.name, sort=("project__name",), fixed=True, width=36,
            link=lambda row: reverse("declining:report", args=[row.project.code, row.text]),
        ),
        ListColumn("half", _("반기"), value=lambda row: display.period(row.text), sort=("half",)),
        ListColumn(
            "region", _("시·군·구"), value=lambda row: row.project.region.full_name, sort=("project__region__code",), width=24
        ),
        ListColumn("due", _("기한"), value=lambda row: row.due_on, sort=("due_on",)),
        ListColumn(
            "state", _("상태"), value=lambda row: str(row.get_state_display()), show=report_badge, sort=("state",)
        ),
        ListColumn("spent", _("집행(원)"), sort=("spent",), css="num"),
        ListColumn("late", _("늦게 제출"), value=lambda row: row.late, shown=False),
    )  # fmt: skip

    def queryset(self) -> QuerySet[ProjectReport]:
        rows = ProjectReport.objects.visible_to(self.scope).select_related("project__region__parent")
        return rows.annotate(spent=Sum("spending__won", default=0))


class ZoneFilters(SidoFilters):
    path = "places__region"
    kind = django_filters.ChoiceFilter(label=_("분야"), choices=ZoneKind.choices, empty_label=ANY)
    on = django_filters.ChoiceFilter(
        method="standing", label=_("지정"), choices=[("now", _("지정 중")), ("ended", _("끝남"))], empty_label=ANY
    )

    def named(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(name__icontains=value.strip()) | Q(resource__icontains=value.strip()))

    def standing(self, rows: Any, name: str, value: str) -> QuerySet[SpecialZone]:
        now = rows.in_force_on(timezone.localdate())
        return now if value == "now" else rows.exclude(pk__in=now.values("pk"))


class ZoneList(ListPage):
    name = "special-zones"
    title = _("지역특구")
    template = "declining/zone_list.html"
    default_sort = "code"
    filters = ZoneFilters
    empty_text = _("특구 목록은 파일로 올리거나 하나씩 적습니다. 확인한 출처가 있는 것만 적어 주세요.")
    columns = (
        ListColumn(
            "name", _("특구"), sort=("name",), fixed=True, width=34,
            link=lambda row: reverse("declining:zone", args=[row.code]), show=lambda row: _marked(row.name, row.is_demo),
        ),
        ListColumn("code", _("번호"), sort=("code",), text=True),
        ListColumn("kind", _("분야"), value=lambda row: str(row.get_kind_display()), sort=("kind",)),
        ListColumn("resource", _("특화자원"), sort=("resource",)),
        ListColumn(
            "regions", _("시·군·구"), value=lambda row: ", ".join(place.region.full_name for place in row.places.all()),
            width=32,
        ),
        ListColumn("designated", _("지정일"), value=lambda row: row.designated_on, sort=("effective__startswith",)),
        ListColumn("last", _("마지막 날"), value=lambda row: row.last_day, sort=("effective__endswith",)),
        ListColumn("exceptions", _("규제특례"), value=lambda row: row.exception_count, sort=("exception_count",), css="num"),
        ListColumn("source", _("출처"), shown=False, width=32),
    )  # fmt: skip

    def queryset(self) -> QuerySet[SpecialZone]:
        rows = SpecialZone.objects.visible_to(self.scope).prefetch_related("places__region__parent")
        return rows.annotate(exception_count=Count("exceptions", distinct=True))


class ResourceFilters(SidoFilters):
    kind = django_filters.ChoiceFilter(label=_("구분"), choices=ResourceKind.choices, empty_label=ANY)


class ResourceList(ListPage):
    name = "local-resources"
    title = _("지역 특화자원")
    template = "declining/resource_list.html"
    default_sort = "region"
    filters = ResourceFilters
    empty_text = _("지역 특산물이나 밀집 업종을 적고 그것으로 사는 기업을 연결해 주세요.")
    columns = (
        ListColumn(
            "name", _("특화자원"), sort=("name",), fixed=True, width=28,
            link=lambda row: reverse("declining:resource", args=[row.pk]), show=lambda row: _marked(row.name, row.is_demo),
        ),
        ListColumn("kind", _("구분"), value=lambda row: str(row.get_kind_display()), sort=("kind",)),
        ListColumn("region", _("시·군·구"), value=lambda row: row.region.full_name, sort=("region__code",), width=24),
        ListColumn("since", _("첫날"), value=lambda row: row.effective.lower, sort=("effective__startswith",)),
        ListColumn("until", _("마지막 날"), value=lambda row: last_day(row.effective), sort=("effective__endswith",)),
        ListColumn("firms", _("기업"), value=lambda row: row.firm_count, sort=("firm_count",), css="num"),
        ListColumn("supports", _("지원"), value=lambda row: row.support_count, sort=("support_count",), css="num"),
        ListColumn("source", _("출처"), shown=False, width=32),
    )  # fmt: skip

    def queryset(self) -> QuerySet[LocalResource]:
        rows = LocalResource.objects.visible_to(self.scope).select_related("region__parent")
        return rows.annotate(
            firm_count=Count("firms__company", distinct=True), support_count=Count("firms__supports", distinct=True)
        )


class ComplexFilters(SidoFilters):
    def named(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(name_ko__icontains=value.strip()) | Q(region__name_ko__icontains=value.strip()))


def _rate(row: Any) -> Any:
    return operating_rate(row.tenants, row.operating)


class ComplexList(ListPage):
    name = "rural-complexes"
    title = _("농공단지")
    template = "declining/complex_list.html"
    default_sort = "region"
    filters = ComplexFilters
    empty_text = _("관할 지역에 등록된 농공단지가 없습니다.")
    columns = (
        ListColumn(
            "name", _("농공단지"), value=lambda row: row.name, sort=("name_ko",), fixed=True, width=28,
            link=lambda row: reverse("declining:complex", args=[row.code]),
        ),
        ListColumn("code", _("코드"), sort=("code",), text=True),
        ListColumn("region", _("시·군·구"), value=lambda row: row.region.full_name, sort=("region__code", "name_ko"), width=24),
        ListColumn("tenants", _("입주업체"), sort=("tenants",), css="num"),
        ListColumn("operating", _("가동업체"), sort=("operating",), css="num"),
        ListColumn("rate", _("가동률(%)"), value=_rate, css="num"),
        ListColumn(
            "quarter", _("기준 분기"), sort=("quarter",), text=True,
            value=lambda row: display.period(f"{row.quarter.year}Q{row.quarter.month // 3}") if row.quarter else None,
        ),
        ListColumn("workers", _("고용"), sort=("workers",), css="num"),
        ListColumn(
            "workers_quarter", _("고용 기준 분기"), text=True, shown=False,
            value=lambda row: (
                display.period(f"{row.workers_quarter.year}Q{row.workers_quarter.month // 3}")
                if row.workers_quarter else None
            ),
        ),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Cluster]:
        rows = Cluster.objects.visible_to(self.scope).in_force_on(timezone.localdate())
        return latest_figures(rows.filter(kind=ClusterKind.AGRO, parent=None).select_related("region__parent"))


class MeasureFilters(SidoFilters):
    path = "cluster__region"
    year = django_filters.NumberFilter(label=_("연도"))
    kind = django_filters.ChoiceFilter(label=_("분야"), choices=ComplexField.choices, empty_label=ANY)
    state = django_filters.ChoiceFilter(label=_("상태"), choices=MeasureState.choices, empty_label=ANY)

    def named(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(cluster__name_ko__icontains=value.strip()) | Q(need__icontains=value.strip()))


class MeasureList(ListPage):
    name = "complex-measures"
    title = _("농공단지 활력 과제")
    template = "declining/measure_list.html"
    default_sort = "-year"
    filters = MeasureFilters
    empty_text = _("농공단지 화면에서 필요한 것과 할 일을 적으면 여기에 모입니다.")
    columns = (
        ListColumn(
            "cluster", _("농공단지"), value=lambda row: row.cluster.name, sort=("cluster__name_ko",), fixed=True, width=24,
            link=lambda row: reverse("declining:complex", args=[row.cluster.code]),
            show=lambda row: _marked(row.cluster.name, row.is_demo),
        ),
        ListColumn("year", _("연도"), value=lambda row: str(row.year), sort=("year",), text=True),
        ListColumn("kind", _("분야"), value=lambda row: str(row.get_kind_display()), sort=("kind",)),
        ListColumn("need", _("필요한 것"), width=36),
        ListColumn(
            "state", _("상태"), value=lambda row: str(row.get_state_display()), sort=("state",),
            show=lambda row: ui.badge(row.get_state_display(), MEASURE_KINDS[MeasureState(row.state)]),
        ),
        ListColumn("progress", _("진행률(%)"), sort=("progress",), css="num"),
        ListColumn("total", _("예산(원)"), value=lambda row: row.total, css="num"),
        ListColumn("region", _("시·군·구"), value=lambda row: row.cluster.region.full_name, sort=("cluster__region__code",)),
        ListColumn("result", _("결과"), shown=False, width=36),
    )  # fmt: skip

    def queryset(self) -> QuerySet[ComplexMeasure]:
        return ComplexMeasure.objects.visible_to(self.scope).select_related("cluster__region__parent")


@needs(Capability.VIEW)
@methods(writes=("POST",))
def projects(request: PortalRequest) -> HttpResponseBase:
    """Every project of the reader's regions."""
    return ProjectList.of(request).respond(request, writes=request.scope.can(Capability.WRITE_FUND_PROJECTS))


@needs(Capability.VIEW)
@methods(writes=("POST",))
def reports(request: PortalRequest) -> HttpResponseBase:
    """Half-yearly reports owed, waiting and done."""
    return ReportList.of(request).respond(request)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def zones(request: PortalRequest) -> HttpResponseBase:
    """Every special zone that lies in the reader's regions."""
    return ZoneList.of(request).respond(request, writes=request.scope.can(Capability.RECORD_DECLINING))


@needs(Capability.VIEW)
@methods(writes=("POST",))
def resources(request: PortalRequest) -> HttpResponseBase:
    """Every local resource of the reader's regions."""
    return ResourceList.of(request).respond(request, writes=request.scope.can(Capability.RECORD_DECLINING))


@needs(Capability.VIEW)
@methods(writes=("POST",))
def complexes(request: PortalRequest) -> HttpResponseBase:
    """Every rural complex with its newest figures."""
    return ComplexList.of(request).respond(request)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def measures(request: PortalRequest) -> HttpResponseBase:
    """Needs and measures of all rural complexes."""
    return MeasureList.of(request).respond(request)
