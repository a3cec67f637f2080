"""Small counts are hidden, and enough of their neighbours that a published total does not give them away.

A count from 1 to `limit` - 1 is hidden; 0 tells of nobody. Then each sum is looked at with its parts: a single hidden
figure could be computed from the others, and hidden parts that add up to less than the limit, or to as little as they
can (all ones), are told by the difference between the total and what is shown. While that is so, the smallest shown
part that is not nought is hidden too, and when there is none, the total. Repeated until every sum is safe.

It protects each published sum and sums of sums, not against adding up unrelated tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Key = str


@dataclass(frozen=True, slots=True)
class Sum:
    """`parts` add up to `total`: all of them keys of published counts."""

    total: Key
    parts: tuple[Key, ...]


def hidden(counts: Mapping[Key, int], sums: Sequence[Sum], limit: int) -> frozenset[Key]:
    """The keys whose counts may not be shown. ValueError if a sum does not add up."""
    for one in sums:
        if sum(counts[part] for part in one.parts) != counts[one.total]:
            raise ValueError(f"the parts of {one.total} do not add up to it")
    found = {key for key, count in counts.items() if 0 < count < limit}
    moved = True
    while moved:
        moved = False
        for one in sums:
            if (more := _needed(counts, one, found, limit)) is not None:
                found.add(more)
                moved = True
    return frozenset(found)


def _needed(counts: Mapping[Key, int], one: Sum, found: set[Key], limit: int) -> Key | None:
    """The next figure of a sum to hide; None when it is safe."""
    secret = [part for part in one.parts if part in found]
    if one.total in found:
        # The total alone would be the sum of its parts.
        return None if secret else _smallest(counts, one, found)
    if not secret:
        return None
    together = sum(counts[part] for part in secret)
    if len(secret) >= 2 and together >= limit and together > len(secret):
        return None
    return _smallest(counts, one, found) or one.total


def _smallest(counts: Mapping[Key, int], one: Sum, found: set[Key]) -> Key | None:
    shown = [part for part in one.parts if part not in found and counts[part] > 0]
    return min(shown, key=lambda part: (counts[part], part), default=None)
