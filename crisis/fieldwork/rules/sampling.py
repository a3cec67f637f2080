"""A stratified sample that anybody can draw again: from the same workplaces and seed comes the same sample.

Each workplace gets a place in line from SHA-256 of "seed|key"; who joins or leaves the register does not move the
others. A stratum's first in line are asked, the next ones are its reserve for replacements.
"""

import hashlib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil


def line(keys: Iterable[int], seed: str) -> list[int]:
    """The keys in the order of their places in line."""
    return sorted(keys, key=lambda key: (hashlib.sha256(f"{seed}|{key}".encode()).hexdigest(), key))


def wanted(population: int, *, size: int | None, percent: int | None) -> int:
    """How many of a cluster's workplaces to ask: a number, or a share in percent rounded up; never more than there are."""
    if (size is None) == (percent is None):
        raise ValueError("either a size or a share")
    asked = size if size is not None else ceil(Fraction(population * (percent or 0), 100))
    return min(population, asked)


def allotted(populations: Mapping[str, int], total: int) -> dict[str, int]:
    """`total` shared out in proportion (largest remainders; of equal ones the stratum whose name comes first).

    A stratum with anybody in it gets one while the total lasts, the larger first: no size class goes unheard.
    """
    people = sum(populations.values())
    total = min(total, people)
    if not people:
        return dict.fromkeys(populations, 0)
    found = {name: total * count // people for name, count in populations.items()}
    rest = sorted(populations, key=lambda name: (-(total * populations[name] % people), name))
    for name in rest[: total - sum(found.values())]:
        found[name] += 1
    for name in sorted((n for n in populations if populations[n] and not found[n]), key=lambda n: (-populations[n], n)):
        richest = max(found, key=lambda one: (found[one], populations[one], one))
        if found[richest] < 2:
            break
        found[richest] -= 1
        found[name] = 1
    return found


def drawn(
    strata: Mapping[str, Iterable[int]], seed: str, *, size: int | None, percent: int | None
) -> dict[str, list[int]]:
    """The keys asked in each stratum, in line order."""
    lines = {name: line(keys, seed) for name, keys in strata.items()}
    populations = {name: len(keys) for name, keys in lines.items()}
    share = allotted(populations, wanted(sum(populations.values()), size=size, percent=percent))
    return {name: lines[name][: share[name]] for name in sorted(lines)}
