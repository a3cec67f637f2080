"""The workbench's lists: the areas of a round, and the areas a what-if moves."""

from functools import cached_property, partial
from typing import Any, TypeVar
from urllib.parse import urlencode

import django_filters
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crisis.enums import AreaLevel, Stage
from crisis.models import Result
from crisis.waiting import Asked, Wait, of_areas
from crisis.workbench import cells
from crisis.workbench.models import WhatIf, WhatIfResult
from crisis.workbench.selectors import rows as reads
from crisis.workbench.selectors.desk import Desk, desk_of
from portal.directory.enums import Capability
from portal.kernel import display
from portal.kernel.lists import BadQuery, ListColumn, ListFilters, ListPage
from portal.kernel.templatetags import ui

ANY = _("전체")
ALARM, HELD_BACK = "ALARM", "HOLD"
STAGES = [
    (ALARM, _("주의 이상(제안)")),
    (Stage.SEVERE, Stage.SEVERE.label),
    (Stage.CAUTION, Stage.CAUTION.label),
    (Stage.GOOD, Stage.GOOD.label),
    (HELD_BACK, _("판정보류")),
]
GRADES = [("A", _("A 충분")), ("B", _("B 보통")), ("C", _("C 제한")), ("D", _("D 부족"))]
BADGES = [("ROBUST", _("견고")), ("MODERATE", _("보통")), ("SENSITIVE", _("민감"))]
ONLY = [("yes", _("해당만"))]
SITUATIONS = {
    "floor": (_("하한 사유 있음"), Q(floor_rank__gte=0)),
    "suspect": (_("이상값으로 뺀 지표 있음"), Q(suspects__gt=0)),
    "comment": (_("의견 있음"), Q(comments__gt=0)),
    "told": (_("협의회에 알릴 의견"), Q(told__gt=0)),
    "open": (_("아직 상정 전"), Q(of_round__isnull=True)),
    "tabled": (_("상정·의결됨"), Q(of_round__isnull=False)),
}


def _only(label: Any, method: str) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, choices=ONLY, method=method, empty_label=ANY)


L = TypeVar("L", bound=ListPage)


def list_of(kind: type[L], request: Any, **named: Any) -> L:
    """The list a request asks for, with what its page's address names put into its query."""
    query = request.GET.copy()
    for name, value in named.items():
        query[name] = str(value)
    try:
        return kind(scope=request.scope, query=query, kept=request.session)
    except BadQuery as fault:
        made = kind(scope=request.scope, query=QueryDict(urlencode(named)), kept=None)
        made.fault = str(fault)
        return made


