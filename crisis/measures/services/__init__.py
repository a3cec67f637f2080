"""The public door of preferential measures."""

from crisis.measures.services.asking import ask
from crisis.measures.services.catalogue import change_measure, end_measure
from crisis.measures.sources import Status, Wanted, register_source, statuses

__all__ = ["Status", "Wanted", "ask", "change_measure", "end_measure", "register_source", "statuses"]
