"""The shipped tables as rows, and the questions the tests ask them."""

import csv
import gzip
import hashlib
import io
import json
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DIRECTORY = ROOT / "portal/directory/data"
COMPANIES = ROOT / "companies/data"
CRISIS = ROOT / "crisis/data"
SOURCES = ROOT.parent / "shared"
DIGESTS = json.loads((Path(__file__).parent / "panel_digests.json").read_text(encoding="utf-8"))

Row = dict[str, str]

needs_sources = pytest.mark.skipif(
    not (SOURCES / "bench/kr/observations.csv.gz").exists(),
    reason="the sources of the tables are not beside this project",
)


@cache
def table(path: Path) -> tuple[Row, ...]:
    """Rows of a CSV file, unzipped where needed."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    return tuple(csv.DictReader(io.StringIO(text, newline="")))


def regions() -> tuple[Row, ...]:
    return table(DIRECTORY / "regions.csv")


def organizations() -> tuple[Row, ...]:
    return table(DIRECTORY / "organizations.csv")


def jurisdictions() -> tuple[Row, ...]:
    return table(DIRECTORY / "jurisdictions.csv")


def areas() -> tuple[Row, ...]:
    return table(CRISIS / "areas.csv")


def memberships() -> tuple[Row, ...]:
    return table(CRISIS / "area_memberships.csv")


def in_force(row: Row, day: str) -> bool:
    """``valid_to`` is exclusive; blanks are open ends."""
    return row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])


def overlap(one: Row, other: Row) -> bool:
    return (not one["valid_to"] or other["valid_from"] < one["valid_to"]) and (
        not other["valid_to"] or one["valid_from"] < other["valid_to"]
    )


def tree_on(day: str) -> list[tuple[str, str, str]]:
    """(name, parent's name, level) of the areas of the demonstration panel on a day, as the benchmark names them."""
    name = {row["code"]: row["source_name"] for row in areas()}
    parent = {row["area"]: row["parent"] for row in memberships() if in_force(row, day)}
    return sorted(
        (row["source_name"], name[parent[row["code"]]] if row["code"] in parent else "", row["level"])
        for row in areas()
        if row["source_name"] and row["level"] != "CLUSTER" and in_force(row, day)
    )


def panel_rows() -> list[tuple[str, ...]]:
    """The 시·군·구 series with names for codes, in the order of the benchmark's identity."""
    name = {row["code"]: row["source_name"] for row in areas()}
    return sorted(
        (name[r["area"]], r["indicator"], r["period"], r["value"], r["known_at"], r["status"])
        for r in table(CRISIS / "demo/observations_sigungu.csv.gz")
    )


def digest(rows: list[tuple[str, ...]]) -> str:
    return hashlib.sha256("\n".join("\t".join(row) for row in rows).encode()).hexdigest()
