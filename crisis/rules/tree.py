"""The areas of a round: nation, 시도, 시군구, 밀집지역, each with at most one parent (method §3, §6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crisis.rules.exact import IntArray


class TreeError(ValueError):
    """The areas do not form a tree; the message is a Korean sentence."""


@dataclass(frozen=True)
class AreaNode:
    """One area; ``parent`` None is the top. ``level`` is a label (NATION, SIDO, SIGUNGU, CLUSTER)."""

    code: str
    parent: str | None
    level: str = ""


class Tree:
    """Areas in code order with their parents as positions.

    A shard holds one subtree; the parent of its top (the nation) may be outside. ``parent[i]`` is then -1 and
    ``outside[i]`` names it.
    """

    def __init__(self, nodes: Iterable[AreaNode]) -> None:
        self.nodes: tuple[AreaNode, ...] = tuple(sorted(nodes, key=lambda node: node.code))
        self.codes: tuple[str, ...] = tuple(node.code for node in self.nodes)
        self.index: dict[str, int] = {code: place for place, code in enumerate(self.codes)}
        if len(self.index) != len(self.codes):
            twice = [code for code, count in Counter(self.codes).items() if count > 1]
            raise TreeError(f"지역 부호가 두 번 나옵니다: {', '.join(twice[:10])}.")
        parents = [self.index.get(node.parent, -1) if node.parent is not None else -1 for node in self.nodes]
        self.parent: IntArray = np.array(parents, dtype=np.int64)
        self.outside: tuple[str | None, ...] = tuple(
            node.parent if place < 0 else None for node, place in zip(self.nodes, parents, strict=True)
        )
        self.depth: IntArray = self._depths(parents)

    def __len__(self) -> int:
        return len(self.nodes)

    def _depths(self, parents: Sequence[int]) -> IntArray:
        depths = [-1] * len(parents)
        for start in range(len(parents)):
            path: list[int] = []
            place = start
            while place >= 0 and depths[place] < 0:
                if len(path) > len(parents):
                    raise TreeError(f"상위 지역이 돌고 돌아 자기 자신에 이릅니다: {self.codes[start]}.")
                path.append(place)
                place = parents[place]
            base = depths[place] if place >= 0 else -1
            for step, member in enumerate(reversed(path), start=1):
                depths[member] = base + step
        return np.array(depths, dtype=np.int64)

    @cached_property
    def by_depth(self) -> tuple[IntArray, ...]:
        """Positions of the areas at each depth, the top first."""
        deepest = int(self.depth.max()) if len(self) else -1
        return tuple(np.flatnonzero(self.depth == depth) for depth in range(deepest + 1))

    @cached_property
    def is_leaf(self) -> IntArray:
        """Whether the area has no member in the tree."""
        leaf = np.ones(len(self), dtype=bool)
        leaf[self.parent[self.parent >= 0]] = False
        return leaf

    def subtree(self, top: str) -> list[AreaNode]:
        """The area and everything below it, as nodes of a smaller tree (a shard)."""
        inside = np.zeros(len(self), dtype=bool)
        inside[self.index[top]] = True
        for places in self.by_depth[1:]:
            inside[places] |= (self.parent[places] >= 0) & inside[self.parent[places]]
        return [node for node, kept in zip(self.nodes, inside.tolist(), strict=True) if kept]
