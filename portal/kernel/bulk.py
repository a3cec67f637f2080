"""Rows into a table by COPY: the fast road of every bulk load."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""}
_SPECIAL = re.compile(r"[\\\t\n\r\0]")
_json = DjangoJSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text) if _SPECIAL.search(text) else text


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    kind = type(value)
    if kind is str:
        return _escaped(value)
    if kind is dict or kind is list:
        # jsonb knows no NUL and no half of a surrogate pair; neither carries meaning in a cell.
        written = _json(value).replace("\\u0000", "") if value else ("{}" if kind is dict else "[]")
        return _escaped(written if written.isascii() else written.encode("utf-8", "replace").decode())
    if kind is bool:
        return "t" if value else "f"
    return _escaped(str(value))


class _Lines:
    """A file to read from, made of rows as they come: a million rows never stand in memory at once."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows: Iterator[Sequence[Any]] = iter(rows)
        self._rest = b""
        self.count = 0

    def read(self, size: int = 65536) -> bytes:
        parts, held = [self._rest], len(self._rest)
        while held < size:
            row = next(self._rows, None)
            if row is None:
                break
            line = ("\t".join(map(_text, row)) + "\n").encode()
            parts.append(line)
            held += len(line)
            self.count += 1
        everything = b"".join(parts)
        self._rest = everything[size:]
        return everything[:size]


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Send rows into `table` and return how many went.

    `table` and `columns` are names of ours, never of a user. Values: None, bool, int, Decimal, str, date, datetime
    (aware), and dict or list for a JSON column. `rows` may be a generator, but not one that asks the database: the
    connection is busy copying.
    """
    lines = _Lines(rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", lines)
    return lines.count
