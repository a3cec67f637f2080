"""What is known of a firm on a day, as plain values: the only thing metrics read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Year:
    """One business year's figures: won and heads, None where nobody reported.

    `sources` says for each item whose word it is, `preliminary` which items are not final.
    """

    year: int
    sales: int | None = None
    exports_direct: int | None = None
    exports_indirect: int | None = None
    rnd: int | None = None
    employees: int | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    preliminary: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact outside the registry, stated with a document."""

    value: bool | Fraction
    document: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """A firm as seen on `on`; `base_year` is the last business year that counts.

    Regions are 시·도 codes. `patents` are (day, what) pairs of filings and registrations. `stated` maps the codes of
    `companies.tiers.enums.Fact` to what was stated; a missing code is unknown, not false.
    """

    on: date
    base_year: int
    founded_on: date | None = None
    years: Mapping[int, Year] = field(default_factory=dict)
    size: str = ""
    state: str = ""
    industry: str = ""
    hq_region: str = ""
    hq_capital: bool | None = None
    regions: frozenset[str] = frozenset()
    certifications: frozenset[str] = frozenset()
    patents: tuple[tuple[date, str], ...] = ()
    stated: Mapping[str, Stated] = field(default_factory=dict)
    tier: str = ""
    designated: bool = False
