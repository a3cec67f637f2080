"""Reads that join several models into an answer."""

from collections.abc import Iterator

from portal.directory.scope import Scope
from portal.kernel.todo import Todo


def todo(scope: Scope) -> Iterator[Todo]:
    """What waits for this reader in crisis response."""
    yield from ()
