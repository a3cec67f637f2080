"""Reads of regions in decline."""

from crisis.declining.selectors.figures import complex_series, latest_figures
from crisis.declining.selectors.overview import Line, overview, plan_figures, years
from crisis.declining.selectors.places import Lineage
from crisis.declining.selectors.regions import Place, in_decline, place_page

__all__ = [
    "Line",
    "Lineage",
    "Place",
    "complex_series",
    "in_decline",
    "latest_figures",
    "overview",
    "place_page",
    "plan_figures",
    "years",
]
