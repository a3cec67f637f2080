"""Who wants to know which companies were written: the search index, say. Told inside the writing transaction."""

from collections.abc import Callable, Iterable

Listener = Callable[[Iterable[int]], object]
_listeners: list[Listener] = []


def subscribe(listener: Listener) -> Listener:
    """Called from an app's `ready` with something that takes company numbers (pk)."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell(company_ids: Iterable[int]) -> None:
    """Tell every listener. Whoever writes companies, their names or places calls this before the transaction ends."""
    ids = list(company_ids)
    if not ids:
        return
    for listener in _listeners:
        listener(ids)
