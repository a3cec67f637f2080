"""Demo: invented companies all over the country, each name ending in 예시. Loading twice changes nothing.

Their business numbers begin with 999, of which the tax office gives none, and carry a right check digit. Among them are
firms whose figures reach each tier's published examples, firms with sites in two 시·도, one likely duplicate, one merged
with another and one closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from companies.enums import FigureSource, FigureStatus, OperatingState, PatentKind
from companies.models import Certification, Cluster, Company, CompanyYear, Industry, Patent, Workplace, WorkplaceCluster
from companies.rules.numbers import BUSINESS_WEIGHTS
from companies.services import add_workplace, change_state, merge_companies, register_company
from portal.directory.audit import deed
from portal.directory.models import Region, User
from portal.kernel.dates import period
from portal.kernel.loading import read_rows

ROWS = Path(__file__).parent / "data" / "demo_companies.csv"
REASON = "예시 자료"
_E = 100_000_000
_FIRST_SERIAL = 500_001
_MERGER = "gyeongnam"
"""The demo account that keeps both of the companies that are merged."""


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented firm: sales of the last year in 억원, growing by `growth` percent; exports and R&D in percent."""

    name: str
    cluster: str
    second_cluster: str
    lead: str
    ksic: str
    founded: int
    sales: int
    heads: int
    growth: int
    exports: int
    rnd: int
    years: int
    papers: tuple[str, ...]
    patents: int
    product: str


_NUMBERS = ("founded", "sales", "heads", "growth", "exports", "rnd", "years", "patents")


def _invented() -> list[Invented]:
    rows = []
    for row in read_rows(ROWS):
        numbers = {name: int(row[name]) for name in _NUMBERS}
        facts: dict[str, Any] = {**row, **numbers, "papers": tuple(row["papers"].split())}
        rows.append(Invented(**facts))
    twin: dict[str, Any] = {"second_cluster": "", "lead": "", "papers": (), "patents": 0, "years": 3}
    first = rows[2]
    return [
        *rows,
        _like(first, name="주식회사 고운 기계예시", **{**twin, "founded": 2010}),
        _like(rows[9], name="도담정공예시", **twin),
        _like(rows[22], name="가을직물예시", **{**twin, "sales": 9, "heads": 4, "growth": -18}),
    ]


def _like(one: Invented, **other: Any) -> Invented:
    """The same firm but for some facts."""
    return replace(one, **other)


def demo_number(serial: int) -> str:
    """An invented business number with a right check digit: 999, six digits, the check."""
    body = f"999{serial:06d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, BUSINESS_WEIGHTS, strict=True))
    return body + str((10 - (total + int(body[8]) * 5 // 10) % 10) % 10)


@transaction.atomic
def load_company_demo() -> dict[str, int]:
    """Enter the demo's companies. Needs regions, clusters and industries; the merge also needs the demo accounts.

    Returns how many demo companies there are and how many of them are new. Without regions nothing is made.
    """
    clusters = {cluster.code: cluster for cluster in Cluster.objects.select_related("region")}
    firms = _invented()
    if not all(one.cluster in clusters for one in firms):
        return {"companies": 0, "new": 0}
    numbers = {demo_number(_FIRST_SERIAL + at): one for at, one in enumerate(firms)}
    there = Workplace.objects.filter(business_number__in=numbers)
    known = {place.business_number: place.company for place in there.select_related("company")}
    with deed("load_demo", actor=None, reason=REASON):
        made = {number: _enter(number, one, clusters) for number, one in numbers.items() if number not in known}
        _fill({made[number]: numbers[number] for number in made})
        companies = [(known | made)[number] for number in numbers]
        _merge(survivor=companies[9], absorbed=companies[-2])
        if companies[-1].state == OperatingState.OPERATING:
            closed = date(timezone.localdate().year - 1, 11, 30)
            change_state(company=companies[-1], state=OperatingState.CLOSED, since=closed, source=REASON)
    return {"companies": len(companies), "new": len(made)}


def _enter(number: str, one: Invented, clusters: dict[str, Cluster]) -> Company:
    founded = date(one.founded, 3, 2)
    industry = Industry.objects.filter(code=one.ksic).order_by("-revision").first()
    lead = Region.objects.get(scheme="MOIS", code=one.lead) if one.lead else None
    company = register_company(
        facts={
            "name_ko": one.name,
            "founded_on": founded,
            "size": "SMALL" if one.sales < 120 else "MEDIUM",
            "representative": "홍길동(예시)",
            "main_product": one.product,
            "industry": industry,
            "lead_region": lead,
        },
        business_number=number,
        region=clusters[one.cluster].region,
        address=f"{clusters[one.cluster].region.full_name} {REASON}로 1",
        since=founded,
        accept_duplicates=True,
        reason=REASON,
        is_demo=True,
    )
    places = [(company.workplaces.get(), clusters[one.cluster])]
    if one.second_cluster:
        second = clusters[one.second_cluster]
        site = add_workplace(company=company, region=second.region, name="제2공장", since=date(one.founded + 4, 3, 2))
        places.append((site, second))
    WorkplaceCluster.objects.bulk_create(
        WorkplaceCluster(workplace=place, cluster=cluster, effective=place.effective, source=REASON)
        for place, cluster in places
    )
    return company


def _fill(made: dict[Company, Invented]) -> None:
    """Figures, papers and rights of the companies that were just entered."""
    this_year = timezone.localdate().year
    CompanyYear.objects.bulk_create(row for company, one in made.items() for row in _years(company, one, this_year))
    Certification.objects.bulk_create(
        Certification(
            company=company,
            kind=kind,
            number=f"예시-{company.pk}-{at}",
            effective=period(date(this_year - 2, 4, 1), None if kind == "LAB" else date(this_year + 1, 4, 1)),
            source=REASON,
        )
        for company, one in made.items()
        for at, kind in enumerate(one.papers, 1)
    )
    Patent.objects.bulk_create(
        Patent(
            company=company,
            kind=PatentKind.PATENT,
            title=f"{one.product} {at}(예시)",
            application_number=f"예시-{company.pk}-{at}",
            filed_on=date(this_year - 1 - at % 4, 5, 10),
        )
        for company, one in made.items()
        for at in range(1, one.patents + 1)
    )


def _years(company: Company, one: Invented, this_year: int) -> Iterable[CompanyYear]:
    """Counted back from last year, each year smaller by the growth. The last one is a preliminary figure."""
    sales, heads = one.sales * _E, one.heads
    for back in range(one.years):
        year = this_year - 1 - back
        if year <= one.founded:
            return
        exports = sales * one.exports // 100
        yield CompanyYear(
            company=company,
            year=year,
            source=FigureSource.TECHNOPARK,
            status=FigureStatus.PRELIM if back == 0 else FigureStatus.FINAL,
            as_of=date(year, 12, 31),
            sales=sales,
            exports_direct=exports * 3 // 4,
            exports_indirect=exports - exports * 3 // 4,
            rnd=sales * one.rnd // 100,
            operating_profit=sales * (2 + one.growth // 3) // 100,
            assets=sales * 9 // 10,
            employees=heads,
        )
        sales, heads = sales * 100 // (100 + one.growth), max(1, heads * 100 // (100 + one.growth // 2))


def _merge(*, survivor: Company, absorbed: Company) -> None:
    actor = User.objects.filter(login_id=_MERGER, is_demo=True).first()
    if survivor.pk != absorbed.pk and actor is not None:  # once merged, the other's site leads to the survivor
        merge_companies(survivor=survivor, absorbed=absorbed, actor=actor, reason=f"같은 기업({REASON})")
