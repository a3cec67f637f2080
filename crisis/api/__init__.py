"""Crisis response in the REST API: areas, figures, rounds, results and decisions."""

from crisis.api.areas import AreaViewSet, DesignationViewSet, IndicatorViewSet
from crisis.api.decisions import FloorViewSet, ReviewViewSet
from crisis.api.determinations import DeterminationViewSet, StageOnViewSet
from crisis.api.observations import ObservationViewSet
from crisis.api.rounds import ResultViewSet, RoundViewSet, RuleSetViewSet

__all__ = [
    "AreaViewSet",
    "DesignationViewSet",
    "DeterminationViewSet",
    "FloorViewSet",
    "IndicatorViewSet",
    "ObservationViewSet",
    "ResultViewSet",
    "ReviewViewSet",
    "RoundViewSet",
    "RuleSetViewSet",
    "StageOnViewSet",
]
