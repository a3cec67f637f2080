"""What must still be done for an area before its council meets. Apps register what they know; the workbench shows it.

The core registers floors and reviews; apps above it register the rest from their `AppConfig.ready`. A provider is asked
once for all areas of a page, with as many queries for many areas as for one.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from crisis.models import Round

#: Keys under which the workbench itself says something plain until an app that knows better takes it over.
SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits for an area: what, in a few words, and where it is done (empty: nowhere in particular)."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose waiting work is asked for: areas by primary key, in a round. `newest`: it is the round under work now."""

    round: Round
    areas: Collection[int]
    newest: bool


Provider = Callable[[Asked], Mapping[int, Iterable[Wait]]]
_providers: dict[str, Provider] = {}


def register(key: str, provider: Provider) -> None:
    """Called from an app's `ready`. A key stands once: who registers it again answers in place of the one before."""
    _providers[key] = provider


def is_answered(key: str) -> bool:
    return key in _providers


def of_areas(asked: Asked) -> dict[int, list[Wait]]:
    """Area → everything that waits for it, in the order of registering; areas for which nothing waits are left out."""
    found: dict[int, list[Wait]] = {}
    for provider in _providers.values():
        for area, waits in provider(asked).items():
            found.setdefault(area, []).extend(waits)
    return {area: waits for area, waits in found.items() if waits}
