"""Lists: cases, actions of all cases, contacts of all cases. Each shows, counts and exports what its reader may see."""

from typing import Any

import django_filters
from django.db.models import Case as When
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models import When as If
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from network.difficulties.enums import ActionKind, ActionState, Audience, CaseState, NoteKind, Outcome, Severity, Source
from network.difficulties.models import Action, Case, Difficulty, DifficultyKind, FollowUp, Handover, Note
from network.difficulties.services import managed
from network.difficulties.todo import left_alone
from network.difficulties.views.common import ACTION_KINDS, SEVERITY_KINDS
from portal.directory.access import needs
from portal.directory.enums import Capability, RegionLevel
from portal.directory.models import Region
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.templatetags import ui
from portal.kernel.views import methods

ANY = _("전체")
OPEN, CLOSED, LATE, AWAY, OFFERED, LOOK, DUE = "OPEN", "CLOSED", "LATE", "AWAY", "OFFERED", "LOOK", "DUE"


def case_url(code: str) -> str:
    return reverse("difficulties:case", args=[code])


class SidoFilters(ListFilters):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        provinces = Region.objects.visible_to(self.scope).of_level(RegionLevel.SIDO).select_related("parent")
        self.filters["region"].field.queryset = provinces.order_by("code")

    def in_sido(self, rows: QuerySet[Any], name: str, value: Region) -> QuerySet[Any]:
        return rows.filter(Q(**{f"{self.of_case}region": value}) | Q(**{f"{self.of_case}region__parent": value}))

    of_case = ""


