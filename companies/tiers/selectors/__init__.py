"""Reads that join several tables into an answer."""

from companies.tiers.selectors.facts import gather, sheet_of
from companies.tiers.selectors.tiers import firms_seen, held, tier_on

__all__ = ["firms_seen", "gather", "held", "sheet_of", "tier_on"]
