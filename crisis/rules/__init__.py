"""The crisis-stage method (위기징후 단계 판정) as pure arithmetic: no Django, no clock, no float.

The road of a round: rows → ``as_of`` → ``build_panel`` → ``national_reference`` → ``evaluate`` (whole or by shard) →
``evaluate_nation``. ``AreaResult.public()`` is the record that is kept; ``digest`` names it.

Where the method's text leaves a choice, this is what the engine does:

* The 40 months of a round are the reference month and the 39 before it; n, too, is looked for only there.
* Winners first, units second: a winning row in an unknown unit leaves its month absent, older rows do not step in.
* PROVISIONAL and the officer's ``verified`` are read from the reading of the evaluation month t.
* A roll-up sums over the nearest areas below it that have an own series; each stands by rule 1 on its own. It carries a
  flag when at least half of its members do. Members with a suspect change stay in the sums; the roll-up's own suspect
  change is confirmed when every member beyond the limit is. Rate members without exposure in the base window are out.
* Each displayed rounding is what the next step uses (c, c̃, a, d 4 dp; scores 2 dp). B and weights stay exact.
* k = 0 means B = 1 without a flag; NO_PARENT comes before NO_EXPOSURE; without c̃ of the ancestor at t-6 there is no
  momentum. The nation has no gap to itself: its CR is empty.
* An area whose n is unknown is not held back for its size. A grade D keeps RCI in view, but no CA, CR, view or badge.
* Spread looks at the areas without members below, by this round's model stage; D counts as having none.
* Dropping an area's only indicator leaves nothing to compare, so that scenario is not counted.
"""

from crisis.rules.badge import Scenario
from crisis.rules.council import Shortfall, departure_is_valid, proposal, shortfalls
from crisis.rules.digest import (
    area_input_digests,
    area_input_lines,
    combined_digest,
    digest,
    input_digest,
    lines_digest,
)
from crisis.rules.evaluate import evaluate, evaluate_nation, member_of
from crisis.rules.explain import explain_change
from crisis.rules.measures import NationalReference, national_reference
from crisis.rules.months import month_index, month_text
from crisis.rules.panel import Panel, build_panel
from crisis.rules.readings import Reading, Readings, Reject, as_of
from crisis.rules.result import AreaResult
from crisis.rules.ruleset import RuleSet, RuleSetError, canonical_json, parse_ruleset, ruleset_sha256
from crisis.rules.scenarios import scenario_stages
from crisis.rules.tree import AreaNode, Tree, TreeError
from crisis.rules.version import ENGINE_VERSION

__all__ = [
    "ENGINE_VERSION",
    "AreaNode",
    "AreaResult",
    "NationalReference",
    "Panel",
    "Reading",
    "Readings",
    "Reject",
    "RuleSet",
    "RuleSetError",
    "Scenario",
    "Shortfall",
    "Tree",
    "TreeError",
    "area_input_digests",
    "area_input_lines",
    "as_of",
    "build_panel",
    "canonical_json",
    "combined_digest",
    "departure_is_valid",
    "digest",
    "evaluate",
    "evaluate_nation",
    "explain_change",
    "input_digest",
    "lines_digest",
    "member_of",
    "month_index",
    "month_text",
    "national_reference",
    "parse_ruleset",
    "proposal",
    "ruleset_sha256",
    "scenario_stages",
    "shortfalls",
]
