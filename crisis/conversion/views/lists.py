"""Lists: plans, diagnoses, milestones, looks back."""

from typing import Any

import django_filters
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crisis.conversion.enums import ConversionKind, DiagnosisState, MilestoneState, PlanState, Recommendation
from crisis.conversion.models import ConversionPlan, Diagnosis, FollowUp, Milestone, PlanEdition, PlanMember
from crisis.conversion.rules import last_quarter
from portal.directory.access import needs
from portal.directory.enums import Capability, RegionLevel
from portal.directory.models import Region
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods

PLAN_STATES = [*PlanState.choices, ("SUBMITTED", _("심사할 것")), ("RETURNED", _("보완 요청")), ("LATE", _("단계가 늦음")),
               ("SILENT", _("지난 분기 접촉 없음"))]  # fmt: skip
STEP_STATES = [pair for pair in MilestoneState.choices if pair[0] != "REPLACED"] + [("OVERDUE", _("기한 지남"))]
DIAGNOSIS_STATES = [*DiagnosisState.choices, ("TO_REFER", _("연계를 정할 것"))]
OWED_OR_NOT = [("OWED", _("할 것")), ("OVERDUE", _("기한 지남")), ("DONE", _("마침"))]


def _sidos(request: Any) -> QuerySet[Region]:
    return Region.objects.of_level(RegionLevel.SIDO).order_by("scheme", "code")


