"""Lists of tiers: firms with a tier on a day, cases, plans, designations and reports."""

from datetime import date, datetime
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from companies.tiers.enums import CaseKind, CaseState, StrategyState, Tier
from companies.tiers.forms import sidos
from companies.tiers.models import GrowthStrategy, LeadingDesignation, LeadingReport, TierCase, TierPeriod
from portal.directory.models import Region
from portal.kernel import display
from portal.kernel.dates import end_of_day
from portal.kernel.forms import DateInput
from portal.kernel.lists import BadQuery, ListColumn, ListFilters, ListPage
from portal.kernel.templatetags import ui

ANY = _("전체")


def span(effective: Any) -> str:
    """`2026. 1. 1. ~ 2028. 12. 31.`: the last day is the one before the range ends."""
    if effective is None:
        return display.MISSING
    until = display.day(date.fromordinal(effective.upper.toordinal() - 1)) if effective.upper else ""
    return f"{display.day(effective.lower)} ~ {until}".rstrip()


def firm_url(company: Any) -> str:
    return reverse("tiers:firm", args=[company.public_id])


def marked(company: Any) -> Any:
    """The name, with 예시 where the firm is made up."""
    return format_html("{} {}", company.name, ui.example()) if company.is_demo else company.name


class _RegionFilters(ListFilters):
    q = django_filters.CharFilter(label=_("기업 이름"), method="named")
    region = django_filters.ModelChoiceFilter(
        label=_("시·도"), queryset=Region.objects.none(), empty_label=ANY, to_field_name="code"
    )
    firm = "company"

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.filters["region"].field.queryset = sidos(self.scope)

    def named(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        key = value.replace(" ", "")
        return rows.filter(
            Q(**{f"{self.firm}__name_key__icontains": key.lower()})
            | Q(**{f"{self.firm}__name_ko__icontains": value.strip()})
        )


class FirmFilters(_RegionFilters):
    tier = django_filters.ChoiceFilter(label=_("등급"), choices=Tier.choices, empty_label=ANY)
    on = django_filters.DateFilter(label=_("기준일"), method="later", widget=DateInput())
    known = django_filters.DateFilter(label=_("이날까지 알려진 대로"), method="later", widget=DateInput())

    def later(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """The days decide which rows the list begins with."""
        return rows


class FirmList(ListPage):
    """Firms with a tier on a day, as known on another: both today unless said."""

    name = "tier-firms"
    title = _("등급 기업")
    template = "tiers/firm_list.html"
    default_sort = "name"
    filters = FirmFilters
    empty_text = _("등급이 결정된 기업이 여기에 보입니다.")
    columns = (
        ListColumn(
            "name", _("기업"), value=lambda row: row.company.name, show=lambda row: marked(row.company),
            link=lambda row: firm_url(row.company), sort=("company__name_key",), fixed=True, width=24,
        ),
        ListColumn("region", _("관할"), value=lambda row: row.region.name, sort=("region__code",)),
        ListColumn("tier", _("등급"), value=lambda row: row.get_tier_display(), sort=("tier",)),
        ListColumn("since", _("효력 시작"), value=lambda row: row.effective.lower, sort=("effective__startswith",)),
        ListColumn("until", _("끝난 다음 날"), value=lambda row: row.effective.upper, sort=("effective__endswith",)),
        ListColumn("criteria", _("적용 기준"), value=lambda row: row.case.criteria.title if row.case.criteria else ""),
        ListColumn("decided", _("결정일"), value=lambda row: row.case.decided_at, shown=False),
        ListColumn("recorded", _("기록 일시"), value=lambda row: row.recorded_at, sort=("recorded_at",), shown=False),
    )  # fmt: skip

    def _asked(self, name: str) -> date | None:
        text = self.query.get(name, "")
        try:
            return parse_date(text) if text else None
        except ValueError as error:
            raise BadQuery(str(_("날짜는 2026-01-31처럼 적어 주세요."))) from error

    @cached_property
    def day(self) -> date:
        return self._asked("on") or timezone.localdate()

    @cached_property
    def known_at(self) -> datetime | None:
        known = self._asked("known")
        return end_of_day(known) if known else None

    def queryset(self) -> QuerySet[TierPeriod]:
        rows = TierPeriod.objects.visible_to(self.scope).as_of(self.day, self.known_at)
        return rows.select_related("company", "region", "case__criteria")


REVIEW, DECIDE, OPEN = "REVIEW", "DECIDE", "OPEN"
_STATES = [
    (OPEN, _("진행 중 모두")), (REVIEW, _("검토할 것")), (DECIDE, _("결정할 것")),
    *[(state.value, state.label) for state in CaseState],
]  # fmt: skip


class CaseFilters(_RegionFilters):
    kind = django_filters.ChoiceFilter(label=_("종류"), choices=CaseKind.choices, empty_label=ANY)
    state = django_filters.ChoiceFilter(label=_("상태"), choices=_STATES, method="at_state", empty_label=ANY)
    tier = django_filters.ChoiceFilter(
        label=_("심사 등급"), choices=Tier.choices, field_name="to_tier", empty_label=ANY
    )
    screening = django_filters.NumberFilter(label=_("선별 번호"), field_name="screening")

    def at_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == OPEN:
            return rows.open()  # type: ignore[attr-defined]
        if value == REVIEW:
            return rows.awaiting_review()  # type: ignore[attr-defined]
        return rows.awaiting_decision() if value == DECIDE else rows.filter(state=value)  # type: ignore[attr-defined]


OUTCOMES = {"MET": _("충족"), "NOT_MET": _("미충족"), "UNKNOWN": _("확인 필요")}
_KINDS = {"MET": "ok", "NOT_MET": "danger", "UNKNOWN": "warn"}


def outcome_mark(outcome: str) -> Any:
    """충족, 미충족, 확인 필요 as a badge."""
    return ui.badge(OUTCOMES[outcome], _KINDS[outcome]) if outcome else display.MISSING


def goal(case: TierCase) -> str:
    """`잠재기업 → 예비선도기업`"""
    before = case.get_from_tier_display() or str(_("등급 없음"))
    return f"{before} → {case.get_to_tier_display() or str(_('등급 없음'))}"


class CaseList(ListPage):
    name = "tier-cases"
    title = _("등급 심사")
    template = "tiers/case_list.html"
    default_sort = "-opened"
    filters = CaseFilters
    empty_text = _("후보 찾기를 하거나 심사를 직접 열면 여기에 보입니다.")
    columns = (
        ListColumn(
            "name", _("기업"), value=lambda row: row.company.name, show=lambda row: marked(row.company),
            link=lambda row: reverse("tiers:case", args=[row.public_id]), sort=("company__name_key",), fixed=True,
            width=24,
        ),
        ListColumn("region", _("관할"), value=lambda row: row.region.name, sort=("region__code",)),
        ListColumn("kind", _("종류"), value=lambda row: row.get_kind_display(), sort=("kind",)),
        ListColumn("goal", _("등급"), value=goal),
        ListColumn(
            "outcome", _("기준 판정"), value=lambda row: str(OUTCOMES.get(row.outcome, "")),
            show=lambda row: outcome_mark(row.outcome), sort=("outcome",),
        ),
        ListColumn("opinion", _("검토 의견"), value=lambda row: row.get_opinion_display()),
        ListColumn("state", _("상태"), value=lambda row: row.get_state_display(), sort=("state",)),
        ListColumn("opened", _("연 날"), value=lambda row: timezone.localdate(row.created_at), sort=("created_at",)),
        ListColumn("decided", _("결정일"), value=lambda row: row.decided_at and timezone.localdate(row.decided_at),
                   sort=("decided_at",), shown=False),
        ListColumn(
            "criteria", _("적용 기준"), value=lambda row: row.criteria.title if row.criteria else "", shown=False
        ),
    )  # fmt: skip

    def queryset(self) -> QuerySet[TierCase]:
        rows = TierCase.objects.visible_to(self.scope).defer("evidence")
        return rows.select_related("company", "region", "criteria")


class StrategyFilters(_RegionFilters):
    tier = django_filters.ChoiceFilter(label=_("등급"), choices=Tier.choices, empty_label=ANY)
    state = django_filters.ChoiceFilter(label=_("상태"), choices=StrategyState.choices, empty_label=ANY)
    mine = django_filters.ChoiceFilter(
        label=_("전담"), method="of_mine", empty_label=ANY,
        choices=[("yes", _("내 전담 기업")), ("late", _("내 전담, 기한 지난 단계 있음"))],
    )  # fmt: skip

    def of_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        rows = rows.filter(officer=self.scope.user_id)
        return rows.with_late_steps(timezone.localdate()) if value == "late" else rows  # type: ignore[attr-defined]


class StrategyList(ListPage):
    name = "growth-strategies"
    title = _("성장전략")
    template = "tiers/strategy_list.html"
    default_sort = "end"
    filters = StrategyFilters
    empty_text = _("등급 기업의 화면에서 성장전략을 세우면 여기에 보입니다.")
    columns = (
        ListColumn(
            "name", _("기업"), value=lambda row: row.company.name, show=lambda row: marked(row.company),
            link=lambda row: reverse("tiers:strategy", args=[row.pk]), sort=("company__name_key",), fixed=True,
            width=24,
        ),
        ListColumn("region", _("관할"), value=lambda row: row.region.name, sort=("region__code",)),
        ListColumn("tier", _("등급"), value=lambda row: row.get_tier_display(), sort=("tier",)),
        ListColumn("officer", _("전담"), value=lambda row: row.officer.name, sort=("officer__name",)),
        ListColumn("state", _("상태"), value=lambda row: row.get_state_display(), sort=("state",)),
        ListColumn("done", _("완료 단계"), value=lambda row: row.done_count, css="num"),
        ListColumn("steps", _("전체 단계"), value=lambda row: row.step_count, css="num"),
        ListColumn("next", _("다음 기한"), value=lambda row: row.next_due, sort=("next_due",)),
        ListColumn("end", _("끝나는 날"), value=lambda row: row.ends_on, sort=("ends_on",)),
    )  # fmt: skip

    def queryset(self) -> QuerySet[GrowthStrategy]:
        rows = GrowthStrategy.objects.visible_to(self.scope).with_progress()
        return rows.select_related("company", "region", "officer")


class DesignationFilters(_RegionFilters):
    state = django_filters.ChoiceFilter(
        label=_("상태"), method="at_state", empty_label=ANY,
        choices=[("now", _("유효")), ("ended", _("기간 만료")), ("cancelled", _("취소"))],
    )  # fmt: skip

    def at_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        today = timezone.localdate()
        if value == "now":
            return rows.in_force_on(today)  # type: ignore[attr-defined]
        if value == "cancelled":
            return rows.filter(cancelled_on__isnull=False)
        return rows.filter(cancelled_on=None).ended_by(today)  # type: ignore[attr-defined]


class DesignationList(ListPage):
    name = "designations"
    title = _("지역혁신 선도기업")
    template = "tiers/designation_list.html"
    default_sort = "-number"
    filters = DesignationFilters
    empty_text = _("시·도가 선정한 지역혁신 선도기업을 등록하면 여기에 보입니다.")
    columns = (
        ListColumn(
            "number", _("선정서 번호"), value=lambda row: row.certificate_number, text=True, fixed=True,
            link=lambda row: reverse("tiers:designation", args=[row.certificate_number]),
            sort=("certificate_year", "certificate_serial"),
        ),
        ListColumn("name", _("기업"), value=lambda row: row.company.name, show=lambda row: marked(row.company),
                   sort=("company__name_key",), width=24),
        ListColumn("region", _("선정 시·도"), value=lambda row: row.region.name, sort=("region__code",)),
        ListColumn("start", _("시작일"), value=lambda row: row.starts_on, sort=("starts_on",)),
        ListColumn("end", _("끝난 다음 날"), value=lambda row: row.last_day_after),
        ListColumn("extended", _("연장"), value=lambda row: row.extended_until is not None),
        ListColumn("cancelled", _("취소일"), value=lambda row: row.cancelled_on, sort=("cancelled_on",)),
        ListColumn("reason", _("선정 사유"), value=lambda row: row.reason, shown=False),
    )  # fmt: skip

    def queryset(self) -> QuerySet[LeadingDesignation]:
        return LeadingDesignation.objects.visible_to(self.scope).select_related("company", "region")


class ReportFilters(_RegionFilters):
    firm = "designation__company"
    region = django_filters.ModelChoiceFilter(
        label=_("시·도"), queryset=Region.objects.none(), empty_label=ANY, to_field_name="code",
        field_name="designation__region",
    )  # fmt: skip
    state = django_filters.ChoiceFilter(
        label=_("상태"), method="at_state", empty_label=ANY,
        choices=[("owed", _("미보고")), ("late", _("기한 지남")), ("done", _("보고함"))],
    )  # fmt: skip

    def at_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "done":
            return rows.filter(submitted_at__isnull=False)
        today = timezone.localdate()
        return rows.owed().filter(due_on__lt=today) if value == "late" else rows.owed()  # type: ignore[attr-defined]


class ReportList(ListPage):
    name = "leading-reports"
    title = _("선도기업 반기 보고")
    template = "tiers/report_list.html"
    default_sort = "due"
    filters = ReportFilters
    empty_text = _("지역혁신 선도기업을 등록하면 반기마다 보고할 것이 생깁니다.")
    columns = (
        ListColumn(
            "name", _("기업"), value=lambda row: row.designation.company.name,
            show=lambda row: marked(row.designation.company), fixed=True, width=24,
            link=lambda row: reverse("tiers:report", args=[row.designation.certificate_number, row.half]),
            sort=("designation__company__name_key",),
        ),
        ListColumn("number", _("선정서 번호"), value=lambda row: row.designation.certificate_number, text=True),
        ListColumn("region", _("선정 시·도"), value=lambda row: row.designation.region.name),
        ListColumn("half", _("반기"), value=lambda row: row.half, show=lambda row: display.period(row.half),
                   sort=("half",), text=True),
        ListColumn("due", _("기한"), value=lambda row: row.due_on, sort=("due_on",)),
        ListColumn(
            "submitted", _("보고일"), value=lambda row: row.submitted_at and timezone.localdate(row.submitted_at),
            sort=("submitted_at",),
        ),
        ListColumn("council", _("보고한 회의"), value=lambda row: row.council),
    )  # fmt: skip

    def queryset(self) -> QuerySet[LeadingReport]:
        rows = LeadingReport.objects.visible_to(self.scope)
        return rows.select_related("designation__company", "designation__region")


__all__ = ["CaseList", "DesignationList", "FirmList", "ReportList", "StrategyList", "goal", "span"]
