"""Reads that join several models into an answer."""

from crisis.validation.selectors.levels import local_level, local_levels

__all__ = ["local_level", "local_levels"]
