"""The round on the desk: which run shows it, how the nation stands in it, what its indicators are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, When
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from crisis import rules
from crisis.enums import AreaLevel, RunKind, Stage
from crisis.models import Indicator, Result, Round, Run
from portal.directory.scope import Scope

OK = "OK"
ALARMED = (Stage.CAUTION, Stage.SEVERE)
#: The stage that is shown: none where the data do not allow one, even if the model carries the last one on.
SHOWN = Case(When(status=OK, then=F("model_stage")), default=None, output_field=CharField(null=True))
#: The levels a workbench lists, the one councils decide first.
LEVELS = (AreaLevel.CLUSTER, AreaLevel.SIGUNGU, AreaLevel.SIDO)


def rounds_to_review(scope: Scope) -> list[Round]:
    """Rounds with a result to look at, newest first."""
    return list(
        Round.objects.visible_to(scope).filter(
            pk__in=Run.objects.done().filter(kind__in=[RunKind.OFFICIAL, RunKind.PRELIMINARY]).values("round")
        )
    )


def shown_run(round: Round) -> Run | None:
    """The run a round is reviewed by: the official one, before it the newest preview; None without either."""
    done = Run.objects.done().filter(round=round, kind__in=[RunKind.OFFICIAL, RunKind.PRELIMINARY])
    official_first = Case(When(kind=RunKind.OFFICIAL, then=0), default=1)
    run = done.select_related("rule_set", "round").defer("national").order_by(official_first, "-pk").first()
    if run is not None:
        run.round = round
    return run


def day_of(round: Round, newest: bool) -> date:
    """The day on which floors count: today for the newest round, for a past one the day after its cut-off's half."""
    return timezone.localdate() if newest else timezone.localtime(round.cutoff).date()


@dataclass(frozen=True, slots=True)
class Share:
    """How many areas of a level have a stage, and how many of them stand at 주의 or worse."""

    judged: int
    alarmed: int

    @property
    def percent(self) -> Decimal | None:
        return round(Decimal(100 * self.alarmed) / self.judged, 1) if self.judged else None


@dataclass(frozen=True)
class Desk:
    """One round under review by its run. `scope` is the reader's."""

    round: Round
    run: Run
    scope: Scope
    newest: bool

    @cached_property
    def official(self) -> bool:
        return self.run.kind == RunKind.OFFICIAL

    @cached_property
    def rule_set(self) -> rules.RuleSet:
        return self.run.rule_set.parsed

    @property
    def body(self) -> Mapping[str, Any]:
        return self.run.rule_set.body

    @cached_property
    def levels(self) -> list[str]:
        return [level for level in LEVELS if level in self.run.rule_set.levels]

    @cached_property
    def day(self) -> date:
        return day_of(self.round, self.newest)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators of the rule set in its order; those the catalogue does not hold are left out."""
        known = {row.code: row for row in Indicator.objects.filter(code__in=self.rule_set.order)}
        return {code: known[code] for code in self.rule_set.order if code in known}

    @cached_property
    def names(self) -> dict[str, str]:
        """Indicator code → name in the reader's language."""
        return {code: self.indicators[code].name if code in self.indicators else code for code in self.rule_set.order}

    @cached_property
    def nation(self) -> Result | None:
        """The nation's own result, which every reader sees; its `spread` is how far bad stages have spread."""
        rows = Result.objects.filter(run=self.run, area__level=AreaLevel.NATION).select_related("area")
        return rows.defer("public").annotate(shown=SHOWN, spread=KeyTransform("spread", "public")).first()

    @property
    def common_shock(self) -> bool:
        """Whether the nation's own absolute index reaches 주의: then areas are compared by CR (method §6)."""
        ca = self.nation.ca if self.nation else None
        return ca is not None and ca >= Decimal(str(self.body["T1"]))

    def share(self, level: str, *, own: bool) -> Share:
        """Judged and alarmed areas of a level, in the reader's regions or (`own=False`) in the whole country."""
        rows = Result.objects.filter(run=self.run, area__level=level, status=OK).order_by()
        if own:
            rows = rows.visible_to(self.scope)
        return Share(**rows.aggregate(judged=Count("pk"), alarmed=Count("pk", filter=Q(model_stage__in=ALARMED))))

    def spreads(self) -> list[Any]:
        """The reader's 시·도 with how far bad stages have spread in each, `{p1, p2, stage}` or None."""
        rows = Result.objects.filter(run=self.run, area__level=AreaLevel.SIDO).visible_to(self.scope)
        found = rows.defer("public").annotate(shown=SHOWN, spread=KeyTransform("spread", "public"))
        return list(found.select_related("area").order_by("area__code"))


def desk_of(scope: Scope, code: str | None) -> Desk | None:
    """The desk of a round by its code, of the newest without one; None where there is no such round or result."""
    rounds = rounds_to_review(scope)
    found = next((one for one in rounds if one.code == code), None) if code else next(iter(rounds), None)
    run = shown_run(found) if found is not None else None
    if found is None or run is None:
        return None
    return Desk(found, run, scope, newest=found == rounds[0])
