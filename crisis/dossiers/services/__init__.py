"""The public door of the dossiers."""

from crisis.dossiers.services.freezing import freeze_item, freeze_minutes, freeze_missing
from crisis.dossiers.services.papers import start_paper, write_paper
from crisis.dossiers.services.verifying import (
    Break,
    Verification,
    check_chain,
    inspect,
    keep_check,
    run_full_check,
    sweep_chain,
    verify_chain,
)

__all__ = [
    "Break",
    "Verification",
    "check_chain",
    "freeze_item",
    "freeze_minutes",
    "freeze_missing",
    "inspect",
    "keep_check",
    "run_full_check",
    "start_paper",
    "sweep_chain",
    "verify_chain",
    "write_paper",
]
