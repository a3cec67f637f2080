"""`decline-statuses/`, `special-zones/`, `fund-projects/`, `fund-reports/`: regions in decline over REST."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import exceptions
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from crisis.declining import services
from crisis.declining.enums import DeclineKind, ProjectState, ReportState, ZoneKind
from crisis.declining.models import DeclineStatus, FundProject, ProjectReport, SpecialZone
from crisis.declining.serializers import (
    DeclineStatusRow,
    FundProjectDetail,
    FundProjectRow,
    FundReportIn,
    FundReportRow,
    SpecialZoneDetail,
    SpecialZoneRow,
)
from portal.directory.enums import Capability
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import ChangedSinceFilter, CodesFilter, FilterSet, StrictChoices

CHANGED = gettext_lazy("이 일시 뒤에 바뀐 것만")


class InForceFilterSet(FilterSet):
    """Rows with an `effective` period, narrowed to a day."""

    on = filters.DateFilter(method="on_day", help_text=gettext_lazy("이날 유효한 것만"))

    def on_day(self, queryset: Any, name: str, value: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = queryset.in_force_on(value)
        return found


class DeclineStatusFilter(InForceFilterSet):
    kind = StrictChoices(choices=DeclineKind, help_text=gettext_lazy("구분"))
    sido = CodesFilter("region__parent__code", help_text=gettext_lazy("시·도 코드(쉼표로 여럿)"))
    region = CodesFilter("region__code", help_text=gettext_lazy("시·군·구 코드(쉼표로 여럿)"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)


@extend_schema_view(
    list=extend_schema(
        summary="인구감소지역 지정 목록",
        description="지정할 때의 코드로 줍니다. 코드가 바뀐 곳은 regions에서 이어 보세요.",
    )
)
class DeclineStatusViewSet(ReadViewSet):
    queryset = DeclineStatus.objects.order_by("region__code", "effective", "pk")
    row_class = DeclineStatusRow
    filterset_class = DeclineStatusFilter


class SpecialZoneFilter(InForceFilterSet):
    kind = StrictChoices(choices=ZoneKind, help_text=gettext_lazy("분야"))
    sido = filters.CharFilter(method="in_sido", help_text=gettext_lazy("시·도 코드"))
    region = filters.CharFilter(method="in_region", help_text=gettext_lazy("시·군·구 코드"))

    def in_sido(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(places__region__parent__code=value).distinct()

    def in_region(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(places__region__code=value).distinct()


@extend_schema_view(
    list=extend_schema(summary="지역특구 목록", description="번호 순입니다."),
    retrieve=extend_schema(summary="지역특구 하나", description="시·군·구와 규제특례를 함께 줍니다."),
)
class SpecialZoneViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = SpecialZone.objects.order_by("code")
    row_class = SpecialZoneRow
    detail_class = SpecialZoneDetail
    filterset_class = SpecialZoneFilter
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        return queryset.prefetch_related("places__region", "exceptions") if self.action == "retrieve" else queryset


class FundProjectFilter(FilterSet):
    year = filters.NumberFilter(help_text=gettext_lazy("연도"))
    state = StrictChoices(choices=ProjectState, help_text=gettext_lazy("상태"))
    sido = CodesFilter("region__parent__code", help_text=gettext_lazy("시·도 코드(쉼표로 여럿)"))
    region = CodesFilter("region__code", help_text=gettext_lazy("시·군·구 코드(쉼표로 여럿)"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)


@extend_schema_view(
    list=extend_schema(
        summary="기금 연계 사업 목록", description="새 연도부터, 같은 해는 번호 순입니다. 금액은 원입니다."
    ),
    retrieve=extend_schema(summary="기금 연계 사업 하나", description="부처별 예산, 지원사업, 성과지표를 함께 줍니다."),
)
class FundProjectViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = FundProject.objects.order_by("-year", "code")
    row_class = FundProjectRow
    detail_class = FundProjectDetail
    filterset_class = FundProjectFilter
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Any]:
        queryset = (
            super()
            .get_queryset()
            .annotate(
                planned=Sum("money__planned", default=0),
                agreed=Sum("money__agreed", default=0),
                executed=Sum("money__executed", default=0),
            )
        )
        if self.action == "retrieve":
            queryset = queryset.select_related("region").prefetch_related("money", "supports", "indicators")
        return queryset


class FundReportFilter(FilterSet):
    project = CodesFilter("project__code", help_text=gettext_lazy("사업 번호(쉼표로 여럿)"))
    sido = CodesFilter("project__region__parent__code", help_text=gettext_lazy("시·도 코드(쉼표로 여럿)"))
    state = StrictChoices(choices=ReportState, help_text=gettext_lazy("상태"))
    overdue = filters.BooleanFilter(method="late", help_text=gettext_lazy("true면 기한이 지난 것만"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)

    def late(self, queryset: Any, name: str, value: bool) -> QuerySet[Any]:
        return queryset.overdue_on(timezone.localdate()) if value else queryset


@extend_schema_view(
    list=extend_schema(
        summary="기금 연계 사업 반기 보고 목록",
        description="사업마다 반기에 하나. 아직 보고하지 않은 것도 나옵니다. 기한이 이른 것부터입니다.",
    )
)
class FundReportViewSet(ReadViewSet):
    queryset = ProjectReport.objects.order_by("due_on", "project__code", "half")
    row_class = FundReportRow
    filterset_class = FundReportFilter
    write_capability = Capability.WRITE_FUND_PROJECTS

    @extend_schema(
        summary="기금 연계 사업 반기 보고 보내기",
        description=(
            "관할 시·군·구의 사업에서 이미 있는 보고 하나를 채웁니다. submit이 true면 저장하고 냅니다. 합의한 예산을 넘는 "
            "집행은 409 overspent, 그 사이에 다른 사람이 고쳤으면 409 changed_meanwhile로 답합니다."
        ),
        request=FundReportIn,
        responses={200: OpenApiResponse(FundReportRow, description="저장함")},
    )
    def create(self, request: Request) -> Response:
        sent = FundReportIn(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        mine = request.scope.within(Capability.WRITE_FUND_PROJECTS)  # type: ignore[attr-defined]
        with transaction.atomic():
            report = get_object_or_404(
                ProjectReport.objects.within(mine).select_related("project"),
                project__code=given["project"],
                half=given["half"],
            )
            saved = services.save_report(
                report=report, spent=_spent(report, given["spent"]), result=given["result"],
                problems=given["problems"], values=_values(report, given["figures"]), seen=given["seen"],
                submit=given["submit"],
                actor=request.user,  # type: ignore[arg-type]  # only people and clients with a scope get here
            )  # fmt: skip
        return Response(FundReportRow(saved).data)


def _spent(report: ProjectReport, rows: list[dict[str, Any]]) -> dict[int, int]:
    """Won by key of the purse of the half's year. ValidationError for a purse the project does not have then."""
    money = report.project.money.filter(year=report.half.year)
    known = dict(money.values_list("ministry", "pk"))
    faults = {
        f"{at}.ministry": [_("이 사업의 이 해에 없는 재원입니다.")]
        for at, one in enumerate(rows)
        if one["ministry"] not in known
    }
    if faults:
        raise exceptions.ValidationError({"spent": faults})
    return {known[one["ministry"]]: one["won"] for one in rows}


def _values(report: ProjectReport, rows: list[dict[str, Any]]) -> dict[int, Any]:
    """Figures by the key of their indicator. ValidationError for an indicator the project does not have."""
    known = dict(report.project.indicators.values_list("name", "pk"))
    faults = {
        f"{at}.indicator": [_("이 사업에 없는 성과지표입니다.")]
        for at, one in enumerate(rows)
        if one["indicator"] not in known
    }
    if faults:
        raise exceptions.ValidationError({"figures": faults})
    return {known[one["indicator"]]: one["value"] for one in rows}
