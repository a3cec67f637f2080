"""What waits for this reader, and for an area: feeds that are late, suspect values nobody has looked at."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crisis.sources.enums import FeedState
from crisis.sources.models import Feed, FeedReceipt, FeedSeries, SuspectValue
from crisis.sources.rules import periods
from crisis.sources.selectors.feeds import feed_standings
from crisis.sources.selectors.freshness import freshness
from crisis.sources.selectors.received import LOOKED_BACK
from crisis.waiting import Asked, Wait
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


def of_areas(asked: Asked) -> dict[int, list[Wait]]:
    """Per area the suspect values nobody has looked at, and the feeds that owe it a period other areas' rhythm expects."""
    found: dict[int, list[Wait]] = {}
    if not asked.newest:
        return found
    areas = list(asked.areas)
    rows = SuspectValue.objects.waiting().filter(area__in=areas).order_by().values_list("area")
    for area, number in rows.annotate(number=Count("pk")):
        text = ngettext("이상값 확인 %(n)s건", "이상값 확인 %(n)s건", number) % {"n": number}
        found.setdefault(area, []).append(Wait(text, reverse("sources:suspects")))
    for area, names in _late_in(asked.round.rule_set.body["indicators"], areas).items():
        text = _("늦은 자료: %(names)s") % {"names": ", ".join(names)}
        found.setdefault(area, []).append(Wait(text, reverse("sources:feeds")))
    return found


def _late_in(codes: Iterable[str], areas: list[int]) -> dict[int, list[str]]:
    """Area → the indicators of which it usually has figures and has none for the newest period that is owed."""
    owed = {code: one for code, one in freshness(codes).items() if one.owed is not None}
    series = FeedSeries.objects.filter(indicator__code__in=owed).values_list("indicator_id", "indicator__code")
    by_pk = {pk: owed[code] for pk, code in series}
    wanted = Q(pk=None)
    for pk, one in by_pk.items():
        owed_on = one.owed or date.min
        since = periods.after(owed_on, one.frequency, -LOOKED_BACK)
        wanted |= Q(indicator=pk, period__gte=since, period__lte=owed_on)
    came: dict[int, set[int]] = {}
    usual: dict[int, set[int]] = {}
    mine = set(areas)
    receipts = FeedReceipt.objects.filter(wanted).holding().of_areas(areas).order_by()
    for pk, period, held in receipts.values_list("indicator", "period", "areas"):
        (came if period == by_pk[pk].owed else usual).setdefault(pk, set()).update(mine.intersection(held))
    found: dict[int, list[str]] = {}
    for pk, one in by_pk.items():
        for area in usual.get(pk, set()) - came.get(pk, set()):
            found.setdefault(area, []).append(one.name)
    return found