class DeskFilters(ListFilters):
    """Whose name, which level, which stage, and what is special about it."""

    q = django_filters.CharFilter(label=_("지역 이름"), method="named")
    level = django_filters.ChoiceFilter(label=_("구분"), method="as_is", empty_label=None, choices=AreaLevel.choices)
    stage = django_filters.ChoiceFilter(label=_("단계"), choices=STAGES, method="at_stage", empty_label=ANY)
    grade = django_filters.ChoiceFilter(label=_("자료 등급"), choices=GRADES, empty_label=ANY)
    badge = django_filters.ChoiceFilter(label=_("견고성"), choices=BADGES, empty_label=ANY)
    watch = _only(_("관찰"), "watched")
    held = _only(_("하향 유보"), "held_up")
    changed = _only(_("단계 바뀜"), "has_changed")
    situation = django_filters.ChoiceFilter(
        label=_("상황"), choices=[(key, label) for key, (label, _q) in SITUATIONS.items()], method="in_situation",
        empty_label=ANY,
    )  # fmt: skip

    def named(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        text = value.strip()
        above = Q(area__region__parent__short_name_ko__icontains=text) | Q(area__region__name_ko__icontains=text)
        own = Q(area__name_ko__icontains=text) | Q(area__name_en__icontains=text) | Q(area__code__iexact=text)
        return rows.filter(above | own)

    def as_is(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The level decides which rows the list begins with; nothing is left to narrow."""
        return rows

    def at_stage(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter({ALARM: reads.IS_ALARMED, HELD_BACK: Q(shown=None)}.get(value, Q(shown=value)))

    def watched(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(watch=True)

    def held_up(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(held=True)

    def has_changed(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(reads.CHANGED)

    def in_situation(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(SITUATIONS[value][1])


class DeskList(ListPage):
    """The reader's areas of a round: by index, in a common shock by the gap to the nation (method §6)."""

    name = "workbench"
    title = _("회차 검토")
    template = "workbench/desk.html"
    filters = DeskFilters
    tie = ("area__code",)
    extra = frozenset({"round"})
    """The round is in the address of the page, and in the query of the list: a worker makes it anew from that alone."""

    @cached_property
    def desk(self) -> Desk | None:
        return desk_of(self.scope, self.query.get("round"))

    @property
    def default_sort(self) -> str:  # type: ignore[override]
        return "-cr" if self.desk and self.desk.common_shock else "-rci"

    @cached_property
    def level(self) -> str:
        asked, levels = self.query.get("level", ""), self.desk.levels if self.desk else []
        return asked if asked in levels else next(iter(levels), AreaLevel.SIGUNGU)

    @property
    def level_label(self) -> str:
        return str(AreaLevel(self.level).label)

    @cached_property
    def filterset(self) -> ListFilters | None:
        query = self.query.copy()
        query["level"] = self.query.get("level") or self.level
        made = DeskFilters(query, self.queryset(), scope=self.scope)
        made.form.fields["level"].choices = [
            (level, AreaLevel(level).label) for level in (self.desk.levels if self.desk else ())
        ]
        return made

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.carried if name not in {"sort", "level", "round"})

    def queryset(self) -> QuerySet[Any]:
        return reads.rows(self.desk, self.level) if self.desk else Result.objects.none()

    @property
    def may_table(self) -> bool:
        """Whether this reader puts areas of this list on an agenda: by official results of levels councils decide."""
        decided = self.level in {AreaLevel.SIGUNGU, AreaLevel.CLUSTER}
        return decided and bool(self.desk and self.desk.official) and self.scope.can(Capability.PREPARE_DECISIONS)

    @cached_property
    def waits(self) -> dict[int, list[Wait]]:
        """What waits for each area of the list, asked once."""
        if self.desk is None:
            return {}
        areas = list(self.queryset().order_by().values_list("area", flat=True))
        return of_areas(Asked(self.desk.round, areas, self.desk.newest))

    def waits_for(self, row: Any) -> list[Wait]:
        return self.waits.get(row.area_id, [])

    def sheet(self, row: Any) -> str:
        return reverse("workbench:sheet", args=[self.query.get("round"), row.area.code])

    @cached_property
    def columns(self) -> tuple[ListColumn, ...]:  # type: ignore[override]
        may = self.scope.within(Capability.PREPARE_DECISIONS) if self.may_table else None
        one = lambda key: lambda row: display.number(getattr(row, key), 1)  # noqa: E731
        return (
            ListColumn("name", _("지역"), value=cells.name, show=cells.name_shown, text=True, fixed=True, width=22, link=self.sheet,
                       sort=("area__region__parent__code", "area__name_ko")),
            ListColumn("code", _("지역 코드"), value=lambda row: row.area.code, text=True, shown=False, width=12),
            ListColumn("stage", _("모형 단계"), value=cells.stage, show=cells.stage_shown, sort=("stage_rank", "rci")),
            ListColumn("before", _("지난 단계"), value=cells.before, shown=False, width=12),
            ListColumn("proposal", _("제안(하한 반영)"), value=cells.proposal, show=cells.proposal_shown,
                       sort=("proposal_rank", "rci"), width=18),
            ListColumn("floors", _("하한 사유"), value=cells.floors, shown=False, width=30),
            ListColumn("rci", _("지수(RCI)"), show=one("rci"), sort=("rci",), css="num", width=11),
            ListColumn("change", _("변동"), show=one("change"), sort=("change",), css="num", width=11),
            ListColumn("ca", _("절대(CA)"), show=one("ca"), sort=("ca",), css="num", width=11, shown=False),
            ListColumn("cr", _("상대(CR)"), show=one("cr"), sort=("cr",), css="num", width=11),
            ListColumn("grade", _("자료 등급"), show=lambda row: ui.grade(row.grade), sort=("grade",), width=10),
            ListColumn("missing", _("빠진 지표"), sort=("missing",), css="num", width=10, shown=False),
            ListColumn("badge", _("견고성"), value=cells.badge, show=cells.badge_shown, sort=("rho",)),
            ListColumn("held", _("하향 유보"), sort=("held",), shown=False, width=9),
            ListColumn("watch", _("관찰"), sort=("watch",), shown=False, width=8),
            ListColumn("waiting", _("기다리는 일"), value=lambda row: cells.waiting(self.waits_for(row)),
                       show=lambda row: cells.waiting_shown(self.waits_for(row)), width=24),
            ListColumn("comments", _("의견"), show=cells.comments_shown, sort=("comments",), css="num", width=9),
            ListColumn("in_force", _("효력 있는 결정"), value=cells.in_force, show=cells.in_force_shown, shown=False,
                       width=14),
            ListColumn("agenda", _("안건"), value=cells.agenda, show=partial(cells.agenda_shown, may=may), width=18),
        )  # fmt: skip


class MoveFilters(ListFilters):
    """Which of the areas, from where to where."""

    q = django_filters.CharFilter(label=_("지역 이름"), method="named")
    level = django_filters.ChoiceFilter(
        label=_("구분"), field_name="area__level", choices=AreaLevel.choices, empty_label=ANY
    )
    moves = django_filters.ChoiceFilter(
        label=_("단계"), choices=[("yes", _("바뀌는 곳만")), ("all", _("모두"))], method="moving", empty_label=None
    )

    def named(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(area__name_ko__icontains=value) | Q(area__code__iexact=value))

    def moving(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.moved() if value == "yes" else rows  # type: ignore[attr-defined]


class MoveList(ListPage):
    """The areas of a what-if, those it moves first of all."""

    name = "what-if"
    title = _("가정 산출 결과")
    template = "workbench/what_if.html"
    filters = MoveFilters
    tie = ("area__code",)
    default_sort = "-difference"
    extra = frozenset({"what_if"})

    @cached_property
    def what_if(self) -> WhatIf | None:
        found = WhatIf.objects.visible_to(self.scope).select_related("run__round")
        return found.filter(pk=self.query.get("what_if") or 0).first()

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.carried if name not in {"sort", "what_if"})

    @cached_property
    def filterset(self) -> ListFilters | None:
        query = self.query.copy()
        moving = self.queryset().filter(moves=True)
        query["moves"] = self.query.get("moves") or ("yes" if moving.exists() else "all")
        return MoveFilters(query, self.queryset(), scope=self.scope)

    def queryset(self) -> QuerySet[Any]:
        found = WhatIfResult.objects.visible_to(self.scope).filter(what_if=self.what_if).defer("public")
        return found.select_related("area__region__parent").annotate(difference=F("rci") - F("rci_before"))

    @cached_property
    def columns(self) -> tuple[ListColumn, ...]:  # type: ignore[override]
        code = self.what_if.run.round.code if self.what_if else ""
        one = lambda key: lambda row: display.number(getattr(row, key), 1)  # noqa: E731
        return (
            ListColumn("name", _("지역"), value=cells.name, show=cells.name_shown, text=True, fixed=True, width=22,
                       sort=("area__region__parent__code", "area__name_ko"),
                       link=lambda row: reverse("workbench:sheet", args=[code, row.area.code])),
            ListColumn("code", _("지역 코드"), value=lambda row: row.area.code, text=True, shown=False, width=12),
            ListColumn("level", _("구분"), value=lambda row: str(AreaLevel(row.area.level).label), shown=False),
            ListColumn("stage_before", _("지금 단계"), value=lambda row: display.stage_word(row.stage_before),
                       show=lambda row: ui.stage(row.stage_before)),
            ListColumn("stage", _("가정 단계"), value=lambda row: display.stage_word(row.stage),
                       show=lambda row: ui.stage(row.stage)),
            ListColumn("rci_before", _("지금 지수"), show=one("rci_before"), sort=("rci_before",), css="num"),
            ListColumn("rci", _("가정 지수"), show=one("rci"), sort=("rci",), css="num"),
            ListColumn("difference", _("차이"), show=one("difference"), sort=("difference",), css="num"),
            ListColumn("grade_before", _("지금 자료 등급"), shown=False, width=12),
            ListColumn("grade", _("가정 자료 등급"), width=12, shown=False),
        )  # fmt: skip
