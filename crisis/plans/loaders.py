"""The shipped terms of prevention plans as rows, marked provisional."""

from datetime import date

from django.db import transaction

from crisis.plans.enums import SHIPPED_TERMS
from crisis.plans.models import PlanTerm
from portal.directory.audit import deed
from portal.kernel.dates import period
from portal.kernel.loading import Loaded, sync

SINCE = date(2023, 4, 6)
BASIS = "공식 고시를 확인하지 못한 잠정 기준"


@transaction.atomic
def load_plan_terms() -> list[Loaded]:
    """Bring the terms up to the shipped ones. A term somebody has changed since (ended the shipped row) is left alone."""
    have = set(PlanTerm.objects.values_list("code", flat=True))
    with deed("load_reference", actor=None, reason="crisis/plans"):
        return [
            sync(
                PlanTerm,
                ["code"],
                [
                    {"code": str(code), "count": count, "unit": str(unit), "effective": period(SINCE), "basis": BASIS}
                    for code, (count, unit) in SHIPPED_TERMS.items()
                    if code not in have
                ],
            )
        ]