class CaseFilters(SidoFilters):
    q = django_filters.CharFilter(method="named", label=_("기업·사례 번호"))
    standing = django_filters.ChoiceFilter(
        method="stands", label=_("상태"), empty_label=ANY,
        choices=[
            *CaseState.choices, (LATE, _("조치 기한이 지난 것")), (OFFERED, _("나에게 인계가 제안된 것")),
            (AWAY, _("담당자가 자리를 비운 것")), (LOOK, _("사후 확인할 것")),
        ],
    )  # fmt: skip
    region = django_filters.ModelChoiceFilter(
        method="in_sido", label=_("시·도"), queryset=Region.objects.none(), empty_label=ANY, to_field_name="code"
    )
    severity = django_filters.ChoiceFilter(choices=Severity.choices, label=_("심각성"), empty_label=ANY)
    kind = django_filters.ModelChoiceFilter(
        method="suffers", label=_("애로"), queryset=DifficultyKind.objects.all(), to_field_name="code", empty_label=ANY
    )
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices, label=_("결과"), empty_label=ANY)
    source = django_filters.ChoiceFilter(choices=Source.choices, label=_("알게 된 길"), empty_label=ANY)
    mine = django_filters.ChoiceFilter(
        method="our", label=_("맡은 기관"), choices=[("true", _("우리 기관"))], empty_label=ANY
    )

    def named(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        text = value.strip()
        return rows.filter(Q(company__name_ko__icontains=text) | Q(code__icontains=text))

    def stands(self, rows: Any, name: str, value: str) -> QuerySet[Case]:
        today = timezone.localdate()
        if value == LATE:
            return rows.filter(pk__in=Action.objects.overdue_on(today).values("case"))
        if value == AWAY:
            return rows.filter(pk__in=left_alone(self.scope).values("pk"))
        if value == OFFERED:
            mine = Handover.objects.offered().filter(to_organization__in=managed(self.scope))
            return rows.filter(pk__in=mine.filter(Q(to_user=self.scope.user_id) | Q(to_user=None)).values("case"))
        if value == LOOK:
            return rows.filter(pk__in=FollowUp.objects.due_by(today).values("case"))
        return rows.filter(state=value)

    def suffers(self, rows: QuerySet[Case], name: str, value: DifficultyKind) -> QuerySet[Case]:
        return rows.filter(Exists(Difficulty.objects.filter(case=OuterRef("pk"), kind=value, resolved_on=None)))

    def our(self, rows: Any, name: str, value: str) -> QuerySet[Case]:
        return rows.of_bodies(managed(self.scope))


def severity_badge(row: Case) -> SafeString:
    return ui.badge(row.get_severity_display(), SEVERITY_KINDS[Severity(row.severity)])


def state_badge(row: Any) -> SafeString:
    if not row.is_open:
        return ui.badge(row.get_outcome_display(), "mark")
    late = (
        ui.badge(_now("기한 지난 조치 %(n)s건") % {"n": row.overdue_actions}, "danger") if row.overdue_actions else ""
    )
    return format_html("{} {}", ui.badge(row.get_state_display(), "info"), late)


def firm(row: Case) -> SafeString | str:
    marks = [ui.badge(_now("비공개"), "mark")] if row.confidential else []
    if row.is_demo:
        marks.append(ui.example())
    return format_html("{} {}", row.company.name, format_html("{}" * len(marks), *marks)) if marks else row.company.name


_RANKS = When(
    *[If(severity=value, then=Value(rank)) for rank, value in enumerate(Severity.values)], output_field=IntegerField()
)


class CaseList(ListPage):
    name = "difficulty-cases"
    title = _("위기·애로기업 사례")
    template = "difficulties/case_list.html"
    default_sort = "-opened"
    filters = CaseFilters
    empty_text = _("볼 수 있는 사례가 없습니다. 기업의 화면에서 ‘사례 시작’으로 맡을 수 있습니다.")
    columns = (
        ListColumn(
            "company", _("기업"), value=lambda row: row.company.name, link=lambda row: case_url(row.code), show=firm,
            sort=("company__name_key",), fixed=True, width=28,
        ),
        ListColumn("code", _("사례 번호"), sort=("code",), text=True),
        ListColumn("region", _("지역"), value=lambda row: row.region.full_name, sort=("region__code",), width=24),
        ListColumn(
            "severity", _("심각성"), value=lambda row: str(row.get_severity_display()), show=severity_badge,
            sort=("severity_rank",),
        ),
        ListColumn("jobs", _("위태로운 일자리"), value=lambda row: row.jobs_at_stake, sort=("jobs_at_stake",), css="num"),
        ListColumn("body", _("주담당 기관"), value=lambda row: row.lead_body, sort=("lead_body",), width=28),
        ListColumn("lead", _("주담당"), value=lambda row: row.lead_name, sort=("lead_name",)),
        ListColumn("difficulties", _("남은 애로"), value=lambda row: row.open_difficulties, sort=("open_difficulties",), css="num"),
        ListColumn("due", _("다음 기한"), value=lambda row: row.next_due if row.is_open else None, sort=("next_due",)),
        ListColumn(
            "state", _("상태"), value=lambda row: str(row.get_state_display() if row.is_open else row.get_outcome_display()),
            show=state_badge, sort=("state", "outcome"),
        ),
        ListColumn("opened", _("시작일"), value=lambda row: row.opened_on, sort=("opened_on",)),
        ListColumn("closed", _("종결일"), value=lambda row: row.closed_on, sort=("closed_on",), shown=False),
        ListColumn("days", _("걸린 날"), value=lambda row: row.days(timezone.localdate()), css="num", shown=False),
        ListColumn("late", _("기한 지난 조치"), value=lambda row: row.overdue_actions, sort=("overdue_actions",), css="num", shown=False),
        ListColumn("source", _("알게 된 길"), value=lambda row: str(row.get_source_display()), sort=("source",), shown=False),
        ListColumn("kept", _("지킨 일자리"), value=lambda row: row.jobs_kept, sort=("jobs_kept",), css="num", shown=False),
        ListColumn("lost", _("잃은 일자리"), value=lambda row: row.jobs_lost, sort=("jobs_lost",), css="num", shown=False),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Case]:
        rows = Case.objects.visible_to(self.scope).select_related("company", "region__parent")
        return rows.with_lead().with_work(timezone.localdate()).annotate(severity_rank=_RANKS)


class ActionFilters(SidoFilters):
    of_case = "case__"
    q = django_filters.CharFilter(method="named", label=_("조치·기업"))
    standing = django_filters.ChoiceFilter(
        method="stands", label=_("상태"), empty_label=ANY,
        choices=[*ActionState.choices, (DUE, _("마치지 않은 것")), (LATE, _("기한이 지난 것"))],
    )  # fmt: skip
    kind = django_filters.ChoiceFilter(choices=ActionKind.choices, label=_("종류"), empty_label=ANY)
    region = django_filters.ModelChoiceFilter(
        method="in_sido", label=_("시·도"), queryset=Region.objects.none(), empty_label=ANY, to_field_name="code"
    )
    mine = django_filters.ChoiceFilter(
        method="our", label=_("하는 기관"), choices=[("true", _("우리 기관"))], empty_label=ANY
    )

    def named(self, rows: QuerySet[Action], name: str, value: str) -> QuerySet[Action]:
        return rows.filter(Q(title__icontains=value.strip()) | Q(case__company__name_ko__icontains=value.strip()))

    def stands(self, rows: Any, name: str, value: str) -> QuerySet[Action]:
        if value == LATE:
            return rows.overdue_on(timezone.localdate())
        return rows.unfinished() if value == DUE else rows.filter(state=value)

    def our(self, rows: QuerySet[Action], name: str, value: str) -> QuerySet[Action]:
        return rows.filter(organization__in=managed(self.scope))


def action_badge(row: Action) -> SafeString:
    today = timezone.localdate()
    if row.is_overdue(today) and row.case.is_open:
        return ui.badge(_now("기한 %(days)s일 지남") % {"days": (today - row.due_on).days}, "danger")
    return ui.badge(row.get_state_display(), ACTION_KINDS[ActionState(row.state)])


class ActionList(ListPage):
    name = "difficulty-actions"
    title = _("애로기업 조치")
    template = "difficulties/action_list.html"
    default_sort = "due"
    filters = ActionFilters
    empty_text = _("볼 수 있는 조치가 없습니다. 사례의 화면에서 ‘조치 더하기’로 적습니다.")
    columns = (
        ListColumn(
            "title", _("조치"), link=lambda row: case_url(row.case.code) + "#actions", sort=("title",), fixed=True, width=32
        ),
        ListColumn("company", _("기업"), value=lambda row: row.case.company.name, sort=("case__company__name_key",), width=24),
        ListColumn("kind", _("종류"), value=lambda row: str(row.get_kind_display()), sort=("kind",)),
        ListColumn("body", _("하는 기관"), value=lambda row: row.organization.name, sort=("organization__name_ko",), width=24),
        ListColumn("due", _("기한"), value=lambda row: row.due_on, sort=("due_on",)),
        ListColumn(
            "state", _("상태"), value=lambda row: str(row.get_state_display()), show=action_badge, sort=("state",)
        ),
        ListColumn("amount", _("금액(원)"), sort=("amount",), css="num"),
        ListColumn("finished", _("마친 날"), value=lambda row: row.finished_on, sort=("finished_on",), shown=False),
        ListColumn("result", _("결과"), shown=False, width=40),
        ListColumn("case", _("사례 번호"), value=lambda row: row.case.code, shown=False, text=True),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Action]:
        return Action.objects.visible_to(self.scope).select_related("case__company", "organization")


class NoteFilters(ListFilters):
    q = django_filters.CharFilter(method="named", label=_("내용·기업"))
    kind = django_filters.ChoiceFilter(choices=NoteKind.choices, label=_("종류"), empty_label=ANY)
    audience = django_filters.ChoiceFilter(choices=Audience.choices, label=_("볼 사람"), empty_label=ANY)

    def named(self, rows: QuerySet[Note], name: str, value: str) -> QuerySet[Note]:
        return rows.filter(Q(text__icontains=value.strip()) | Q(case__company__name_ko__icontains=value.strip()))


class NoteList(ListPage):
    name = "difficulty-notes"
    title = _("애로기업 접촉 기록")
    template = "difficulties/note_list.html"
    default_sort = "-day"
    filters = NoteFilters
    empty_text = _("우리 기관이 함께 맡은 사례의 접촉 기록이 여기에 모입니다.")
    columns = (
        ListColumn("day", _("날"), value=lambda row: row.held_on, sort=("held_on",)),
        ListColumn(
            "company", _("기업"), value=lambda row: row.case.company.name, link=lambda row: case_url(row.case.code),
            sort=("case__company__name_key",), fixed=True, width=24,
        ),
        ListColumn("kind", _("종류"), value=lambda row: str(row.get_kind_display()), sort=("kind",)),
        ListColumn("text", _("내용"), width=60),
        ListColumn("body", _("적은 기관"), value=lambda row: row.organization.name, sort=("organization__name_ko",), width=24),
        ListColumn("writer", _("적은 사람"), value=lambda row: row.written_by.name, sort=("written_by__name",)),
        ListColumn("audience", _("볼 사람"), value=lambda row: str(row.get_audience_display()), sort=("audience",)),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Note]:
        rows = Note.objects.visible_to(self.scope)
        return rows.select_related("case__company", "organization", "written_by")


@needs(Capability.VIEW_DIFFICULTIES)
@methods(writes=("POST",))
def cases(request: PortalRequest) -> HttpResponseBase:
    """The cases the reader sees."""
    return CaseList.of(request).respond(request)


@needs(Capability.VIEW_DIFFICULTIES)
@methods(writes=("POST",))
def actions(request: PortalRequest) -> HttpResponseBase:
    """Actions of those cases, by due day."""
    return ActionList.of(request).respond(request)


@needs(Capability.VIEW_DIFFICULTIES)
@methods(writes=("POST",))
def notes(request: PortalRequest) -> HttpResponseBase:
    """Contacts the reader's bodies may read."""
    return NoteList.of(request).respond(request)
