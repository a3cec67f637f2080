"""`rounds/` and their results, `rule-sets/`: what the method said, by which rules, from which figures."""

from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request

from crisis.enums import AreaLevel, RoundState, RuleSetState, Stage
from crisis.models import AreaMembership, Result, Round, RuleSet, Run
from crisis.serializers import ResultDetail, ResultRow, RoundDetail, RoundRow, RuleSetDetail, RuleSetRow
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import CodesFilter, FilterSet, StrictChoices

ROUND = OpenApiParameter("round", OpenApiTypes.STR, OpenApiParameter.PATH, description="회차. 예: 2026H1")
AREA = OpenApiParameter("area", OpenApiTypes.STR, OpenApiParameter.PATH, description="통계 지역 코드")
#: The value of a stage filter that finds the areas without a stage.
NO_STAGE = "NONE"


class RoundFilter(FilterSet):
    state = StrictChoices(choices=RoundState, help_text=_("상태"))


@extend_schema_view(
    list=extend_schema(summary="판정 회차 목록", description="반기마다 하나. 최근 회차가 먼저입니다."),
    retrieve=extend_schema(
        summary="판정 회차 하나",
        description=(
            "자료 마감, 판정 기준의 번호와 SHA-256, 공식 산출의 산식 판과 입력·결과 SHA-256까지. 같은 입력과 기준으로 "
            "다시 셈하면 같은 결과 SHA-256이 나옵니다."
        ),
    ),
)
class RoundViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Round.objects.order_by("-reference_month")
    row_class = RoundRow
    detail_class = RoundDetail
    filterset_class = RoundFilter
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if self.action != "retrieve":
            return queryset
        official = Run.objects.official().done().select_related("rule_set")
        return queryset.select_related("rule_set").prefetch_related(Prefetch("runs", official, to_attr="official_runs"))

    def get_object(self) -> Round:
        found: Round = super().get_object()
        found.run = next(iter(found.official_runs), None)  # type: ignore[attr-defined]
        return found


class ResultFilter(FilterSet):
    area = CodesFilter(field_name="area__code", help_text=_("통계 지역 코드(쉼표로 여럿)"))
    level = StrictChoices("area__level", choices=AreaLevel, help_text=_("지역 구분"))
    parent = filters.CharFilter("parent_code", help_text=_("기준월의 상위 지역 코드"))
    model_stage = StrictChoices(
        choices=Stage, null_value=NO_STAGE, null_label=_("판정보류"), help_text=_("모형 단계. NONE은 판정보류")
    )
    grade = StrictChoices(choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")], help_text=_("자료 등급"))
    badge = StrictChoices(
        choices=[("ROBUST", _("견고")), ("MODERATE", _("보통")), ("SENSITIVE", _("민감"))], help_text=_("견고성 배지")
    )


@extend_schema_view(
    list=extend_schema(
        summary="회차의 산출 결과 목록",
        description="공식 산출의 결과. 공식 산출 전이면 비어 있습니다. 지역 코드 순입니다.",
        parameters=[ROUND],
    ),
    retrieve=extend_schema(
        summary="한 지역의 산출 결과",
        description="지표별 값과 점수, 근거를 담은 결과 전체(public)까지.",
        parameters=[ROUND, AREA],
    ),
)
class ResultViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Result.objects.order_by("area__code")
    row_class = ResultRow
    detail_class = ResultDetail
    filterset_class = ResultFilter
    lookup_field = "area__code"
    lookup_url_kwarg = "area"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        rounds = Round.objects.visible_to(request.scope)  # type: ignore[attr-defined]
        self.round = get_object_or_404(rounds, code=kwargs["round"])

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset
        run = Run.objects.official().done().filter(round=self.round)
        parent = AreaMembership.objects.in_force_on(self.round.reference_month).filter(area=OuterRef("area"))
        found = queryset.filter(run__in=run).annotate(parent_code=Subquery(parent.values("parent__code")[:1]))
        return found.select_related("area") if self.action == "retrieve" else found


class RuleSetFilter(FilterSet):
    state = StrictChoices(choices=RuleSetState, help_text=_("상태"))
    on = filters.DateFilter(method="in_force", help_text=_("이 날 적용된 승인 기준"))

    def in_force(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.in_force_on(value)  # type: ignore[attr-defined]


@extend_schema_view(
    list=extend_schema(summary="판정 기준 목록", description="가중치·기준점·문턱값의 판. 최근 것이 먼저입니다."),
    retrieve=extend_schema(
        summary="판정 기준 하나", description="기준의 내용(body)까지. 승인된 내용은 바뀌지 않습니다."
    ),
)
class RuleSetViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = RuleSet.objects.order_by("-effective", "version")
    row_class = RuleSetRow
    detail_class = RuleSetDetail
    filterset_class = RuleSetFilter
    lookup_field = "version"
    lookup_value_regex = "[^/]+"
