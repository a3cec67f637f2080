"""`entitlements/` and `measures/`: whether a firm's workplace was in an entitled area on a day; the catalogue."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crisis.measures import services
from crisis.measures.enums import MeasureKind, StatusCode
from crisis.measures.models import PreferentialMeasure
from crisis.measures.serializers import EntitlementAnswersOut, EntitlementQuery, EntitlementsIn, MeasureRow, plain
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import FilterSet, StrictChoices
from portal.kernel.rest.schema import PortalSchema

ANSWER = (
    "금융기관은 우대 대상인 사업장만 답받습니다. 대상이 아닌 기업과 등록되지 않은 번호는 똑같이 entitled가 false입니다. "
    "지방청과 지자체의 연계 시스템은 관할 기업만 확인됩니다. 조회는 모두 기록됩니다."
)


class EntitlementsView(APIView):
    """One number by GET, many by POST. Each is put on record."""

    schema = PortalSchema()
    read_capability = write_capability = Capability.CHECK_ENTITLEMENT

    @extend_schema(
        operation_id="entitlements_check",
        summary="우대 대상 확인",
        description=f"이 기업의 사업장이 그날 우대 대상 지역에 있었는지 답합니다. {ANSWER}",
        parameters=[EntitlementQuery],
        responses={200: EntitlementAnswersOut},
    )
    def get(self, request: Request) -> Response:
        asked = EntitlementQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        return self._answer(request, [asked.validated_data["business_number"]], asked.validated_data)

    @extend_schema(
        operation_id="entitlements_check_many",
        summary="우대 대상 한꺼번에 확인",
        description=f"사업자등록번호 1,000개까지 한 번에 묻습니다. {ANSWER}",
        request=EntitlementsIn,
        responses={200: OpenApiResponse(EntitlementAnswersOut, description="물은 순서대로 답함")},
    )
    def post(self, request: Request) -> Response:
        asked = EntitlementsIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return self._answer(request, asked.validated_data["business_numbers"], asked.validated_data)

    def _answer(self, request: Request, numbers: list[str], asked: Mapping[str, Any]) -> Response:
        day: date = asked.get("date") or timezone.localdate()
        known_at: datetime | None = asked.get("known_at")
        found = services.ask(
            numbers=numbers, day=day, measure=asked.get("measure", ""), known_at=known_at,
            scope=request.scope,  # type: ignore[attr-defined]
            actor=cast(User, request.user),
        )  # fmt: skip
        body = {
            "date": day.isoformat(),
            "known_at": timezone.localtime(known_at).isoformat() if known_at else None,
            "results": [plain(one) for one in found],
        }
        return Response(body, headers={"Cache-Control": "no-store"})


class MeasureFilter(FilterSet):
    kind = StrictChoices(choices=MeasureKind, help_text=_("구분"))
    status = StrictChoices(method="of_status", choices=StatusCode, help_text=_("이 단계·지정이 대상인 제도"))
    on = filters.DateFilter("effective", "contains", help_text=_("이 날 적용되던 조건"))

    def of_status(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(statuses__contains=[value])


@extend_schema_view(
    list=extend_schema(
        summary="우대 제도 목록",
        description="위기징후 단계나 지정에 따르는 융자·보증·사업 우대. 조건이 바뀌면 같은 코드로 기간을 나누어 나옵니다.",
    ),
)
class MeasureViewSet(ReadViewSet):
    read_capability = Capability.VIEW_MEASURES
    queryset = PreferentialMeasure.objects.order_by("code", "effective")
    row_class = MeasureRow
    filterset_class = MeasureFilter
