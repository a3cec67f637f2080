"""Deeds at one's own desk: filters kept and shared, companies marked, files taken away."""

from companies.workspace.services.bookmarks import mark, unmark
from companies.workspace.services.exports import start_company_export
from companies.workspace.services.filters import forget_filter, save_filter

__all__ = ["forget_filter", "mark", "save_filter", "start_company_export", "unmark"]
