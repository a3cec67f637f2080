"""Pages of the shell: one's own work, search, the board, an area; whether the portal lives; what went wrong."""

from portal.dashboards.views.board import area, board, board_progress
from portal.dashboards.views.faults import bad_request, not_found, permission_denied, server_error
from portal.dashboards.views.home import home
from portal.dashboards.views.plain import accessibility, alive
from portal.dashboards.views.search import search

__all__ = [
    "accessibility",
    "alive",
    "area",
    "bad_request",
    "board",
    "board_progress",
    "home",
    "not_found",
    "permission_denied",
    "search",
    "server_error",
]
