"""`restructuring-centres/`, `diagnoses/`, `conversion-plans/`, `conversion-milestones/`, `conversion-contacts/`.

Everything is read inside the caller's scope; a diagnosis may be asked for and a contact written down.
"""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from companies.models import Company
from crisis.conversion import services
from crisis.conversion.enums import Channel, DiagnosisState, MilestoneState, PlanState
from crisis.conversion.models import Centre, Contact, ConversionPlan, Diagnosis, Milestone
from crisis.conversion.serializers import (
    CentreDetail,
    CentreRow,
    ContactIn,
    ContactRow,
    ConversionPlanDetail,
    ConversionPlanRow,
    DiagnosisDetail,
    DiagnosisIn,
    DiagnosisRow,
    MilestoneRow,
)
from portal.directory.enums import Capability
from portal.kernel.rest.base import ReadViewSet
from portal.kernel.rest.filters import ChangedSinceFilter, CodesFilter, FilterSet, StrictChoices

CHANGED = _("이 시점 뒤에 바뀐 것. 10분 앞부터 봅니다")
SIDO = _("시·도 코드(쉼표로 여럿)")


class CentreFilter(FilterSet):
    on = filters.DateFilter(method="in_force", help_text=_("이날 운영하는 센터"))

    def in_force(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.in_force_on(value)  # type: ignore[attr-defined]


@extend_schema_view(
    list=extend_schema(summary="구조혁신지원센터 목록", description="코드 순입니다."),
    retrieve=extend_schema(summary="구조혁신지원센터 하나", description="관할 지역까지 줍니다."),
)
class CentreViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Centre.objects.order_by("code")
    row_class = CentreRow
    detail_class = CentreDetail
    filterset_class = CentreFilter
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if self.action != "retrieve":
            return queryset
        return queryset.select_related("organization", "seat").prefetch_related("regions__region")


class DiagnosisFilter(FilterSet):
    sido = CodesFilter("sido__code", help_text=SIDO)
    company = filters.UUIDFilter("company__public_id", help_text=_("기업 번호"))
    state = StrictChoices(choices=DiagnosisState, help_text=_("상태"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)


@extend_schema_view(
    list=extend_schema(summary="구조혁신 진단 목록", description="신청일이 늦은 것부터입니다."),
    retrieve=extend_schema(summary="구조혁신 진단 하나", description="결과와 점수까지 줍니다."),
)
class DiagnosisViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = Diagnosis.objects.order_by("-requested_on", "code")
    row_class = DiagnosisRow
    detail_class = DiagnosisDetail
    filterset_class = DiagnosisFilter
    lookup_field = "code"
    write_capability = Capability.WORK_CONVERSION

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if self.action != "retrieve":
            return queryset
        return queryset.select_related("company", "sido", "centre").prefetch_related("scores__item")

    @extend_schema(
        summary="구조혁신 진단 신청하기",
        description="관할 지역에 사업장이 있는 기업의 진단을 신청합니다. 이미 신청했거나 받고 있으면 받지 않습니다.",
        request=DiagnosisIn,
        responses={201: OpenApiResponse(DiagnosisRow, description="신청함")},
    )
    def create(self, request: Request) -> Response:
        sent = DiagnosisIn(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        mine = request.scope.within(Capability.WORK_CONVERSION)  # type: ignore[attr-defined]
        with transaction.atomic():
            rows = Company.objects.visible_to(mine).not_merged()
            company = get_object_or_404(rows, workplaces__business_number=given["business_number"])
            made = services.request_diagnosis(
                company=company, subjects=given["subjects"], reason=given["reason"], centre=None,
                actor=request.user,  # type: ignore[arg-type]  # only people and clients with a scope get here
            )  # fmt: skip
        return Response(DiagnosisRow(made).data, status=201)


class ConversionPlanFilter(FilterSet):
    sido = CodesFilter("sido__code", help_text=SIDO)
    company = filters.UUIDFilter("members__company__public_id", distinct=True, help_text=_("참여기업의 기업 번호"))
    state = StrictChoices(choices=PlanState, help_text=_("상태"))
    joint = filters.BooleanFilter("joint", help_text=_("공동 계획만(true), 단독 계획만(false)"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)


@extend_schema_view(
    list=extend_schema(
        summary="사업전환계획 목록",
        description="참여기업 하나라도 관할 지역에 있는 계획. 번호가 큰 것부터입니다.",
    ),
    retrieve=extend_schema(summary="사업전환계획 하나", description="차수마다 참여기업, 재원, 목표까지 줍니다."),
)
class ConversionPlanViewSet(RetrieveModelMixin, ReadViewSet):
    queryset = ConversionPlan.objects.order_by("-code")
    row_class = ConversionPlanRow
    detail_class = ConversionPlanDetail
    filterset_class = ConversionPlanFilter
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if self.action != "retrieve":
            return queryset
        return queryset.select_related("sido", "completion").prefetch_related(
            "editions__goals", "editions__firms__member__company", "editions__firms__from_industry",
            "editions__firms__to_industry",
        )  # fmt: skip


class MilestoneFilter(FilterSet):
    plan = CodesFilter("edition__plan__code", help_text=_("계획 번호(쉼표로 여럿)"))
    sido = CodesFilter("edition__plan__sido__code", help_text=SIDO)
    state = StrictChoices(
        choices=[pair for pair in MilestoneState.choices if pair[0] != "REPLACED"], help_text=_("상태")
    )
    overdue = filters.BooleanFilter(method="is_late", help_text=_("true면 기한이 지나도록 보고하지 않은 것만"))
    changed_since = ChangedSinceFilter("updated_at", help_text=CHANGED)

    def is_late(self, queryset: Any, name: str, value: bool) -> QuerySet[Any]:
        return queryset.overdue_on(timezone.localdate()) if value else queryset


@extend_schema_view(
    list=extend_schema(
        summary="사업전환 추진 단계 목록", description="이행 중인 계획의 단계. 기한이 이른 것부터입니다."
    ),
)
class MilestoneViewSet(ReadViewSet):
    queryset = Milestone.objects.live().order_by("due_on", "pk")
    row_class = MilestoneRow
    filterset_class = MilestoneFilter


class ContactFilter(FilterSet):
    plan = CodesFilter("plan__code", help_text=_("계획 번호(쉼표로 여럿)"))
    channel = StrictChoices(choices=Channel, help_text=_("방법"))
    since = filters.DateFilter("on", "gte", help_text=_("이날부터"))


@extend_schema_view(
    list=extend_schema(summary="사업전환 접촉 기록 목록", description="접촉일이 늦은 것부터입니다."),
)
class ContactViewSet(ReadViewSet):
    queryset = Contact.objects.order_by("-on", "-pk")
    row_class = ContactRow
    filterset_class = ContactFilter
    write_capability = Capability.WORK_CONVERSION

    @extend_schema(
        summary="사업전환 접촉 적기",
        description="이행 중인 계획의 기업과 접촉한 것을 적습니다. 대표기업이 관할 지역에 있는 계획에만 적을 수 있습니다.",
        request=ContactIn,
        responses={201: OpenApiResponse(ContactRow, description="적음")},
    )
    def create(self, request: Request) -> Response:
        sent = ContactIn(data=request.data)
        sent.is_valid(raise_exception=True)
        given = dict(sent.validated_data)
        mine = request.scope.within(Capability.WORK_CONVERSION)  # type: ignore[attr-defined]
        with transaction.atomic():
            plan = get_object_or_404(ConversionPlan.objects.led_within(mine), code=given.pop("plan"))
            made = services.log_contact(plan=plan, actor=request.user, **given)  # type: ignore[arg-type]
        return Response(ContactRow(made).data, status=201)