class SidoFilters(ListFilters):
    """Narrowing by 시·도; `path` leads there."""

    path = "sido"
    sido = django_filters.ModelChoiceFilter(method="of_sido", queryset=_sidos, label=_("시·도"))

    def of_sido(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(**{self.path: value})


class PlanFilters(SidoFilters):
    q = django_filters.CharFilter(method="named", label=_("계획·기업 이름"))
    state = django_filters.ChoiceFilter(method="in_state", choices=PLAN_STATES, label=_("상태"))
    joint = django_filters.BooleanFilter("joint", label=_("공동"))
    year = django_filters.NumberFilter("approved_on__year", label=_("승인 연도"))

    def named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        firms = PlanMember.objects.filter(company__name_ko__icontains=value)
        return queryset.filter(Q(title__icontains=value) | Q(pk__in=firms.values("plan")))

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value in {"SUBMITTED", "RETURNED"}:
            return queryset.filter(editions__state=value)
        today = timezone.localdate()
        if value == "LATE":
            return queryset.filter(pk__in=Milestone.objects.overdue_on(today).values("edition__plan"))
        if value == "SILENT":
            return queryset.without_contact_in(*last_quarter(today))  # type: ignore[attr-defined]
        return queryset.filter(state=value)


class PlanList(ListPage):
    name = "conversion-plans"
    title = _("사업전환계획")
    template = "conversion/plan_list.html"
    default_sort = "-created_at"
    filters = PlanFilters
    empty_text = _("관할 지역에 사업전환계획이 없습니다. 기업 화면이나 ‘새 계획’에서 시작할 수 있습니다.")
    columns = (
        ListColumn("code", _("번호"), sort=("code",), text=True, link=lambda one: reverse("conversion:plan", args=[one.code])),
        ListColumn("title", _("계획"), sort=("title",), fixed=True, width=40, link=lambda one: reverse("conversion:plan", args=[one.code])),
        ListColumn("lead", _("대표기업"), sort=("lead",), width=24),
        ListColumn("firms", _("참여기업"), sort=("firms",), css="num"),
        ListColumn("joint", _("공동"), value=lambda one: one.joint),
        ListColumn("kind", _("유형"), value=lambda one: str(ConversionKind(one.last_kind).label) if one.last_kind else "", width=24),
        ListColumn("sido", _("시·도"), value=lambda one: one.sido.name, sort=("sido__name_ko",)),
        ListColumn("state", _("상태"), value=lambda one: str(one.get_state_display()), sort=("state",)),
        ListColumn("approved_on", _("승인일"), sort=("approved_on",)),
        ListColumn("late", _("늦은 단계"), sort=("late",), css="num"),
        ListColumn("created_at", _("등록 일시"), sort=("created_at",), shown=False),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        lead = PlanMember.objects.filter(plan=OuterRef("pk"), is_lead=True).values("company__name_ko")[:1]
        late = Milestone.objects.overdue_on(timezone.localdate()).filter(edition__plan=OuterRef("pk")).order_by()
        kinds = PlanEdition.objects.filter(plan=OuterRef("pk")).order_by("-number").values("kind")[:1]
        members = PlanMember.objects.current().filter(plan=OuterRef("pk")).order_by()
        return (
            ConversionPlan.objects.visible_to(self.scope)
            .select_related("sido")
            .annotate(
                lead=Subquery(lead), last_kind=Subquery(kinds),
                firms=Subquery(members.values("plan").annotate(n=Count("pk")).values("n")),
                late=Subquery(late.values("edition__plan").annotate(n=Count("pk")).values("n")),
            )
        )  # fmt: skip


class DiagnosisFilters(SidoFilters):
    q = django_filters.CharFilter("company__name_ko", "icontains", label=_("기업"))
    state = django_filters.ChoiceFilter(method="in_state", choices=DIAGNOSIS_STATES, label=_("상태"))
    recommendation = django_filters.ChoiceFilter(choices=Recommendation.choices, label=_("권고"))

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.to_refer() if value == "TO_REFER" else queryset.filter(state=value)  # type: ignore[attr-defined]


class DiagnosisList(ListPage):
    name = "diagnoses"
    title = _("구조혁신 진단")
    template = "conversion/diagnosis_list.html"
    default_sort = "-requested_on"
    filters = DiagnosisFilters
    empty_text = _("관할 지역에 진단이 없습니다. 기업 화면이나 ‘진단 신청’에서 시작할 수 있습니다.")
    columns = (
        ListColumn("code", _("번호"), sort=("code",), text=True, link=lambda one: reverse("conversion:diagnosis", args=[one.code])),
        ListColumn("company", _("기업"), value=lambda one: one.company.name, sort=("company__name_ko",), fixed=True, width=30,
                   link=lambda one: reverse("conversion:diagnosis", args=[one.code])),
        ListColumn("subjects", _("분야"), value=lambda one: one.subject_labels, width=24),
        ListColumn("sido", _("시·도"), value=lambda one: one.sido.name, sort=("sido__name_ko",)),
        ListColumn("centre", _("센터"), value=lambda one: one.centre.name if one.centre else "", sort=("centre__name",), shown=False),
        ListColumn("state", _("상태"), value=lambda one: str(one.get_state_display()), sort=("state",)),
        ListColumn("requested_on", _("신청일"), sort=("requested_on",)),
        ListColumn("finished_on", _("완료일"), sort=("finished_on",)),
        ListColumn("recommendation", _("권고"), value=lambda one: str(one.get_recommendation_display()), sort=("recommendation",)),
        ListColumn("referral", _("연계"), value=lambda one: str(one.get_referral_display()), sort=("referral",)),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        return Diagnosis.objects.visible_to(self.scope).select_related("company", "sido", "centre")


class MilestoneFilters(SidoFilters):
    path = "edition__plan__sido"
    q = django_filters.CharFilter("edition__plan__title", "icontains", label=_("계획"))
    state = django_filters.ChoiceFilter(method="in_state", choices=STEP_STATES, label=_("상태"))

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "OVERDUE":
            return queryset.overdue_on(timezone.localdate())  # type: ignore[attr-defined]
        return queryset.filter(state=value)


class MilestoneList(ListPage):
    name = "milestones"
    title = _("사업전환 추진 단계")
    template = "conversion/milestone_list.html"
    default_sort = "due_on"
    filters = MilestoneFilters
    empty_text = _("이행 중인 계획이 있으면 그 추진 단계가 여기에 나옵니다.")
    columns = (
        ListColumn("title", _("추진 단계"), sort=("title",), fixed=True, width=36, link=lambda one: reverse("conversion:milestone", args=[one.pk])),
        ListColumn("plan", _("계획"), value=lambda one: one.edition.plan.title, sort=("edition__plan__title",), width=36,
                   link=lambda one: reverse("conversion:plan", args=[one.edition.plan.code])),
        ListColumn("sido", _("시·도"), value=lambda one: one.edition.plan.sido.name, sort=("edition__plan__sido__name_ko",)),
        ListColumn("due_on", _("기한"), sort=("due_on",)),
        ListColumn("state", _("상태"), value=lambda one: str(one.get_state_display()), sort=("state",)),
        ListColumn("late", _("늦음"), value=lambda one: one.late or one.is_overdue(timezone.localdate())),
        ListColumn("reported_at", _("보고 일시"), sort=("reported_at",)),
        ListColumn("checked_at", _("확인 일시"), sort=("checked_at",), shown=False),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        return Milestone.objects.visible_to(self.scope).live().select_related("edition__plan__sido")


class FollowUpFilters(SidoFilters):
    path = "plan__sido"
    state = django_filters.ChoiceFilter(method="in_state", choices=OWED_OR_NOT, label=_("상태"))

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "OVERDUE":
            return queryset.overdue_on(timezone.localdate())  # type: ignore[attr-defined]
        return queryset.filter(reported_at__isnull=value == "OWED")


class FollowUpList(ListPage):
    name = "follow-ups"
    title = _("사업전환 사후 점검")
    template = "conversion/follow_up_list.html"
    default_sort = "due_on"
    filters = FollowUpFilters
    empty_text = _("완료한 계획이 있으면 사후 점검 기한이 여기에 생깁니다.")
    columns = (
        ListColumn("plan", _("계획"), value=lambda one: one.plan.title, sort=("plan__title",), fixed=True, width=40,
                   link=lambda one: reverse("conversion:plan", args=[one.plan.code])),
        ListColumn("sido", _("시·도"), value=lambda one: one.plan.sido.name, sort=("plan__sido__name_ko",)),
        ListColumn("due_on", _("기한"), sort=("due_on",)),
        ListColumn("continuing", _("새 사업 계속"), sort=("continuing",)),
        ListColumn("sales_share", _("매출 비중(%)"), sort=("sales_share",), css="num"),
        ListColumn("employee_share", _("상시근로자 비중(%)"), sort=("employee_share",), css="num"),
        ListColumn("reported_at", _("점검 일시"), sort=("reported_at",)),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        return FollowUp.objects.visible_to(self.scope).select_related("plan__sido")


@needs(Capability.VIEW)
@methods(writes=("POST",))
def plans(request: PortalRequest) -> HttpResponseBase:
    """Every plan the reader may see."""
    return PlanList.of(request).respond(request, works=request.scope.can(Capability.WORK_CONVERSION))


@needs(Capability.VIEW)
@methods(writes=("POST",))
def diagnoses(request: PortalRequest) -> HttpResponseBase:
    """Every diagnosis the reader may see."""
    return DiagnosisList.of(request).respond(request, works=request.scope.can(Capability.WORK_CONVERSION))


@needs(Capability.VIEW)
@methods(writes=("POST",))
def milestones(request: PortalRequest) -> HttpResponseBase:
    """The steps of plans being carried out, the soonest due first."""
    return MilestoneList.of(request).respond(request)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def follow_ups(request: PortalRequest) -> HttpResponseBase:
    """Completed plans to be looked at again."""
    return FollowUpList.of(request).respond(request)
