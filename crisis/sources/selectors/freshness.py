"""How old the figures are that a page shows, said with a shape, a word and the months missing at the end of a chart."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crisis.enums import AreaLevel
from crisis.models import Area
from crisis.sources.enums import FeedState
from crisis.sources.models import FeedSeries
from crisis.sources.rules import periods
from crisis.sources.selectors.received import NOTHING, Received, received
from portal.directory.models import Holiday
from portal.kernel import display
from portal.kernel.dates import month_text


@dataclass(frozen=True, slots=True)
class Freshness:
    """Where one indicator stands on a day, for some areas."""

    code: str
    name: str
    frequency: str
    state: str
    received: Received
    owed: date | None
    """The newest period that should be here; None where none is expected any more."""
    next: date | None
    next_due: date | None
    feed: str
    note: str = ""

    @property
    def last(self) -> date | None:
        return self.received.last

    @property
    def months_late(self) -> int:
        """Months by which the series ends too early; nought unless it is late."""
        if self.state != FeedState.LATE or self.last is None or self.owed is None:
            return 0
        return periods.months_behind(self.last, self.owed)

    @property
    def late_periods(self) -> list[date]:
        """The periods that should be here and are not."""
        if not self.months_late or self.last is None or self.owed is None:
            return []
        return periods.between(periods.after(self.last, self.frequency), self.owed, self.frequency)

    @property
    def axis(self) -> list[str]:
        """`late_periods` as a chart's axis names them: `2025-10`, `2025Q4`."""
        return [axis_period(period, self.frequency) for period in self.late_periods]

    @property
    def word(self) -> str:
        return str(FeedState(self.state).label)

    @property
    def behind(self) -> str:
        """`2개월 지연`, or the state's word."""
        if not self.months_late:
            return self.word
        return ngettext("%(count)s개월 지연", "%(count)s개월 지연", self.months_late) % {"count": self.months_late}

    @property
    def sentence(self) -> str:
        """`자료 기준 2025년 9월 · 2개월 지연`."""
        if self.last is None:
            return _("받은 자료가 없습니다")
        return _("자료 기준 %(last)s · %(behind)s") % {
            "last": period_words(self.last, self.frequency),
            "behind": self.behind,
        }


def axis_period(period: date, frequency: str) -> str:
    return f"{period.year}Q{period.month // 3}" if frequency == "Q" else month_text(period)


def period_words(period: date, frequency: str) -> str:
    return display.period(axis_period(period, frequency))


def freshness(
    codes: Iterable[str], areas: Collection[int] | None = None, day: date | None = None
) -> dict[str, Freshness]:
    """Indicator code → where it stands on a day (today) in these areas (primary keys; None: anywhere).

    Indicators without a feed are left out: nothing says when they should come. Four queries, whatever is asked.
    """
    day = day or timezone.localdate()
    wanted = list(codes)
    series = list(FeedSeries.objects.filter(indicator__code__in=wanted).select_related("feed", "indicator"))
    if not series:
        return {}
    holidays = Holiday.objects.days()
    came = received({one.indicator_id: one.feed.frequency for one in series}, areas)
    found = {one.indicator.code: _standing(one, came.get(one.indicator_id, NOTHING), day, holidays) for one in series}
    return {code: found[code] for code in wanted if code in found}


def _standing(one: FeedSeries, came: Received, day: date, holidays: frozenset[date]) -> Freshness:
    feed = one.feed
    facts: dict[str, Any] = {
        "code": one.indicator.code, "name": one.indicator.name, "frequency": feed.frequency, "received": came,
        "feed": feed.code, "note": one.note,
    }  # fmt: skip
    if one.last_period or not feed.active:
        ended = came.last is not None or one.last_period is not None
        state = FeedState.ENDED if ended else FeedState.NONE
        return Freshness(**facts, state=state, owed=None, next=None, next_due=None)
    told = periods.expectation(day, last=came.last, frequency=feed.frequency, lag_days=feed.lag_days, holidays=holidays)
    return Freshness(
        **facts,
        state=state_of(came.last, told, day, feed.frequency, feed.first_period),
        owed=told.newest_due,
        next=told.next,
        next_due=told.next_due,
    )


def state_of(
    last: date | None, told: periods.Expectation, day: date, frequency: str, first: date | None = None
) -> FeedState:
    """Fresh: everything that can be here is. Due: a period is over, its day not yet. Late: its day is past."""
    if last is None:
        return FeedState.LATE if first is not None and first <= told.newest_due else FeedState.NONE
    if last < told.newest_due:
        return FeedState.LATE
    return FeedState.DUE if last < periods.newest_ended(day, frequency) else FeedState.FRESH


def of_area(area: Area, codes: Iterable[str], day: date | None = None) -> dict[str, Freshness]:
    """Freshness of the figures an area's page is made of: its own and those of the areas it is made of."""
    return freshness(codes, area_ids(area, day or timezone.localdate()), day)


_BELOW = """
WITH RECURSIVE below(area) AS (
    SELECT %(area)s::bigint
    UNION
    SELECT m.area_id FROM crisis_areamembership m JOIN below ON m.parent_id = below.area
     WHERE m.effective @> %(day)s::date
)
SELECT area FROM below
"""


def area_ids(area: Area, day: date) -> set[int] | None:
    """The area and all below it on a day; None for the nation, of which everything is part. One query."""
    if area.level == AreaLevel.NATION:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, {"area": area.pk, "day": day})
        return {row[0] for row in cursor.fetchall()}
