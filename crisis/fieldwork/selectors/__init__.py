"""Reads that join several tables: response rates, results as a page shows them."""

from crisis.fieldwork.selectors.rates import Rate, Rates, response_rates
from crisis.fieldwork.selectors.results import Line, Results, history_of, previous_of, results_of

__all__ = ["Line", "Rate", "Rates", "Results", "history_of", "previous_of", "response_rates", "results_of"]
