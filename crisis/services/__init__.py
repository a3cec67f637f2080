"""The public door of crisis response."""

from crisis.services.determinations import confirm_item, set_stage, table_round, withdraw_item
from crisis.services.floors import end_floor, open_floor
from crisis.services.hooks import register_confirmed, register_item_confirmed, register_superseded
from crisis.services.observations import enter_observation, record_batch, undo_batch
from crisis.services.rounds import open_due_rounds, open_round
from crisis.services.rule_sets import approve_rule_set, draft_rule_set
from crisis.services.runs import (
    evaluate_shard,
    finish_run,
    prepare_run,
    recompute_run,
    start_owed_runs,
    start_run,
    verify_run,
)

__all__ = [
    "approve_rule_set",
    "confirm_item",
    "draft_rule_set",
    "end_floor",
    "enter_observation",
    "evaluate_shard",
    "finish_run",
    "open_due_rounds",
    "open_floor",
    "open_round",
    "prepare_run",
    "recompute_run",
    "record_batch",
    "register_confirmed",
    "register_item_confirmed",
    "register_superseded",
    "set_stage",
    "start_owed_runs",
    "start_run",
    "table_round",
    "undo_batch",
    "verify_run",
    "withdraw_item",
]
