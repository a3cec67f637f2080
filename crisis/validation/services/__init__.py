"""The public door of validation."""

from crisis.validation.services.back_tests import add_panel, compute_back_test, start_back_test
from crisis.validation.services.calibration import compute_calibration, start_calibration, take_calibration
from crisis.validation.services.feedback import document_incident, rate_alarm, withdraw_incident
from crisis.validation.services.follow_ups import join_due
from crisis.validation.services.levels import end_scheme, enter_scheme
from crisis.validation.services.rule_sets import approve_with_document, copy_rule_set, import_rule_set
from crisis.validation.services.shadow import start_shadow

__all__ = [
    "add_panel",
    "approve_with_document",
    "compute_back_test",
    "compute_calibration",
    "copy_rule_set",
    "document_incident",
    "end_scheme",
    "enter_scheme",
    "import_rule_set",
    "join_due",
    "rate_alarm",
    "start_back_test",
    "start_calibration",
    "start_shadow",
    "take_calibration",
    "withdraw_incident",
]
