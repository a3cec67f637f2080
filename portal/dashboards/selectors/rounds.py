"""The calendar of rounds: which can be shown, which is the newest, how far the computing has come."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from crisis.enums import RoundState, RunKind, RunState
from crisis.models import Indicator, Round, Run
from portal.directory.scope import Scope

#: Runs that bring a round nearer to its result; what-ifs and back-tests are somebody's own affair.
LEADING = (RunKind.OFFICIAL, RunKind.PRELIMINARY, RunKind.SHADOW)


@dataclass(frozen=True)
class Calendar:
    """Every round, newest first, each with `official_run` and `preview_run` (keys of finished runs, or None) and
    `under_way`, its newest run that is not finished or has failed: `{pk, state, kind, error, parts, parts_done}`."""

    rounds: list[Any]
    now: datetime

    @property
    def evaluated(self) -> list[Any]:
        return [one for one in self.rounds if one.state == RoundState.EVALUATED]

    @property
    def newest(self) -> Any | None:
        """The newest round with an official result."""
        return next(iter(self.evaluated), None)

    @property
    def gathering(self) -> Any | None:
        """The round whose figures are being gathered now, if it has been opened."""
        return next((one for one in self.rounds if one.state == RoundState.OPEN and one.cutoff >= self.now), None)

    @property
    def choices(self) -> list[Any]:
        """The rounds a page can show: those with a result, and the one being gathered."""
        return [one for one in self.rounds if one.official_run or one.preview_run or one == self.gathering]

    @property
    def due(self) -> list[Any]:
        """Rounds past their cut-off: all of them are, or will be, evaluated."""
        return [one for one in self.rounds if one.cutoff < self.now]

    def find(self, code: str) -> Any | None:
        return next((one for one in self.rounds if one.code == code), None)


def calendar(scope: Scope) -> Calendar:
    """All rounds of the portal in one query."""
    runs = Run.objects.filter(round=OuterRef("pk")).order_by("-pk")
    waiting = Q(state__in=[RunState.QUEUED, RunState.EVALUATING], kind__in=LEADING)
    failed = Q(state=RunState.FAILED, kind=RunKind.OFFICIAL, round__state=RoundState.OPEN)
    under_way = (
        runs.filter(waiting | failed)
        .annotate(parts=Count("shards"), parts_done=Count("shards", filter=Q(shards__done_at__isnull=False)))
        .values(
            entry=JSONObject(pk="pk", state="state", kind="kind", error="error", parts="parts", parts_done="parts_done")
        )
    )
    rounds = (
        Round.objects.visible_to(scope)
        .annotate(
            official_run=Subquery(runs.done().filter(kind=RunKind.OFFICIAL).values("pk")[:1]),
            preview_run=Subquery(runs.done().filter(kind=RunKind.PRELIMINARY).values("pk")[:1]),
            under_way=Subquery(under_way[:1]),
        )
        .order_by("-reference_month")
    )
    return Calendar(list(rounds), timezone.now())


def day_of(round: Any | None, dates: Calendar) -> date:
    """The day whose local words a round is told in: today for the newest, for a past round that of its cut-off."""
    if round is None or dates.newest is None or round.reference_month >= dates.newest.reference_month:
        return timezone.localdate()
    return timezone.localtime(round.cutoff).date()


def run_of(round: Any, *, with_rules: bool = False) -> Any:
    """The finished run a round is shown by: the official one, for an open round its newest preview; None without one.

    The run carries its rule set's `t1`, `t2`, `step` (how far below a threshold the index must fall) and `order`, and
    the indicator `catalogue`, in the same query; `with_rules` also the `rules` of each indicator and their common
    `window`. Its frozen tree and national figures stay in the database.
    """
    key = round.official_run or round.preview_run
    if key is None:
        return None
    catalogue = Indicator.objects.order_by("code").values(
        entry=JSONObject(
            code="code", name_ko="name_ko", name_en="name_en", unit="unit", kind="kind", direction="direction"
        )
    )
    run: Any = (
        Run.objects.select_related("rule_set")
        .defer("tree", "national", "rule_set__body")
        .annotate(
            t1=F("rule_set__body__T1"),
            t2=F("rule_set__body__T2"),
            step=F("rule_set__body__hysteresis"),
            order=F("rule_set__body__order"),
            catalogue=ArraySubquery(catalogue),
        )
    )
    if with_rules:
        run = run.annotate(rules=F("rule_set__body__indicators"), window=F("rule_set__body__window_months"))
    run = run.get(pk=key)
    run.round = round
    return run


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the worker has come with the rounds that are owed. `done` and `total` count rounds."""

    done: int
    total: int
    current: str = ""
    preview: bool = False
    parts_done: int = 0
    parts: int = 0
    error: str = ""

    @property
    def running(self) -> bool:
        return self.done < self.total or bool(self.current)


def progress(dates: Calendar) -> Progress:
    """From the rows alone: rounds evaluated of those due, and the parts of the run under way.

    `error` tells why the newest run of an owed round failed; the next sweep begins it again.
    """
    due = dates.due
    done = sum(one.state == RoundState.EVALUATED for one in due)
    busy = [one for one in dates.rounds if one.under_way]
    if not busy:
        return Progress(done, len(due))
    round = max(busy, key=lambda one: one.under_way["pk"])
    run = round.under_way
    if run["state"] == RunState.FAILED:
        return Progress(done, len(due), error=run["error"])
    preview = run["kind"] == RunKind.PRELIMINARY
    return Progress(done, len(due), round.title, preview, run["parts_done"], run["parts"])
