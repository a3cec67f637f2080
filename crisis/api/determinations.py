"""`determinations/` and `stage-on/`: what the councils decided, and which stage was in force where on a day."""

from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import exceptions
from rest_framework.mixins import RetrieveModelMixin

from crisis.api.areas import with_parent
from crisis.api.rounds import AREA, NO_STAGE, ROUND
from crisis.enums import AreaLevel, DeterminationState, Stage
from crisis.models import Area, Determination
from crisis.serializers import DeterminationDetail, DeterminationRow, StageOnRow
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import ChangedSinceFilter, CodesFilter, FilterSet, StrictChoices

MOST_AREAS = 200


class DeterminationFilter(FilterSet):
    area = CodesFilter(field_name="area__code", help_text=gettext_lazy("통계 지역 코드(쉼표로 여럿)"))
    level = StrictChoices("area__level", choices=AreaLevel, help_text=gettext_lazy("지역 구분"))
    round = filters.CharFilter("round__code", help_text=gettext_lazy("회차"))
    stage = StrictChoices(choices=Stage, help_text=gettext_lazy("결정 단계"))
    state = StrictChoices(choices=DeterminationState, help_text=gettext_lazy("상태"))
    in_force_on = filters.DateFilter(method="in_force", help_text=gettext_lazy("이 날 적용 중인 확정 결정"))
    changed_since = ChangedSinceFilter(
        "updated_at", help_text=gettext_lazy("이 시점 뒤에 바뀐 결정(철회·취소 포함). 10분 앞부터 봅니다")
    )

    def in_force(self, queryset: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return queryset.in_force_on(value)  # type: ignore[attr-defined]


@extend_schema_view(
    list=extend_schema(
        summary="단계 결정 목록",
        description="심의 중인 것, 확정된 것, 철회·취소된 것. 최근 회차가 먼저이고 지역 코드 순입니다.",
    ),
    retrieve=extend_schema(
        summary="단계 결정 하나",
        description="한 회차에 한 지역의 결정. 살아 있는 결정이 없으면 마지막으로 철회·취소된 것을 보여 줍니다.",
        parameters=[ROUND, AREA],
    ),
)
class DeterminationViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Determination.objects.order_by("-round__reference_month", "area__code", "-pk")
    row_class = DeterminationRow
    detail_class = DeterminationDetail
    filterset_class = DeterminationFilter

    def get_object(self) -> Determination:
        dead = Case(
            When(state__in=[DeterminationState.WITHDRAWN, DeterminationState.SUPERSEDED], then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        )
        rows = (
            self.filter_queryset(self.get_queryset())
            .filter(round__code=self.kwargs["round"], area__code=self.kwargs["area"])
            .select_related("round", "area")
            .order_by(dead, "-pk")
        )
        found = list(rows)
        if not found:
            return get_object_or_404(rows)  # says it in the same words as everywhere
        found[0].earlier = found[1:]  # type: ignore[attr-defined]
        return found[0]


def with_stage(queryset: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Areas with the decided stage in force on a day and its facts, as `stage` and `stage_…`; null without a decision.

    At most one decision is in force for an area on a day (`determination_one_in_force`).
    """
    decided = Determination.objects.in_force_on(day).filter(area=OuterRef("pk"))
    columns = {
        "stage": "stage",
        "stage_round": "round__code",
        "stage_from": "effective__startswith",
        "stage_before": "effective__endswith",
        "stage_demo": "is_demo",
    }
    return queryset.annotate(**{name: Subquery(decided.values(column)[:1]) for name, column in columns.items()})


class StageOnFilter(FilterSet):
    area = CodesFilter(
        method="later", help_text=gettext_lazy("통계 지역 코드(쉼표로 200곳까지). 없으면 그날 있던 모든 지역")
    )
    date = filters.DateFilter(method="later", help_text=gettext_lazy("날짜. 없으면 오늘"))
    level = StrictChoices(choices=AreaLevel, help_text=gettext_lazy("지역 구분"))
    parent = filters.CharFilter(method="later", help_text=gettext_lazy("그날의 상위 지역 코드"))
    stage = StrictChoices(
        method="later", choices=Stage, null_value=NO_STAGE, null_label=gettext_lazy("결정 없음"),
        help_text=gettext_lazy("그날의 결정 단계. NONE은 결정 없음"),
    )  # fmt: skip

    def later(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset

    def prepare(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        day = self.value("date", timezone.localdate())
        codes = self.value("area")
        queryset = self._asked(queryset, codes) if codes else queryset.in_force_on(day)  # type: ignore[attr-defined]
        if parent := self.value("parent"):
            queryset = with_parent(queryset, day).filter(parent_code=parent)
        queryset = with_stage(queryset, day)
        stage = self.value("stage")
        if stage == NO_STAGE:
            return queryset.filter(stage=None)
        return queryset.filter(stage=stage) if stage else queryset

    def _asked(self, queryset: QuerySet[Any], codes: list[str]) -> QuerySet[Any]:
        """The areas named, each of which must exist for this reader: an answer without one would be misread."""
        if len(codes) > MOST_AREAS:
            raise exceptions.ValidationError({"area": [_("한 번에 %(most)s곳까지입니다.") % {"most": MOST_AREAS}]})
        found = queryset.filter(code__in=codes)
        strange = sorted(set(codes) - set(found.values_list("code", flat=True)))
        if strange:
            sentence = _("없거나 관할 밖의 지역입니다: %(codes)s") % {"codes": ", ".join(strange)}
            raise exceptions.ValidationError({"area": [sentence]})
        return found


@extend_schema_view(
    list=extend_schema(
        summary="그날의 단계",
        description=(
            "그날 그 지역에 적용 중이던 결정 단계. 협의회가 확정하고 뒤에 취소되지 않은 결정만 봅니다. "
            "결정이 없던 지역은 stage가 null입니다."
        ),
    ),
)
class StageOnViewSet(ReadViewSet):
    queryset = Area.objects.order_by("code")
    row_class = StageOnRow
    filterset_class = StageOnFilter
