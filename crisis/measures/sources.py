"""Where entitling statuses come from: every app that gives an area a status registers how to ask it.

    from crisis.measures.services import Status, Wanted, register_source

    def designations(wanted: Wanted) -> Iterable[Status]: ...      # in your AppConfig.ready: register_source(designations)

A source answers for the areas and the clusters wanted (None: all there are), as known at `wanted.known_at` (None: now,
corrections included). A status names its place by an area or by a cluster; a cluster's area may be named either way.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """For which areas and clusters, as known when."""

    area_ids: frozenset[int] | None = None
    cluster_ids: frozenset[int] | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A place had a status from `start` to the day before `before` (None: still). `reference`: decision or notice."""

    code: str
    start: date
    before: date | None
    area_id: int | None = None
    cluster_id: int | None = None
    reference: str = ""
    is_demo: bool = False


Source = Callable[[Wanted], Iterable[Status]]
_sources: list[Source] = []


def register_source(source: Source) -> Source:
    """Called once, from an app's `ready`."""
    if source not in _sources:
        _sources.append(source)
    return source


def statuses(wanted: Wanted) -> list[Status]:
    """What every source knows of the places wanted."""
    return [status for source in _sources for status in source(wanted)]
