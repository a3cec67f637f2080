"""Holding a firm's facts against criteria: met, not met or unknown, for each condition and each group (Kleene logic).

An unknown reading is never taken for a failure: a group is NOT_MET only when no value of its unknown conditions could
make it hold, and MET only when none could break it.
"""

from dataclasses import dataclass
from fractions import Fraction

from companies.tiers.rules.facts import Facts
from companies.tiers.rules.metrics import NUMERIC, Compound, Reading, read
from companies.tiers.rules.tree import Condition, Group, Node

MET, NOT_MET, UNKNOWN = "MET", "NOT_MET", "UNKNOWN"
_ORDERED = {
    "GE": lambda found, wanted: found >= wanted,
    "GT": lambda found, wanted: found > wanted,
    "LE": lambda found, wanted: found <= wanted,
    "LT": lambda found, wanted: found < wanted,
    "EQ": lambda found, wanted: found == wanted,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition with what was read and what came of it."""

    node: Condition
    outcome: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Counted:
    """A group with its members' results and what came of them."""

    node: Group
    outcome: str
    members: tuple["Result", ...]


Result = Judged | Counted


def _compound_holds(operator: str, compound: Compound, percent: Fraction) -> bool:
    """Whether ratio^(1/n) − 1 stands in the relation to `percent`: both sides raised to the power, exactly."""
    factor = 1 + percent / 100
    if factor <= 0:  # a rate of −100 % or less: every real ratio of positive sales lies above
        return operator in ("GE", "GT")
    return _ORDERED[operator](compound.ratio, factor**compound.years)


def _holds(condition: Condition, reading: Reading) -> bool:
    operator, wanted, found = condition.operator, condition.value, reading.value
    if operator in _ORDERED:
        if reading.compound is not None:
            return _compound_holds(operator, reading.compound, Fraction(wanted))  # type: ignore[arg-type]
        return _ORDERED[operator](found, wanted)
    if operator == "IS":
        return found is wanted
    words: frozenset[str] = wanted  # type: ignore[assignment]
    if operator in ("IN", "NOT_IN"):
        return (found in words) is (operator == "IN")
    if operator == "STARTS_WITH":
        return str(found).startswith(tuple(words))
    held: frozenset[str] = found  # type: ignore[assignment]
    return {"ANY_OF": bool(held & words), "ALL_OF": words <= held, "NONE_OF": not held & words}[operator]


def _judge(condition: Condition, reading: Reading) -> str:
    if reading.value is not None:
        return MET if _holds(condition, reading) else NOT_MET
    if reading.at_least is not None and condition.metric.kind in NUMERIC:
        bound, wanted = reading.at_least, condition.value
        if condition.operator in ("GE", "GT") and _ORDERED[condition.operator](bound, wanted):
            return MET
        if condition.operator in ("LE", "LT") and not _ORDERED[condition.operator](bound, wanted):
            return NOT_MET
    return UNKNOWN


class Evaluator:
    """Evaluates trees over one firm's facts; each metric is read once however often it is asked for.

    `searching`: an unknown condition marked `at_review` is taken as met, since its papers come later.
    """

    def __init__(self, facts: Facts, *, searching: bool = False) -> None:
        self.facts, self.searching = facts, searching
        self._readings: dict[tuple[str, int], Reading] = {}

    def decisive(self) -> "Evaluator":
        """The same firm judged as for a decision, with what was read already."""
        found = Evaluator(self.facts)
        found._readings = self._readings
        return found

    def reading(self, condition: Condition) -> Reading:
        key = (condition.metric.code, condition.years)
        found = self._readings.get(key)
        if found is None:
            found = self._readings[key] = read(condition.metric.code, self.facts, condition.years)
        return found

    def _condition(self, node: Condition) -> str:
        outcome = _judge(node, self.reading(node))
        return MET if outcome == UNKNOWN and self.searching and node.at_review else outcome

    def verdict(self, node: Node) -> str:
        """The outcome alone, reading no more than it takes: for a glance at many firms."""
        if isinstance(node, Condition):
            return self._condition(node)
        met, could = 0, len(node.members)
        for member in node.members:
            outcome = self.verdict(member)
            met += outcome == MET
            could -= outcome == NOT_MET
            if met >= node.need:
                return MET
            if could < node.need:
                return NOT_MET
        return UNKNOWN

    def outcome(self, node: Node) -> Result:
        """The outcome with every reading behind it."""
        if isinstance(node, Condition):
            return Judged(node, self._condition(node), self.reading(node))
        members = tuple(self.outcome(member) for member in node.members)
        return Counted(node, _count(node, members), members)


def _count(group: Group, members: tuple[Result, ...]) -> str:
    met = sum(member.outcome == MET for member in members)
    if met >= group.need:
        return MET
    open_ = sum(member.outcome == UNKNOWN for member in members)
    return UNKNOWN if met + open_ >= group.need else NOT_MET


def evaluate(node: Node, facts: Facts) -> Result:
    """The tree held against the facts."""
    return Evaluator(facts).outcome(node)
