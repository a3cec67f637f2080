"""Where the apps above add to a company's page, its timeline and the company list, without companies knowing them.

Called from an app's `ready`:

    panels.panel(provider, order=20)        provider(company, scope) -> Panel | None    a section of the page
    panels.timeline(provider)               provider(company, scope) -> Iterable[Entry] lines of the one timeline
    panels.column(Column(…))                a column of the list and a badge in the head of the page
    panels.facet(Facet(…))                  a filter of the list

A provider sees only what its `scope` may see: it asks its own models through `visible_to(scope)`. It may not write.
A panel and the timeline cost at most three queries each, a column one query for a whole page of companies.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from companies.models import Company
from portal.directory.scope import Scope

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Panel:
    """A section: `template` is included with `context` and the page's own names (`company`, `request`)."""

    key: str
    title: Text
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `kind` is the word in front of it (`단계`, `조사`, `협의회`)."""

    on: date
    kind: Text
    title: Text
    text: Text = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the company list: `values(company ids, scope)` gives the text of those that have one."""

    key: str
    label: Text
    values: Callable[[Sequence[int], Scope], Mapping[int, str]]
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter of the company list: `choices(scope)` are (value, label), `narrow` keeps the companies of a value."""

    name: str
    label: Text
    choices: Callable[[Scope], Iterable[tuple[str, Text]]]
    narrow: Callable[[QuerySet[Company], str, Scope], QuerySet[Company]]


PanelProvider = Callable[[Company, Scope], Panel | None]
TimelineProvider = Callable[[Company, Scope], Iterable[Entry]]

_panels: list[tuple[int, PanelProvider]] = []
_timelines: list[TimelineProvider] = []
_columns: dict[str, Column] = {}
_facets: dict[str, Facet] = {}


def panel(provider: PanelProvider, *, order: int = 50) -> PanelProvider:
    """Add a section to every company's page; lower orders come first."""
    if all(known is not provider for _, known in _panels):
        _panels.append((order, provider))
        _panels.sort(key=lambda pair: pair[0])
    return provider


def timeline(provider: TimelineProvider) -> TimelineProvider:
    """Add lines to every company's timeline."""
    if provider not in _timelines:
        _timelines.append(provider)
    return provider


def column(offered: Column) -> Column:
    """Add a column to the company list."""
    return _columns.setdefault(offered.key, offered)


def facet(offered: Facet) -> Facet:
    """Add a filter to the company list."""
    return _facets.setdefault(offered.name, offered)


def panels_of(company: Company, scope: Scope) -> list[Panel]:
    """The sections other apps have for this company and reader."""
    return [found for _, provider in _panels if (found := provider(company, scope)) is not None]


def entries_of(company: Company, scope: Scope) -> list[Entry]:
    """The lines other apps have for this company and reader, in no order."""
    return [entry for provider in _timelines for entry in provider(company, scope)]


def columns() -> tuple[Column, ...]:
    return tuple(_columns.values())


def facets() -> tuple[Facet, ...]:
    return tuple(_facets.values())
