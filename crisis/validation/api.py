"""`back-tests/`, `rule-sets/<a>/compare/<b>/`, `alarms/` and `local-levels/`."""

from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from crisis.enums import Stage
from crisis.models import RuleSet
from crisis.validation.enums import WorkState
from crisis.validation.models import AlarmRating, BackTest, FollowUp, LocalLevel
from crisis.validation.models.feedback import FOLLOW_UP_MONTHS
from crisis.validation.rules.differences import differences
from crisis.validation.selectors.feedback import alarms
from crisis.validation.serializers import AlarmRow, BackTestDetail, BackTestRow, ComparisonOut, LocalLevelRow
from crisis.validation.words import entry
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import CodesFilter, FilterSet, StrictChoices
from portal.kernel.rest.schema import PortalSchema
from portal.kernel.viewsets import ScopedViewSet


class BackTestFilter(FilterSet):
    rule_set = filters.CharFilter("rule_set__version", help_text=_("판정 기준 번호"))
    state = StrictChoices(choices=WorkState, help_text=_("상태"))


@extend_schema_view(
    list=extend_schema(summary="사후검증 목록", description="판정 기준마다 한 검증. 최근 것이 먼저입니다."),
    retrieve=extend_schema(
        summary="사후검증 하나", description="AUROC, 재현율, 정밀도, 단계별 위기 비율, 선행 기간 등 검증 지표까지."
    ),
)
class BackTestViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = BackTest.objects.order_by("-pk")
    row_class = BackTestRow
    detail_class = BackTestDetail
    filterset_class = BackTestFilter
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[Any]:
        found = super().get_queryset()
        return found.select_related("rule_set", "panel") if self.action == "retrieve" else found


class ComparisonViewSet(ScopedViewSet):
    """Two rule sets side by side. Not a list: one answer for one pair."""

    schema = PortalSchema()
    queryset = RuleSet.objects.all()
    serializer_class = ComparisonOut
    filterset_class = None
    pagination_class = None

    @extend_schema(
        operation_id="rule_sets_compare",
        summary="판정 기준 둘의 다른 값",
        description="두 기준에서 다른 값만 나란히. 숫자는 숫자로 견주므로 40과 40.0은 같습니다.",
        parameters=[
            OpenApiParameter("left", OpenApiTypes.STR, OpenApiParameter.PATH, description="앞의 기준 번호"),
            OpenApiParameter("right", OpenApiTypes.STR, OpenApiParameter.PATH, description="뒤의 기준 번호"),
        ],
        responses=ComparisonOut,
    )
    def retrieve(self, request: Request, left: str, right: str) -> Response:
        found = self.filter_queryset(self.get_queryset())
        one, other = (get_object_or_404(found, version=version) for version in (left, right))
        rows = [
            {"indicator": row.indicator, "key": row.key, "word": entry(row.key), "left": row.left, "right": row.right}
            for row in differences(one.body, other.body)
        ]
        return Response(ComparisonOut({"left": left, "right": right, "differences": rows}).data)


class AlarmFilter(FilterSet):
    round = CodesFilter(field_name="run__round__code", help_text=_("회차(쉼표로 여럿)"))
    area = CodesFilter(field_name="area__code", help_text=_("통계 지역 코드(쉼표로 여럿)"))
    model_stage = StrictChoices(choices=Stage, help_text=_("모형 단계"))
    rule_set = filters.CharFilter("run__rule_set__version", help_text=_("판정 기준 번호"))


def _said(useful: bool) -> Any:
    rows = AlarmRating.objects.filter(result=OuterRef("pk"), useful=useful).order_by().values("result")
    count = rows.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


def _after(months: int) -> Any:
    return Subquery(FollowUp.objects.filter(result=OuterRef("pk"), months=months).values("crisis")[:1])


@extend_schema_view(
    list=extend_schema(
        summary="경보와 그 뒤",
        description=(
            "공식 산출에서 주의·심각·관찰이 나온 지역, 현장의 평가 수, 6·12·18개월 안에 지정이나 확인된 폐쇄·감원이 "
            "있었는지. 최근 회차가 먼저입니다."
        ),
    ),
)
class AlarmViewSet(ReadViewSet):
    queryset = alarms().order_by("-run__round__reference_month", "area__code")
    row_class = AlarmRow
    filterset_class = AlarmFilter

    def get_queryset(self) -> QuerySet[Any]:
        after = {f"after_{months}": _after(months) for months in FOLLOW_UP_MONTHS}
        return super().get_queryset().annotate(said_useful=_said(True), said_useless=_said(False), **after)


class LocalLevelFilter(FilterSet):
    on = filters.DateFilter(method="later", help_text=_("이날 적용된 단계표. 없으면 오늘"))
    region = CodesFilter(field_name="scheme__region__code", help_text=_("시·도 코드(쉼표로 여럿)"))

    def later(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset

    def prepare(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        day: date = self.value("on", timezone.localdate())
        return queryset.filter(scheme__effective__contains=day)


@extend_schema_view(
    list=extend_schema(
        summary="지역 자체 단계",
        description="시·도가 법정 단계 안을 더 나눠 부르는 이름. 법정 단계를 바꾸지 않습니다.",
    ),
)
class LocalLevelViewSet(ReadViewSet):
    queryset = LocalLevel.objects.order_by("scheme__region__code", "scheme_id", "order")
    row_class = LocalLevelRow
    filterset_class = LocalLevelFilter
