"""Reviewed reference files: read once, loaded as often as one likes, changing only what differs."""

import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import models


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did to one table."""

    table: str
    created: int
    changed: int
    same: int

    def __str__(self) -> str:
        return f"{self.table}: 새로 {self.created}, 바뀜 {self.changed}, 같음 {self.same}"


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a CSV file (`.gz` too) by header, cells stripped."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: (value or "").strip() for key, value in row.items()}


def day_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def sync(model: type[models.Model], key: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Loaded:
    """Create the rows that are missing and update those that differ; never delete.

    `key` are the fields that identify a row. Rows already as they should be are not touched, so loading twice leaves
    no trace in the history. All rows must give the same fields.
    """
    wanted = {tuple(row[name] for name in key): dict(row) for row in rows}
    have = {tuple(getattr(row, name) for name in key): row for row in model._default_manager.all()}
    fresh = [model(**values) for found, values in wanted.items() if found not in have]
    changed, fields = [], set()
    for found, values in wanted.items():
        row = have.get(found)
        if row is None:
            continue
        different = {name for name, value in values.items() if getattr(row, name) != value}
        if different:
            for name in different:
                setattr(row, name, values[name])
            fields |= different
            changed.append(row)
    model._default_manager.bulk_create(fresh, batch_size=1000)
    if changed:
        model._default_manager.bulk_update(changed, sorted(fields), batch_size=500)
    same = len(wanted) - len(fresh) - len(changed)
    return Loaded(str(model._meta.verbose_name), len(fresh), len(changed), same)


def parents_first(rows: Sequence[Mapping[str, str]], key: str, parent: str) -> Iterator[list[Mapping[str, str]]]:
    """The rows in layers: each row comes after the row its `parent` column names."""
    left, done = list(rows), {""}
    while left:
        ready = [row for row in left if row[parent] in done]
        if not ready:
            raise ValueError(
                f"no way to order {sorted(row[key] for row in left)[:5]}: their parents are missing or circular"
            )
        done |= {row[key] for row in ready}
        left = [row for row in left if row[key] not in done]
        yield ready
