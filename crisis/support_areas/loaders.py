"""The rule of the procedure and the preferential programmes whose source was read."""

from datetime import date
from pathlib import Path

from django.db import transaction

from crisis.support_areas.models import Programme, SupportAreaRule
from portal.directory.audit import deed
from portal.kernel.dates import period
from portal.kernel.loading import Loaded, day_or_none, read_rows, sync

DATA = Path(__file__).parent / "data"
SINCE = date(2022, 1, 28)
BASIS = "지역중소기업법 제23조·제24조: 지정 2년 이내, 연장 1회 2년 이내. 직권 지정은 2023년 계획의 방향이며 시행은 확인하지 못함"


@transaction.atomic
def load_support_areas() -> list[Loaded]:
    """Bring the programmes up to the shipped file, and the rule where none is on record. Twice is harmless."""
    with deed("load_reference", actor=None, reason="crisis/support_areas/data"):
        if not SupportAreaRule.objects.exists():
            SupportAreaRule.objects.create(effective=period(SINCE), own_motion=False, basis=BASIS, provisional=True)
        return [
            sync(
                Programme,
                ["code"],
                [
                    {
                        "code": row["code"],
                        "name": row["name"],
                        "field": row["field"],
                        "agency": row["agency"],
                        "benefit": row["benefit"],
                        "basis": row["basis"],
                        "effective": period(day_or_none(row["valid_from"]), day_or_none(row["valid_to"])),
                        "provisional": row["provisional"] == "1",
                    }
                    for row in read_rows(DATA / "programmes.csv")
                ],
            )
        ]
