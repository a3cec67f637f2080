"""What waits for somebody: each app offers its own, the shell shows them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.directory.scope import Scope


@dataclass(frozen=True, slots=True)
class Todo:
    """One kind of waiting work: what, how many, where, by when."""

    title: str
    url: str
    count: int = 1
    due: date | None = None
    detail: str = ""


Provider = Callable[["Scope"], Iterable[Todo]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Called from an app's `ready`."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def for_scope(scope: "Scope") -> list[Todo]:
    """Everything that waits, the soonest due first."""
    found = [item for provider in _providers for item in provider(scope) if item.count]
    return sorted(found, key=lambda item: (item.due or date.max, item.title))
