"""Both panels through the round itself: figures recorded, rounds opened, runs frozen, cut, sealed, read from the books.

A cut of each ships with the tests; the whole panels are read from `../shared` beside the repository, if there.
"""

from pathlib import Path

import pytest

from crisis.services import recompute_run
from tests.validation.bench_panel import bring_in, judged, lines, rows_of

pytestmark = pytest.mark.django_db

SHIPPED = Path(__file__).resolve().parents[1] / "crisis" / "rules" / "data"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "bench"
PANELS = {
    "shipped-states": (SHIPPED / "states", "observations.csv.gz", "expected.csv.gz", "SIDO", 400),
    "shipped-sigungu": (SHIPPED / "sigungu", "observations.csv.gz", "expected.csv.gz", "SIGUNGU", 452),
    "states": (SHARED / "crisis", "observations.csv", "expected_determinations_until_1996H2.csv", "SIDO", 400),
    "sigungu": (SHARED / "kr", "observations.csv.gz", "expected_determinations_until_2013H2.csv", "SIGUNGU", 904),
}


@pytest.mark.parametrize(
    "panel", [name if name == "shipped-sigungu" else pytest.param(name, marks=pytest.mark.slow) for name in PANELS]
)
def test_every_expected_row_comes_out_of_the_round(panel):
    folder, observations, expected, level, rows = PANELS[panel]
    if not folder.is_dir():
        pytest.skip(f"the whole panel is not here ({folder.name} in shared/bench beside the repository)")
    wanted = [{k: v for k, v in row.items() if k != "digest"} for row in rows_of(folder / expected)]
    rounds = bring_in(folder, observations, until=wanted[-1]["round"])
    order = [name.removeprefix("contrib_") for name in wanted[0] if name.startswith("contrib_")]
    found = []
    for run in judged(rounds):
        found += lines(run, order, level)
    assert len(wanted) == rows
    assert sorted(found, key=lambda row: (row["round"], row["area"])) == wanted
    assert recompute_run(run=run) == {}
