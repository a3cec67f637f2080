"""Terms and due days, free of Django.

Act §24 and decree §28: at most two years, extended once by at most two; a report each year, counted from the day of
designation. The figures come in as arguments: they are dated rows (`SupportAreaRule`).
"""

from collections.abc import Iterator
from datetime import date, timedelta

MOST_MEMBERS = 10
"""Of an inquiry (조사단), its head among them (decree §27)."""


def years_later(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes 28 February (Civil Act §160③)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def longest_end(start: date, years: int) -> date:
    """The last day a term of so many years may have: the eve of the anniversary."""
    return years_later(start, years) - timedelta(days=1)


def faults_of_term(start: date, last: date, *, years: int, after: date | None = None) -> dict[str, str]:
    """What is wrong with a term, by field; empty when nothing is. `after` is the last day of the term it extends."""
    faults = {}
    if after is not None and start != after + timedelta(days=1):
        faults["starts_on"] = f"연장은 지정 기간이 끝난 다음 날({after + timedelta(days=1):%Y-%m-%d})부터여야 합니다."
    if last < start:
        faults["ends_on"] = "끝나는 날은 시작하는 날보다 빠를 수 없습니다."
    elif last > longest_end(start, years):
        faults["ends_on"] = f"기간은 {years}년 이내({longest_end(start, years):%Y-%m-%d}까지)여야 합니다."
    return faults


def report_days(designated: date, last: date) -> Iterator[tuple[int, date]]:
    """(year, legal due day) of every yearly report: each anniversary of the designation up to the day after its end."""
    year = 1
    while (day := years_later(designated, year)) <= last + timedelta(days=1):
        yield year, day
        year += 1
