"""`regions/`: names, codes and what became of them."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from portal.directory.enums import RegionLevel
from portal.directory.models import Jurisdiction, Region
from portal.directory.serializers import RegionDetail, RegionRow
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import FilterSet, StrictChoices


class RegionFilter(FilterSet):
    scheme = filters.CharFilter(help_text=_("코드 체계"))
    level = StrictChoices(choices=RegionLevel, help_text=_("구분"))
    parent = filters.CharFilter(method="of_parent", help_text=_("상위 지역 코드. 체계까지 적으려면 MOIS:48"))
    on = filters.DateFilter("effective", "contains", help_text=_("이 날 쓰인 지역만"))
    q = filters.CharFilter(method="named", help_text=_("이름이나 코드의 일부"))

    def of_parent(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        scheme, _colon, code = value.rpartition(":")
        found = queryset.filter(parent__code=code)
        return found.filter(parent__scheme=scheme) if scheme else found

    def named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = value.strip()
        return queryset.filter(
            Q(name_ko__icontains=text)
            | Q(name_en__icontains=text)
            | Q(short_name_ko__icontains=text)
            | Q(code__startswith=text)
        )


@extend_schema_view(
    list=extend_schema(summary="지역 목록", description="전국, 시·도, 시·군·구와 그 유효 기간. 체계와 코드 순입니다."),
)
class RegionViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Region.objects.order_by("scheme", "code")
    row_class = RegionRow
    detail_class = RegionDetail
    filterset_class = RegionFilter
    lookup_field = "code"

    @extend_schema(
        summary="지역 하나",
        description="이전 지역과 이어받은 지역, 다른 체계의 코드, 지금 관할하는 기관까지.",
    )
    def retrieve(self, request: Request, scheme: str, code: str) -> Response:
        self.lookup_url_kwarg = "code"
        region = self.get_object()
        return Response(RegionDetail(with_history(region)).data)

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if self.action == "retrieve":
            return queryset.filter(scheme=self.kwargs.get("scheme")).select_related("parent")
        return queryset


def with_history(region: Region) -> Region:
    """The region with what `RegionDetail` shows beside its columns."""
    day = timezone.localdate()
    before = list(region.precessions.select_related("predecessor").order_by("on", "predecessor__code"))
    after = list(region.successions.select_related("successor").order_by("on", "successor__code"))
    for step in before:
        step.other = step.predecessor  # type: ignore[attr-defined]
    for step in after:
        step.other = step.successor  # type: ignore[attr-defined]
    region.predecessors, region.successors = before, after  # type: ignore[attr-defined]
    region.name_list = list(region.other_names.order_by("name").values_list("name", flat=True))  # type: ignore[attr-defined]
    places = [region.pk] + ([region.parent_id] if region.parent_id else [])
    region.responsible = (  # type: ignore[attr-defined]
        Jurisdiction.objects.filter(region__in=places, effective__contains=day)
        .select_related("organization")
        .order_by("organization__kind", "organization__code")
    )
    return region
