"""Roll-ups: sums over members, and the spread rule 시군구/시도 ← 밀집지역 (method §4.1, §6).

The legal decision stays per cluster (decree §30②); the roll-up serves the plans of 시·도.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from crisis.rules.exact import BoolArray, IntArray, half_up, show_optional
from crisis.rules.ruleset import Spread
from crisis.rules.tree import Tree


def carry_up(tree: Tree, own: BoolArray, *tables: IntArray) -> tuple[IntArray, ...]:
    """Each table with the rows of areas lacking an own series replaced by the sum over their members.

    A member with an own series counts with it; one without counts through its own members. Rows are areas. The caller
    sees to it that sums fit the dtype.
    """
    carried = [table.copy() for table in tables]
    for table in carried:
        table[~own] = 0
    for places in reversed(tree.by_depth[1:]):
        parents = tree.parent[places]
        take = (parents >= 0) & ~own[parents]
        for table in carried:
            np.add.at(table, parents[take], table[places[take]])
    return tuple(carried)


@dataclass(frozen=True)
class SpreadResult:
    """How far bad stages have spread: shares in tenths of a percent, the stage rank they call for.

    All None when less than half of the employment has a stage (or none is known): the rule is then passed over.
    """

    p1: int | None
    p2: int | None
    stage: int | None

    @property
    def p1_text(self) -> str | None:
        return show_optional(self.p1, 1)

    @property
    def p2_text(self) -> str | None:
        return show_optional(self.p2, 1)


NO_SPREAD = SpreadResult(None, None, None)


def spread(rule: Spread, members: Iterable[tuple[int | None, Fraction | int]]) -> SpreadResult:
    """The spread rule over member clusters as (stage rank or None, employment); employment must not be negative.

    p1 is the share of employment in members at 주의 or worse, p2 at 심각, both of the employment that has a stage.
    """
    total = known = bad = worst = Fraction(0)
    for stage, weight in members:
        total += weight
        if stage is not None:
            known += weight
            bad += weight if stage >= 1 else 0
            worst += weight if stage >= 2 else 0
    if known <= 0 or 2 * known < total:
        return NO_SPREAD
    p1, p2 = (_tenths(share / known) for share in (bad, worst))
    if Fraction(p2, 10) >= rule.severe_p2:
        stage = 2
    elif Fraction(p2, 10) >= rule.caution_p2 or Fraction(p1, 10) >= rule.caution_p1:
        stage = 1
    else:
        stage = 0
    return SpreadResult(p1, p2, stage)


def _tenths(share: Fraction) -> int:
    return half_up(share.numerator * 1000, share.denominator)
