"""A firm's facts for the metrics: read for many firms at once, a fixed number of queries whatever their number."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from companies.enums import PatentKind
from companies.models import Certification, Company, CompanyState, Patent, Workplace
from companies.selectors import YearlyFigures, yearly
from companies.tiers import rules
from companies.tiers.models import CriteriaSet, LeadingDesignation, StatedFact
from companies.tiers.rules.metrics import LONGEST_WINDOW
from companies.tiers.selectors.tiers import held
from portal.directory.enums import RegionLevel


def _year(row: YearlyFigures) -> rules.Year:
    items = ("sales", "exports_direct", "exports_indirect", "rnd", "employees")
    return rules.Year(
        row.year,
        row.sales,
        row.exports_direct,
        row.exports_indirect,
        row.rnd,
        row.employees,
        sources={item: row.sources.get(item, "") for item in items},
        preliminary=row.preliminary,
    )


def _places(ids: list[int], on: date) -> dict[int, dict[str, Any]]:
    """Codes of the 시·도 of each firm's workplaces, and where its headquarters lie."""
    found: dict[int, dict[str, Any]] = defaultdict(lambda: {"regions": set(), "hq_region": "", "hq_capital": None})
    rows = Workplace.objects.filter(company__in=ids, effective__contains=on).values_list(
        "company_id",
        "is_headquarters",
        "region__level",
        "region__code",
        "region__capital_area",
        "region__parent__code",
        "region__parent__capital_area",
    )
    for company, headquarters, level, code, capital, parent, parent_capital in rows:
        below = level == RegionLevel.SIGUNGU
        sido, lies_in_capital = (parent, capital or parent_capital) if below else (code, capital)
        found[company]["regions"].add(sido)
        if headquarters:
            found[company]["hq_region"], found[company]["hq_capital"] = sido, bool(lies_in_capital)
    return found


def _stated(ids: list[int], on: date) -> dict[int, dict[str, rules.Stated]]:
    found: dict[int, dict[str, rules.Stated]] = defaultdict(dict)
    rows = StatedFact.objects.filter(company__in=ids).in_force_on(on)
    for company, code, flag, number, document in rows.values_list("company_id", "code", "flag", "number", "document"):
        found[company][code] = rules.Stated(bool(flag) if number is None else Fraction(number), document)
    return found


def _patents(ids: list[int], on: date, base_year: int) -> dict[int, list[tuple[date, str]]]:
    first = date(base_year - LONGEST_WINDOW, 1, 1)
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    rows = Patent.objects.filter(company__in=ids, kind=PatentKind.PATENT).order_by("pk")
    for company, filed, registered in rows.values_list("company_id", "filed_on", "registered_on"):
        found[company] += [
            (day, what) for day, what in ((filed, "출원"), (registered, "등록")) if day and first <= day <= on
        ]
    return found


def gather(company_ids: Iterable[int], *, on: date, base_year: int) -> dict[int, rules.Facts]:
    """Facts of each firm as seen on `on`, business years up to `base_year`: nine queries however many firms.

    Call it with a thousand or two at a time; what it returns is held in memory.
    """
    ids = list(company_ids)
    years = yearly(ids, first=base_year - LONGEST_WINDOW, last=base_year)
    places, stated, patents = _places(ids, on), _stated(ids, on), _patents(ids, on, base_year)
    certified: dict[int, set[str]] = defaultdict(set)
    for company, kind in (
        Certification.objects.filter(company__in=ids).in_force_on(on).values_list("company_id", "kind")
    ):
        certified[company].add(kind)
    states = dict(CompanyState.objects.filter(company__in=ids).in_force_on(on).values_list("company_id", "state"))
    tiers = held(ids, on)
    designated = set(
        LeadingDesignation.objects.filter(company__in=ids).in_force_on(on).values_list("company_id", flat=True)
    )
    rows = Company.objects.filter(pk__in=ids).values_list("pk", "founded_on", "size", "state", "industry__code")
    found = {}
    for company, founded_on, size, state, industry in rows:
        place = places.get(company, {"regions": (), "hq_region": "", "hq_capital": None})
        found[company] = rules.Facts(
            on=on,
            base_year=base_year,
            founded_on=founded_on,
            years={row.year: _year(row) for row in years.get(company, ())},
            size=size,
            state=states.get(company, state),
            industry=industry or "",
            hq_region=place["hq_region"],
            hq_capital=place["hq_capital"],
            regions=frozenset(place["regions"]),
            certifications=frozenset(certified.get(company, ())),
            patents=tuple(patents.get(company, ())),
            stated=stated.get(company, {}),
            tier=tiers.get(company, ("", None))[0],
            designated=company in designated,
        )
    return found


def sheet_of(company: Company, criteria: CriteriaSet, *, on: date, base_year: int) -> dict[str, Any]:
    """The evidence sheet of one firm under a set, from what the registry says now."""
    facts = gather([company.pk], on=on, base_year=base_year)[company.pk]
    result = rules.evaluate(criteria.tree, facts)
    return rules.sheet(result, facts, criteria=criteria.code, criteria_sha256=criteria.sha256)
