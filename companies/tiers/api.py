"""`tiers/`: which firm had which tier on a day, as known at a moment; its history; designations of leading firms."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view

from companies.models import Workplace
from companies.tiers.enums import Tier, Track
from companies.tiers.models import LeadingDesignation, TierPeriod
from companies.tiers.serializers import LeadingRow, TierRow
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import CodesFilter, FilterSet, MomentFilter, StrictChoices


class FirmFilter(FilterSet):
    """Of which firm, decided by which region."""

    company = filters.UUIDFilter("company__public_id", help_text=gettext_lazy("기업 번호"))
    business_number = CodesFilter(method="of_numbers", help_text=gettext_lazy("사업자등록번호(쉼표로 여럿)"))
    region = filters.CharFilter("region__code", help_text=gettext_lazy("관할 시·도 코드"))

    def of_numbers(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        firms = Workplace.objects.filter(business_number__in=value).values("company")
        return queryset.filter(Q(company__in=firms))


class TierFilter(FirmFilter):
    on = filters.DateFilter(method="later", help_text=gettext_lazy("이날의 등급. 없으면 오늘"))
    known_at = MomentFilter(
        method="later", help_text=gettext_lazy("이때까지 알려진 대로. 날짜만 적으면 그날 끝. 없으면 지금"), end=True
    )
    tier = StrictChoices(choices=Tier, help_text=gettext_lazy("등급"))
    track = StrictChoices(choices=Track, help_text=gettext_lazy("구분"))

    def later(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset

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
        return _with_number(super().get_queryset())


def _with_number(rows: QuerySet[Any]) -> QuerySet[Any]:
    seat = Workplace.objects.filter(company=OuterRef("company"), is_headquarters=True).values("business_number")
    return rows.annotate(business_number=Subquery(seat[:1]))


class TierHistoryFilter(FirmFilter):
    tier = StrictChoices(choices=Tier, help_text=gettext_lazy("등급"))
    track = StrictChoices(choices=Track, help_text=gettext_lazy("구분"))
    recorded_since = MomentFilter(
        "recorded_at", lookup_expr="gte", help_text=gettext_lazy("이때부터 기록된 것만. 날짜만 적으면 그날 0시")
    )
    superseded_since = MomentFilter(
        "superseded_at", lookup_expr="gte", help_text=gettext_lazy("이때부터 대체된 것만. 날짜만 적으면 그날 0시")
    )


@extend_schema_view(
    list=extend_schema(
        summary="기업의 등급 이력",
        description=(
            "등급 기간을 대체된 것까지 모두 보여 줍니다. `superseded_at`이 null이면 지금도 유효한 기록입니다. "
            "지난번에 받은 때부터 달라진 것만 받으려면 `recorded_since`와 `superseded_since`를 차례로 쓰세요. "
            "기업 이름, 효력 시작일, 기록 순입니다."
        ),
    ),
)
class TierHistoryViewSet(ReadViewSet):
    queryset = TierPeriod.objects.order_by("company__name_key", "company_id", "track", "effective", "recorded_at", "pk")
    row_class = TierRow
    filterset_class = TierHistoryFilter

    def get_queryset(self) -> QuerySet[Any]:
        return _with_number(super().get_queryset())


class LeadingFilter(FirmFilter):
    on = filters.DateFilter(method="holding", help_text=gettext_lazy("이날 유효한 선정만"))

    def holding(self, queryset: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return queryset.in_force_on(value)  # type: ignore[attr-defined]


@extend_schema_view(
    list=extend_schema(
        summary="지역혁신 선도기업 선정",
        description=(
            "시·도지사가 선정해 고시한 지역혁신 선도기업입니다. 끝나는 날은 더는 유효하지 않은 첫날이며, 연장이나 취소가 "
            "있으면 그날입니다. 선정서 번호의 역순입니다."
        ),
    ),
)
class LeadingViewSet(ReadViewSet):
    queryset = LeadingDesignation.objects.order_by("-certificate_year", "-certificate_serial")
    row_class = LeadingRow
    filterset_class = LeadingFilter

    def get_queryset(self) -> QuerySet[Any]:
        return _with_number(super().get_queryset())
