"""All feeds on a day: what came last, what is expected by when, and a line of periods for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.sources.enums import FeedState
from crisis.sources.models import Feed, FeedSeries
from crisis.sources.rules import periods
from crisis.sources.selectors.freshness import period_words, state_of
from crisis.sources.selectors.received import ENOUGH, NOTHING, Delivery, Received, deliveries, received
from portal.directory.models import Holiday
from portal.kernel import display
from portal.kernel.dates import month_index, month_of

MONTHS_SHOWN = 13


@dataclass(frozen=True, slots=True)
class Slot:
    """One month of a feed's line. `kind`: on-time, late-in, part, late, due, none (nothing expected), empty."""

    period: date
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FeedStanding:
    """A feed on a day. `last` is the newest period whole in every living series."""

    feed: Feed
    series: list[FeedSeries]
    came: Mapping[int, Received]
    state: str
    last: date | None
    next: date
    next_due: date
    last_received: Delivery | None = None
    slots: list[Slot] = field(default_factory=list)

    @property
    def word(self) -> str:
        return str(FeedState(self.state).label)

    @property
    def last_words(self) -> str:
        return period_words(self.last, self.feed.frequency) if self.last else ""

    @property
    def next_words(self) -> str:
        return period_words(self.next, self.feed.frequency)

    @property
    def partial(self) -> Received | None:
        """A newer period of which only part of the areas has come."""
        return next((came for came in self.came.values() if came.partial), None)


def feed_standings(*, day: date | None = None, feeds: Iterable[Feed] | None = None) -> list[FeedStanding]:
    """Every feed as it stands on a day (today), without its line. Five queries."""
    day = day or timezone.localdate()
    series = Prefetch("series", FeedSeries.objects.select_related("indicator").order_by("indicator__code"))
    rows = Feed.objects.all() if feeds is None else Feed.objects.filter(pk__in=[feed.pk for feed in feeds])
    found = list(rows.select_related("owner").prefetch_related(series))
    holidays = Holiday.objects.days()
    rhythm = {one.indicator_id: feed.frequency for feed in found for one in feed.series.all()}
    came = received(rhythm)
    return [_standing(feed, came, day, holidays) for feed in found]


def _standing(feed: Feed, came: Mapping[int, Received], day: date, holidays: frozenset[date]) -> FeedStanding:
    series = list(feed.series.all())
    own = {one.indicator_id: came.get(one.indicator_id, NOTHING) for one in series}
    living = [own[one.indicator_id].last for one in series if one.last_period is None]
    known = [last for last in living if last is not None]
    last = min(known) if known and len(known) == len(living) else None
    told = periods.expectation(day, last=last, frequency=feed.frequency, lag_days=feed.lag_days, holidays=holidays)
    if not feed.active or not living:
        state = FeedState.ENDED if any(one.last for one in own.values()) else FeedState.NONE
    else:
        first = feed.first_period or (min(known) if known else None)  # some series came: the others are owed
        state = state_of(last, told, day, feed.frequency, first)
    return FeedStanding(feed, series, own, state, last, told.next, told.next_due)


def feed_board(*, day: date | None = None, months: int = MONTHS_SHOWN) -> tuple[list[date], list[FeedStanding]]:
    """The months of the last year, and every feed with its line over them. Six queries."""
    day = day or timezone.localdate()
    today = month_index(day)
    shown = [month_of(at) for at in range(today - months + 1, today + 1)]
    standings = feed_standings(day=day)
    since = min([shown[0], *(standing.last for standing in standings if standing.last)])
    came = deliveries([standing.feed.pk for standing in standings], since)
    holidays = Holiday.objects.days()
    return shown, [_with_line(one, came.get(one.feed.pk, {}), shown, day, holidays) for one in standings]


def _with_line(
    standing: FeedStanding, came: Mapping[date, Delivery], months: list[date], day: date, holidays: frozenset[date]
) -> FeedStanding:
    usual = max((one.areas for one in came.values()), default=0)
    expected = standing.state not in {FeedState.NONE, FeedState.ENDED}
    feed, slots = standing.feed, []
    for period in months:
        if periods.aligned(period, feed.frequency) != period:
            slots.append(Slot(period, "empty", ""))
            continue
        due = periods.due_day(period, feed.lag_days, holidays)
        words = period_words(period, feed.frequency)
        if period in came:
            slots.append(_came(came[period], usual, due, words))
        else:
            slots.append(_missing(period, due, words, day if expected else None))
    newest = came[max(came)] if came else None
    return replace(standing, last_received=newest, slots=slots)


def _came(came: Delivery, usual: int, due: date, words: str) -> Slot:
    if came.areas < ENOUGH * usual:
        text = _("%(period)s: %(have)s/%(usual)s곳만 받음")
        return Slot(came.period, "part", text % {"period": words, "have": came.areas, "usual": usual})
    late = timezone.localdate(came.first_at) > due
    text = _("%(period)s: %(day)s 늦게 받음") if late else _("%(period)s: %(day)s 받음")
    return Slot(
        came.period, "late-in" if late else "on-time", text % {"period": words, "day": display.day(came.first_at)}
    )


def _missing(period: date, due: date, words: str, day: date | None) -> Slot:
    """A period that has not come, seen from a day; None where nothing is expected."""
    if day is None:
        return Slot(period, "none", _("%(period)s: 받지 않음") % {"period": words})
    if periods.period_end(period) >= day:
        return Slot(period, "none", _("%(period)s: 아직 끝나지 않은 기간") % {"period": words})
    text = _("%(period)s: %(day)s까지 받아야 하는데 오지 않음") if due < day else _("%(period)s: %(day)s까지 받을 예정")
    return Slot(period, "late" if due < day else "due", text % {"period": words, "day": display.day(due)})
