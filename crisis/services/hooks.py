"""Who is told when a stage is decided. Parts of crisis that stand above the core ask here from their `AppConfig.ready`.

Every callback runs inside the deciding transaction: what it raises undoes the decision, and what it writes stands or
falls with it. A callback that only wants to tell somebody defers a task instead of doing it here.
"""

from collections.abc import Callable, Sequence

from crisis.models import Determination
from network.models import AgendaItem

Confirmed = Callable[[Determination], None]
ItemConfirmed = Callable[[AgendaItem, Sequence[Determination]], None]
Superseded = Callable[[Determination, Determination], None]

confirmed: list[Confirmed] = []
item_confirmed: list[ItemConfirmed] = []
superseded: list[Superseded] = []


def register_confirmed(callback: Confirmed) -> Confirmed:
    """Call `callback(determination)` for each determination that comes into force, corrections included.

    `effective`, `confirmed_at` and the stage before (`determination.change`, where there is a change) are set by then.
    """
    if callback not in confirmed:
        confirmed.append(callback)
    return callback


def register_item_confirmed(callback: ItemConfirmed) -> ItemConfirmed:
    """Call `callback(item, determinations)` once for a passed item, after every single one has been told."""
    if callback not in item_confirmed:
        item_confirmed.append(callback)
    return callback


def register_superseded(callback: Superseded) -> Superseded:
    """Call `callback(old, new)` when a confirmed determination is corrected, before `confirmed` is told of the new."""
    if callback not in superseded:
        superseded.append(callback)
    return callback


def tell_superseded(old: Determination, new: Determination) -> None:
    for callback in superseded:
        callback(old, new)


def tell_confirmed(item: AgendaItem, determinations: Sequence[Determination]) -> None:
    """Tell of every determination of a passed item, then of the item as a whole."""
    for determination in determinations:
        for callback in confirmed:
            callback(determination)
    for whole in item_confirmed:
        whole(item, determinations)
