"""Whole rounds from files, row for row against determinations made independently of this engine.

A cut of both panels ships with the tests; the whole panels are read from `../shared` beside the repository, if there.
"""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pytest

from crisis.rules import combined_digest, digest
from crisis.rules.files import evaluate_rounds, read_inputs, run_files

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).resolve().parents[4] / "shared" / "bench"
LEVELS = {"states": None, "sigungu": "SIGUNGU"}
WHOLE = {
    "states": ("crisis", "observations.csv", "expected_determinations_until_1996H2.csv", 400),
    "sigungu": ("kr", "observations.csv.gz", "expected_determinations_until_2013H2.csv", 904),
}


def _read(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{key: cell for key, cell in row.items() if key != "digest"} for row in rows]


def _run(folder: Path, observations: str, out: Path, level: str | None) -> list[dict[str, str]]:
    names = {"areas": "areas.csv", "observations": observations, "rounds": "rounds.csv", "ruleset": "ruleset.json"}
    run_files(**{name: folder / file for name, file in names.items()}, out=out, level=level)  # type: ignore[arg-type]
    return _read(out)


@pytest.mark.parametrize("panel", ["states", "sigungu"])
def test_shipped_rounds_row_for_row(panel: str, tmp_path: Path) -> None:
    expected = _read(DATA / panel / "expected.csv.gz")
    found = _run(DATA / panel, "observations.csv.gz", tmp_path / "out.csv", LEVELS[panel])
    assert len(expected) in {400, 452}
    assert found == expected


@pytest.fixture(scope="module")
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[Any]]:
    folder, observations, _, _ = WHOLE[request.param]
    if not (SHARED / folder).is_dir():
        pytest.skip(f"the whole panel is not here ({folder} beside the repository in shared/bench)")
    out = tmp_path_factory.mktemp(request.param) / "out.csv"
    return request.param, _run(SHARED / folder, observations, out, LEVELS[request.param])


@pytest.mark.parametrize("whole", ["states", "sigungu"], indirect=True)
def test_whole_panel_row_for_row(whole: tuple[str, list[dict[str, str]]]) -> None:
    panel, found = whole
    folder, _, name, rows = WHOLE[panel]
    expected = _read(SHARED / folder / name)
    assert len(expected) == rows
    assert found[:rows] == expected


@pytest.mark.parametrize("whole", ["sigungu"], indirect=True)
def test_stages_before_the_designations_of_2018(whole: tuple[str, list[dict[str, str]]]) -> None:
    """2017H2, four months before the state designated them: the model's stage in force."""
    _, found = whole
    stages = {row["area"]: row["model_stage"] for row in found if row["round"] == "2017H2"}
    wanted = {
        "울산광역시 동구": "SEVERE",
        "전라남도 영암군": "SEVERE",
        "경상남도 통영시": "SEVERE",
        "경상남도 거제시": "CAUTION",
        "전북특별자치도 군산시": "CAUTION",
        "경상남도 고성군": "CAUTION",
        "전라남도 해남군": "CAUTION",
        "전라남도 목포시": "GOOD",
    }
    assert {area: stages[area] for area in wanted} == wanted


def test_bytes_of_a_round_do_not_drift() -> None:
    """A change of these digests changes what an auditor recomputes: raise ENGINE_VERSION together with them."""
    folder = DATA / "states"
    inputs = read_inputs(
        folder / "areas.csv", folder / "observations.csv.gz", folder / "rounds.csv", folder / "ruleset.json"
    )
    rounds = {
        code: combined_digest({result.code: digest(result.public()) for result in results})
        for code, results, _ in evaluate_rounds(inputs)
    }
    assert (rounds["1993H1"][:16], rounds["1996H2"][:16]) == ("3475af8456cfd8bc", "653bb938e06bad64")
