"""`floors/` and `reviews/`: what holds a proposal up, and which decisions to look at again."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view

from crisis.enums import FloorKind, ReviewState, Stage
from crisis.models import Floor, Review
from crisis.serializers import FloorRow, ReviewRow
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import ChangedSinceFilter, CodesFilter, FilterSet, StrictChoices

AREAS = gettext_lazy("통계 지역 코드(쉼표로 여럿)")
CHANGED = gettext_lazy("이 시점 뒤에 바뀐 것. 10분 앞부터 봅니다")


class FloorFilter(FilterSet):
    area = CodesFilter(field_name="area__code", help_text=AREAS)
    kind = StrictChoices(choices=FloorKind, help_text=gettext_lazy("사유"))
    stage = StrictChoices(choices=Stage, help_text=gettext_lazy("하한 단계"))
    on = filters.DateFilter(method="active", help_text=gettext_lazy("이 날 적용 중이던 것"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)

    def active(self, queryset: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return queryset.active_on(value)  # type: ignore[attr-defined]


@extend_schema_view(
    list=extend_schema(
        summary="하한 사유 목록",
        description="재난, 주요 기업 이탈, 다른 법의 지정처럼 제안 단계의 하한이 되는 사실. 최근에 시작한 것이 먼저입니다.",
    )
)
class FloorViewSet(ReadViewSet):
    queryset = Floor.objects.order_by("-effective", "area__code", "-pk")
    row_class = FloorRow
    filterset_class = FloorFilter


class ReviewFilter(FilterSet):
    area = CodesFilter(field_name="area__code", help_text=AREAS)
    round = filters.CharFilter("determination__round__code", help_text=gettext_lazy("회차"))
    state = StrictChoices(choices=ReviewState, help_text=gettext_lazy("상태"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)


@extend_schema_view(
    list=extend_schema(
        summary="재판정 검토 목록",
        description=(
            "결정한 뒤에 바뀐 자료로 다시 계산하면 산출 단계가 견고하게 달라지는 결정. 결정 자체는 바뀌지 않으며, "
            "유지하거나 정정으로 처리합니다."
        ),
    )
)
class ReviewViewSet(ReadViewSet):
    queryset = Review.objects.order_by("-raised_at", "-pk")
    row_class = ReviewRow
    filterset_class = ReviewFilter
