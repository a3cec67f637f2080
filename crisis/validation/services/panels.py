"""Uploaded panels: read with every fault at once, judged without the database."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

from crisis import rules
from crisis.models import RuleSet
from crisis.rules.files_read import RoundPlan, read_areas, read_observations, read_rounds
from crisis.rules.tables import Faults, Table
from crisis.validation.models import Panel
from crisis.validation.models.backtest import PANEL_FILES
from crisis.validation.rules.cases import Case, Episode
from portal.kernel.dates import KST

_LABELS = ("round", "area", "y")
_LABELS_TOO = ("in_crisis_now", "y_abs", "y_rel")
_YES_NO = {"0": False, "1": True}
Measured = tuple[list[Case], list[Episode], list[tuple[str, date]]]


def judge_panel(panel: Panel, rule_set: RuleSet, say: Callable[..., None]) -> Measured:
    """Cases, spells of crisis and rounds of a panel under a rule set. Raises FilesError with every fault."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for part in PANEL_FILES:
            stored = getattr(panel, part)
            if stored:
                paths[part] = Path(folder) / f"{part}.csv"
                with stored.open("rb") as source, paths[part].open("wb") as target:
                    shutil.copyfileobj(source, target)
        return _judge(paths, panel.level, rule_set, say)


def _judge(paths: dict[str, Path], level: str, rule_set: RuleSet, say: Callable[..., None]) -> Measured:
    parsed, faults = rule_set.parsed, Faults()
    tree = read_areas(paths["areas"], faults)
    plans = read_rounds(paths["rounds"], faults)
    # Not held against the rule set: a panel may carry more indicators than one set of rules looks at.
    readings = read_observations(paths["observations"], tree, None, faults)
    codes = {plan.code for plan in plans or ()}
    labels = _labels(paths["labels"], codes if plans else None, faults)
    episodes = _episodes(paths["episodes"], faults) if "episodes" in paths else []
    if tree is not None and parsed.reference_area not in tree.index:
        complaint = f"판정 기준의 기준 지역 '{parsed.reference_area}'이(가) 없습니다. 이 자료에 맞는 기준을 고르십시오."
        faults.add(paths["areas"], None, "area", complaint)
    if tree is not None and level not in {node.level for node in tree.nodes}:
        faults.add(paths["areas"], None, "level", f"'{level}' 지역이 하나도 없습니다.")
    if readings is not None and not set(parsed.order) & set(readings.indicators):
        wanted = ", ".join(parsed.order)
        faults.add(paths["observations"], None, "indicator", f"판정 기준의 지표({wanted})가 하나도 없습니다.")
    faults.raise_if_any()
    if tree is None or plans is None or readings is None:  # each None has left a fault behind
        raise AssertionError("a file was refused without a reason")
    cases: list[Case] = []
    previous: dict[str, str | None] = {}
    for number, plan in enumerate(plans):
        say(done=number, total=len(plans), message=f"{plan.code} 회차를 계산하는 중")
        built = rules.build_panel(tree, parsed, readings.as_of(plan.cutoff), plan.reference_month)
        results = rules.evaluate(built, rules.national_reference(built), previous=previous, badge=False)
        previous = {result.code: result.model_stage for result in results}
        for result in results:
            if result.node.level == level and result.code != parsed.reference_area:
                crisis, running = labels.get((plan.code, result.code), (None, False))
                cases.append(case_of(result, number, crisis, running))
    return cases, episodes, [(plan.code, _day(plan)) for plan in plans]


def case_of(result: rules.AreaResult, number: int, crisis: bool | None, running: bool) -> Case:
    """A result as a case of the back-test: without enough data it has no stage, whatever is carried on."""
    sufficient = result.sufficient and result.rci is not None
    return Case(
        result.code,
        number,
        Fraction(result.rci) if sufficient and result.rci is not None else None,
        result.model_stage if sufficient else None,
        crisis,
        running,
    )


def _day(plan: RoundPlan) -> date:
    return plan.cutoff.astimezone(KST).date()


def _labels(path: Path, codes: set[str] | None, faults: Faults) -> dict[tuple[str, str], tuple[bool | None, bool]]:
    found: dict[tuple[str, str], tuple[bool | None, bool]] = {}
    for line, (code, area, crisis, running, *_) in Table(path, _LABELS, _LABELS_TOO, faults).rows():
        if codes is not None and code not in codes:
            faults.add(path, line, "round", f"'{code}'은(는) 회차 파일에 없는 회차입니다.")
        if crisis not in ("", *_YES_NO):
            faults.add(path, line, "y", f"'{crisis}' 대신 1(위기) 또는 0을 적고, 아직 모르면 비우십시오.")
        if running not in ("", *_YES_NO):
            faults.add(path, line, "in_crisis_now", f"'{running}' 대신 1 또는 0을 적으십시오.")
        if (code, area) in found:
            faults.add(path, line, "area", f"{code} 회차의 '{area}'이(가) 두 번 있습니다. 하나만 남기십시오.")
        found[code, area] = (_YES_NO.get(crisis), _YES_NO.get(running, False))
    return found


def _episodes(path: Path, faults: Faults) -> list[Episode]:
    found = []
    for line, (area, onset, end) in Table(path, ("area", "onset", "end"), (), faults).rows():
        days: dict[str, date | None] = {}
        for name, text in (("onset", onset), ("end", end)):
            try:
                days[name] = date.fromisoformat(text if len(text) > 7 else f"{text}-01") if text else None
            except ValueError:
                faults.add(path, line, name, f"'{text}'은(는) 달이나 날이 아닙니다. 2009-01처럼 적으십시오.")
        if days.get("onset") is None:
            if not onset:
                faults.add(path, line, "onset", "위기가 시작된 달이 비어 있습니다.")
            continue
        found.append(Episode(area, days["onset"], days.get("end")))  # type: ignore[arg-type]
    return found
