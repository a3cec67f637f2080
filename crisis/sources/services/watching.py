"""A late feed becomes somebody's task: its owner is told, once for each period that is missing."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.sources.enums import FeedState
from crisis.sources.selectors.feeds import feed_standings
from portal.directory.enums import Capability
from portal.directory.services import notify
from portal.kernel import display


def watch_feeds(*, day: date | None = None) -> int:
    """Tell the owners of late feeds; returns how many people learned of something new."""
    told = 0
    for standing in feed_standings(day=day or timezone.localdate()):
        if standing.state != FeedState.LATE:
            continue
        feed = standing.feed
        told += notify(
            kind="feed_late",
            key=f"feed:{feed.code}:{standing.next:%Y-%m}",
            title=_("자료가 늦습니다: %(feed)s %(period)s") % {"feed": feed, "period": display.period(standing.next)},
            url=reverse("sources:feed", args=[feed.code]),
            capability=Capability.ENTER_OBSERVATIONS,
            organizations=[feed.owner],
            due=standing.next_due,
        )
    return told
