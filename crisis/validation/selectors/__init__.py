"""Reads that join several models into an answer."""

from crisis.validation.selectors.levels import LocalLevels, local_level, local_levels

__all__ = ["LocalLevels", "local_level", "local_levels"]
