"""`areas/`, `indicators/`, `designations/`: what is observed, where, and what other ministries designated there."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.mixins import RetrieveModelMixin

from crisis.enums import AreaLevel, Frequency, RoundState
from crisis.models import Area, AreaMembership, Designation, Determination, Indicator, Result
from crisis.serializers import AreaDetail, AreaRow, DesignationRow, IndicatorDetail, IndicatorRow
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import CodesFilter, FilterSet, StrictChoices


def with_parent(queryset: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Areas with `parent_code`, the area they were part of on a day."""
    parent = AreaMembership.objects.in_force_on(day).filter(area=OuterRef("pk"))
    return queryset.annotate(parent_code=Subquery(parent.values("parent__code")[:1]))


class AreaFilter(FilterSet):
    level = StrictChoices(choices=AreaLevel, help_text=_("구분"))
    parent = filters.CharFilter(method="later", help_text=_("상위 지역 코드(on 날짜 기준)"))
    on = filters.DateFilter("effective", "contains", help_text=_("이 날 있던 지역만. 상위 지역도 이 날 기준"))
    q = filters.CharFilter(method="named", help_text=_("이름이나 코드의 일부"))

    def later(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset

    def named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = value.strip()
        return queryset.filter(Q(name_ko__icontains=text) | Q(name_en__icontains=text) | Q(code__istartswith=text))

    def prepare(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        queryset = with_parent(queryset, self.value("on", timezone.localdate()))
        parent = self.value("parent")
        return queryset.filter(parent_code=parent) if parent else queryset


@extend_schema_view(
    list=extend_schema(summary="통계 지역 목록", description="단계와 자료가 있는 단위입니다. 코드 순입니다."),
    retrieve=extend_schema(
        summary="통계 지역 하나",
        description="오늘 적용 중인 결정 단계와 가장 가까운 공식 산출 결과까지. 둘은 다를 수 있습니다.",
    ),
)
class AreaViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Area.objects.order_by("code")
    row_class = AreaRow
    detail_class = AreaDetail
    filterset_class = AreaFilter
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if self.action == "retrieve":
            return with_parent(queryset, timezone.localdate()).select_related("region", "cluster")
        return queryset

    def get_object(self) -> Area:
        area = super().get_object()
        area.current_stage = (
            Determination.objects.in_force_on(timezone.localdate()).filter(area=area).select_related("round").first()
        )
        area.latest_result = (
            Result.objects.filter(area=area, official=True, run__round__state=RoundState.EVALUATED)
            .select_related("run__round")
            .order_by("-run__round__reference_month")
            .first()
        )
        return area


class IndicatorFilter(FilterSet):
    frequency = StrictChoices(choices=Frequency, help_text=_("주기"))


@extend_schema_view(
    list=extend_schema(summary="지표 목록", description="지표의 단위, 주기, 방향과 근거. 코드 순입니다."),
    retrieve=extend_schema(summary="지표 하나", description="보낼 수 있는 다른 단위와 환산 값까지."),
)
class IndicatorViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Indicator.objects.order_by("code")
    row_class = IndicatorRow
    detail_class = IndicatorDetail
    filterset_class = IndicatorFilter
    lookup_field = "code"


class DesignationFilter(FilterSet):
    area = CodesFilter(field_name="area__code", help_text=_("통계 지역 코드(쉼표로 여럿)"))
    scheme = filters.CharFilter(help_text=_("제도"))
    on = filters.DateFilter(method="in_force", help_text=_("이 날 지정되어 있던 것만(끝을 모르면 포함)"))

    def in_force(self, queryset: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return queryset.filter(Q(end_last_known=None) | Q(end_last_known__gte=value), start__lte=value)


@extend_schema_view(
    list=extend_schema(
        summary="다른 제도의 지정 목록",
        description="다른 부처의 위기지역 지정 기록(참고). 포털의 단계와는 별개입니다.",
    ),
)
class DesignationViewSet(ReadViewSet):
    queryset = Designation.objects.order_by("start", "area__code", "scheme", "site")
    row_class = DesignationRow
    filterset_class = DesignationFilter
