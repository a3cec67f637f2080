"""`dossiers/`: the chain of frozen decisions, each with its text as it was hashed."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.mixins import RetrieveModelMixin

from crisis.dossiers.enums import DossierKind
from crisis.dossiers.models import Dossier
from crisis.dossiers.serializers import DossierDetail, DossierRow
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import CodesFilter, FilterSet, StrictChoices

__all__ = ["DossierViewSet"]

SEQUENCE = OpenApiParameter("sequence", OpenApiTypes.INT, "path", description=_("보관본 번호"))


class DossierFilter(FilterSet):
    area = CodesFilter(field_name="area__code", help_text=_("통계 지역 코드(쉼표로 여럿)"))
    round = filters.CharFilter("round__code", help_text=_("회차"))
    kind = StrictChoices(choices=DossierKind, help_text=_("종류"))
    sha256 = filters.CharFilter("sha256", help_text=_("SHA-256 전체"))
    after = filters.NumberFilter("sequence", lookup_expr="gt", help_text=_("이 번호 뒤의 것: 이어 받을 때 씁니다"))


@extend_schema_view(
    list=extend_schema(
        summary="결정 보관본 목록",
        description="확정과 함께 얼린 보관본의 사슬. 번호가 작은 것부터입니다. 본문은 하나씩 받습니다.",
    ),
    retrieve=extend_schema(
        summary="결정 보관본 하나",
        description=(
            "content는 보관한 그대로의 정준 JSON 글입니다. 이 글을 UTF-8로 적은 바이트의 SHA-256이 sha256과 같고, 글 안의 "
            "previous가 앞 보관본의 sha256과 같으면 바뀌지 않은 것입니다."
        ),
        parameters=[SEQUENCE],
    ),
)
class DossierViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Dossier.objects.order_by("sequence")
    row_class = DossierRow
    detail_class = DossierDetail
    filterset_class = DossierFilter
    lookup_field = "sequence"
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("area", "round")
