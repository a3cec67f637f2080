"""The public door of crisis response."""

from crisis.services.determinations import confirm_item
from crisis.services.floors import end_floor, open_floor
from crisis.services.hooks import register_confirmed, register_item_confirmed, register_superseded
from crisis.services.observations import enter_observation, record_batch, undo_batch
from crisis.services.reviews import keep_decision, review_owed_rounds, review_round
from crisis.services.rounds import open_due_rounds, open_round
from crisis.services.rule_sets import approve_rule_set, draft_rule_set, edit_rule_set
from crisis.services.runs import (
    evaluate_shard,
    finish_run,
    input_lines,
    prepare_run,
    recompute_input_digest,
    recompute_run,
    start_owed_runs,
    start_run,
    verify_run,
)
from crisis.services.tabling import set_stage, table_area, table_correction, table_round, withdraw_item

__all__ = [
    "approve_rule_set",
    "confirm_item",
    "draft_rule_set",
    "edit_rule_set",
    "end_floor",
    "enter_observation",
    "evaluate_shard",
    "finish_run",
    "input_lines",
    "keep_decision",
    "open_due_rounds",
    "open_floor",
    "open_round",
    "prepare_run",
    "recompute_input_digest",
    "recompute_run",
    "record_batch",
    "register_confirmed",
    "register_item_confirmed",
    "register_superseded",
    "review_owed_rounds",
    "review_round",
    "set_stage",
    "start_owed_runs",
    "start_run",
    "table_area",
    "table_correction",
    "table_round",
    "undo_batch",
    "verify_run",
    "withdraw_item",
]
