"""The evidence sheet of one area in one round, as a value: everything a council member or an auditor asks about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from crisis import rules
from crisis.models import Determination, Floor, Result
from crisis.validation.selectors import LocalLevels
from crisis.workbench import words
from crisis.workbench.models import Comment
from crisis.workbench.selectors import evidence as reads
from crisis.workbench.selectors.desk import Desk
from crisis.workbench.selectors.evidence import Tip
from portal.kernel import display


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of the record: what it was, how it was scored in both views, what it gave to the index.

    `c`, `nation_c` are changes on a year earlier, up positive as in the figures (not "worse is positive"); `a` is the
    pressure and `d` the gap to the nation, positive is worse; `unit` is `%` or `%p`.
    """

    code: str
    name: str
    used: bool
    reason: str
    period: str | None
    unit: str
    c: Decimal | None
    nation_c: Decimal | None
    own_share: Decimal | None
    a: Decimal | None
    d: Decimal | None
    score_abs: Decimal | None
    score_rel: Decimal | None
    anchors_abs: Sequence[str]
    anchors_rel: Sequence[str]
    weight: Decimal | None
    contribution: Decimal | None
    members: int
    flags: list[str]


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the change since the last round. `event`: what happened to the data themselves (자료 변동)."""

    name: str
    before: Decimal | None
    now: Decimal | None
    difference: Decimal
    event: str


@dataclass(frozen=True)
class Evidence:
    """See the head of this file. `tips` is None where they cannot be recomputed or were not asked for.

    `local_level`: what the 시·도 calls this part of the stage, empty where it has no words of its own.
    """

    desk: Desk
    result: Result
    before: Result | None
    floors: list[Floor]
    comments: list[Comment]
    determination: Determination | None
    designations: list[Any] = field(default_factory=list)
    tips: list[Tip] | None = None
    local_level: str = ""

    @property
    def area(self) -> Any:
        return self.result.area

    @property
    def public(self) -> Mapping[str, Any]:
        public: Mapping[str, Any] = self.result.public
        return public

    @property
    def shown(self) -> str | None:
        """The stage that is shown: none where the data do not allow one."""
        return self.result.model_stage if self.result.status == "OK" else None

    @property
    def changed(self) -> bool:
        previous = self.result.previous_stage
        return bool(self.shown and previous and self.shown != previous)

    @property
    def proposal(self) -> str | None:
        """The worst of the model's stage and the floors (method §8)."""
        return rules.proposal(self.shown, [floor.stage for floor in self.floors])

    @property
    def raised(self) -> bool:
        """Whether a floor holds the proposal above the model's stage."""
        return self.proposal != self.shown

    @cached_property
    def lines(self) -> list[Line]:
        """The indicators in the rule set's order."""
        return [self._line(code, entry) for code, entry in self.public["indicators"].items()]

    @property
    def contributing(self) -> list[Line]:
        """Those that give something to the index, the largest first; they add up to it exactly."""
        found = [line for line in self.lines if line.contribution is not None]
        return sorted(found, key=lambda line: -(line.contribution or 0))

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if not line.used]

    @property
    def flagged(self) -> list[Line]:
        return [line for line in self.lines if line.used and line.flags]

    @property
    def total(self) -> Decimal:
        """The contributions added up: RCI."""
        return sum((line.contribution or Decimal(0) for line in self.lines), Decimal(0))

    def _line(self, code: str, entry: Mapping[str, Any]) -> Line:
        rule = self.desk.body["indicators"][code]
        used = entry["status"] == "OK"
        upward = int(rule["direction"])
        c, nation = _number(entry["c"]), _number(entry["nation_c"])
        share = _number(entry["B"])
        return Line(
            code=code,
            name=self.desk.names[code],
            used=used,
            reason=words.reason(entry),
            period=entry["period"],
            unit="%p" if rule["kind"] == "RATE" else "%",
            c=None if c is None else c * upward,
            nation_c=None if nation is None else nation * upward,
            own_share=None if share is None else 100 * share,
            a=_number(entry["a"]),
            d=_number(entry["d"]),
            score_abs=_number(entry["sA"]),
            score_rel=_number(entry["sR"]),
            anchors_abs=[display.number(anchor) for anchor in rule["anchors_abs"]],
            anchors_rel=[display.number(anchor) for anchor in rule["anchors_rel"]],
            weight=_number(self.public["weights"].get(code)),
            contribution=_number(self.public["contributions"].get(code)),
            members=entry["members"],
            flags=[words.flag(name) for name in entry["flags"]] if used else [],
        )

    @cached_property
    def explained(self) -> dict[str, Any] | None:
        """The change since the run this one started from; None without a result there."""
        return rules.explain_change(self.before.public, self.public) if self.before is not None else None

    @cached_property
    def steps(self) -> list[Step]:
        """The change of the index, indicator by indicator, the largest first; they add up to it exactly.

        Without an index on both sides there is nothing to take apart: only the data events are listed.
        """
        if self.explained is None:
            return []
        names = self.desk.names
        if not self.explained["comparable"]:
            events = self.explained["data_events"]
            return [
                Step(names.get(one["indicator"], one["indicator"]), None, None, Decimal(0), words.event(one["event"]))
                for one in events
            ]
        return [
            Step(
                names.get(one["indicator"], one["indicator"]),
                _number(one["before"]),
                _number(one["now"]),
                Decimal(one["difference"]),
                words.event(one["event"]),
            )
            for one in self.explained["differences"]
        ]

    @property
    def tip_lines(self) -> list[tuple[str, str | None]]:
        return words.tip_lines(self.tips or (), self.desk.names)

    @property
    def suspects(self) -> int:
        return sum(bool(entry["suspect"]) for entry in self.public["indicators"].values())

    @property
    def standing_comments(self) -> list[Comment]:
        return [comment for comment in self.comments if comment.withdrawn_at is None]

    @property
    def comment_count(self) -> int:
        return len(self.standing_comments)

    @property
    def told(self) -> list[Comment]:
        """What the council is to be told."""
        return [comment for comment in self.standing_comments if comment.for_council]

    @property
    def needs_a_look(self) -> bool:
        """Whether the council should see more of it than a row: alarmed, changed, held up, doubted or spoken of."""
        alarmed = self.proposal in {"CAUTION", "SEVERE"}
        result = self.result
        return bool(alarmed or self.changed or result.held or result.watch or self.floors or self.told or self.suspects)


def _local(levels: LocalLevels, result: Result) -> str:
    found = levels.of(result.area, result.rci, result.model_stage if result.status == "OK" else None)
    return found.name if found else ""


def evidence(desk: Desk, found: Iterable[Result], *, with_tips: bool) -> list[Evidence]:
    """The evidence of several results of the desk's run, in their order, in as many queries for many as for one.

    `with_tips` recomputes the badge's scenarios, one shard (시·도) at a time.
    """
    results = list(found)
    areas = [row.area_id for row in results]
    before, floors = reads.before(desk.run, areas), reads.floors(desk, areas)
    comments, decided = reads.comments(desk, areas), reads.standing(desk, areas)
    designations = reads.designations(areas)
    local = LocalLevels(desk.day)
    tips = reads.tips(desk.run, {row.area.code: row.public for row in results}) if with_tips else {}
    return [
        Evidence(
            desk=desk,
            result=row,
            before=before.get(row.area_id),
            floors=floors.get(row.area_id, []),
            comments=comments.get(row.area_id, []),
            determination=decided.get(row.area_id),
            designations=designations.get(row.area_id, []),
            tips=tips.get(row.area.code),
            local_level=_local(local, row),
        )
        for row in results
    ]
