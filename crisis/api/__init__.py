"""Crisis response in the REST API: areas, figures, rounds, results and decisions."""

from crisis.api.areas import AreaViewSet, DesignationViewSet, IndicatorViewSet
from crisis.api.observations import ObservationViewSet

__all__ = [
    "AreaViewSet",
    "DesignationViewSet",
    "IndicatorViewSet",
    "ObservationViewSet",
]
