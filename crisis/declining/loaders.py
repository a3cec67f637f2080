"""What ships: the figures the published plan names, and the first listing of 89 시·군·구. Zones come by file."""

from datetime import date
from pathlib import Path

from django.db import transaction

from crisis.declining.models import DeclineStatus, PlanFigure
from portal.directory.audit import deed
from portal.directory.models import Region
from portal.kernel.dates import period
from portal.kernel.loading import Loaded, read_rows, sync

DATA = Path(__file__).parent / "data"
SOURCE = "행정안전부 고시(2026. 10. 재지정은 확인 못 함)"


@transaction.atomic
def load_declining() -> list[Loaded]:
    """Bring the plan's figures up to the shipped file. Twice is harmless."""
    with deed("load_reference", actor=None, reason="crisis/declining/data"):
        rows = [
            row | {"year": int(row["year"]), "value": int(row["value"])} for row in read_rows(DATA / "plan_figures.csv")
        ]
        loaded = [sync(PlanFigure, ["code"], rows)]
        _load_statuses()
    return loaded


def _load_statuses() -> None:
    """The places listed, under the codes of that day; a place of which the ministry has written anything is left alone."""
    listed = {row["region"]: row for row in read_rows(DATA / "statuses.csv")}
    known = set(DeclineStatus.objects.values_list("region", flat=True))
    for region in Region.objects.filter(scheme="MOIS", code__in=listed).order_by("code"):
        row = listed[region.code]
        first = date.fromisoformat(row["first"])
        if region.pk not in known and first in region.effective:
            DeclineStatus.objects.create(
                region=region, kind=row["kind"], effective=period(first), notice=row["notice"], source=SOURCE,
                provisional=True,
            )  # fmt: skip
