"""How far a round is, by technopark and by 시·도."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from django.db.models import Case, Count, F, Q, When
from django.utils.translation import gettext as _

from companies.surveys.enums import SubmissionState
from companies.surveys.models import SurveyRound, Target
from companies.surveys.rules.deadlines import Window
from companies.surveys.selectors.windows import Calendar
from portal.directory.enums import RegionLevel
from portal.directory.models import Organization, Region
from portal.directory.scope import Scope


@dataclass(slots=True)
class Line:
    """The counts of one body or region. `overdue`: not handed in and past the due date that applies there."""

    key: int
    name: str
    code: str = ""
    window: Window | None = None
    targets: int = 0
    untouched: int = 0
    draft: int = 0
    submitted: int = 0
    returned: int = 0
    approved: int = 0
    late: int = 0
    overdue: int = 0

    @property
    def handed_in(self) -> int:
        return self.submitted + self.approved

    @property
    def missing(self) -> int:
        return self.targets - self.handed_in

    @property
    def percent(self) -> int:
        """Handed in, of all asked; rounded down, so that 100 means everyone."""
        return self.handed_in * 100 // self.targets if self.targets else 0

    def add(self, row: Mapping[str, int], *, overdue: bool) -> None:
        for name in ("targets", "draft", "submitted", "returned", "approved", "late"):
            setattr(self, name, getattr(self, name) + row[name])
        self.untouched = self.targets - self.draft - self.returned - self.handed_in
        self.overdue += row["targets"] - row["submitted"] - row["approved"] if overdue else 0


@dataclass(slots=True)
class Completion:
    """`window`: the dates of regions that have none of their own."""

    window: Window
    total: Line
    technoparks: list[Line] = field(default_factory=list)
    regions: list[Line] = field(default_factory=list)


def completion(survey: SurveyRound, scope: Scope, day: date) -> Completion:
    """The round as this scope sees it: at most six queries."""
    sido = Case(When(region__level=RegionLevel.SIDO, then=F("region")), default=F("region__parent"))
    states = {str(state).lower(): Count("pk", filter=Q(submission__state=state)) for state in SubmissionState.values}
    rows = list(
        Target.objects.visible_to(scope)
        .filter(round=survey)
        .order_by()
        .annotate(sido=sido)
        .values("technopark", "sido")
        .annotate(targets=Count("pk"), late=Count("pk", filter=Q(submission__late=True)), **states)
    )
    regions = Region.objects.in_bulk({row["sido"] for row in rows})
    bodies = Organization.objects.in_bulk({row["technopark"] for row in rows if row["technopark"]})
    calendar = Calendar([survey], day)
    by_body: dict[int, Line] = {}
    by_region: dict[int, Line] = {}
    total = Line(0, _("합계"))
    for row in rows:
        region = regions[row["sido"]]
        window = calendar.window(survey.pk, region)
        overdue = day > window.due
        body = row["technopark"] or 0
        name, code = (bodies[body].name, bodies[body].code) if body else (_("조사 기관 미정"), "")
        for line in (
            total,
            by_body.setdefault(body, Line(body, name, code)),
            by_region.setdefault(region.pk, Line(region.pk, region.name, region.code, window)),
        ):
            line.add(cast("Mapping[str, int]", row), overdue=overdue)
    return Completion(
        calendar.common(survey.pk),
        total,
        sorted(by_body.values(), key=_worst_first),
        sorted(by_region.values(), key=_worst_first),
    )


def _worst_first(line: Line) -> tuple[int, int, str]:
    return line.percent, -line.missing, line.name
