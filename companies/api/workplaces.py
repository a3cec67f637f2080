"""`workplaces/`: the sites of companies, closed ones too."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from companies.api.base import TOMBSTONES, RegistryViewSet
from companies.api.companies import with_clusters
from companies.models import Workplace, WorkplaceCluster
from companies.serializers import WorkplaceRow
from portal.kernel.rest.filters import ChangedSinceFilter, CodesFilter, FilterSet

BUSINESS_NUMBER = OpenApiParameter(
    "business_number", OpenApiTypes.STR, OpenApiParameter.PATH, description="사업자등록번호(숫자 10자리)"
)


class WorkplaceFilter(FilterSet):
    company = filters.UUIDFilter("company__public_id", help_text=_("기업 번호"))
    business_number = CodesFilter("business_number", help_text=_("사업자등록번호(숫자만, 쉼표로 여럿)"))
    region = filters.CharFilter(method="within", help_text=_("시·도나 시·군·구 코드"))
    cluster = filters.CharFilter(method="clustered", help_text=_("밀집지역 코드(on 날짜에 입주해 있는 사업장)"))
    headquarters = filters.BooleanFilter("is_headquarters", help_text=_("본사만"))
    on = filters.DateFilter("effective", "contains", help_text=_("이 날 운영하던 사업장만"))
    changed_since = ChangedSinceFilter("updated_at", help_text=_(TOMBSTONES))

    def within(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(Q(region__code=value) | Q(region__parent__code=value))

    def clustered(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        stays = WorkplaceCluster.objects.filter(cluster__code=value)
        day = self.value("on")
        stays = stays.in_force_on(day) if day else stays.filter(effective__endswith__isnull=True)
        return queryset.filter(pk__in=stays.values("workplace"))


@extend_schema_view(
    list=extend_schema(
        summary="사업장 목록",
        description="볼 수 있는 기업의 사업장. 닫은 사업장은 valid_before에 닫은 다음 날이 적혀 있습니다.",
    ),
)
class WorkplaceViewSet(RegistryViewSet):
    queryset = Workplace.objects.all()
    row_class = WorkplaceRow
    detail_class = WorkplaceRow
    filterset_class = WorkplaceFilter
    lookup_field = "business_number"
    lookup_value_regex = r"[0-9]{10}"

    def get_queryset(self) -> QuerySet[Any]:
        return with_clusters(super().get_queryset())

    @extend_schema(summary="사업장 하나", description="사업자등록번호로 찾습니다.", parameters=[BUSINESS_NUMBER])
    def retrieve(self, request: Request, business_number: str) -> Response:
        place = self.get_queryset().select_related("region", "company").filter(business_number=business_number).first()
        if place is None:
            raise Http404
        return Response(WorkplaceRow(place).data)
