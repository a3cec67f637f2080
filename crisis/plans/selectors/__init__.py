"""Reads of prevention plans."""

from crisis.plans.selectors.overview import Line, overview
from crisis.plans.selectors.places import province_of
from crisis.plans.selectors.standing import Stand, failing_measures, stands

__all__ = ["Line", "Stand", "failing_measures", "overview", "province_of", "stands"]
