"""The situation board as a value: a round, a place, what they show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString

from crisis.enums import AreaLevel
from crisis.models import Area
from portal.dashboards import pictures
from portal.dashboards.forms import ALARM, HELD_BACK, BoardFilter
from portal.dashboards.selectors import board as reads
from portal.dashboards.selectors.designations import cutoff_day, horizon
from portal.dashboards.selectors.rounds import Calendar, run_of
from portal.directory.scope import Scope
from portal.kernel import charts

PER_PAGE = 50
#: Sort key → columns. The area's code breaks every tie, so that the same question has the same answer.
SORTS = {
    "name": ("sido", "area__name_ko"),
    "rci": ("rci",),
    "cr": ("cr",),
    "change": ("change",),
    "stage": ("rank", "rci"),
    "grade": ("grade",),
}


@dataclass(frozen=True)
class Board:
    """Everything the page says about one round."""

    round: Any
    run: Any
    official: bool
    level: str
    levels: list[str]
    sido: Area | None
    nation: reads.Nation | None
    total: reads.Tally
    parts: list[reads.Tally]
    places: list[reads.Tally]
    sido_stages: Mapping[str, Any]
    members: list[Any]
    map: SafeString | None
    distribution: SafeString
    hindsight: reads.Hindsight
    horizon: date
    horizon_passed: bool
    form: BoardFilter
    sort: str
    page: Page[Any]

    @property
    def counted(self) -> str:
        """The level whose areas the tiles count: the list's own, 시·군·구 for a list of 시·도."""
        return _counted(self.level, self.levels)

    @property
    def counted_label(self) -> str:
        return str(AreaLevel(self.counted).label)

    @property
    def level_label(self) -> str:
        return str(AreaLevel(self.level).label)

    @property
    def provinces(self) -> list[tuple[reads.Tally, Any | None]]:
        """Each visible 시·도 with its counts and its own result."""
        return [(part, self.sido_stages.get(part.code)) for part in self.parts if part.code]

    @property
    def t1(self) -> Decimal:
        return Decimal(self.run.t1)

    @property
    def t2(self) -> Decimal:
        return Decimal(self.run.t2)


def indicator_names(run: Any, language: str) -> dict[str, str]:
    """Code → name of the catalogue a run carries."""
    english = language == "en"
    return {entry["code"]: (english and entry["name_en"]) or entry["name_ko"] for entry in run.catalogue}


def narrowed(rows: QuerySet[Any], asked: Mapping[str, Any], sido: Area | None) -> QuerySet[Any]:
    """The rows a filled-in filter leaves."""
    if sido is not None:
        rows = rows.filter(sido=sido.code)
    if name := asked.get("q"):
        rows = rows.filter(Q(area__name_ko__icontains=name) | Q(area__name_en__icontains=name) | Q(area__code=name))
    if stage := asked.get("stage"):
        wanted = {ALARM: reads.IS_ALARMED, HELD_BACK: Q(shown=None)}.get(stage, Q(shown=stage))
        rows = rows.filter(wanted)
    for key in ("grade", "badge"):
        if asked.get(key):
            rows = rows.filter(**{key: asked[key]})
    if asked.get("watch"):
        rows = rows.filter(watch=True)
    if later := asked.get("later"):
        rows = rows.filter(is_later=later == "yes")
    return rows


def ordered(rows: QuerySet[Any], sort: str) -> QuerySet[Any]:
    """By a sort key, `-` for descending; rows without a figure come last either way."""
    down, key = sort.startswith("-"), sort.lstrip("-")
    terms = [F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True) for name in SORTS[key]]
    return rows.order_by(*terms, "area__code")


def _levels(run: Any) -> list[str]:
    """The levels a list can show, 시·군·구 first where it is judged: that is where the board opens."""
    kept = [level for level in run.rule_set.levels if level != AreaLevel.NATION]
    return sorted(kept, key=lambda level: [AreaLevel.SIGUNGU, AreaLevel.SIDO, AreaLevel.CLUSTER].index(level))


def _counted(level: str, levels: list[str]) -> str:
    return AreaLevel.SIGUNGU if level == AreaLevel.SIDO and AreaLevel.SIGUNGU in levels else level


def _place(scope: Scope, parts: list[reads.Tally], asked: str, day: date) -> Area | None:
    """The 시·도 asked for, if any of it is visible; a reader of a single 시·도 starts there."""
    visible = [part.code for part in parts if part.code]
    if not asked and not scope.nationwide and len(visible) == 1:
        asked = visible[0]
    return reads.sido_area(asked, day) if asked in visible else None


def crisis_board(*, scope: Scope, dates: Calendar, round: Any, query: QueryDict) -> Board | None:
    """The board of a round as a reader sees it; None while the round has no finished run.

    `query` is what the page was asked with: `sido`, `level`, filters, `sort`, `page`. Unknown values fall back to the
    page as it opens; a filter's fault stands in `form.errors`.
    """
    run = run_of(round)
    if run is None:
        return None
    levels = _levels(run)
    form = BoardFilter({**query.dict(), "level": query.get("level") or levels[0]}, levels=levels)
    form.is_valid()
    level = form.cleaned_data.get("level") or levels[0]
    counted = _counted(level, levels)
    nation = reads.nation(run, counted)
    parts = sorted(reads.tallies(run, scope, counted), key=lambda part: part.code)
    place = _place(scope, parts, query.get("sido", ""), round.reference_month)
    shown = [part for part in parts if place is None or part.code == place.code]
    on_map = reads.map_rows(run, scope, place)
    rows = reads.board_rows(run, scope, level, newest=dates.newest is None or dates.newest == round or not official(round))
    default = "-cr" if nation and nation.common_shock else "-rci"
    sort = query.get("sort", "")
    sort = sort if sort.lstrip("-") in SORTS else default
    until = horizon(cutoff_day(round))
    total = reads.whole(shown)
    return Board(
        round=round,
        run=run,
        official=official(round),
        level=level,
        levels=levels,
        sido=place,
        nation=nation,
        total=total,
        parts=shown,
        places=[part for part in parts if part.code],
        members=[row for row in on_map if place and row.sido == place.code],
        sido_stages={} if place else {row.area.code: row for row in on_map},
        map=pictures.province_map(on_map, place, round) if place else pictures.country_map(on_map, parts, round),
        distribution=charts.distribution_bar(total.counts, label=str(AreaLevel(counted).label)),
        hindsight=reads.hindsight(run, scope, counted, place.code if place else None),
        horizon=until,
        horizon_passed=until < timezone.localdate(),
        form=form,
        sort=sort,
        page=Paginator(ordered(narrowed(rows, form.cleaned_data, place), sort), PER_PAGE).get_page(query.get("page")),
    )


def official(round: Any) -> bool:
    """Whether what is shown of a round is its official result."""
    return round.official_run is not None
