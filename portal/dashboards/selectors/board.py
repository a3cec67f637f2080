"""The situation board: one round's results in a reader's regions, as rows, counts and a map, each in one query."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import get_language

from crisis.enums import STAGE_RANK, AreaLevel, Stage
from crisis.models import Area, AreaMembership, Determination, Result
from portal.dashboards.selectors.designations import designated_already, designated_later, later_designations
from portal.directory.scope import Scope

OK = "OK"
ALARMED = (Stage.CAUTION, Stage.SEVERE)
#: The stage that is shown: none where the data do not allow one, even if the model carries the last one on.
SHOWN = Case(When(status=OK, then=F("model_stage")), default=None, output_field=CharField(null=True))
IS_ALARMED = Q(status=OK, model_stage__in=ALARMED)


def _short_name() -> str:
    return "region__name_en" if get_language() == "en" else "region__short_name_ko"


def _sido(day: date, level: str, wanted: str) -> Any:
    """The 시·도 area above an area (`OuterRef("area_id")`) on a day, as one of its columns (`code`, `region__…`)."""
    above = AreaMembership.objects.in_force_on(day).filter(area=OuterRef("area_id"))
    if level == AreaLevel.CLUSTER:
        above = above.filter(parent__memberships__effective__contains=day)
        return Subquery(above.values(f"parent__memberships__parent__{wanted}")[:1])
    return Subquery(above.values(f"parent__{wanted}")[:1])


def results(run: Any, scope: Scope, level: str) -> QuerySet[Result]:
    """The results of one level a reader may see, each with its shown stage and its 시·도."""
    day = run.round.reference_month
    found = (
        Result.objects.visible_to(scope)
        .filter(run=run.pk, area__level=level)
        .annotate(shown=SHOWN, change=F("rci") - F("previous_rci"))
    )
    if level == AreaLevel.SIDO:
        return found.annotate(sido=F("area__code"), sido_name=Value(""))
    return found.annotate(
        sido=_sido(day, level, "code"),
        sido_name=_sido(day, level, _short_name()),
    )


def board_rows(run: Any, scope: Scope, level: str, *, current: bool) -> QuerySet[Result]:
    """The rows of the board's list: results with change, decision, contributions and later designations.

    `change` is the index against the round before; `rank` orders stages (판정보류 below 양호); `decision` is
    `{stage, round, proposed}` of the decision that holds, `in_council` whether one is being deliberated. With
    `current` a decision of an earlier round counts while it is in force today; a past round shows its own.
    """
    mine = Q(round=run.round_id)
    if current:
        mine |= Q(effective__contains=timezone.localdate())
    decided = (
        Determination.objects.confirmed()
        .filter(mine, area=OuterRef("area_id"), round__reference_month__lte=run.round.reference_month)
        .order_by("-round__reference_month")
        .values(entry=JSONObject(stage="stage", round="round__code", proposed="proposed_stage"))
    )
    drafts = Determination.objects.awaiting_council().filter(area=OuterRef("area_id"), round=run.round_id)
    ranks = [When(model_stage=stage, status=OK, then=Value(rank)) for stage, rank in STAGE_RANK.items()]
    return (
        results(run, scope, level)
        .select_related("area__region")
        .defer("public")
        .annotate(
            rank=Case(*ranks, default=Value(-1), output_field=IntegerField()),
            contributions=KeyTransform("contributions", "public"),
            carried=KeyTransform("carried", "public"),
            decision=Subquery(decided[:1]),
            in_council=Exists(drafts),
            later=later_designations(run.round),
            is_later=designated_later(run.round),
        )
    )


@dataclass(frozen=True, slots=True)
class Nation:
    """The nation in a round: its own result, and how many of all areas of a level stand at 주의 or worse."""

    result: Any
    judged: int
    alarmed: int
    common_shock: bool

    @property
    def share(self) -> Decimal | None:
        """Alarmed per hundred judged areas, one decimal."""
        return round(Decimal(100 * self.alarmed) / self.judged, 1) if self.judged else None


def nation(run: Any, level: str) -> Nation | None:
    """The nation's row, which every reader sees; None where the rule set does not judge the nation."""
    everyone = Result.objects.filter(run=OuterRef("run"), area__level=level, status=OK).order_by()
    alarmed = everyone.filter(IS_ALARMED)

    def number(rows: QuerySet[Result]) -> Subquery:
        return Subquery(rows.values("run").annotate(n=Count("pk")).values("n"), output_field=IntegerField())

    row = (
        Result.objects.filter(run=run.pk, area__level=AreaLevel.NATION)
        .select_related("area")
        .defer("public")
        .annotate(shown=SHOWN, judged=number(everyone), alarmed=number(alarmed))
        .first()
    )
    if row is None:
        return None
    shock = row.ca is not None and row.ca >= Decimal(run.t1)
    return Nation(row, row.judged or 0, row.alarmed or 0, shock)


