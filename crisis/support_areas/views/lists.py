"""Lists: cases, yearly reports, preferential programmes."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crisis.support_areas.enums import CaseState, ProgrammeField, ReportState
from crisis.support_areas.models import Programme, SupportCase, YearlyReport
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.forms import DateInput
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods


class CaseFilters(ListFilters):
    q = django_filters.CharFilter("name", "icontains", label=_("이름"))
    state = django_filters.ChoiceFilter(choices=CaseState.choices, label=_("상태"))
    designated_on = django_filters.DateFilter(method="on_day", label=_("이날 지정 중"), widget=DateInput)

    def on_day(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.designated_on(value)  # type: ignore[attr-defined]


class CaseList(ListPage):
    name = "support-cases"
    title = _("특별지원지역")
    template = "support_areas/case_list.html"
    default_sort = "-created_at"
    filters = CaseFilters
    empty_text = _("관할 지역에 특별지원지역 사건이 없습니다. 시·도는 ‘새 신청’으로 시작할 수 있습니다.")
    columns = (
        ListColumn("code", _("번호"), sort=("code",), text=True, link=lambda one: reverse("support_areas:case", args=[one.code])),
        ListColumn("name", _("지역"), sort=("name",), fixed=True, width=40, link=lambda one: reverse("support_areas:case", args=[one.code])),
        ListColumn("sido", _("시·도"), value=lambda one: one.sido.name, sort=("sido__name_ko",)),
        ListColumn("ground", _("지정 사유"), value=lambda one: str(one.get_ground_display()), width=40, shown=False),
        ListColumn("initiative", _("시작"), value=lambda one: str(one.get_initiative_display())),
        ListColumn("state", _("상태"), value=lambda one: str(one.get_state_display()), sort=("state",)),
        ListColumn("first_day", _("지정일"), sort=("first_day",)),
        ListColumn("last_day", _("마지막 날"), sort=("last_day",)),
        ListColumn("created_at", _("등록 일시"), sort=("created_at",), shown=False),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        return SupportCase.objects.visible_to(self.scope).select_related("sido").with_days()


class ReportFilters(ListFilters):
    state = django_filters.ChoiceFilter(choices=ReportState.choices, label=_("상태"))
    late = django_filters.BooleanFilter(method="overdue", label=_("기한이 지남"))

    def overdue(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        late = YearlyReport.objects.overdue_on(timezone.localdate()).values("pk")
        return queryset.filter(pk__in=late) if value else queryset.exclude(pk__in=late)


class ReportList(ListPage):
    name = "support-reports"
    title = _("특별지원지역 연차 보고")
    template = "support_areas/report_list.html"
    default_sort = "due_on"
    filters = ReportFilters
    empty_text = _("지정된 지역이 있으면 지정일마다 1년째 되는 날의 보고가 여기에 생깁니다.")
    columns = (
        ListColumn(
            "case", _("지역"), value=lambda one: one.case.name, sort=("case__name",), fixed=True, width=40,
            link=lambda one: reverse("support_areas:report", args=[one.case.code, one.year]),
        ),
        ListColumn("year", _("연차"), sort=("year",), css="num"),
        ListColumn("legal_due", _("법정 기한"), sort=("legal_due",), shown=False),
        ListColumn("due_on", _("제출 기한"), sort=("due_on",)),
        ListColumn("state", _("상태"), value=lambda one: str(one.get_state_display()), sort=("state",)),
        ListColumn("late", _("늦음"), value=lambda one: one.late or (one.submitted_at is None and one.due_on < timezone.localdate())),
        ListColumn("submitted_at", _("제출 일시"), sort=("submitted_at",)),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        return YearlyReport.objects.visible_to(self.scope).select_related("case")


class ProgrammeFilters(ListFilters):
    field = django_filters.ChoiceFilter(choices=ProgrammeField.choices, label=_("분야"))


class ProgrammeList(ListPage):
    name = "support-programmes"
    title = _("특별지원지역 우대 사업")
    template = "support_areas/programme_list.html"
    default_sort = "code"
    filters = ProgrammeFilters
    empty_text = _("아직 적힌 우대 사업이 없습니다.")
    columns = (
        ListColumn("code", _("코드"), sort=("code",), text=True, shown=False),
        ListColumn("name", _("사업·제도"), sort=("name",), fixed=True, width=40),
        ListColumn("field", _("분야"), value=lambda one: str(one.get_field_display()), sort=("field",)),
        ListColumn("agency", _("담당 기관"), sort=("agency",)),
        ListColumn("benefit", _("우대 내용"), width=60),
        ListColumn("basis", _("근거"), width=40),
        ListColumn("provisional", _("잠정"), sort=("provisional",)),
    )

    def queryset(self) -> QuerySet[Any]:
        return Programme.objects.visible_to(self.scope)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def cases(request: PortalRequest) -> HttpResponseBase:
    """Every case the reader may see."""
    scope = request.scope
    writes = scope.can(Capability.APPLY_SUPPORT_AREAS) or scope.can(Capability.DECIDE_SUPPORT_AREAS)
    return CaseList.of(request).respond(request, writes=writes)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def reports(request: PortalRequest) -> HttpResponseBase:
    return ReportList.of(request).respond(request)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def programmes(request: PortalRequest) -> HttpResponseBase:
    """The programmes that prefer firms of a designated area, as far as their source was read."""
    return ProgrammeList.of(request).respond(request, known=Programme.objects.count())
