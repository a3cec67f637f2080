"""What waits for this reader: feeds of their body that are late, suspect values of their regions."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from crisis.sources.enums import FeedState
from crisis.sources.models import Feed, SuspectValue
from crisis.sources.selectors.feeds import feed_standings
from portal.directory.enums import Capability
from portal.directory.scope import Scope
from portal.kernel.todo import Todo


def todo(scope: Scope) -> Iterator[Todo]:
    """Late feeds to whoever enters figures for the owning body; suspect values to the officers of the regions."""
    entering = scope.within(Capability.ENTER_OBSERVATIONS)
    if not entering.is_empty:
        yield from _late(entering)
    verifying = scope.within(Capability.VERIFY_OBSERVATIONS)
    if not verifying.is_empty:
        waiting = SuspectValue.objects.waiting().writable_by(verifying).count()
        if waiting:
            yield Todo(
                title=_("확인할 이상값"),
                url=reverse("sources:suspects"),
                count=waiting,
                detail=_("확인하기 전에는 산출에서 빠집니다"),
            )


def _late(scope: Scope) -> Iterator[Todo]:
    mine = list(Feed.objects.watched().owned_by(scope))
    if not mine:
        return
    for one in feed_standings(feeds=mine):
        if one.state == FeedState.LATE:
            yield Todo(
                title=_("늦은 자료: %(feed)s") % {"feed": one.feed},
                url=reverse("sources:feed", args=[one.feed.code]),
                due=one.next_due,
                detail=_("%(period)s 자료를 아직 받지 못했습니다") % {"period": one.next_words},
            )
