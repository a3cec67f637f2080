"""Which areas' values came for which period, from the derived receipts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from crisis.sources.models import FeedReceipt
from crisis.sources.rules import periods

ENOUGH = 0.9
"""A period is whole when this share of the areas that usually come has come."""
LOOKED_BACK = 12
"""Periods by which what usually comes is known."""


@dataclass(frozen=True, slots=True)
class Received:
    """How far a series has come. `last` is the newest whole period, `newest` the newest with anything, `have` of how
    many `usual` areas it holds."""

    last: date | None
    newest: date | None
    have: int
    usual: int

    @property
    def partial(self) -> bool:
        return self.newest is not None and self.newest != self.last


NOTHING = Received(None, None, 0, 0)


def received(
    frequencies: Mapping[int, str], areas: Collection[int] | None = None, *, until: date | None = None
) -> dict[int, Received]:
    """By indicator (primary key → rhythm) how far its figures have come, in these areas or anywhere. Two queries."""
    rows = FeedReceipt.objects.filter(indicator__in=frequencies).holding()
    if areas is not None:
        rows = rows.of_areas(list(areas))
    if until is not None:
        rows = rows.filter(period__lte=until)
    newest: dict[int, date] = {}
    latest = rows.order_by("indicator", "-period").distinct("indicator").values_list("indicator", "period")
    newest.update(latest)
    if not newest:
        return {}
    wanted = {
        (pk, periods.after(period, frequencies[pk], -back))
        for pk, period in newest.items()
        for back in range(LOOKED_BACK)
    }
    near = (
        rows.filter(indicator__in=newest, period__in={period for _pk, period in wanted})
        .order_by()
        .values_list("indicator", "period", "areas")
    )
    return {
        pk: _judged({period: held for (one, period), held in _held(near, wanted, areas).items() if one == pk})
        for pk in newest
    }


def _held(
    rows: Iterable[tuple[int, date, list[int]]], wanted: set[tuple[int, date]], areas: Collection[int] | None
) -> dict[tuple[int, date], int]:
    """Number of different areas by (indicator, period)."""
    inside = None if areas is None else set(areas)
    found: dict[tuple[int, date], set[int]] = defaultdict(set)
    for pk, period, held in rows:
        if (pk, period) in wanted:
            found[pk, period].update(held if inside is None else inside.intersection(held))
    return {key: len(held) for key, held in found.items() if held}


def _judged(counts: Mapping[date, int]) -> Received:
    usual = max(counts.values())
    whole = [period for period, count in counts.items() if count >= ENOUGH * usual]
    newest = max(counts)
    return Received(max(whole), newest, counts[newest], usual)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What has come of a feed for one period: when first, when last, of how many areas."""

    period: date
    first_at: datetime
    last_at: datetime
    areas: int


def deliveries(feed_ids: Collection[int], since: date) -> dict[int, dict[date, Delivery]]:
    """By feed and period what came since a period. One query."""
    rows = (
        FeedReceipt.objects.filter(feed__in=feed_ids, period__gte=since)
        .holding()
        .order_by()
        .values_list("feed", "period", "received_at", "areas")
    )
    moments: dict[tuple[int, date], list[datetime]] = defaultdict(list)
    held: dict[tuple[int, date], set[int]] = defaultdict(set)
    for feed, period, moment, areas in rows:
        moments[feed, period].append(moment)
        held[feed, period].update(areas)
    found: dict[int, dict[date, Delivery]] = defaultdict(dict)
    for (feed, period), times in moments.items():
        found[feed][period] = Delivery(period, min(times), max(times), len(held[feed, period]))
    return found
