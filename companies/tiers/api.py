"""`tiers/`: which firm had which tier on a day, as known at a moment."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view

from companies.models import Workplace
from companies.tiers.enums import Tier, Track
from companies.tiers.models import TierPeriod
from companies.tiers.serializers import TierRow
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import CodesFilter, FilterSet, MomentFilter, StrictChoices


class TierFilter(FilterSet):
    on = filters.DateFilter(method="later", help_text=gettext_lazy("이날의 등급. 없으면 오늘"))
    known_at = MomentFilter(
        method="later", help_text=gettext_lazy("이때까지 알려진 대로. 날짜만 적으면 그날 끝. 없으면 지금"), end=True
    )
    company = filters.UUIDFilter("company__public_id", help_text=gettext_lazy("기업 번호"))
    business_number = CodesFilter(method="of_numbers", help_text=gettext_lazy("사업자등록번호(쉼표로 여럿)"))
    tier = StrictChoices(choices=Tier, help_text=gettext_lazy("등급"))
    track = StrictChoices(choices=Track, help_text=gettext_lazy("구분"))
    region = filters.CharFilter("region__code", help_text=gettext_lazy("관할 시·도 코드"))

    def later(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset

    def of_numbers(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        firms = Workplace.objects.filter(business_number__in=value).values("company")
        return queryset.filter(Q(company__in=firms))

    def prepare(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        day: date = self.value("on", timezone.localdate())
        return queryset.as_of(day, self.value("known_at"))  # type: ignore[attr-defined]


@extend_schema_view(
    list=extend_schema(
        summary="기업의 등급",
        description=(
            "그날 효력이 있던 등급을 그때 알려진 대로 보여 줍니다. 나중에 바로잡은 것도 앞선 기록을 지우지 않으므로 "
            "‘6월 30일에 알던 5월 1일의 등급’을 물을 수 있습니다. 기업 이름 순입니다."
        ),
    ),
)
class TierViewSet(ReadViewSet):
    queryset = TierPeriod.objects.order_by("company__name_key", "company_id", "track")
    row_class = TierRow
    filterset_class = TierFilter

    def get_queryset(self) -> QuerySet[Any]:
        seat = Workplace.objects.filter(company=OuterRef("company"), is_headquarters=True).values("business_number")
        return super().get_queryset().annotate(business_number=Subquery(seat[:1]))
