"""Working days: whether a day is off, the next working day, a term counted in working days."""

from collections.abc import Collection
from datetime import date, timedelta

SATURDAY = 5
LONGEST_REST = 60


def is_day_off(day: date, holidays: Collection[date]) -> bool:
    """Saturday, Sunday or a public holiday."""
    return day.weekday() >= SATURDAY or day in holidays


def next_working_day(day: date, holidays: Collection[date]) -> date:
    """The day itself if it is a working day, else the first working day after it (Civil Act §161).

    ValueError if there is none within 60 days: the list of holidays is then at fault.
    """
    for ahead in range(LONGEST_REST):
        found = day + timedelta(days=ahead)
        if not is_day_off(found, holidays):
            return found
    raise ValueError(f"{day}부터 {LONGEST_REST}일 안에 근무일이 없습니다. 공휴일 목록을 확인해 주세요.")


def add_working_days(day: date, count: int, holidays: Collection[date]) -> date:
    """The last day of a term of `count` working days; the first day is not counted (Civil Act §157)."""
    if count < 1:
        raise ValueError("기간은 하루 이상이어야 합니다.")
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1), holidays)
    return day
