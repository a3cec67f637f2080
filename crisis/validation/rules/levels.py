"""Local sub-levels: a label inside a legal stage, by the index. Never a stage of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crisis.validation.rules.cases import RANK, STAGES


@dataclass(frozen=True, order=True)
class Level:
    """A label that holds within ``stage`` from ``lowest`` on (None: from the stage's own beginning)."""

    order: int
    name: str
    stage: str
    lowest: Decimal | None


def level_of(levels: Iterable[Level], stage: str | None, index: Decimal | None) -> Level | None:
    """The label of an area at a stage: of that stage's levels the highest whose bound the index reaches.

    An index below every bound (a stage held back, or raised by a floor) has the stage's first level. None without a
    stage or without levels for it.
    """
    inside = sorted(level for level in levels if level.stage == stage)
    reached = [level for level in inside if level.lowest is None or (index is not None and index >= level.lowest)]
    return reached[-1] if reached else (inside[0] if inside else None)


def faults(levels: Sequence[Level]) -> list[str]:
    """What is wrong with a table of levels, in Korean sentences; empty when it can be used."""
    found = []
    if len({level.name for level in levels}) != len(levels):
        found.append("같은 이름의 단계가 두 번 있습니다. 이름을 다르게 적으십시오.")
    ranks = [RANK[level.stage] for level in sorted(levels)]
    if ranks != sorted(ranks):
        found.append("법정 단계가 양호, 주의, 심각 순으로 나빠지도록 차례를 맞추십시오.")
    for stage in STAGES:
        inside = sorted(level for level in levels if level.stage == stage)
        if not inside:
            found.append(f"{_WORDS[stage]} 단계에 이름이 하나도 없습니다. 하나 이상 적으십시오.")
            continue
        if inside[0].lowest is not None:
            found.append(f"{_WORDS[stage]} 단계의 첫 이름은 하한 지수를 비워 두십시오. 그 단계의 처음부터입니다.")
        bounds = [level.lowest for level in inside[1:]]
        if any(bound is None for bound in bounds):
            found.append(f"{_WORDS[stage]} 단계의 둘째 이름부터는 하한 지수를 적으십시오.")
        elif sorted({bound for bound in bounds if bound is not None}) != bounds:
            found.append(f"{_WORDS[stage]} 단계의 하한 지수는 아래로 갈수록 커야 합니다.")
    return found


_WORDS = {"GOOD": "양호", "CAUTION": "주의", "SEVERE": "심각"}
