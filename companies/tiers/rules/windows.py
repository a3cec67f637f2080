"""Which business years a metric looks at: the last n, fewer for a young firm.

A year counts when the firm was in business from its first day to its last. The founding year is left out as a part
year, unless it is all there is: then it stands alone, as it is, and the evidence says so.
"""

from dataclasses import dataclass
from datetime import date

from companies.tiers.rules.facts import Facts


@dataclass(frozen=True, slots=True)
class Window:
    years: tuple[int, ...]
    note: str = ""


def _first_whole_year(founded_on: date) -> int:
    return founded_on.year if (founded_on.month, founded_on.day) == (1, 1) else founded_on.year + 1


def last_years(facts: Facts, count: int) -> Window:
    """The `count` business years up to the base year, in order; fewer for a younger firm, none before its first."""
    years = tuple(range(facts.base_year - count + 1, facts.base_year + 1))
    if facts.founded_on is None:
        return Window(years)
    whole = _first_whole_year(facts.founded_on)
    kept = tuple(year for year in years if year >= whole)
    if len(kept) == count:
        return Window(years)
    if kept:
        return Window(kept, f"업력이 짧아 {len(kept)}개 연도로 계산")
    if facts.founded_on.year <= facts.base_year:
        return Window((facts.founded_on.year,), "설립 연도 한 해(1년 미만)로 계산")
    return Window((), "결산한 사업연도가 아직 없음")
