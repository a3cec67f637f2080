from crisis.models.area import Area, AreaMembership
from crisis.models.designation import Designation
from crisis.models.determination import Determination, StageChange
from crisis.models.floor import Floor
from crisis.models.indicator import Indicator, IndicatorUnit
from crisis.models.observation import Observation, ObservationBatch
from crisis.models.receipt import BatchReceipt
from crisis.models.review import Review
from crisis.models.round import Result, Round, Run, RunShard
from crisis.models.ruleset import RuleSet

__all__ = [
    "Area",
    "AreaMembership",
    "BatchReceipt",
    "Designation",
    "Determination",
    "Floor",
    "Indicator",
    "IndicatorUnit",
    "Observation",
    "ObservationBatch",
    "Result",
    "Review",
    "Round",
    "RuleSet",
    "Run",
    "RunShard",
    "StageChange",
]
