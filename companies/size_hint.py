"""Whether a company's sales lie below the ceilings of its industry: a hint beside the size somebody entered.

A hint only: independence of the firm, the grace of five years and special cases are not looked at. Ceilings that could
not be checked against the decree are provisional, and so is what is said from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q
from django.utils.translation import gettext as _

from companies.enums import CeilingKind
from companies.models import Company, Industry, SizeCeiling
from companies.selectors import YearlyFigures
from portal.kernel.display import money

MOST_ASSETS = 500_000_000_000
"""A firm with total assets of 5,000억원 or more is no SME whatever its sales (중소기업기본법 시행령 제3조)."""
_YEARS = 3


@dataclass(frozen=True, slots=True)
class SizeHint:
    """`kind`: SMALL, SME or "" (above both). `text` says by which figures and ceilings, `provisional` how sure it is."""

    kind: str
    text: str
    provisional: bool


def size_hint(company: Company, years: Sequence[YearlyFigures], on: date) -> SizeHint | None:
    """What the company's last three years of sales say about its size on a day; None where sales or industry lack.

    `years` in order of time. Two queries.
    """
    told = [year for year in years if year.sales is not None][-_YEARS:]
    if not told or company.industry is None:
        return None
    average = sum(Decimal(year.sales or 0) for year in told) / len(told)
    spans = _("%(from)s~%(to)s년 평균매출액 %(sales)s") % {
        "from": told[0].year, "to": told[-1].year, "sales": money(average, "억원"),
    }  # fmt: skip
    assets = next((year.assets for year in reversed(years) if year.assets is not None), None)
    if assets is not None and assets >= MOST_ASSETS:
        return SizeHint("", _("자산총계가 5,000억원 이상이어서 중소기업 상한을 넘습니다."), provisional=False)
    ceilings = _ceilings(company.industry, on)
    for kind in (CeilingKind.SMALL, CeilingKind.SME):
        found = ceilings.get(kind)
        if found is not None and average <= found.sales:
            return SizeHint(kind, _told(spans, kind, found, on, within=True), found.provisional)
    top = ceilings.get(CeilingKind.SME)
    return SizeHint("", _told(spans, CeilingKind.SME, top, on, within=False), top.provisional) if top else None


def _told(spans: str, kind: str, ceiling: SizeCeiling, on: date, *, within: bool) -> str:
    text = (_("%(spans)s – %(kind)s 상한 %(limit)s 이하") if within else _("%(spans)s – %(kind)s 상한 %(limit)s 초과")) % {
        "spans": spans, "kind": CeilingKind(kind).label, "limit": money(ceiling.sales, "억원"),
    }  # fmt: skip
    until = ceiling.effective.upper
    if until is not None and until <= on:
        text += _(" (%(until)s 개정 뒤의 상한을 아직 넣지 못해 그 전 기준으로 견줌)") % {
            "until": f"{until:%Y. %-m. %-d.}"
        }
    return text


def _ceilings(industry: Industry, on: date) -> dict[str, SizeCeiling]:
    """The ceiling of each kind: of the division before that of the section; the newest one that began by the day."""
    division = industry.code[:2]
    section = Industry.objects.filter(revision=industry.revision, code=division).values_list("parent__code", flat=True)
    codes = [code for code in (division, section.first() or "") if code]
    rows = SizeCeiling.objects.filter(
        Q(effective__startswith=None) | Q(effective__startswith__lte=on), industry_code__in=codes
    )
    found: dict[str, SizeCeiling] = {}
    for row in rows.order_by(F("effective__startswith").asc(nulls_first=True)):
        held = found.get(row.kind)
        if held is None or (codes.index(row.industry_code), held.effective.lower or date.min) <= (
            codes.index(held.industry_code), row.effective.lower or date.min,
        ):  # fmt: skip
            found[row.kind] = row
    return found
