"""Obligations, plans, reports and money by 시·도: who is late, who fails."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from crisis.plans.enums import EDITABLE, SOURCES, ObligationState, PlanState, Rating, ReportState
from crisis.plans.models import Obligation, Plan, PlanMeasure, QuarterlyReport
from portal.directory.models import Region
from portal.directory.scope import Scope


@dataclass(slots=True)
class Line:
    """One 시·도, or the sum of all. Money in won."""

    region: Region | None
    owed: int = 0
    overdue: int = 0
    writing: int = 0
    waiting: int = 0
    in_effect: int = 0
    closed: int = 0
    budget: int = 0
    spent: int = 0
    reports_due: int = 0
    reports_in: int = 0
    reports_late: int = 0
    ratings: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Rating.values, 0))

    @property
    def spent_percent(self) -> float | None:
        return 100 * self.spent / self.budget if self.budget else None

    def add(self, other: "Line") -> None:
        for name in ("owed", "overdue", "writing", "waiting", "in_effect", "closed", "budget", "spent",
                     "reports_due", "reports_in", "reports_late"):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for rating, count in other.ratings.items():
            self.ratings[rating] += count


def overview(scope: Scope, today: date) -> tuple[list[Line], Line]:
    """A line for each 시·도 that owes or has something, by code, and their sum. Five queries."""
    lines: dict[int, Line] = defaultdict(lambda: Line(None))
    owed = Obligation.objects.visible_to(scope).order_by().values("sido")
    for row in owed.annotate(
        owed=Count("pk", filter=Q(state=ObligationState.OPEN)),
        late=Count(
            "pk",
            filter=Q(state=ObligationState.OPEN, due_on__lt=today)
            & (Q(plan=None) | Q(plan__submitted_at=None) | Q(plan__submitted_at__lt=F("created_at"))),
        ),
    ):
        lines[row["sido"]].owed, lines[row["sido"]].overdue = row["owed"], row["late"]
    plans = Plan.objects.visible_to(scope)
    for sido, state, count in plans.order_by().values_list("sido", "state").annotate(Count("pk")):
        line = lines[sido]
        if state in {PlanState.APPROVED, PlanState.RUNNING, PlanState.AMENDING}:
            line.in_effect += count
        if state == PlanState.SUBMITTED:
            line.waiting += count
        elif state == PlanState.CLOSED:
            line.closed += count
        elif state in EDITABLE:
            line.writing += count
    _add_money(lines, plans)
    _add_reports(lines, plans, today)
    regions = Region.objects.in_bulk(lines)
    for pk, line in lines.items():
        line.region = regions[pk]
    found = sorted(lines.values(), key=lambda line: line.region.code if line.region else "")
    total = Line(None)
    for line in found:
        total.add(line)
    return found, total


def _add_money(lines: dict[int, Line], plans: QuerySet[Plan]) -> None:
    measures = PlanMeasure.objects.live().filter(plan__in=plans, plan__approved_at__isnull=False)
    sums = {source: Sum(f"budget_{source}") for source in SOURCES}
    found: Any = measures.order_by().values("plan__sido").annotate(**sums)
    for row in found:
        lines[row["plan__sido"]].budget = sum(row[source] for source in SOURCES)


def _add_reports(lines: dict[int, Line], plans: QuerySet[Plan], today: date) -> None:
    """Reports count as due when their day has come; those of dropped measures and closed plans only if handed in."""
    handed_in = ~Q(state=ReportState.OWED)
    goes_on = Q(measure__dropped_on=None) & ~Q(measure__plan__state=PlanState.CLOSED)
    late = Q(state__in=[ReportState.OWED, ReportState.RETURNED], due_on__lt=today) & goes_on
    sums = {f"s_{source}": Sum(f"spent_{source}", filter=handed_in) for source in SOURCES}
    ratings = {f"r_{rating}": Count("pk", filter=Q(rating=rating)) for rating in Rating.values}
    rows = QuarterlyReport.objects.filter(measure__plan__in=plans).order_by().values("measure__plan__sido")
    found: Any = rows.annotate(
        due=Count("pk", filter=(Q(due_on__lte=today) & goes_on) | handed_in),
        come=Count("pk", filter=handed_in),
        late=Count("pk", filter=late),
        **sums,
        **ratings,
    )
    for row in found:
        line = lines[row["measure__plan__sido"]]
        line.reports_due, line.reports_in, line.reports_late = row["due"], row["come"], row["late"]
        line.spent = sum(row[f"s_{source}"] or 0 for source in SOURCES)
        line.ratings = {rating: row[f"r_{rating}"] for rating in Rating.values}
