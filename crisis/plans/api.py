"""`prevention-plans/`, `plan-obligations/`, `plan-reports/`: read plans and what is owed, hand in a quarter's report."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import exceptions
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from crisis.enums import Stage
from crisis.plans import services
from crisis.plans.enums import ObligationState, PlanState, Rating, ReportState
from crisis.plans.models import Obligation, Plan, QuarterlyReport
from crisis.plans.serializers import ObligationRow, PlanDetail, PlanReportIn, PlanReportRow, PlanRow
from portal.directory.enums import Capability
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import ChangedSinceFilter, CodesFilter, FilterSet, StrictChoices

CODE = OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH, description="계획 번호. 예: 48-2026-1")
CHANGED = gettext_lazy("이 시점 뒤에 바뀐 것. 10분 앞부터 봅니다")


class PlanFilter(FilterSet):
    sido = CodesFilter("sido__code", help_text=gettext_lazy("시·도 코드(쉼표로 여럿)"))
    area = CodesFilter("obligations__area__code", distinct=True, help_text=gettext_lazy("통계 지역 코드(쉼표로 여럿)"))
    state = StrictChoices(choices=PlanState, help_text=gettext_lazy("상태"))
    in_effect_on = filters.DateFilter(method="in_effect", help_text=gettext_lazy("이 날이 기간에 든 승인된 계획"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)

    def in_effect(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(approved_at__isnull=False, starts_on__lte=value, ends_on__gte=value)


@extend_schema_view(
    list=extend_schema(summary="위기예방계획 목록", description="시·도가 세우는 1년 계획. 시작일이 늦은 것부터입니다."),
    retrieve=extend_schema(
        summary="위기예방계획 하나", description="과제와 재원별 예산, 성과지표까지.", parameters=[CODE]
    ),
)
class PlanViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Plan.objects.order_by("-starts_on", "code")
    row_class = PlanRow
    detail_class = PlanDetail
    filterset_class = PlanFilter
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if self.action != "retrieve":
            return queryset
        return queryset.select_related("sido").prefetch_related("obligations__area", "measures__targets")


class ObligationFilter(FilterSet):
    sido = CodesFilter("sido__code", help_text=gettext_lazy("시·도 코드(쉼표로 여럿)"))
    area = CodesFilter("area__code", help_text=gettext_lazy("통계 지역 코드(쉼표로 여럿)"))
    stage = StrictChoices(
        choices=[(stage.value, stage.label) for stage in (Stage.CAUTION, Stage.SEVERE)],
        help_text=gettext_lazy("결정 단계"),
    )
    state = StrictChoices(choices=ObligationState, help_text=gettext_lazy("상태"))
    overdue = filters.BooleanFilter(method="late", help_text=gettext_lazy("true면 기한이 지나도록 내지 않은 것만"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)

    def late(self, queryset: Any, name: str, value: bool) -> QuerySet[Any]:
        return queryset.overdue_on(timezone.localdate()) if value else queryset


@extend_schema_view(
    list=extend_schema(
        summary="예방계획 의무 목록",
        description="주의·심각으로 결정되어 예방계획을 내야 하는 지역. 기한이 이른 것부터입니다.",
    ),
)
class ObligationViewSet(ReadViewSet):
    queryset = Obligation.objects.order_by("due_on", "area__code", "pk")
    row_class = ObligationRow
    filterset_class = ObligationFilter


class PlanReportFilter(FilterSet):
    plan = CodesFilter("measure__plan__code", help_text=gettext_lazy("계획 번호(쉼표로 여럿)"))
    sido = CodesFilter("measure__plan__sido__code", help_text=gettext_lazy("시·도 코드(쉼표로 여럿)"))
    state = StrictChoices(choices=ReportState, help_text=gettext_lazy("상태"))
    rating = StrictChoices(choices=Rating, help_text=gettext_lazy("평가"))
    overdue = filters.BooleanFilter(method="late", help_text=gettext_lazy("true면 기한이 지난 것만"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)

    def late(self, queryset: Any, name: str, value: bool) -> QuerySet[Any]:
        return queryset.overdue_on(timezone.localdate()) if value else queryset


@extend_schema_view(
    list=extend_schema(
        summary="분기 이행 보고 목록",
        description="과제마다 분기에 하나. 아직 보고하지 않은 것도 나옵니다. 기한이 이른 것부터입니다.",
    ),
)
class PlanReportViewSet(ReadViewSet):
    queryset = QuarterlyReport.objects.order_by("due_on", "measure__plan__code", "measure__number", "quarter")
    row_class = PlanReportRow
    filterset_class = PlanReportFilter
    write_capability = Capability.REPORT_PLANS

    @extend_schema(
        summary="분기 이행 보고 보내기",
        description=(
            "관할 시·도의 계획에서 이미 있는 보고 하나를 채웁니다. submit이 true면 저장하고 냅니다. 그 사이에 다른 사람이 "
            "고쳤으면 409 changed_meanwhile로 답하니, 목록에서 새 version을 받아 다시 보내 주세요."
        ),
        request=PlanReportIn,
        responses={200: OpenApiResponse(PlanReportRow, description="저장함")},
    )
    def create(self, request: Request) -> Response:
        sent = PlanReportIn(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        mine = request.scope.within(Capability.REPORT_PLANS)  # type: ignore[attr-defined]
        with transaction.atomic():
            report = get_object_or_404(
                QuarterlyReport.objects.within(mine).select_related("measure__plan"),
                measure__plan__code=given["plan"], measure__number=given["measure"], quarter=given["quarter"],
            )  # fmt: skip
            saved = services.save_report(
                report=report, spent=given["spent"], result=given["result"], problems=given["problems"],
                values=_values(report, given["figures"]), seen=given["seen"], submit=given["submit"],
                actor=request.user,  # type: ignore[arg-type]  # only people and clients with a scope get here
            )  # fmt: skip
        return Response(PlanReportRow(saved).data)


def _values(report: QuarterlyReport, figures: list[dict[str, Any]]) -> dict[int, Any]:
    """Figures by the key of their indicator. ValidationError for an indicator the measure does not have."""
    known = dict(report.measure.targets.values_list("name", "pk"))
    faults = {
        f"{at}.target": [_("이 과제에 없는 성과지표입니다.")]
        for at, one in enumerate(figures)
        if one["target"] not in known
    }
    if faults:
        raise exceptions.ValidationError({"figures": faults})
    return {known[one["target"]]: one["value"] for one in figures}
