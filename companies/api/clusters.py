"""`clusters/`: places where SMEs gather."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.mixins import RetrieveModelMixin

from companies.enums import ClusterKind
from companies.models import Cluster
from companies.serializers import ClusterDetail, ClusterRow
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import FilterSet, StrictChoices


class ClusterFilter(FilterSet):
    kind = StrictChoices(choices=ClusterKind, help_text=_("종류"))
    region = filters.CharFilter(method="within", help_text=_("시·군·구나 시·도 코드"))
    status = filters.CharFilter(help_text=_("조성 상태: COMPLETE, DEVELOPING, UNDEVELOPED"))
    on = filters.DateFilter("effective", "contains", help_text=_("이 날 있던 곳만"))
    q = filters.CharFilter(method="named", help_text=_("이름이나 코드의 일부"))

    def within(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(Q(region__code=value) | Q(region__parent__code=value))

    def named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = value.strip()
        return queryset.filter(Q(name_ko__icontains=text) | Q(name_en__icontains=text) | Q(code__istartswith=text))


@extend_schema_view(
    list=extend_schema(summary="밀집지역 목록", description="산업단지 등 중소기업이 모인 곳. 코드 순입니다."),
    retrieve=extend_schema(summary="밀집지역 하나", description="딸린 구역의 코드까지."),
)
class ClusterViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Cluster.objects.order_by("code")
    row_class = ClusterRow
    detail_class = ClusterDetail
    filterset_class = ClusterFilter
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if self.action != "retrieve":
            return queryset
        parts = Prefetch("children", Cluster.objects.order_by("code"), to_attr="parts")
        return queryset.select_related("region", "parent").prefetch_related(parts)
