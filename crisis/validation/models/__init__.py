from crisis.validation.models.backtest import BackTest, Panel
from crisis.validation.models.calibration import Calibration
from crisis.validation.models.document import RuleSetDocument
from crisis.validation.models.feedback import AlarmRating, FollowUp, Incident
from crisis.validation.models.levels import LocalLevel, LocalScheme

__all__ = [
    "AlarmRating",
    "BackTest",
    "Calibration",
    "FollowUp",
    "Incident",
    "LocalLevel",
    "LocalScheme",
    "Panel",
    "RuleSetDocument",
]
