"""Yearly figures are entered and corrected."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from companies.enums import FigureStatus
from companies.models import FIGURES, Company, CompanyYear
from companies.services.editing import apply, locked, refuse_if_changed, told
from companies.services.permission import refuse_stranger
from companies.services.registering import home_region
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.errors import Refusal


@transaction.atomic
def put_figures(
    *,
    company: Company,
    year: int,
    source: str,
    figures: Mapping[str, int | None],
    status: str = FigureStatus.FINAL,
    as_of: date | None = None,
    version: int | None = None,
    actor: User | None = None,
    reason: str = "",
) -> CompanyYear:
    """Enter or correct what a source says of a year.

    `figures`: any of FIGURES, won (employees: persons); None means not known. Figures not named stay as they are.
    `version`: of the row the editor saw; `ChangedMeanwhile` if somebody saved since. Refuses a year that has not begun,
    and to take a final figure back to preliminary without a reason.
    """
    refuse_stranger(actor, company)
    unknown = sorted(set(figures) - set(FIGURES))
    if unknown:
        raise TypeError(f"not figures of a year: {unknown}")
    if year > timezone.localdate().year:
        raise Refusal("year_in_future", f"{year}년은 아직 오지 않았습니다.", {"year": "연도를 확인해 주세요."})
    locked(Company, company.pk)  # entries for one company queue behind each other
    row = CompanyYear.objects.filter(company=company, year=year, source=source).first()
    changes = {**figures, "status": status, "as_of": as_of}
    with deed("put_figures", actor=actor, reason=reason) as done:
        if row is None:
            row = CompanyYear(company=company, year=year, source=source, **changes)
            row.full_clean()
            row.save()
            done.about(company, region=home_region(company), year=year, source=source, fields=sorted(figures))
            return row
        refuse_if_changed(row, version=version, changes=changes)
        if row.status == FigureStatus.FINAL and status == FigureStatus.PRELIM and not reason.strip():
            raise Refusal("final_figure", "확정치를 잠정치로 되돌리려면 사유를 적어 주세요.", {"reason": "사유"})
        if differences := apply(row, changes):
            done.about(company, region=home_region(company), year=year, source=source, **told(differences))
    return row
