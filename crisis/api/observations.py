"""`observations/`: figures as known now or at any past moment, and handing in new ones."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import exceptions

from crisis.enums import AreaLevel
from crisis.models import Observation
from crisis.serializers import ObservationRow
from portal.directory.api.base import ReadViewSet
from portal.directory.api.filters import (
    OVERLAP,
    CodesFilter,
    FilterSet,
    MomentFilter,
    MonthFilter,
    StrictChoices,
)
from portal.directory.api.pages import KeysetPages
from portal.directory.enums import Capability


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
    as_of = MomentFilter(method="later", help_text=_("이 시점에 알려져 있던 값. 날짜만 적으면 그날의 끝. 없으면 지금"))
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
    extra_parameters = ("fields", "cursor")
    write_capability = Capability.ENTER_OBSERVATIONS

    @property
    def as_of(self) -> datetime:
        """The moment this answer goes by."""
        moment: datetime = self.request.as_of
        return moment

    @property
    def pinned(self) -> dict[str, str]:
        return {"as_of": self.as_of.isoformat()}