@dataclass(frozen=True)
class Tally:
    """Areas by shown stage (None: 판정보류), of one 시·도 or of everything visible."""

    code: str = ""
    name: str = ""
    counts: Mapping[str | None, int] = field(default_factory=dict)

    def of(self, stage: str | None) -> int:
        return self.counts.get(stage, 0)

    @property
    def good(self) -> int:
        return self.of(Stage.GOOD)

    @property
    def caution(self) -> int:
        return self.of(Stage.CAUTION)

    @property
    def severe(self) -> int:
        return self.of(Stage.SEVERE)

    @property
    def held_back(self) -> int:
        return self.of(None)

    @property
    def alarmed(self) -> int:
        return self.caution + self.severe

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def tallies(run: Any, scope: Scope, level: str) -> list[Tally]:
    """Per 시·도 (by code) how many areas of a level stand at each stage: counted in SQL, inside the scope."""
    rows = (
        results(run, scope, level)
        .order_by("sido")
        .values("sido", "sido_name", "shown")
        .annotate(n=Count("pk"))
        .values_list("sido", "sido_name", "shown", "n")
    )
    found: dict[str, Counter[str | None]] = {}
    names: dict[str, str] = {}
    for code, name, stage, number in rows:
        found.setdefault(code or "", Counter())[stage] += number
        names[code or ""] = name or ""
    return [Tally(code, names[code], counts) for code, counts in found.items()]


def whole(parts: list[Tally]) -> Tally:
    return Tally(counts=sum((Counter(part.counts) for part in parts), Counter()))


def map_rows(run: Any, scope: Scope, sido: Area | None) -> list[Any]:
    """The results a map shows: every visible 시·도, or the 시·군·구 of one, light rows by code.

    The map of a 시·도 is drawn in today's borders, so areas that have since moved into it are among the rows; their
    `sido` tells where they belonged.
    """
    if sido is None:
        return list(results(run, scope, AreaLevel.SIDO).select_related("area").defer("public").order_by("area__code"))
    rows = results(run, scope, AreaLevel.SIGUNGU).select_related("area").defer("public")
    return list(rows.filter(Q(sido=sido.code) | Q(area__region__parent=sido.region_id)).order_by("area__code"))


@dataclass(frozen=True)
class Hindsight:
    """What was designated within twelve months of the cut-off, against the stages of the round.

    Four lists of results by index, the highest first: alarmed and designated, designated but not alarmed (missed),
    alarmed and never designated (false alarm), alarmed while already under a designation (neither).
    """

    hits: list[Any]
    missed: list[Any]
    false_alarms: list[Any]
    under_way: list[Any]

    @property
    def alarmed(self) -> int:
        return len(self.hits) + len(self.false_alarms) + len(self.under_way)

    @property
    def designated(self) -> int:
        return len(self.hits) + len(self.missed)


def hindsight(run: Any, scope: Scope, level: str, sido: str | None) -> Hindsight:
    """Hits, misses and false alarms of a round in one query."""
    rows = results(run, scope, level).select_related("area").defer("public")
    if sido:
        rows = rows.filter(sido=sido)
    rows = rows.annotate(
        is_later=designated_later(run.round),
        is_already=designated_already(run.round),
        later=later_designations(run.round),
    ).filter(IS_ALARMED | Q(is_later=True))
    found = Hindsight([], [], [], [])
    row: Any
    for row in rows.order_by(F("rci").desc(nulls_last=True), "area__code"):
        alarmed = row.shown in ALARMED
        if row.is_later:
            (found.hits if alarmed else found.missed).append(row)
        else:
            (found.under_way if row.is_already else found.false_alarms).append(row)
    return found


def sido_area(code: str, day: date) -> Area | None:
    """A 시·도 that existed on a day, by its area code."""
    return Area.objects.of_level(AreaLevel.SIDO).in_force_on(day).filter(code=code).first()
