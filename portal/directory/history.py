"""History by database triggers: every insert, change and deletion is copied, whoever made it and by whatever road."""

from typing import Any

import pghistory
import pgtrigger


def tracked(*, exclude: list[str] | None = None) -> Any:
    """Keep each version of each row in `<Model>Event`, with the context of the deed that made it."""
    options: dict[str, Any] = {"exclude": exclude} if exclude else {}
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options)


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Rows of this table are never changed nor deleted: the table is its own history."""
    return [pgtrigger.Protect(name=f"{name}_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
