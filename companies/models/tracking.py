"""History for tables that are loaded by the hundred thousand: one trigger call a statement instead of one a row."""

from typing import Any

import pghistory


def tracked_in_bulk(*, exclude: list[str] | None = None) -> Any:
    """Like `tracked`, with statement-level triggers and no index over deeds in the history table.

    Loading 100,000 rows then costs one INSERT … SELECT into the history. What one deed changed is asked through the
    audit event, not through the history table, so its index would only slow the load.
    """
    level = pghistory.Statement
    options: dict[str, Any] = {"exclude": exclude} if exclude else {}
    return pghistory.track(
        pghistory.InsertEvent(level=level),
        pghistory.UpdateEvent(level=level),
        pghistory.DeleteEvent(level=level),
        context_field=pghistory.ContextForeignKey(db_index=False),
        **options,
    )
