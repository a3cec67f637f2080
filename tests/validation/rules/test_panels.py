"""The measures on the panel of fifty states: the figures its makers published for rounds no anchor was fitted on.

The panel lies beside the repository; what ships with the tests has too few crises to measure.
"""

import csv
import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from crisis.rules import build_panel, evaluate, national_reference
from crisis.rules.files import read_inputs
from crisis.validation.rules.cases import Case, Episode
from crisis.validation.rules.percentiles import anchors
from crisis.validation.rules.report import report

BENCH = Path(__file__).resolve().parents[4] / "shared" / "bench"


def rows_of(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def replay(folder, observations, level=None, until="9"):
    """(round code, results) without badges, until a round."""
    inputs = read_inputs(
        folder / "areas.csv", folder / observations, folder / "rounds.csv", folder / "ruleset.json", level
    )
    previous = {}
    for plan in inputs.rounds:
        if plan.code > until:
            return
        panel = build_panel(inputs.tree, inputs.ruleset, inputs.readings.as_of(plan.cutoff), plan.reference_month)
        results = evaluate(panel, national_reference(panel), previous=previous, badge=False)
        previous = {result.code: result.model_stage for result in results}
        yield (
            plan.code,
            [r.public() for r in results if r.code != inputs.ruleset.reference_area and level in (None, r.node.level)],
        )


@pytest.fixture(scope="module")
def states():
    folder = BENCH / "crisis"
    if not folder.is_dir():
        pytest.skip("the panel of the states is not here (shared/bench beside the repository)")
    labels = {(row["round"], row["area"]): row for row in rows_of(folder / "labels.csv")}
    rounds = [(row["round"], date.fromisoformat(row["cutoff"])) for row in rows_of(folder / "rounds.csv")]
    episodes = [
        Episode(row["area"], date.fromisoformat(row["onset"] + "-01"), date.fromisoformat(row["end"] + "-01"))
        for row in rows_of(folder / "episodes.csv")
    ]
    cases = []
    for number, (code, results) in enumerate(replay(folder, "observations.csv")):
        for result in results:
            row = labels[code, result["area"]]
            cases.append(
                Case(
                    result["area"],
                    number,
                    Fraction(result["RCI"]),
                    result["model_stage"],
                    row["y"] == "1",
                    row["in_crisis_now"] == "1",
                )
            )
    return cases, episodes, rounds


def test_held_out_rounds_give_the_published_figures(states):
    cases, episodes, rounds = states
    codes = [code for code, _ in rounds]
    found = report(cases, episodes, rounds, first=codes.index("2004H2"), last=codes.index("2014H2"))
    assert (found["cases"], found["crises"]) == (1050, 160)
    assert Fraction(found["auroc"]).limit_denominator(1000) == Fraction(915, 1000)
    assert round(float(found["average_precision"]), 2) == 0.69
    assert (round(float(found["recall"]), 2), round(float(found["precision"]), 2)) == (0.80, 0.46)
    assert (found["onsets_alarmed"], found["onsets"], found["mean_lead_months"]) == (41, 50, "5.1")
    assert found["small"] is False


def test_rounds_of_regional_crises_give_the_published_figure_and_say_they_are_few(states):
    cases, episodes, rounds = states
    codes = [code for code, _ in rounds]
    found = report(cases, episodes, rounds, first=0, last=codes.index("2004H1"))
    assert (found["auroc"], found["small"]) == ("0.834", True)


def test_calibration_finds_the_anchors_of_the_korean_panel_again():
    folder = BENCH / "kr"
    if not folder.is_dir():
        pytest.skip("the panel of the 시군구 is not here (shared/bench beside the repository)")
    rules = json.loads((folder / "ruleset.json").read_text(encoding="utf-8"))
    pooled = {(code, name): [] for code in rules["order"] for name in "ad"}
    for _, results in replay(folder, "observations.csv.gz", "SIGUNGU", until="2016H1"):
        for result in results:
            for (code, name), values in pooled.items():
                if (value := result["indicators"][code][name]) is not None:
                    values.append(Fraction(value))
    for code in rules["order"]:
        for name, key in (("a", "anchors_abs"), ("d", "anchors_rel")):
            assert list(anchors(pooled[code, name], Fraction(1, 2)).proposed) == [
                Fraction(text) for text in rules["indicators"][code][key]
            ], (code, key)
