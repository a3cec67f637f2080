"""The public door of the sources."""

from crisis.sources.services.collecting import collect, rebuild_receipts
from crisis.sources.services.deciding import reject_suspect, verify_suspect
from crisis.sources.services.editing import add_place, change_feed, change_source, end_place
from crisis.sources.services.finding import examine_newest_run
from crisis.sources.services.watching import watch_feeds

__all__ = [
    "add_place",
    "change_feed",
    "change_source",
    "collect",
    "end_place",
    "examine_newest_run",
    "rebuild_receipts",
    "reject_suspect",
    "verify_suspect",
    "watch_feeds",
]
