"""What a shadow run would have changed."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import QuerySet

from crisis.enums import AreaLevel, RunKind, RunState, Stage
from crisis.models import Result, RuleSet, Run
from portal.directory.scope import Scope

HELD_BACK = ""
STATES = (*Stage.values, HELD_BACK)


@dataclass
class Transitions:
    """Counts of (stage before, stage under the draft) of one level; the empty text is 판정보류."""

    level: AreaLevel
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def rows(self) -> list[tuple[str, list[tuple[int, bool]], int]]:
        """(stage before, [(count, same stage)] by stage after, total)."""
        found = []
        for before in STATES:
            cells = [(self.counts[before, after], before == after) for after in STATES]
            found.append((before, cells, sum(count for count, _ in cells)))
        return found

    @property
    def totals(self) -> list[int]:
        return [sum(self.counts[before, after] for before in STATES) for after in STATES]

    @property
    def changed(self) -> int:
        return sum(count for (before, after), count in self.counts.items() if before != after)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def _stage(result: Result) -> str:
    return result.model_stage if result.status == "OK" and result.model_stage else HELD_BACK


def compare_runs(before: Run, after: Run, scope: Scope) -> tuple[list[Transitions], list[tuple[Result, Result]]]:
    """Matrices by level, and the pairs whose stage differs, of the areas the reader may see."""
    old = {row.area_id: row for row in _results(before, scope)}
    matrices: dict[str, Transitions] = {}
    changed = []
    for row in _results(after, scope):
        was = old.get(row.area_id)
        if was is None:
            continue
        matrix = matrices.setdefault(row.area.level, Transitions(AreaLevel(row.area.level)))
        matrix.counts[_stage(was), _stage(row)] += 1
        if _stage(was) != _stage(row):
            changed.append((was, row))
    order = list(AreaLevel.values)
    return sorted(matrices.values(), key=lambda matrix: order.index(matrix.level)), changed


def _results(run: Run, scope: Scope) -> QuerySet[Result]:
    return (
        Result.objects.filter(run=run).visible_to(scope).select_related("area").defer("public").order_by("area__code")
    )


def shadow_of(rule_set: RuleSet) -> Run | None:
    """The newest shadow run of a rule set as it now stands."""
    return (
        Run.objects.filter(kind=RunKind.SHADOW, rule_set=rule_set, ruleset_sha256=rule_set.sha256)
        .exclude(state=RunState.FAILED)
        .select_related("round")
        .order_by("-pk")
        .first()
    )
