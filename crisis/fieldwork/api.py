"""`field-campaigns/`, `field-results/`, `field-answers/`: campaigns, their figures, and the firms' own answers."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.mixins import RetrieveModelMixin

from crisis.fieldwork.enums import CampaignKind, CampaignState, CellKind, UnitState
from crisis.fieldwork.models import Campaign, ResultCell, Unit
from crisis.fieldwork.serializers import FieldAnswerRow, FieldCampaignDetail, FieldCampaignRow, FieldResultRow
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import ChangedSinceFilter, CodesFilter, FilterSet, StrictChoices

CODE = OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH, description="조사 번호. 예: 48-2026Q3")
CHANGED = _("이 시점 뒤에 바뀐 것. 10분 앞부터 봅니다")


class FieldCampaignFilter(FilterSet):
    sido = CodesFilter("sido__code", help_text=_("시·도 코드(쉼표로 여럿)"))
    state = StrictChoices(choices=CampaignState, help_text=_("상태"))
    kind = StrictChoices(choices=CampaignKind, help_text=_("구분"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)


@extend_schema_view(
    list=extend_schema(summary="현장 실태조사 목록", description="여는 날이 늦은 것부터입니다."),
    retrieve=extend_schema(
        summary="현장 실태조사 하나", description="계획, 밀집지역, 응답률, 지표로 낸 값까지.", parameters=[CODE]
    ),
)
class FieldCampaignViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Campaign.objects.order_by("-opens_on", "code")
    row_class = FieldCampaignRow
    detail_class = FieldCampaignDetail
    filterset_class = FieldCampaignFilter
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        return queryset.select_related("sido", "body", "form") if self.action == "retrieve" else queryset


class FieldResultFilter(FilterSet):
    campaign = CodesFilter("campaign__code", help_text=_("조사 번호(쉼표로 여럿)"))
    cluster = CodesFilter("place__cluster__code", help_text=_("밀집지역 코드(쉼표로 여럿)"))
    kind = StrictChoices(choices=CellKind, help_text=_("종류"))
    question = CodesFilter("question", help_text=_("항목 코드(쉼표로 여럿)"))


@extend_schema_view(
    list=extend_schema(
        summary="현장 실태조사 결과",
        description=(
            "마감한 조사의 수치를 한 줄에 하나씩 줍니다. 응답이 적은 수치와 합계로 그 수를 알 수 있는 다른 수치는 hidden이 true이고 "
            "비어 있습니다. 기업의 답을 볼 수 있는 이용자에게는 모두 보입니다."
        ),
    ),
)
class FieldResultViewSet(ReadViewSet):
    queryset = ResultCell.objects.order_by("-campaign__opens_on", "campaign__code", "position")
    row_class = FieldResultRow
    filterset_class = FieldResultFilter

    def get_queryset(self) -> QuerySet[Any]:
        queryset: Any = super().get_queryset()
        return queryset.shown_to(self.request.scope)  # type: ignore[attr-defined]


class FieldAnswerFilter(FilterSet):
    campaign = CodesFilter("campaign__code", help_text=_("조사 번호(쉼표로 여럿)"))
    cluster = CodesFilter("place__cluster__code", help_text=_("밀집지역 코드(쉼표로 여럿)"))
    state = StrictChoices(choices=UnitState, help_text=_("상태"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)


@extend_schema_view(
    list=extend_schema(
        summary="현장 조사표",
        description="표본 사업장과 그 답. 조사 기관과 기업 자료 담당자에게만 보이며, 다른 이용자에게는 빈 목록입니다.",
    ),
)
class FieldAnswerViewSet(ReadViewSet):
    queryset = Unit.objects.order_by("-campaign__opens_on", "campaign__code", "number")
    row_class = FieldAnswerRow
    filterset_class = FieldAnswerFilter
