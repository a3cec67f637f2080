"""`observations/`: figures as known now or at any past moment, and handing in new ones."""

from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from crisis.api import entry, receipts
from crisis.enums import AreaLevel
from crisis.models import Observation
from crisis.serializers import BatchOut, ObservationRow, ObservationsIn
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import (
    OVERLAP,
    CodesFilter,
    FilterSet,
    MomentFilter,
    MonthFilter,
    StrictChoices,
)
from portal.kernel.rest.pages import KeysetPages


def winners(queryset: QuerySet[Any], moment: datetime) -> QuerySet[Any]:
    """Of each reading the row that held at a moment, as conditions on single rows, so that a page need not sort."""
    newer = Observation.objects.filter(
        area=OuterRef("area"), indicator=OuterRef("indicator"), period=OuterRef("period"), known_at__lte=moment
    ).filter(Q(known_at__gt=OuterRef("known_at")) | Q(known_at=OuterRef("known_at"), pk__gt=OuterRef("pk")))
    return queryset.filter(~Exists(newer), known_at__lte=moment)


class ObservationFilter(FilterSet):
    area = CodesFilter(field_name="area__code", help_text=_("통계 지역 코드(쉼표로 여럿)"))
    level = StrictChoices(field_name="area__level", choices=AreaLevel, help_text=_("지역 구분"))
    indicator = CodesFilter(field_name="indicator__code", help_text=_("지표 코드(쉼표로 여럿)"))
    period_from = MonthFilter("period", "gte", help_text=_("이 달부터. 2025-01 또는 2025Q1"))
    period_to = MonthFilter("period", "lte", help_text=_("이 달까지"))
    batch = filters.UUIDFilter("batch__public_id", help_text=_("입력 묶음 번호"))
    as_of = MomentFilter(
        method="later", end=True, help_text=_("이 시점에 알려져 있던 값. 날짜만 적으면 그날의 끝. 없으면 지금")
    )
    changed_since = MomentFilter(
        method="later",
        help_text=_("이 시점 뒤에 기록된 값만, 취소된 값(value가 null)까지. 빠지는 것이 없도록 10분 앞부터 봅니다"),
    )
    history = filters.BooleanFilter(method="later", help_text=_("true면 고쳐지기 전의 값까지 모두"))

    def later(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset

    def prepare(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        start, end = self.value("period_from"), self.value("period_to")
        if start and end and start > end:
            raise exceptions.ValidationError({"period_to": [_("끝 달이 시작 달보다 앞섭니다.")]})
        moment, since = self.value("as_of", timezone.now()), self.value("changed_since")
        self.request.as_of = moment
        queryset = queryset.filter(known_at__lte=moment) if self.value("history") else winners(queryset, moment)
        if since is not None:
            return queryset.filter(batch__recorded_at__gte=since - OVERLAP)
        return queryset if self.value("history") else queryset.filter(value__isnull=False)


@extend_schema_view(
    list=extend_schema(
        summary="관측값 조회",
        description=(
            "지역·지표·기간 순입니다. 건수를 세지 않으며, next 주소를 따라가면 첫 쪽과 같은 시점의 자료가 이어집니다. "
            "이어받는 시스템은 답의 as_of를 적어 두었다가 다음에 changed_since로 보내면 됩니다."
        ),
    ),
)
class ObservationViewSet(ReadViewSet):
    queryset = Observation.objects.all()
    row_class = ObservationRow
    filterset_class = ObservationFilter
    pagination_class = KeysetPages
    keyset = ("area_id", "indicator_id", "period", "pk")
    write_capability = Capability.ENTER_OBSERVATIONS

    @extend_schema(
        summary="관측값 보내기",
        description=(
            "한 건이나 여러 건(최대 1,000건)을 보냅니다. 한 건이라도 틀리면 아무것도 기록하지 않고 모든 건의 잘못을 "
            "한꺼번에 알려 드립니다(on_error를 skip으로 하면 맞는 건만 기록합니다). 지금 값과 같은 건은 다시 기록하지 "
            "않으므로 같은 요청을 거듭 보내도 됩니다. Idempotency-Key 머리글을 붙이면 되풀이한 요청에 처음과 같은 답을 "
            "드립니다."
        ),
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                description="요청마다 새로 정한 값(100자까지)",
            )
        ],
        request=ObservationsIn,
        responses={
            201: OpenApiResponse(BatchOut, description="기록함"),
            200: OpenApiResponse(BatchOut, description="기록할 것이 없었거나, 이미 처리한 요청"),
        },
    )
    def create(self, request: Request) -> Response:
        rows, skip = entry.body_of(request.data)
        with transaction.atomic():
            receipt = receipts.claim(request)
            if receipt.answer is not None:
                return Response(receipt.answer, headers={"Idempotency-Replayed": "true"})
            sent = entry.read(rows, request.scope)  # type: ignore[attr-defined]
            if sent.faults and not skip:
                raise exceptions.ValidationError({"rows": sent.faults})  # type: ignore[dict-item]  # keys may be numbers
            actor = cast(User, request.user)
            batch, outcomes = entry.record(sent, actor=actor, scope=request.scope)  # type: ignore[attr-defined]
            body = entry.answer(batch, outcomes)
            receipt.keep(batch, body)
        return Response(body, status=status.HTTP_201_CREATED if batch else status.HTTP_200_OK)

    @property
    def as_of(self) -> datetime:
        """The moment this answer goes by."""
        moment: datetime = self.request.as_of  # type: ignore[attr-defined]  # left there by ObservationFilter
        return moment

    @property
    def pinned(self) -> dict[str, str]:
        return {"as_of": self.as_of.isoformat()}
