"""Thousands of new rows at once: COPY into a table beside, then one INSERT, so that history keeps its deed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection, models
from django.utils import timezone

from portal.kernel.bulk import copy_rows

BESIDE = "tiers_coming"


def insert_new(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert rows given by column (`company_id`, …); what is left out takes the field's default. Returns how many.

    JSON may come as text already written. Call it in a transaction: constraints and triggers of the table apply.
    """
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = [str(field.attname) for field in fields]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {BESIDE} ON COMMIT DROP AS TABLE {table} WITH NO DATA")
        count = copy_rows(BESIDE, columns.split(", "), _filled(fields, names, rows))
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {BESIDE}")  # noqa: S608 -- our names
        cursor.execute(f"DROP TABLE {BESIDE}")
    return count


def _filled(fields: list[Any], names: list[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Any]]:
    now = timezone.now()
    stamped = {
        field.attname for field in fields if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    }
    for row in rows:
        yield [
            row[name] if name in row else now if name in stamped else field.get_default()
            for name, field in zip(names, fields, strict=True)
        ]
