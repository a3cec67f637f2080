"""`feeds/`, `suspects/`: how far the sources have come, and the values that wait for an officer."""

from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from crisis.sources import services
from crisis.sources.enums import SuspectState
from crisis.sources.models import Feed, SuspectValue
from crisis.sources.selectors import FeedStanding, feed_standings
from crisis.sources.serializers import DecisionIn, FeedDetail, FeedRow, SuspectRow
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.kernel.dates import month_text
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import CodesFilter, FilterSet, MonthFilter, StrictChoices


class FeedFilter(FilterSet):
    active = filters.BooleanFilter("active", help_text=_("받는 중인 자료원만(true)"))


@extend_schema_view(
    list=extend_schema(summary="자료원 목록", description="되풀이해 들어오는 자료와 그 담당 기관. 코드 순입니다."),
    retrieve=extend_schema(
        summary="자료원 하나", description="어디까지 들어왔고 다음 자료를 언제까지 받아야 하는지까지. 오늘 기준입니다."
    ),
)
class FeedViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Feed.objects.order_by("code")
    row_class = FeedRow
    detail_class = FeedDetail
    filterset_class = FeedFilter
    lookup_field = "code"

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        feed = self.get_object()
        (standing,) = feed_standings(feeds=[feed])
        return Response({**FeedRow(standing.feed).data, "standing": _standing(standing)})


def _standing(standing: FeedStanding) -> dict[str, Any]:
    def month(value: Any) -> str | None:
        return month_text(value) if value else None

    return {
        "state": standing.state,
        "last_period": month(standing.last),
        "next_period": month(standing.next),
        "expected_by": standing.next_due.isoformat(),
        "series": [
            {
                "indicator": one.indicator.code,
                "last_period": month((came := standing.came[one.indicator_id]).last),
                "newest_period": month(came.newest),
                "areas": came.have,
                "usual_areas": came.usual,
                "ended": one.last_period is not None,
            }
            for one in standing.series
        ],
    }


class SuspectFilter(FilterSet):
    state = StrictChoices(choices=SuspectState, help_text=_("상태"))
    area = CodesFilter(field_name="area__code", help_text=_("통계 지역 코드(쉼표로 여럿)"))
    indicator = CodesFilter(field_name="indicator__code", help_text=_("지표 코드(쉼표로 여럿)"))
    period_from = MonthFilter("period", "gte", help_text=_("이 달부터"))
    period_to = MonthFilter("period", "lte", help_text=_("이 달까지"))


@extend_schema_view(
    list=extend_schema(
        summary="이상값 목록", description="일 년 전과 크게 달라 확인을 기다리거나 확인된 값. 최근 기간이 먼저입니다."
    ),
    retrieve=extend_schema(summary="이상값 하나", description="값, 변화와 기준, 누가 무엇으로 확인했는지까지."),
)
class SuspectViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = SuspectValue.objects.select_related("area", "indicator", "observation", "decided_by").order_by(
        "-period", "area__code", "indicator__code", "pk"
    )
    row_class = SuspectRow
    detail_class = SuspectRow
    filterset_class = SuspectFilter
    write_capability = Capability.VERIFY_OBSERVATIONS
    lookup_field = "public_id"
    lookup_value_regex = "[0-9a-f-]{36}"

    @extend_schema(
        summary="이상값 확인·반려",
        description=(
            "맞는 값이면 확인한 내용과 함께 같은 값을 새 행으로, 틀린 값이면 취소한 행을 남깁니다. 관할 지역의 "
            "확인 권한이 있어야 하며, 이미 처리했거나 그 사이에 값이 바뀌었으면 409로 답합니다."
        ),
        request=DecisionIn,
        responses={200: OpenApiResponse(SuspectRow, description="처리함")},
    )
    def decide(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        suspect = self.get_object()
        sent = DecisionIn(data=request.data)
        sent.is_valid(raise_exception=True)
        decide = services.verify_suspect if sent.validated_data["deed"] == "verify" else services.reject_suspect
        with transaction.atomic():
            decide(suspect=suspect, note=sent.validated_data["note"], actor=cast(User, request.user))
        return Response(SuspectRow(self.get_object()).data)
