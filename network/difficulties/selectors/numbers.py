"""Cases by 시·도: exact where the reader sees the cases, elsewhere without counts so small that they point at a firm."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from companies.surveys.rules.suppression import Sum, hidden
from network.difficulties.enums import CaseState, Outcome
from network.difficulties.models import Action, Case
from network.difficulties.rules import SMALLEST_TOLD, median
from portal.directory.enums import Capability, RegionLevel
from portal.directory.models import Region
from portal.directory.scope import Scope

COUNTS = ("open", "opened", "closed", *Outcome.values)


@dataclass(slots=True)
class Tally:
    """What is counted of one 시·도 (`region`), or of all (None). `secret` names the figures that may not be told.

    `open`, `jobs` and `overdue` are as of the day, `opened`, `closed` and the outcomes of the year; `days` are those
    from opening to closing of the cases closed in it.
    """

    region: Region | None
    exact: bool
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    jobs: int = 0
    overdue: int = 0
    days: list[int] = field(default_factory=list)
    secret: set[str] = field(default_factory=set)

    @property
    def median_days(self) -> float | None:
        return median(self.days)

    @property
    def outcomes(self) -> list[tuple[str, int, bool]]:
        """(label, count, may not be told) of each outcome."""
        return [(str(one.label), self.counts[one.value], one.value in self.secret) for one in Outcome]

    def add(self, other: "Tally") -> None:
        for name, count in other.counts.items():
            self.counts[name] += count
        self.jobs += other.jobs
        self.overdue += other.overdue
        self.days += other.days


@dataclass(frozen=True, slots=True)
class Numbers:
    lines: list[Tally]
    total: Tally
    exact: bool


def numbers_of(scope: Scope, *, year: int, today: date) -> Numbers:
    """Every 시·도 of today in a row, and all together. Three queries.

    Confidential cases are counted for those who see them and for nobody else. Other people's 시·도 are counted without
    them, and small counts there are hidden together with what would give them away (`suppression.hidden`).
    """
    seen = scope.within(Capability.VIEW_DIFFICULTIES)
    sidos = {row.pk: row for row in Region.objects.in_force_on(today).filter(level=RegionLevel.SIDO).order_by("code")}
    lines = {pk: Tally(row, exact=seen.holds(pk)) for pk, row in sidos.items()}
    _count(lines, scope, seen, year, today)
    total = Tally(None, exact=all(line.exact for line in lines.values()))
    for line in lines.values():
        total.add(line)
    _hide([line for line in lines.values() if not line.exact], total)
    return Numbers(list(lines.values()), total, total.exact)


def _count(lines: Mapping[int, Tally], scope: Scope, seen: Scope, year: int, today: date) -> None:
    wanted = Q(state=CaseState.OPEN) | Q(opened_on__year=year) | Q(closed_on__year=year)
    mine = Q(pk__in=Case.objects.visible_to(scope).values("pk"))
    # Elsewhere the cases are not seen but counted; a confidential one is not even that.
    known = Case.objects.filter(wanted).filter(mine | Q(confidential=False))
    facts = known.values_list(
        "pk",
        "region_id",
        "region__parent_id",
        "state",
        "opened_on",
        "closed_on",
        "outcome",
        "jobs_at_stake",
        "confidential",
    )
    rows = list(facts)
    late: dict[int, int] = defaultdict(int)
    for case in Action.objects.overdue_on(today).filter(case__in=known).values_list("case", flat=True):
        late[case] += 1
    for pk, region, parent, state, opened_on, closed_on, outcome, jobs, confidential in rows:
        line = lines.get(region) or lines.get(parent or 0)
        if line is None or (confidential and not line.exact):
            continue
        if state == CaseState.OPEN:
            line.counts["open"] += 1
            line.jobs += jobs
            line.overdue += late[pk]
        line.counts["opened"] += opened_on.year == year
        if closed_on and closed_on.year == year:
            line.counts["closed"] += 1
            line.counts[outcome] += 1
            line.days.append((closed_on - opened_on).days)


def _hide(others: Sequence[Tally], total: Tally) -> None:
    """Mark what may not be told of the rows the reader does not see, and of the sum of all."""
    if not others:
        return
    counts = {f"{at}:{name}": line.counts[name] for at, line in enumerate(others) for name in COUNTS}
    counts |= {f"T:{name}": sum(line.counts[name] for line in others) for name in COUNTS}
    sums = [Sum(f"T:{name}", tuple(f"{at}:{name}" for at in range(len(others)))) for name in COUNTS]
    sums += [Sum(f"{at}:closed", tuple(f"{at}:{one}" for one in Outcome.values)) for at in [*range(len(others)), "T"]]
    secret = hidden(counts, sums, SMALLEST_TOLD)
    for at, line in enumerate(others):
        line.secret = _with_what_rests_on_them({name for name in COUNTS if f"{at}:{name}" in secret})
    total.secret = _with_what_rests_on_them({name for name in COUNTS if f"T:{name}" in secret})
    # A sum of jobs would tell the jobs of the one row that is hidden.
    total.secret |= {name for line in others for name in line.secret if name in {"jobs", "overdue"}}


def _with_what_rests_on_them(names: set[str]) -> set[str]:
    """Jobs and late actions are those of the open cases, days those of the closed."""
    more = {"jobs", "overdue"} if "open" in names else set()
    return names | more | ({"days"} if "closed" in names else set())
