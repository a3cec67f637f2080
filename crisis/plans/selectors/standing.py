"""How each measure stands today, for any number of measures in two queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crisis.plans.enums import ReportState, Standing, TermCode
from crisis.plans.models import Plan, PlanMeasure, PlanTerm, QuarterlyReport
from crisis.plans.rules import Told, standing
from portal.directory.scope import Scope

WORRYING = frozenset({Standing.LATE, Standing.FAILING, Standing.UNDERSPENT})


@dataclass(frozen=True, slots=True)
class Stand:
    """A measure's standing, what was spent so far (won) and how many reports are late."""

    standing: Standing
    spent: int
    late: int

    @property
    def worries(self) -> bool:
        return self.standing in WORRYING


def stands(measures: Iterable[PlanMeasure], today: date) -> dict[int, Stand]:
    """By measure key. Reports that were sent back still count as handed in: their money was spent."""
    measures = list(measures)
    told: dict[int, list[Told]] = defaultdict(list)
    late: dict[int, int] = defaultdict(int)
    for report in QuarterlyReport.objects.filter(measure__in=measures):
        handed_in = report.state != ReportState.OWED
        told[report.measure_id].append(
            Told(report.quarter, report.due_on, handed_in, report.spent_total if handed_in else 0, report.rating)
        )
        late[report.measure_id] += not handed_in and today > report.due_on
    gap = PlanTerm.objects.figure(TermCode.SPENDING_GAP, today)
    return {
        one.pk: Stand(
            Standing(
                standing(
                    start=one.starts_on, end=one.ends_on, dropped=one.dropped_on is not None, budget=one.budget_total,
                    told=told[one.pk], today=today, gap=gap,
                )
            ),
            sum(each.spent for each in told[one.pk]),
            late[one.pk],
        )
        for one in measures
    }  # fmt: skip


def failing_measures(scope: Scope, today: date) -> list[tuple[PlanMeasure, Stand]]:
    """Measures of plans in effect that are late, rated poor or spend too slowly, the worst kind first."""
    plans = Plan.objects.visible_to(scope).in_effect()
    measures = list(PlanMeasure.objects.live().filter(plan__in=plans).select_related("plan__sido"))
    found = stands(measures, today)
    order = list(Standing)
    worrying = [(one, found[one.pk]) for one in measures if found[one.pk].worries]
    return sorted(worrying, key=lambda pair: (order.index(pair[1].standing), pair[0].plan.code, pair[0].number))
