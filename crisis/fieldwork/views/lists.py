"""Lists: campaigns, workplaces of the sample, figures of the results."""

from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crisis.fieldwork.enums import UNFINISHED, CampaignKind, CampaignState, CellKind, UnitState
from crisis.fieldwork.forms import quarter_text
from crisis.fieldwork.models import Campaign, ResultCell, Unit
from crisis.fieldwork.waiting import places_of
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods

OPEN = "OPEN"


class CampaignFilters(ListFilters):
    q = django_filters.CharFilter("title", "icontains", label=_("이름"))
    state = django_filters.ChoiceFilter(choices=CampaignState.choices, label=_("상태"))
    kind = django_filters.ChoiceFilter(choices=CampaignKind.choices, label=_("구분"))
    corrected = django_filters.BooleanFilter("corrected_at", "isnull", exclude=True, label=_("다시 확정할 것"))
    area = django_filters.CharFilter(method="in_area", label=_("지역 코드"))

    def in_area(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(pk__in=places_of(value).values("campaign"))


class CampaignList(ListPage):
    name = "campaigns"
    title = _("현장 실태조사")
    template = "fieldwork/campaign_list.html"
    default_sort = "-opens_on"
    filters = CampaignFilters
    empty_text = _("관할 지역의 현장 실태조사가 없습니다. 위기지원센터와 테크노파크는 ‘새 조사’로 시작할 수 있습니다.")
    columns = (
        ListColumn("code", _("조사 번호"), sort=("code",), text=True, link=lambda one: reverse("fieldwork:campaign", args=[one.code])),
        ListColumn("title", _("이름"), sort=("title",), fixed=True, width=40, link=lambda one: reverse("fieldwork:campaign", args=[one.code])),
        ListColumn("sido", _("시·도"), value=lambda one: one.sido.name, sort=("sido__code",)),
        ListColumn("body", _("조사 기관"), value=lambda one: one.body.name, sort=("body__name_ko",), width=24),
        ListColumn("quarter", _("분기"), value=quarter_text, sort=("quarter",), text=True),
        ListColumn("state", _("상태"), value=lambda one: str(one.get_state_display()), sort=("state",)),
        ListColumn("opens_on", _("여는 날"), sort=("opens_on",)),
        ListColumn("closes_due", _("마감일"), sort=("closes_due",)),
        ListColumn("asked", _("표본"), sort=("asked",), css="num"),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        rows = Campaign.objects.visible_to(self.scope).select_related("sido", "body")
        return rows.annotate(asked=Count("units", filter=Q(units__replacement=None)))


class UnitFilters(ListFilters):
    campaign = django_filters.CharFilter("campaign__code", label=_("조사 번호"))
    q = django_filters.CharFilter("workplace__company__name_ko", "icontains", label=_("기업명"))
    cluster = django_filters.CharFilter("place__cluster__name_ko", "icontains", label=_("밀집지역"))
    interviewer = django_filters.CharFilter("interviewer__name", "icontains", label=_("조사원"))
    state = django_filters.ChoiceFilter(
        method="standing", label=_("상태"), choices=[(OPEN, _("아직 받지 못한 것")), *UnitState.choices]
    )

    def standing(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == OPEN:
            return rows.filter(campaign__state=CampaignState.OPEN, replacement=None, state__in=UNFINISHED)
        return rows.filter(state=value)


class UnitList(ListPage):
    """Only for those who may read the firms' answers: `visible_to` gives nobody else a row."""

    name = "field-units"
    title = _("표본 사업장")
    template = "fieldwork/unit_list.html"
    default_sort = "number"
    filters = UnitFilters
    empty_text = _("맡은 표본 사업장이 없습니다.")
    columns = (
        ListColumn(
            "firm", _("기업"), value=lambda one: one.workplace.company.name_ko, sort=("workplace__company__name_key",), fixed=True,
            width=28, link=lambda one: reverse("fieldwork:sheet", args=[one.campaign.code, one.number]),
        ),
        ListColumn("campaign", _("조사"), value=lambda one: one.campaign.code, sort=("campaign__code",), text=True),
        ListColumn("number", _("번호"), sort=("campaign__code", "number"), text=True),
        ListColumn("cluster", _("밀집지역"), value=lambda one: one.place.cluster.name, sort=("place__cluster__name_ko",), width=28),
        ListColumn("size", _("규모"), value=lambda one: str(one.get_size_display()), sort=("size",)),
        ListColumn("origin", _("경로"), value=lambda one: str(one.get_origin_display()), shown=False),
        ListColumn("interviewer", _("조사원"), value=lambda one: one.interviewer.name if one.interviewer else "", sort=("interviewer__name",)),
        ListColumn("state", _("상태"), value=lambda one: str(one.get_state_display()), sort=("state",)),
        ListColumn("submitted_at", _("제출 일시"), sort=("submitted_at",)),
        ListColumn("closes_due", _("마감일"), value=lambda one: one.campaign.closes_due, sort=("campaign__closes_due",)),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        rows = Unit.objects.visible_to(self.scope)
        return rows.select_related("campaign", "workplace__company", "place__cluster", "interviewer")


class ResultFilters(ListFilters):
    campaign = django_filters.CharFilter("campaign__code", label=_("조사 번호"))
    cluster = django_filters.CharFilter("place__cluster__name_ko", "icontains", label=_("밀집지역"))
    kind = django_filters.ChoiceFilter(choices=CellKind.choices, label=_("종류"))


def _told(name: str) -> Any:
    return lambda one: _("비공개") if one.hidden else getattr(one, name)


class ResultList(ListPage):
    """One row a figure; what is hidden on the page is hidden in the file."""

    name = "field-results"
    title = _("현장 실태조사 결과")
    template = "fieldwork/result_list.html"
    default_sort = "campaign"
    filters = ResultFilters
    empty_text = _("마감한 조사의 결과가 여기에 나옵니다.")
    columns = (
        ListColumn("campaign", _("조사"), value=lambda one: one.campaign.code, sort=("campaign__code", "position"), text=True, fixed=True,
                   link=lambda one: reverse("fieldwork:results", args=[one.campaign.code])),
        ListColumn("quarter", _("분기"), value=lambda one: quarter_text(one.campaign), sort=("campaign__quarter",), text=True),
        ListColumn("cluster", _("밀집지역"), value=lambda one: one.place.cluster.name if one.place else _("전체"), sort=("place__cluster__name_ko",), width=28),
        ListColumn("kind", _("종류"), value=lambda one: str(one.get_kind_display()), sort=("kind",)),
        ListColumn("question", _("항목"), sort=("question",), text=True, shown=False),
        ListColumn("label", _("이름"), sort=("label",), width=24),
        ListColumn("value", _("값"), value=_told("shown_value"), css="num"),
        ListColumn("base", _("응답 수"), value=_told("shown_base"), css="num"),
        ListColumn("count", _("고른 수"), value=_told("shown_count"), css="num", shown=False),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        rows = ResultCell.objects.visible_to(self.scope).shown_to(self.scope)
        return rows.select_related("campaign", "place__cluster")


@needs(Capability.VIEW)
@methods(writes=("POST",))
def campaigns(request: PortalRequest) -> HttpResponseBase:
    """Every campaign the reader may see."""
    return CampaignList.of(request).respond(request, writes=request.scope.can(Capability.RUN_FIELDWORK))


@needs(Capability.VIEW)
@methods(writes=("POST",))
def units(request: PortalRequest) -> HttpResponseBase:
    """Workplaces of the samples, for those who ask them."""
    return UnitList.of(request).respond(request)


@needs(Capability.VIEW)
@methods(writes=("POST",))
def results(request: PortalRequest) -> HttpResponseBase:
    """Figures of all ended campaigns, as far as the reader may see them."""
    return ResultList.of(request).respond(request)
