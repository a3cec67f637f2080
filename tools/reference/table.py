"""Reading and writing of the plain tables: UTF-8, LF, header row, the same bytes for the same content."""

import csv
import gzip
import io
from collections.abc import Iterable
from pathlib import Path

Row = dict[str, str]


def read(path: Path, encoding: str = "utf-8-sig") -> list[Row]:
    """Rows of a CSV file, gzip-compressed if its name ends in ``.gz``; values are stripped strings."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode(encoding)
    return [
        {key: (value or "").strip() for key, value in row.items() if key is not None}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


def write(path: Path, columns: str, rows: Iterable[Row]) -> None:
    """Write rows in the order given under the space-separated ``columns``.

    A key that is not a column is an error (``ValueError``); a missing one is written blank.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns.split(), restval="", extrasaction="raise", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    raw = text.getvalue().encode("utf-8")
    if path.suffix == ".gz":
        # No file name and no time in the header: the archive depends on its content alone.
        raw = gzip.compress(raw, compresslevel=9, mtime=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
