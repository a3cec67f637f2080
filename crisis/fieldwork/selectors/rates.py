"""How many of those asked have answered: by cluster, size class and interviewer, as it stands.

Response rate = handed in ÷ asked, firms found closed left out. A workplace that was replaced counts as asked and its
replacement too, so that replacing does not hide who refused. Goal = handed in ÷ places in the sample.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from companies.enums import CompanySize
from crisis.fieldwork.enums import UnitState
from crisis.fieldwork.models import Campaign
from crisis.fieldwork.rules.index import share


@dataclass(slots=True)
class Rate:
    """Counts of one group."""

    label: str
    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    places: int = 0

    @property
    def asked(self) -> int:
        return sum(self.states.values()) - self.states[UnitState.SHUT]

    @property
    def answered(self) -> int:
        return self.states[UnitState.SUBMITTED]

    @property
    def rate(self) -> Decimal | None:
        return share(self.answered, self.asked)

    @property
    def goal(self) -> Decimal | None:
        return share(self.answered, self.places)

    @property
    def written(self) -> int:
        return self.states[UnitState.DRAFT]

    @property
    def pending(self) -> int:
        return self.states[UnitState.PENDING]

    @property
    def refused(self) -> int:
        return self.states[UnitState.REFUSED]

    @property
    def unreached(self) -> int:
        return self.states[UnitState.NO_CONTACT]

    @property
    def shut(self) -> int:
        return self.states[UnitState.SHUT]


@dataclass(frozen=True, slots=True)
class Rates:
    total: Rate
    clusters: list[Rate]
    sizes: list[Rate]
    interviewers: list[Rate]


def response_rates(campaign: Campaign) -> Rates:
    """One query, whatever the size of the sample."""
    rows = list(
        campaign.units.order_by()
        .values_list("place__cluster__code", "place__cluster__name_ko", "size", "interviewer__name", "state")
        .annotate(n=Count("pk"), places=Count("pk", filter=Q(replacement=None)))
    )
    total = Rate(_("전체"))
    clusters: dict[str, Rate] = {}
    sizes: dict[str, Rate] = {}
    people: dict[str, Rate] = {}
    for code, name, size, interviewer, state, n, places in rows:
        groups = (
            total,
            clusters.setdefault(code, Rate(name)),
            sizes.setdefault(size, Rate(str(CompanySize(size).label))),
            people.setdefault(interviewer or "", Rate(interviewer or _("배정하지 않음"))),
        )
        for group in groups:
            group.states[state] += n
            group.places += places
    order = list(CompanySize.values)
    return Rates(
        total,
        _sorted(clusters.items()),
        [rate for _key, rate in sorted(sizes.items(), key=lambda pair: order.index(pair[0]))],
        _sorted(people.items()),
    )


def _sorted(pairs: Iterable[tuple[str, Rate]]) -> list[Rate]:
    return [rate for _key, rate in sorted(pairs)]
