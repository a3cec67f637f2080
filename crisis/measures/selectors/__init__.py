"""Reads of preferential measures: what entitles, where firms are, the answer."""

from crisis.measures.selectors.answers import Answer, Entitlement, Ground, PlaceAnswer, answers
from crisis.measures.selectors.areas import EntitledArea, entitled_areas
from crisis.measures.selectors.askers import Asker, asker_of
from crisis.measures.selectors.stages import decided_stages

__all__ = [
    "Answer",
    "Asker",
    "EntitledArea",
    "Entitlement",
    "Ground",
    "PlaceAnswer",
    "answers",
    "asker_of",
    "decided_stages",
    "entitled_areas",
]
