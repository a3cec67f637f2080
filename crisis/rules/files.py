"""A whole series of rounds from files to a file: areas, observations, rounds and a rule set in, determinations out.

The files are those of the benchmark panels: areas ``area,parent,level``; observations ``area,indicator,period,value,
known_at,status`` and optionally ``unit,seq,verified,batch``; rounds ``round,reference_month,cutoff``. The first round
has no previous stages; each later one starts from the model stages of the one before.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crisis.rules.evaluate import evaluate
from crisis.rules.files_read import RoundPlan, read_areas, read_observations, read_rounds
from crisis.rules.measures import national_reference
from crisis.rules.panel import build_panel
from crisis.rules.readings import Readings
from crisis.rules.result import AreaResult
from crisis.rules.ruleset import RuleSet, RuleSetError, parse_ruleset
from crisis.rules.tables import Faults, read_text
from crisis.rules.tree import Tree

COLUMNS = (
    "round", "area", "status", "grade", "coverage", "CA", "CR", "RCI", "view", "raw_stage", "model_stage", "held",
    "rho", "badge",
)  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """What a run over files did. ``rejects`` counts readings left out for an unknown unit, over all rounds."""

    rounds: int
    rows: int
    rejects: int


@dataclass(frozen=True)
class Inputs:
    """The four files, read and checked."""

    tree: Tree
    ruleset: RuleSet
    readings: Readings
    rounds: tuple[RoundPlan, ...]


def read_inputs(areas: Path, observations: Path, rounds: Path, ruleset: Path, level: str | None = None) -> Inputs:
    """Read and check all four files. Raises FilesError with every fault of every file."""
    faults = Faults()
    policy = read_ruleset_file(ruleset, faults)
    tree = read_areas(areas, faults)
    plans = read_rounds(rounds, faults)
    readings = read_observations(observations, tree, policy, faults)
    if tree is not None and policy is not None and policy.reference_area not in tree.index:
        complaint = f"판정 기준의 reference_area '{policy.reference_area}'이(가) 없습니다. 한 줄을 추가하십시오."
        faults.add(areas, None, "area", complaint)
    if tree is not None and level is not None and level not in (levels := sorted({n.level for n in tree.nodes})):
        faults.add(areas, None, "level", f"'{level}' 지역이 없습니다. 있는 것은 {', '.join(levels)}입니다.")
    faults.raise_if_any()
    if tree is None or policy is None or plans is None or readings is None:  # each None has left a fault behind
        raise AssertionError("a file was refused without a reason")
    return Inputs(tree, policy, readings, tuple(plans))


def read_ruleset_file(path: Path, faults: Faults) -> RuleSet | None:
    """The rule set of a JSON file; None, with faults, when it cannot be used."""
    text = read_text(path, faults)
    if text is None:
        return None
    try:
        return parse_ruleset(json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_refuse_constant))
    except json.JSONDecodeError as error:
        complaint = f"JSON 형식이 아닙니다({error.colno}번째 글자 근처). 쉼표와 괄호를 확인하십시오."
        faults.add(path, error.lineno, None, complaint)
    except RecursionError:
        faults.add(path, None, None, "JSON이 너무 깊게 겹쳐 있습니다.")
    except RuleSetError as error:
        for sentence in error.sentences:
            faults.add(path, None, None, sentence)
    except ValueError as error:
        faults.add(path, None, None, str(error))
    return None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"같은 이름이 두 번 있습니다: {', '.join(twice)}. 하나만 남기십시오.")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name}은(는) 쓸 수 없는 숫자입니다.")


def evaluate_rounds(inputs: Inputs) -> Iterable[tuple[str, list[AreaResult], int]]:
    """(round code, results in code order, number of rejected readings) of each round, in the order of the file."""
    previous: dict[str, str | None] = {}
    for plan in inputs.rounds:
        winners = inputs.readings.as_of(plan.cutoff)
        panel = build_panel(inputs.tree, inputs.ruleset, winners, plan.reference_month)
        results = evaluate(panel, national_reference(panel), previous=previous)
        previous = {result.code: result.model_stage for result in results}
        yield plan.code, results, len(panel.rejects)


def run_files(
    *, areas: Path, observations: Path, rounds: Path, ruleset: Path, out: Path, level: str | None = None
) -> Summary:
    """Evaluate all rounds and write the determinations, all or nothing. Raises FilesError when something is wrong."""
    faults = Faults()
    sources = [source for source in (areas, observations, rounds, ruleset) if source.exists()]
    if not out.parent.is_dir():
        faults.add(out, None, None, f"결과를 쓸 폴더 '{out.parent}'이(가) 없습니다. 폴더를 먼저 만드십시오.")
    elif out.is_dir():
        faults.add(out, None, None, "결과 파일 자리에 폴더가 있습니다. 파일 이름을 적으십시오.")
    elif out.exists() and any(out.samefile(source) for source in sources):
        faults.add(out, None, None, "결과가 입력 파일을 덮어쓰게 됩니다. 다른 이름을 적으십시오.")
    faults.raise_if_any()
    inputs = read_inputs(areas, observations, rounds, ruleset, level)
    try:
        return _write(inputs, out, level)
    except OSError as error:
        complaint = f"결과를 쓸 수 없습니다({error.strerror or error}). 폴더의 권한과 빈 공간을 확인하십시오."
        faults.add(out, None, None, complaint)
        faults.raise_if_any()
        raise


def _write(inputs: Inputs, out: Path, level: str | None) -> Summary:
    order = inputs.ruleset.order
    written = rejects = 0
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*COLUMNS, *(f"contrib_{code}" for code in order)])
            for code, results, left_out in evaluate_rounds(inputs):
                rejects += left_out
                for result in results:
                    if result.code != inputs.ruleset.reference_area and level in (None, result.node.level):
                        writer.writerow(_cells(code, result.public(), order))
                        written += 1
        part.chmod(0o644)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return Summary(len(inputs.rounds), written, rejects)


def _cells(code: str, public: dict[str, Any], order: Iterable[str]) -> list[Any]:
    """One line; the csv writer leaves None empty and writes True and False by name."""
    parts = public["contributions"]
    return [code, *(public[column] for column in COLUMNS[1:]), *(parts.get(indicator) for indicator in order)]
