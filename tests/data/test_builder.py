"""The builder writes what is checked in, and its tables are plain text of one kind."""

import csv
import subprocess
import sys

import pytest

from tests.data.tables import COMPANIES, CRISIS, DIRECTORY, ROOT, SOURCES, needs_sources

FILES = sorted(
    path
    for folder in (DIRECTORY, COMPANIES, CRISIS)
    for path in folder.rglob("*")
    if path.name.endswith((".csv", ".csv.gz", ".json"))
)


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix == ".csv"], ids=lambda p: p.name)
def test_table_is_utf8_without_mark_with_unix_line_ends_and_full_rows(path):
    raw = path.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    with path.open(encoding="utf-8", newline="") as file:
        widths = {len(row) for row in csv.reader(file)}
    assert len(widths) == 1


@needs_sources
def test_building_again_changes_nothing(tmp_path):
    subprocess.run(
        [sys.executable, str(ROOT / "tools/build_reference_data.py"), str(SOURCES), "--into", str(tmp_path)],
        check=True,
        timeout=120,
    )
    built = {path.relative_to(tmp_path): path for path in tmp_path.rglob("*") if path.is_file()}
    assert len(built) == 20
    for name, path in built.items():
        assert (ROOT / name).read_bytes() == path.read_bytes(), name
