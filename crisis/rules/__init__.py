"""The crisis-stage method (위기징후 단계 판정) as pure arithmetic: no Django, no clock, no float.

The road of a round: rows → ``as_of`` → ``build_panel`` → ``national_reference`` → ``evaluate`` (whole or by shard) →
``evaluate_nation``. ``AreaResult.public()`` is the record that is kept; ``digest`` names it.
"""

from crisis.rules.council import Shortfall, departure_is_valid, proposal, shortfalls
from crisis.rules.digest import area_input_digests, combined_digest, digest, input_digest
from crisis.rules.evaluate import evaluate, evaluate_nation, member_of
from crisis.rules.explain import explain_change
from crisis.rules.measures import NationalReference, national_reference
from crisis.rules.months import month_index, month_text
from crisis.rules.panel import Panel, build_panel
from crisis.rules.readings import Reading, Readings, Reject, as_of
from crisis.rules.result import AreaResult
from crisis.rules.ruleset import RuleSet, RuleSetError, canonical_json, parse_ruleset, ruleset_sha256
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
    "Shortfall",
    "Tree",
    "TreeError",
    "area_input_digests",
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
    "member_of",
    "month_index",
    "month_text",
    "national_reference",
    "parse_ruleset",
    "proposal",
    "ruleset_sha256",
    "shortfalls",
]
