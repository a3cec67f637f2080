"""The list of the board: one round's areas, filtered, ordered, paged and exported by the kernel's `ListPage`."""

from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crisis.enums import AreaLevel, Stage
from crisis.models import Result
from crisis.validation.selectors import LocalLevels
from portal.dashboards import cells, links, pictures
from portal.dashboards.selectors import board as reads
from portal.dashboards.selectors.rounds import Calendar, calendar, day_of, run_of
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.templatetags import ui

ALARM, HELD_BACK = "ALARM", "HOLD"
STAGES = [
    (ALARM, _("주의 이상")),
    (Stage.SEVERE, Stage.SEVERE.label),
    (Stage.CAUTION, Stage.CAUTION.label),
    (Stage.GOOD, Stage.GOOD.label),
    (HELD_BACK, _("판정보류")),
]
GRADES = [("A", _("A 충분")), ("B", _("B 보통")), ("C", _("C 제한")), ("D", _("D 부족"))]
BADGES = [("ROBUST", _("견고")), ("MODERATE", _("보통")), ("SENSITIVE", _("민감"))]
LATER = [("yes", _("지정됨")), ("no", _("지정되지 않음"))]
ANY = _("전체")
LEVELS = (AreaLevel.SIGUNGU, AreaLevel.SIDO, AreaLevel.CLUSTER)


