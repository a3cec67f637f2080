"""What is known of companies, gathered from several tables."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from companies import rules
from companies.enums import FigureSource, FigureStatus
from companies.models import FIGURES, Company, CompanyName, CompanyYear, Workplace
from portal.directory.scope import Scope

ALIKE = 0.5
"""Name keys at least this alike, with the same representative, may be one company (`rules.alike`)."""
MOST_LIKELY = 20
_RANK = {source: rank for rank, source in enumerate(FigureSource.values)}


@dataclass(frozen=True, slots=True)
class YearlyFigures:
    """A company's year, each figure from the best source that has it. Won; `employees` in persons; None: not known.

    `sources` says for each figure where it comes from, `preliminary` which of them are not final.
    """

    year: int
    sales: int | None = None
    exports_direct: int | None = None
    exports_indirect: int | None = None
    rnd: int | None = None
    operating_profit: int | None = None
    assets: int | None = None
    employees: int | None = None
    sources: dict[str, str] = field(default_factory=dict)
    preliminary: frozenset[str] = frozenset()
    as_of: date | None = None

    @property
    def exports(self) -> int | None:
        """Direct and indirect exports together; None if neither is known."""
        known = [value for value in (self.exports_direct, self.exports_indirect) if value is not None]
        return sum(known) if known else None


def yearly(
    company_ids: Iterable[int], *, first: int | None = None, last: int | None = None
) -> dict[int, list[YearlyFigures]]:
    """The years of each company, oldest first: one query.

    Final figures go before preliminary ones, then sources in the order of `FigureSource`, then the latest day.
    Companies without any figure are not in the answer.
    """
    rows = CompanyYear.objects.filter(company__in=list(company_ids))
    if first is not None:
        rows = rows.filter(year__gte=first)
    if last is not None:
        rows = rows.filter(year__lte=last)
    by_year: dict[tuple[int, int], list[CompanyYear]] = defaultdict(list)
    for row in rows.order_by("company_id", "year", "pk"):
        by_year[row.company_id, row.year].append(row)
    found: dict[int, list[YearlyFigures]] = defaultdict(list)
    for (company_id, year), candidates in by_year.items():
        found[company_id].append(_best(year, candidates))
    return dict(found)


def _best(year: int, rows: list[CompanyYear]) -> YearlyFigures:
    rows = sorted(
        rows,
        key=lambda row: (
            row.status != FigureStatus.FINAL,
            _RANK.get(row.source, len(_RANK)),
            -(row.as_of or date.min).toordinal(),
        ),
    )
    values, sources, preliminary = {}, {}, set()
    for name in FIGURES:
        for row in rows:
            if getattr(row, name) is not None:
                values[name], sources[name] = getattr(row, name), row.source
                if row.status == FigureStatus.PRELIM:
                    preliminary.add(name)
                break
    return YearlyFigures(year, **values, sources=sources, preliminary=frozenset(preliminary), as_of=rows[0].as_of)


# --- identity ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Likely:
    """A company in the registry that may be the same one, and why: codes of LIKELY_REASONS."""

    company: Company
    reasons: tuple[str, ...]


LIKELY_REASONS = {
    "business_number": "사업자등록번호가 같음",
    "corporate_number": "법인등록번호가 같음",
    "name_in_region": "같은 지역에 이름이 같은 기업",
    "name_and_representative": "이름이 비슷하고 대표자가 같음",
}


def likely_duplicates(
    *,
    name: str,
    business_number: str = "",
    corporate_number: str = "",
    representative: str = "",
    region_id: int | None = None,
    but: int | None = None,
) -> list[Likely]:
    """Companies that may be the one about to be entered, the surest first, at most MOST_LIKELY.

    Looks over the whole registry, whoever asks: a twin in another region is a twin all the same. The page shows names
    and regions of them, not more.
    """
    key = rules.name_key(name)
    reasons: dict[int, list[str]] = defaultdict(list)

    def note(reason: str, ids: Iterable[int]) -> None:
        for pk in ids:
            if pk != but and reason not in reasons[pk]:
                reasons[pk].append(reason)

    if business_number:
        note(
            "business_number",
            Workplace.objects.filter(business_number=business_number).values_list("company", flat=True),
        )
    living = Company.objects.not_merged()
    if corporate_number:
        note(
            "corporate_number",
            living.filter(corporate_number=corporate_number).values_list("pk", flat=True)[:MOST_LIKELY],
        )
    if key and region_id:
        here = Workplace.objects.filter(region=region_id, company=OuterRef("pk"))
        known_as = CompanyName.objects.filter(name_key=key).values("company")
        same = living.filter(Q(name_key=key) | Q(pk__in=known_as)).filter(Exists(here))
        note("name_in_region", same.values_list("pk", flat=True)[:MOST_LIKELY])
    if key and representative:
        people = living.filter(representative=representative).values_list("pk", "name_key")[:1000]
        note("name_and_representative", [pk for pk, other in people if rules.alike(key, other) >= ALIKE])
    order = list(LIKELY_REASONS)
    companies = Company.objects.in_bulk([pk for pk, why in reasons.items() if why])
    ranked = sorted(
        companies.items(), key=lambda item: (min(map(order.index, reasons[item[0]])), item[1].name_key, item[0])
    )
    return [Likely(company, tuple(sorted(reasons[pk], key=order.index))) for pk, company in ranked[:MOST_LIKELY]]


def company_by_id(public_id: UUID, scope: Scope) -> tuple[Company | None, bool]:
    """(the company, whether the address is an old one): a merged company leads to the one that stayed.

    None if there is none, or if it lies outside the scope.
    """
    company = Company.objects.filter(public_id=public_id).first()
    moved = False
    while company is not None and company.merged_into_id:
        company, moved = Company.objects.filter(pk=company.merged_into_id).first(), True
    if company is None or not Company.objects.visible_to(scope).filter(pk=company.pk).exists():
        return None, moved
    return company, moved


def company_by_number(number: str, scope: Scope) -> Company | None:
    """The company to which a business number belongs, inside the scope."""
    return Company.objects.visible_to(scope).filter(workplaces__business_number=number).first()


def headquarters(company_ids: Sequence[int]) -> dict[int, Workplace]:
    """The headquarters of each company, with its region and 시·도: one query."""
    rows = Workplace.objects.headquarters().filter(company__in=company_ids).select_related("region__parent")
    return {row.company_id: row for row in rows}
