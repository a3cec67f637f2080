"""`support-areas/`: which areas are, were or may become special support areas."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.mixins import RetrieveModelMixin

from crisis.support_areas.enums import CaseState
from crisis.support_areas.models import SupportCase
from crisis.support_areas.serializers import SupportCaseDetail, SupportCaseRow
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import FilterSet, StrictChoices


class SupportCaseFilter(FilterSet):
    state = StrictChoices(choices=CaseState, help_text=_("상태"))
    sido = filters.CharFilter("sido__code", help_text=_("시·도 코드"))
    designated_on = filters.DateFilter(method="on_day", help_text=_("이날 지정 중이던 지역만"))

    def on_day(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.designated_on(value)  # type: ignore[attr-defined]


@extend_schema_view(
    list=extend_schema(
        summary="특별지원지역 목록", description="신청부터 해제까지의 사건과 지정 기간입니다. 번호 순입니다."
    ),
    retrieve=extend_schema(summary="특별지원지역 하나", description="대상 지역과 지정 기간을 함께 줍니다."),
)
class SupportCaseViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = SupportCase.objects.order_by("code")
    row_class = SupportCaseRow
    detail_class = SupportCaseDetail
    filterset_class = SupportCaseFilter
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset().with_days()  # type: ignore[attr-defined]
        if self.action == "retrieve":
            queryset = queryset.select_related("sido").prefetch_related("places__region", "places__cluster", "terms")
        return queryset
