"""Reads of the dashboards, each a query or two."""
