"""Reads that join several tables into an answer."""

from companies.tiers.selectors.facts import gather, sheet_of
from companies.tiers.selectors.tiers import held, tier_on

__all__ = ["gather", "held", "sheet_of", "tier_on"]
