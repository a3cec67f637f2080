"""Months as indices (year * 12 + month - 1) and moments as instants, for method §3.

A quarter sits at its last month. A bare date means the end of that day in Korea (UTC+9, no summer time), so that a
round closed "on 10 July" sees what became known during 10 July.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")
WINDOW = 40  # months up to the reference month that take part in a round

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"([0-9]{4})-?Q([1-4])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def month_index(text: str) -> int:
    """The index of ``2026-05`` or, at its last month, of ``2026Q2``; ValueError for anything else."""
    if found := _MONTH.fullmatch(text):
        return int(found[1]) * 12 + int(found[2]) - 1
    if found := _QUARTER.fullmatch(text):
        return int(found[1]) * 12 + int(found[2]) * 3 - 1
    raise ValueError(f"not a month or quarter: {text!r}")


def month_text(index: int) -> str:
    """``2026-05`` for the index of May 2026."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def first_month(reference_month: int) -> int:
    """The oldest month whose readings take part in a round of this reference month."""
    return reference_month - WINDOW + 1


def instant(moment: str | date | datetime) -> datetime:
    """A moment in UTC. A bare date is the end of that day in Korea; a time without offset is Korean time."""
    if isinstance(moment, str):
        moment = date.fromisoformat(moment) if _DATE.fullmatch(moment) else datetime.fromisoformat(moment)
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.max)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=KST)
    return moment.astimezone(UTC)
