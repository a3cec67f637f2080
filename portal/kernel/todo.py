"""What waits for somebody: each app offers its own, the shell shows them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

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


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of waiting work by its rows: how many they are is asked for all kinds of all apps in one query.

    `due`: the field whose soonest day is told, by way of relations where need be.
    """

    title: str
    url: str
    rows: QuerySet[Any]
    due: str = ""
    detail: str = ""


Provider = Callable[["Scope"], Iterable[Todo | Waiting]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Called from an app's `ready`."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def for_scope(scope: "Scope") -> list[Todo]:
    """Everything that waits, the soonest due first."""
    return told(item for provider in _providers for item in provider(scope))


def told(offered: Iterable[Todo | Waiting]) -> list[Todo]:
    """What is offered and not nothing, counted, the soonest due first."""
    items = list(offered)
    found = [item for item in items if isinstance(item, Todo) and item.count]
    found += _counted([item for item in items if isinstance(item, Waiting)])
    return sorted(found, key=lambda item: (item.due or date.max, item.title))


def _counted(asked: list[Waiting]) -> list[Todo]:
    """One query for all of them, however many apps ask."""
    parts, values = [], []
    for at, item in enumerate(asked):
        # With its key, so that rows made distinct stay apart where they are due on one day.
        rows = item.rows.order_by().values("pk", *filter(None, [item.due]))
        try:
            sql, params = rows.query.sql_with_params()
        except EmptyResultSet:
            continue
        soonest, name = ("min(due)::date", "waiting(pk, due)") if item.due else ("NULL::date", "waiting")
        parts.append(f"SELECT {at} AS at, count(*) AS rows, {soonest} AS due FROM ({sql}) AS {name}")  # noqa: S608 - the ORM's own SQL
        values += params
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        counted = cursor.fetchall()
    return [Todo(asked[at].title, asked[at].url, count, due, asked[at].detail) for at, count, due in counted if count]
