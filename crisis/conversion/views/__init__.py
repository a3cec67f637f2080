"""Doors: pages of business conversion."""
