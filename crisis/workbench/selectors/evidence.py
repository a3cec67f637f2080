"""What stands behind an area's result: floors, remarks, decisions, designations, readings, scenarios that tip it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from crisis import rules
from crisis.enums import DeterminationState
from crisis.models import Area, Designation, Determination, Floor, IndicatorUnit, Observation, Result, Run
from crisis.rules.months import first_month
from crisis.selectors import floors_of
from crisis.services import run_inputs
from crisis.workbench.models import Comment
from crisis.workbench.selectors.desk import SHOWN, Desk
from portal.kernel.dates import month_of


@dataclass(frozen=True, slots=True)
class Reading:
    """One month of one indicator as the run knew it, in the indicator's unit. `value` None: withdrawn."""

    period: date
    value: Decimal | None
    prelim: bool
    verified: bool
    note: str


def readings(run: Run, area: Area, codes: Sequence[str]) -> dict[str, list[Reading]]:
    """Indicator code → the forty months a run looked at, oldest first, as known when it froze its inputs.

    Empty for an area that has no series of its own: it is the sum of its members.
    """
    month = run_inputs.reference_index(run.round)
    factor = IndicatorUnit.objects.filter(indicator=OuterRef("indicator"), unit=OuterRef("unit")).values("factor")
    known = (
        Observation.objects.filter(area=area, indicator__code__in=list(codes))
        .between(month_of(first_month(month)), month_of(month))
        .annotate(factor=Subquery(factor[:1]))
        .known_by(run.known_at, run.seq_high)
        .values_list("indicator__code", "period", "value", "factor", "status", "verified", "note")
    )
    found: dict[str, list[Reading]] = {}
    for code, period, value, times, status, verified, note in known:
        own = value * times if value is not None and times else value
        found.setdefault(code, []).append(Reading(period, own, status == "PRELIM", verified, note))
    return found


@dataclass(frozen=True, slots=True)
class Tip:
    """A scenario that gives another stage than the result's own score does."""

    scenario: rules.Scenario
    stage: str | None


def tips(run: Run, publics: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Tip]]:
    """Area code → the scenarios that tip its stage, recomputed from the run's frozen inputs.

    `publics`: the kept records of the areas asked about. Areas without an index, and the nation, have none; an older
    engine's run has none at all, since this one could not answer for it.
    """
    if run.engine_version != rules.ENGINE_VERSION:
        return {}
    asked = {code: public["score_stage"] for code, public in publics.items() if public["badge"]}
    tree = run_inputs.as_tree(run.tree)
    national = rules.NationalReference.from_json(run.national)
    rule_set, month = run.rule_set.parsed, run_inputs.reference_index(run.round)
    found: dict[str, list[Tip]] = {}
    for top, codes in _by_shard(tree, asked).items():
        nodes = tree.subtree(top)
        winners = run_inputs.readings(
            codes=[node.code for node in nodes],
            rule_set=rule_set,
            reference_month=month,
            known_at=run.known_at,
            seq_high=run.seq_high or 0,
        )
        panel = rules.build_panel(nodes, rule_set, winners, month)
        for code, scenarios in rules.scenario_stages(panel, national, codes).items():
            found[code] = [Tip(one, stage) for one, stage in scenarios if stage != asked[code]]
    return found


def _by_shard(tree: rules.Tree, codes: Iterable[str]) -> dict[str, list[str]]:
    """Top of the shard → which of the codes lie in it."""
    tops = set(run_inputs.shard_tops(tree))
    found: dict[str, list[str]] = {}
    for code in codes:
        at = tree.index.get(code, -1)
        while at >= 0 and tree.codes[at] not in tops:
            at = int(tree.parent[at])
        if at >= 0:
            found.setdefault(tree.codes[at], []).append(code)
    return found


def results(desk: Desk) -> QuerySet[Result]:
    """The reader's results of the desk's run with their whole records."""
    found = Result.objects.filter(run=desk.run).visible_to(desk.scope).annotate(shown=SHOWN)
    return found.select_related("area__region__parent")


def before(run: Run, areas: Iterable[int]) -> dict[int, Result]:
    """Area → its result in the run this one started from."""
    if run.previous_id is None:
        return {}
    return {row.area_id: row for row in Result.objects.filter(run=run.previous_id, area__in=list(areas))}


def comments(desk: Desk, areas: Iterable[int]) -> dict[int, list[Comment]]:
    """Area → what was said of it in this round, oldest first, withdrawn ones included."""
    rows = Comment.objects.filter(round=desk.round, area__in=list(areas))
    found: dict[int, list[Comment]] = {}
    for row in rows.select_related("author", "organization", "withdrawn_by").order_by("created_at", "pk"):
        found.setdefault(row.area_id, []).append(row)
    return found


def designations(areas: Iterable[int]) -> dict[int, list[Designation]]:
    """Area → what other ministries designated there, newest first: context, never mixed with our stages."""
    found: dict[int, list[Designation]] = {}
    for row in Designation.objects.filter(area__in=list(areas)).order_by(F("start").desc(), "scheme"):
        found.setdefault(row.area_id, []).append(row)
    return found


def decisions(area: Area) -> list[Determination]:
    """Every determination of an area, newest round first, with its meeting."""
    rows = Determination.objects.filter(area=area).select_related("round", "agenda_item__meeting__council")
    return list(rows.order_by("-round__reference_month", "-pk"))


def standing(desk: Desk, areas: Iterable[int]) -> dict[int, Determination]:
    """Area → its determination of this round, drafted or confirmed."""
    states = [DeterminationState.DRAFT, DeterminationState.CONFIRMED]
    rows = Determination.objects.filter(round=desk.round, area__in=list(areas), state__in=states)
    return {row.area_id: row for row in rows.select_related("agenda_item__meeting__council")}


def floors(desk: Desk, areas: Iterable[int]) -> dict[int, list[Floor]]:
    """Area → the floors that hold on the desk's day, the worst first."""
    return floors_of(areas, desk.day)
