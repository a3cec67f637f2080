"""Months, half-years and dated periods."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateRange

KST = ZoneInfo("Asia/Seoul")
_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")
_QUARTER = re.compile(r"^(\d{4})[-_ ]?Q([1-4])$", re.IGNORECASE)


def month_index(day: date) -> int:
    """Months since year 0: the engine's way of counting (`year * 12 + month - 1`)."""
    return day.year * 12 + day.month - 1


def month_of(index: int) -> date:
    """The first day of a counted month."""
    return date(index // 12, index % 12 + 1, 1)


def parse_month(text: str) -> date | None:
    """`2025-09` or `2025Q3` (a quarter sits at its last month) as the first day of the month; None if neither."""
    if match := _MONTH.match(text.strip()):
        return date(int(match[1]), int(match[2]), 1)
    if match := _QUARTER.match(text.strip()):
        return date(int(match[1]), int(match[2]) * 3, 1)
    return None


def month_text(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def end_of_day(day: date) -> datetime:
    """The last instant of a day in Korea: a bare cut-off date means this."""
    return datetime.combine(day, time(23, 59, 59, 999999), tzinfo=KST)


def period(start: date | None, end: date | None = None) -> DateRange:
    """From `start` up to, not including, `end`; None is open. Bounds as Postgres gives them back, so that they compare."""
    return DateRange(start, end, "[)" if start else "()")
