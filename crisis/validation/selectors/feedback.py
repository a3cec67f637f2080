"""What people and later facts say of alarms and overrides."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from crisis.enums import Stage
from crisis.models import Determination, Result, RuleSet
from crisis.models.round import ResultQuerySet
from crisis.selectors import latest_evaluated_round
from crisis.validation.models import AlarmRating, FollowUp
from crisis.validation.rules import overrides
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.todo import Todo

DECIDED_LEVELS = ("SIGUNGU", "CLUSTER")
TURNED_OUT_AFTER = 12  # months


def alarms() -> ResultQuerySet:
    """Official results that ask for attention: 주의, 심각 or 관찰 of a 시·군·구 or a cluster."""
    alarmed = Q(status="OK", model_stage__in=[Stage.CAUTION, Stage.SEVERE]) | Q(watch=True)
    return Result.objects.filter(alarmed, official=True, run__finished_at__isnull=False, area__level__in=DECIDED_LEVELS)


@dataclass
class Precision:
    """How alarms were rated, by kind and by reason."""

    useful: Counter[str] = field(default_factory=Counter)
    useless: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[bool, str]] = field(default_factory=Counter)

    @property
    def rated(self) -> int:
        return sum(self.useful.values()) + sum(self.useless.values())

    @property
    def share(self) -> float | None:
        return 100 * sum(self.useful.values()) / self.rated if self.rated else None


def rated_precision(rule_set: RuleSet, scope: Scope) -> Precision:
    """Ratings of the alarms of one rule set that the reader may see."""
    found = Precision()
    rows = AlarmRating.objects.filter(result__run__ruleset_sha256=rule_set.sha256).visible_to(scope)
    for kind, useful, reason in rows.order_by().values_list("kind", "useful", "reason"):
        (found.useful if useful else found.useless)[kind] += 1
        found.reasons[useful, reason] += 1
    return found


@dataclass(frozen=True)
class Outcomes:
    """Of the alarms followed so many months: after how many came a crisis, a recovery, and what stage they had then."""

    months: int
    kind: str
    followed: int
    crises: int
    recovered: int
    calmer: int

    @property
    def share(self) -> float | None:
        return 100 * self.crises / self.followed if self.followed else None


def alarm_outcomes(rule_set: RuleSet, scope: Scope) -> list[Outcomes]:
    """By months and kind of alarm: what became of the areas this rule set alarmed."""
    rows = (
        FollowUp.objects.filter(result__run__ruleset_sha256=rule_set.sha256)
        .visible_to(scope)
        .order_by()
        .values_list("months", "result__model_stage", "result__status", "crisis", "recovered", "stage")
    )
    groups: dict[tuple[int, str], list[tuple[bool, bool, bool]]] = defaultdict(list)
    rank = {stage: number for number, stage in enumerate(Stage.values)}
    for months, stage, status, crisis, recovered, then in rows:
        kind = stage if status == "OK" and stage in (Stage.CAUTION, Stage.SEVERE) else "OTHER"
        calmer = then is not None and stage is not None and rank[then] < rank[stage]
        groups[months, kind].append((crisis, recovered, calmer))
    order = {Stage.SEVERE: 0, Stage.CAUTION: 1, "OTHER": 2}
    return [
        Outcomes(months, kind, len(group), *(sum(column) for column in zip(*group, strict=True)))
        for (months, kind), group in sorted(groups.items(), key=lambda item: (item[0][0], order[item[0][1]]))
    ]


@dataclass(frozen=True)
class Override:
    """One departure from the proposal and how it turned out."""

    determination: Determination
    verdict: str


@dataclass(frozen=True)
class Overrides:
    """How often councils departed from the proposal, and how that turned out a year later."""

    decided: int
    departures: list[Override]

    @property
    def rate(self) -> float | None:
        return 100 * len(self.departures) / self.decided if self.decided else None

    def count(self, verdict: str) -> int:
        return sum(one.verdict == verdict for one in self.departures)

    @property
    def borne_out(self) -> int:
        return self.count(overrides.BORNE_OUT)

    @property
    def not_borne_out(self) -> int:
        return self.count(overrides.NOT_BORNE_OUT)

    @property
    def still_open(self) -> int:
        return self.count(overrides.OPEN)


def override_outcomes(rule_set: RuleSet, scope: Scope) -> Overrides:
    """Confirmed decisions on results of one rule set: how many departed, and what became of those."""
    decided = Determination.objects.confirmed().filter(result__run__ruleset_sha256=rule_set.sha256).visible_to(scope)
    departed = [
        row
        for row in decided.select_related("area", "round", "result").defer("result__public").order_by("-confirmed_at")
        if row.departs
    ]
    later = {
        row.result_id: row
        for row in FollowUp.objects.filter(result__in=[d.result_id for d in departed], months=TURNED_OUT_AFTER)
    }
    return Overrides(decided.count(), [Override(row, _verdict(row, later.get(row.result_id))) for row in departed])


def _verdict(row: Determination, follow_up: FollowUp | None) -> str:
    return overrides.verdict(
        row.proposed_stage,
        row.stage or "GOOD",
        crisis=follow_up is not None and follow_up.crisis,
        later=follow_up.stage if follow_up is not None else None,
        known=follow_up is not None,
    )


def unrated(scope: Scope) -> int:
    """Alarms of the newest round in the reader's regions that none of their bodies has rated."""
    mine = scope.within(Capability.RATE_ALARMS)
    newest = latest_evaluated_round()
    if mine.is_empty or newest is None:
        return 0
    said = AlarmRating.objects.filter(result=OuterRef("pk"), organization__in=mine.organization_ids)
    return alarms().filter(run__round=newest).visible_to(mine).exclude(Exists(said)).count()


def todo(scope: Scope) -> Iterable[Todo]:
    """What waits for whoever rates alarms."""
    count = unrated(scope)
    if count:
        yield Todo(
            title=_("평가할 경보"),
            url=f"{reverse('validation:alarms')}?rated=no",
            count=count,
            detail=_("가장 최근 회차의 경보가 현장에 맞았는지 알려 주세요."),
        )
