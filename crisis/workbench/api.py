"""`rounds/…/evidence/`, `…/comments/` and `…/agenda/`: why an area stands where it does, what is said, who decides it."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import exceptions
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crisis.api.rounds import AREA, ROUND
from crisis.models import Area, Determination, Result, Round
from crisis.workbench.evidence import Evidence, evidence
from crisis.workbench.models import Comment
from crisis.workbench.selectors import evidence as reads
from crisis.workbench.selectors.desk import desk_of
from crisis.workbench.serializers import AgendaIn, AgendaOut, CommentRow, EvidenceDetail
from crisis.workbench.services import put_on_agenda
from network.models import Meeting
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import CodesFilter, FilterSet
from portal.kernel.rest.schema import PortalSchema

__all__ = ["AgendaView", "CommentViewSet", "EvidenceViewSet"]


@extend_schema_view(
    retrieve=extend_schema(
        summary="한 지역의 근거표",
        description=(
            "모형 단계와 제안, 지표별 점수와 기여, 단계를 바꾸는 시나리오, 지난 회차와의 차이, 하한 사유까지. 공식 산출이 "
            "없으면 가장 가까운 미리보기의 근거입니다(official=false)."
        ),
        parameters=[ROUND, AREA],
    )
)
class EvidenceViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Result.objects.order_by("area__code")
    detail_class = EvidenceDetail

    def get_object(self) -> Evidence:
        desk = desk_of(self.request.scope, self.kwargs["round"])  # type: ignore[attr-defined]
        if desk is None:
            raise Http404
        result = get_object_or_404(reads.results(desk), area__code=self.kwargs["area"])
        return evidence(desk, [result], with_tips=True)[0]


class CommentFilter(FilterSet):
    area = CodesFilter(field_name="area__code", help_text=_("통계 지역 코드(쉼표로 여럿)"))
    for_council = filters.BooleanFilter(help_text=_("협의회에 알리는 것만(true)"))
    withdrawn = filters.BooleanFilter(
        field_name="withdrawn_at", lookup_expr="isnull", exclude=True, help_text=_("거둔 것만(true), 아닌 것만(false)")
    )


@extend_schema_view(
    list=extend_schema(
        summary="회차의 의견 목록",
        description="지역 코드와 시각 순입니다. 거둔 의견도 거둔 일시와 사유와 함께 남습니다.",
        parameters=[ROUND],
    )
)
class CommentViewSet(ReadViewSet):
    queryset = Comment.objects.order_by("area__code", "created_at", "pk")
    row_class = CommentRow
    filterset_class = CommentFilter

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        rounds = Round.objects.visible_to(request.scope)  # type: ignore[attr-defined]
        self.round = get_object_or_404(rounds, code=kwargs["round"])

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset
        return queryset.filter(round=self.round)


class AgendaView(APIView):
    """Areas of a round before a council."""

    schema = PortalSchema()
    write_capability = Capability.PREPARE_DECISIONS

    @extend_schema(
        operation_id="rounds_agenda_create",
        summary="안건으로 올리기",
        description=(
            "고른 지역을 한 안건으로 회의에 올립니다. 제안은 모형 단계와 회의 날 적용되는 하한 사유 가운데 나쁜 쪽입니다. "
            "자료가 부족해 모형 단계가 없는 지역도 하한 사유가 있으면 그것만으로 올립니다. 공식 산출이 끝난 회차만 됩니다."
        ),
        parameters=[ROUND],
        request=AgendaIn,
        responses={201: OpenApiResponse(AgendaOut, description="올림")},
    )
    def post(self, request: Request, round: str) -> Response:
        sent = AgendaIn(data=request.data)
        sent.is_valid(raise_exception=True)
        may = request.scope.within(Capability.PREPARE_DECISIONS)  # type: ignore[attr-defined]
        found = get_object_or_404(Round.objects.visible_to(may), code=round)
        meeting = get_object_or_404(Meeting.objects.visible_to(may), pk=sent.validated_data["meeting"])
        codes = list(dict.fromkeys(sent.validated_data["areas"]))
        areas = list(Area.objects.visible_to(may).filter(code__in=codes))
        if unknown := sorted(set(codes) - {area.code for area in areas}):
            said = _("없는 지역이거나 관할이 아닌 지역입니다: %(codes)s") % {"codes": ", ".join(unknown)}
            raise exceptions.ValidationError({"areas": [said]})
        item = put_on_agenda(meeting=meeting, round=found, areas=areas, actor=cast(User, request.user))
        drafts = Determination.objects.filter(agenda_item=item).order_by("area__code")
        item.proposals = dict(drafts.values_list("area__code", "proposed_stage"))  # type: ignore[attr-defined]
        return Response(AgendaOut(item).data, status=201)
