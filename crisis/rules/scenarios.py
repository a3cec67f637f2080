"""What would tip a stage: the badge's scenarios by name, for a few areas (method §7).

The badge only counts; whoever prepares a decision asks which change moves the stage, and where to. The same scenarios
run here over the same panel, so the list always agrees with the badge that is kept.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from crisis.rules.badge import Scenario, compute_badge
from crisis.rules.composite import build_index, patterns
from crisis.rules.exact import IntArray
from crisis.rules.measures import NationalReference, measure
from crisis.rules.panel import Panel
from crisis.rules.scoring import OK, pick, score_all
from crisis.rules.stages import stage_name


def scenario_stages(
    panel: Panel, national: NationalReference, areas: Iterable[str]
) -> dict[str, list[tuple[Scenario, str | None]]]:
    """Area → every scenario with the raw (score-only) stage it gives, in the method's order.

    An area without an index has an empty list. KeyError for an area the panel does not hold.
    """
    ruleset = panel.ruleset
    measures = measure(panel)
    picked = {i.code: pick(measures, ruleset, i, national, panel.reference_month) for i in ruleset.ordered}
    pressures, s_abs, s_rel = score_all(picked, ruleset.momentum)
    available = np.column_stack([one.status == OK for one in picked.values()])
    with_gap = np.column_stack([pressure.d_known for pressure in pressures.values()])
    groups = patterns(ruleset, available, with_gap)
    index = build_index(ruleset, groups, s_abs, s_rel)
    wanted = {panel.tree.index[code]: code for code in areas}
    found: dict[str, list[tuple[Scenario, str | None]]] = {code: [] for code in wanted.values()}

    def hear(scenario: Scenario, rows: IntArray, stages: IntArray) -> None:
        for row, stage in zip(rows.tolist(), stages.tolist(), strict=True):
            if row in wanted:
                found[wanted[row]].append((scenario, stage_name(stage)))

    compute_badge(ruleset, picked, groups=groups, index=index, s_abs=s_abs, s_rel=s_rel, heard=hear)
    return found
