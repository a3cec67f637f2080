"""Arithmetic of prevention plans: quarters, due days, how a measure stands. Imports no Django.

Periods are given by their first and last day, both included; money in whole won.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.kernel.deadlines import add_working_days


def quarter_start(day: date) -> date:
    """The first day of the quarter a day lies in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def next_quarter(quarter: date) -> date:
    return date(quarter.year + quarter.month // 10, (quarter.month + 2) % 12 + 1, 1)


def quarter_end(quarter: date) -> date:
    """The last day of a quarter given by its first."""
    return next_quarter(quarter) - timedelta(days=1)


def quarters(start: date, end: date) -> Iterator[date]:
    """The quarters a period touches, by their first days."""
    quarter = quarter_start(start)
    while quarter <= end:
        yield quarter
        quarter = next_quarter(quarter)


def quarter_text(quarter: date) -> str:
    """`2025Q3`."""
    return f"{quarter.year}Q{(quarter.month + 2) // 3}"


def parse_quarter(text: str) -> date | None:
    """`2025Q3` as its first day; None for anything else."""
    year, mark, number = text.partition("Q")
    if mark and len(year) == 4 and year.isdigit() and year.isascii() and number in {"1", "2", "3", "4"}:
        return date(int(year), int(number) * 3 - 2, 1)
    return None


def year_after(start: date) -> date:
    """The last day of the year that begins on a day: 2025-03-01 → 2026-02-28, 2024-02-29 → 2025-02-28."""
    try:
        return start.replace(year=start.year + 1) - timedelta(days=1)
    except ValueError:
        return date(start.year + 1, 2, 28)


def due_day(day: date, count: int, holidays: Collection[date]) -> date:
    """The last day of a term of `count` working days that runs from a day; the day itself does not count."""
    return add_working_days(day, count, holidays)


@dataclass(frozen=True, slots=True)
class Told:
    """One quarter of one measure, as far as it is known."""

    quarter: date
    due: date
    handed_in: bool
    spent: int
    rating: str = ""


def standing(*, start: date, end: date, dropped: bool, budget: int, told: Sequence[Told], today: date, gap: int) -> str:
    """How a measure stands today (`enums.Standing`).

    Late: a report is past its due day. Failing: the newest rated report is POOR. Underspent: of the budget `gap` points
    less is spent than of its time had passed by the end of the newest reported quarter.
    """
    if dropped:
        return "DROPPED"
    if today < start:
        return "NOT_YET"
    if any(not one.handed_in and today > one.due for one in told):
        return "LATE"
    rated = [one for one in told if one.rating]
    if rated and max(rated, key=lambda one: one.quarter).rating == "POOR":
        return "FAILING"
    reported = [one.quarter for one in told if one.handed_in]
    if budget and reported:
        until = min(quarter_end(max(reported)), end)
        elapsed = 100 * ((until - start).days + 1) / ((end - start).days + 1)
        spent = 100 * sum(one.spent for one in told if one.handed_in) / budget
        if elapsed - spent >= gap:
            return "UNDERSPENT"
    return "ON_TRACK"


def shortfalls(
    *, facts: Mapping[str, str], measures: Sequence[Mapping[str, object]], start: date, end: date
) -> dict[str, str]:
    """What a plan lacks before it can be handed in: field (of a measure: `number.field`) → what to do, in Korean.

    `measures`: `number`, `starts_on`, `ends_on`, `budget` (sum, won), `targets` (count), `dropped`.
    """
    found = {
        name: sentence
        for name, sentence in (
            ("diagnosis", "위기 원인과 현황을 적어 주세요."),
            ("goal", "목표를 적어 주세요."),
            ("structure", "추진체계를 적어 주세요."),
        )
        if not facts.get(name, "").strip()
    }
    live = [one for one in measures if not one["dropped"]]
    if not live:
        found["measures"] = "과제를 하나 이상 넣어 주세요."
    for one in live:
        if one["starts_on"] < start or one["ends_on"] > end:  # type: ignore[operator]
            found[f"{one['number']}.period"] = "과제 기간이 계획 기간을 벗어납니다."
        if not one["targets"]:
            found[f"{one['number']}.targets"] = "성과지표를 하나 이상 넣어 주세요."
    if live and not sum(int(one["budget"]) for one in live):  # type: ignore[call-overload]
        found["budget"] = "예산이 모두 0원입니다. 한 과제라도 예산을 적어 주세요."
    return found