class BoardFilters(ListFilters):
    """Whose name, which level, which stages."""

    q = django_filters.CharFilter(label=_("지역 이름"), method="named")
    level = django_filters.ChoiceFilter(label=_("구분"), method="as_is", empty_label=None, choices=AreaLevel.choices)
    stage = django_filters.ChoiceFilter(label=_("단계"), choices=STAGES, method="at_stage", empty_label=ANY)
    grade = django_filters.ChoiceFilter(label=_("자료 등급"), choices=GRADES, empty_label=ANY)
    badge = django_filters.ChoiceFilter(label=_("견고성"), choices=BADGES, empty_label=ANY)
    watch = django_filters.ChoiceFilter(
        label=_("관찰"), choices=[("yes", _("관찰 대상만"))], method="watched", empty_label=ANY
    )
    later = django_filters.ChoiceFilter(label=_("12개월 안 지정"), choices=LATER, method="designated", empty_label=ANY)

    def named(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        found = Q(area__name_ko__icontains=value) | Q(area__name_en__icontains=value) | Q(area__code__iexact=value)
        return rows.filter(found | Q(sido_name__icontains=value))

    def as_is(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The level decides which rows the list begins with; nothing is left to narrow."""
        return rows

    def at_stage(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter({ALARM: reads.IS_ALARMED, HELD_BACK: Q(shown=None)}.get(value, Q(shown=value)))

    def watched(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(watch=True)

    def designated(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(is_later=value == "yes")


class BoardList(ListPage):
    """The areas of the round and 시·도 that the query names. A round without results makes an empty list."""

    name = "board"
    title = _("위기징후 현황")
    template = "dashboards/board.html"
    filters = BoardFilters
    extra = frozenset({"round", "sido"})
    tie = ("area__code",)

    @cached_property
    def dates(self) -> Calendar:
        return calendar(self.scope)

    @cached_property
    def round(self) -> Any | None:
        """The round asked for, without one the newest evaluated, else the one being gathered; None if unknown."""
        code = self.query.get("round")
        return self.dates.find(code) if code else self.dates.newest or self.dates.gathering

    @cached_property
    def run(self) -> Any | None:
        return run_of(self.round) if self.round else None

    @property
    def official(self) -> bool:
        return bool(self.round and self.round.official_run)

    @cached_property
    def levels(self) -> list[str]:
        """The levels judged in this round, 시·군·구 first: that is where the board opens."""
        judged = self.run.rule_set.levels if self.run else ()
        return [level for level in LEVELS if level in judged] or [AreaLevel.SIGUNGU]

    @cached_property
    def level(self) -> str:
        asked = self.query.get("level")
        return asked if asked in self.levels else self.levels[0]

    @property
    def level_label(self) -> str:
        return level_label(self.level)

    @cached_property
    def counted(self) -> str:
        """The level whose areas are counted: the list's own, 시·군·구 for a list of 시·도."""
        below = AreaLevel.SIGUNGU if AreaLevel.SIGUNGU in self.levels else self.level
        return below if self.level == AreaLevel.SIDO else self.level

    @cached_property
    def nation(self) -> reads.Nation | None:
        return reads.nation(self.run, self.counted) if self.run else None

    @cached_property
    def parts(self) -> list[reads.Tally]:
        """Counts by 시·도, by code, of everything this reader sees."""
        found = reads.tallies(self.run, self.scope, self.counted) if self.run else []
        return sorted(found, key=lambda part: part.code)

    @cached_property
    def sido(self) -> str:
        """The 시·도 looked at: the one asked for if any of it is visible; a reader of a single one starts there."""
        visible = [part.code for part in self.parts if part.code]
        asked = self.query.get("sido", "")
        if not asked and not self.scope.nationwide and len(visible) == 1:
            return visible[0]
        return asked if asked in visible else ""

    @property
    def default_sort(self) -> str:  # type: ignore[override]
        """By index; in a common shock by the gap to the nation (method §6)."""
        return "-cr" if self.nation and self.nation.common_shock else "-rci"

    @cached_property
    def filterset(self) -> ListFilters | None:
        query = self.query.copy()
        query["level"] = self.query.get("level") or self.level
        made = BoardFilters(query, self.queryset(), scope=self.scope)
        made.form.fields["level"].choices = [(level, AreaLevel(level).label) for level in self.levels]
        return made

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.carried if name not in {"sort", "round", "sido", "level"})

    def queryset(self) -> QuerySet[Any]:
        if self.run is None:
            return Result.objects.none()
        current = not self.official or self.round == self.dates.newest
        rows = reads.board_rows(self.run, self.scope, self.level, current=current)
        return rows.filter(sido=self.sido) if self.sido and self.level != AreaLevel.SIDO else rows

    @cached_property
    def names(self) -> dict[str, str]:
        """Indicator code → name, in the reader's language, in the order of the rule set."""
        if self.run is None:
            return {}
        english = get_language() == "en"
        named = {one["code"]: (english and one["name_en"]) or one["name_ko"] for one in self.run.catalogue}
        return {code: named.get(code, code) for code in self.run.order}

    @cached_property
    def local(self) -> LocalLevels:
        """What each 시·도 calls the parts of a stage, for the round looked at."""
        return LocalLevels(day_of(self.round, self.dates))

    def _local(self, row: Any) -> str:
        level = self.local.of(row.area, row.rci, row.shown)
        return level.name if level else ""

    @cached_property
    def columns(self) -> tuple[ListColumn, ...]:  # type: ignore[override]
        code = self.round.code if self.round else ""
        return (
            ListColumn("name", _("지역"), value=cells.name, show=cells.name_shown, text=True, fixed=True,
                       sort=("sido", "area__name_ko"),
                       link=lambda row: links.area(row.area.code, round=code), width=22),
            ListColumn("code", _("지역 코드"), value=lambda row: row.area.code, text=True, shown=False, width=12),
            ListColumn("rci", _("지수(RCI)"), show=cells.figure("rci"), sort=("rci",), css="num", width=11),
            ListColumn("ca", _("절대(CA)"), show=cells.figure("ca"), sort=("ca",), css="num", shown=False, width=11),
            ListColumn("cr", _("상대(CR)"), show=cells.figure("cr"), sort=("cr",), css="num", width=11),
            ListColumn("change", _("변동"), show=cells.figure("change"), sort=("change",), css="num", width=11),
            ListColumn("stage", _("모형 단계"), value=cells.stage, show=cells.stage_shown, sort=("rank", "rci")),
            ListColumn("local", _("지역 자체 단계"), value=self._local, text=True, width=12,
                       shown=bool(self.round and self.local)),
            ListColumn("before", _("지난 단계"), value=cells.stage_before, shown=False, width=12),
            ListColumn("decision", _("결정 단계"), value=cells.decision, show=cells.decision_shown(code), width=20),
            ListColumn("parts", _("기여"), value=self._in_words, show=self._as_bars, width=40),
            *(
                ListColumn(f"k-{key}", _("기여: %(name)s") % {"name": name}, value=_contribution(key), css="num",
                           shown=False)
                for key, name in self.names.items()
            ),
            ListColumn("grade", _("자료 등급"), show=lambda row: ui.grade(row.grade), sort=("grade",), width=10),
            ListColumn("coverage", _("자료 비율"), sort=("coverage",), css="num", shown=False, width=10),
            ListColumn("badge", _("견고성"), value=cells.robustness, show=cells.robustness_shown, sort=("rho",)),
            ListColumn("watch", _("관찰"), sort=("watch",), shown=False, width=8),
            ListColumn("later", _("이후 지정(다른 제도)"), value=cells.later, show=cells.later_shown, width=40),
        )  # fmt: skip

    def _in_words(self, row: Any) -> str:
        return pictures.contributions_in_words(row.contributions, self.names)

    def _as_bars(self, row: Any) -> SafeString:
        marks = [Decimal(self.run.t1), Decimal(self.run.t2)] if self.run else []
        return pictures.contribution_strip(row.contributions, self.names, marks)


def _contribution(code: str) -> Callable[[Any], Decimal | None]:
    def value(row: Any) -> Decimal | None:
        text = (row.contributions or {}).get(code)
        return None if text is None else Decimal(text)

    return value


def level_label(level: str) -> str:
    """시·군·구, 시·도 or 밀집지역."""
    return str(AreaLevel(level).label)
