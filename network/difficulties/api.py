"""`difficulty-cases/`, `difficulty-actions/`, `difficulty-notes/`: what the caller's bodies may see and do of cases."""

from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import exceptions, status
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from companies.models import Workplace
from network.difficulties import services
from network.difficulties.enums import ActionState, Audience, CaseState, NoteKind, Outcome, Severity
from network.difficulties.models import Action, Case, Difficulty, DifficultyKind, Note, Referent
from network.difficulties.serializers import (
    DifficultyActionIn,
    DifficultyActionRow,
    DifficultyCaseDetail,
    DifficultyCaseIn,
    DifficultyCaseRow,
    DifficultyNoteIn,
    DifficultyNoteRow,
    DifficultyStepIn,
)
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import ChangedSinceFilter, CodesFilter, FilterSet, StrictChoices

CODE = OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH, description="사례 번호. 예: FD-2026-7KQ4MA")
CHANGED = _("이 시점 뒤에 바뀐 것. 10분 앞부터 봅니다")


class CaseFilter(FilterSet):
    region = CodesFilter(method="inside", help_text=_("시·도나 시·군·구 코드(쉼표로 여럿)"))
    company = filters.UUIDFilter("company__public_id", help_text=_("기업 번호"))
    state = StrictChoices(choices=CaseState, help_text=_("상태"))
    severity = StrictChoices(choices=Severity, help_text=_("심각성"))
    outcome = StrictChoices(choices=Outcome, help_text=_("결과"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)

    def inside(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        return queryset.filter(region__code__in=value) | queryset.filter(region__parent__code__in=value)


@extend_schema_view(
    list=extend_schema(
        summary="위기·애로기업 사례 목록",
        description=(
            "관할 지역의 사례와 우리 기관이 함께 맡은 사례입니다. 비공개 사례는 담당자와 그 기관장에게만 나옵니다. "
            "시작일이 늦은 것부터입니다."
        ),
    ),
    retrieve=extend_schema(
        summary="위기·애로기업 사례 하나", description="담당, 애로, 조치, 사후 확인까지.", parameters=[CODE]
    ),
)
class DifficultyCaseViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Case.objects.order_by("-opened_on", "code")
    row_class = DifficultyCaseRow
    detail_class = DifficultyCaseDetail
    filterset_class = CaseFilter
    write_capability = Capability.MANAGE_DIFFICULTIES
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset().with_lead()  # type: ignore[attr-defined]
        if self.action == "list":
            return queryset
        queryset = queryset.select_related("company", "region", "predecessor")
        return queryset.prefetch_related(
            Prefetch("referents", Referent.objects.select_related("organization", "user")),
            Prefetch("difficulties", Difficulty.objects.select_related("kind")),
            Prefetch("actions", Action.objects.select_related("organization", "case")),
            "follow_ups",
        )

    @extend_schema(
        summary="위기·애로기업 사례 시작",
        description=(
            "관할 지역의 사업장 하나로 사례를 시작합니다. 그 기업에 진행 중인 사례가 있으면 409 case_open으로 답하며, 볼 수 "
            "없는 사례이면 맡은 기관의 이름만 알립니다. 연계 시스템은 주담당이 될 사람(lead)을 함께 보내야 합니다."
        ),
        request=DifficultyCaseIn,
        responses={201: OpenApiResponse(DifficultyCaseDetail, description="시작함")},
    )
    def create(self, request: Request) -> Response:
        sent = DifficultyCaseIn(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        actor = cast(User, request.user)
        number, login, codes = given.pop("business_number"), given.pop("lead", None), given.pop("kinds")
        places = Workplace.objects.visible_to(request.scope).select_related("region__parent")  # type: ignore[attr-defined]
        workplace = places.filter(business_number=number).first()
        lead = User.objects.visible_to(request.scope).filter(login_id=login).first() if login else None  # type: ignore[attr-defined]
        kinds = {kind.code: kind for kind in DifficultyKind.objects.in_use().filter(code__in=codes)}
        faults: dict[str, list[str]] = {}
        if workplace is None:
            faults["business_number"] = [_now("관할 지역에 이 번호의 사업장이 없습니다.")]
        if login and lead is None:
            faults["lead"] = [_now("우리 기관에 없는 아이디입니다.")]
        if strange := sorted(set(codes) - set(kinds)):
            faults["kinds"] = [_now("모르는 애로 종류입니다: %(codes)s") % {"codes": ", ".join(strange)}]
        if workplace is None or faults:
            raise exceptions.ValidationError(faults)
        case = services.open_case(workplace=workplace, kinds=list(kinds.values()), lead=lead, actor=actor, **given)
        made = self.get_queryset().get(pk=case.pk)
        return Response(DifficultyCaseDetail(made).data, status=status.HTTP_201_CREATED)


def _case(request: Request, code: str) -> Case:
    return get_object_or_404(Case.objects.visible_to(request.scope), code=code)  # type: ignore[attr-defined]


class ActionFilter(FilterSet):
    case = CodesFilter("case__code", help_text=_("사례 번호(쉼표로 여럿)"))
    organization = CodesFilter("organization__code", help_text=_("하는 기관의 코드(쉼표로 여럿)"))
    state = StrictChoices(choices=ActionState, help_text=_("상태"))
    overdue = filters.BooleanFilter(method="late", help_text=_("true면 기한이 지난 것만"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)

    def late(self, queryset: Any, name: str, value: bool) -> QuerySet[Any]:
        return queryset.overdue_on(timezone.localdate()) if value else queryset


@extend_schema_view(
    list=extend_schema(summary="애로기업 조치 목록", description="볼 수 있는 사례의 조치. 기한이 이른 것부터입니다."),
)
class DifficultyActionViewSet(ReadViewSet):
    queryset = Action.objects.order_by("due_on", "case__code", "pk")
    row_class = DifficultyActionRow
    filterset_class = ActionFilter
    write_capability = Capability.MANAGE_DIFFICULTIES
    lookup_field = "public_id"
    lookup_value_regex = "[0-9a-f-]{36}"

    @extend_schema(
        summary="애로기업 조치 더하기",
        description="우리 기관이 함께 맡은 사례에 우리 기관의 조치를 적습니다. 기한은 due_on이나 due_in 가운데 하나로 적습니다.",
        request=DifficultyActionIn,
        responses={201: OpenApiResponse(DifficultyActionRow, description="적음")},
    )
    def create(self, request: Request) -> Response:
        sent = DifficultyActionIn(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        case = _case(request, given.pop("case"))
        action = services.add_action(case=case, actor=cast(User, request.user), **given)
        return Response(DifficultyActionRow(action).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="애로기업 조치 진행",
        description="조치를 시작하거나 마치거나 중단합니다. 마치거나 중단할 때는 result를 적어야 합니다.",
        request=DifficultyStepIn,
        responses={200: OpenApiResponse(DifficultyActionRow, description="적음")},
    )
    def step(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        action = self.get_object()
        sent = DifficultyStepIn(data=request.data)
        sent.is_valid(raise_exception=True)
        moved = services.step_action(action=action, actor=cast(User, request.user), **sent.validated_data)
        return Response(DifficultyActionRow(moved).data)


class NoteFilter(FilterSet):
    case = CodesFilter("case__code", help_text=_("사례 번호(쉼표로 여럿)"))
    kind = StrictChoices(choices=NoteKind, help_text=_("종류"))
    audience = StrictChoices(choices=Audience, help_text=_("볼 사람"))
    changed_since = ChangedSinceFilter("created_at", help_text=CHANGED)


@extend_schema_view(
    list=extend_schema(
        summary="애로기업 접촉 기록 목록",
        description=(
            "우리 기관이 함께 맡은 사례의 기록과 우리 기관만 보는 기록입니다. 사례를 볼 수만 있는 기관에는 나오지 않습니다. "
            "늦은 날부터입니다."
        ),
    ),
)
class DifficultyNoteViewSet(ReadViewSet):
    queryset = Note.objects.order_by("-held_on", "-pk")
    row_class = DifficultyNoteRow
    filterset_class = NoteFilter
    write_capability = Capability.MANAGE_DIFFICULTIES

    @extend_schema(
        summary="애로기업 접촉 기록 쓰기",
        description="우리 기관이 함께 맡은 사례에 기록을 남깁니다. 남긴 기록은 고칠 수 없습니다.",
        request=DifficultyNoteIn,
        responses={201: OpenApiResponse(DifficultyNoteRow, description="적음")},
    )
    def create(self, request: Request) -> Response:
        sent = DifficultyNoteIn(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        case = _case(request, given.pop("case"))
        note = services.write_note(case=case, actor=cast(User, request.user), **given)
        return Response(DifficultyNoteRow(note).data, status=status.HTTP_201_CREATED)
