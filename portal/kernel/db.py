"""Locks and limits that live and die with a transaction."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def advisory_lock(name: str, *, shared: bool = False) -> None:
    """Wait for the named lock and hold it until this transaction ends."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_key(name)])


def try_advisory_lock(name: str) -> bool:
    """Take the named lock if nobody holds it; keep it until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_key(name)])
        return bool(cursor.fetchone()[0])


@contextmanager
def statement_timeout(seconds: float) -> Iterator[None]:
    """Give up a statement of this transaction after so many seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{int(seconds * 1000)}ms"])
    yield


def only_reading(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    """An execute wrapper that lets reading statements through and refuses every other."""
    statement = str(sql).lstrip().split(None, 1)[0].upper() if str(sql).strip() else ""
    if statement not in {
        "SELECT",
        "WITH",
        "SAVEPOINT",
        "RELEASE",
        "ROLLBACK",
        "SHOW",
        "EXPLAIN",
        "DECLARE",
        "FETCH",
        "CLOSE",
    }:
        raise RuntimeError(f"a reading view tried to write: {str(sql)[:120]}")
    return execute(sql, params, many, context)
