"""Reads of the catalogue, the feeds and the suspect values."""

from crisis.sources.selectors.feeds import FeedStanding, feed_standings
from crisis.sources.selectors.freshness import Freshness, freshness, of_area
from crisis.sources.selectors.waiting import of_areas as waiting_of_areas
from crisis.sources.selectors.waiting import todo

__all__ = ["FeedStanding", "Freshness", "feed_standings", "freshness", "of_area", "todo", "waiting_of_areas"]
