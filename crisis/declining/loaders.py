"""What ships: the figures the published plan names. Listings and zones come by file; none is shipped, none invented."""

from pathlib import Path

from django.db import transaction

from crisis.declining.models import PlanFigure
from portal.directory.audit import deed
from portal.kernel.loading import Loaded, read_rows, sync

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load_declining() -> list[Loaded]:
    """Bring the plan's figures up to the shipped file. Twice is harmless."""
    with deed("load_reference", actor=None, reason="crisis/declining/data"):
        rows = [
            row | {"year": int(row["year"]), "value": int(row["value"])} for row in read_rows(DATA / "plan_figures.csv")
        ]
        return [sync(PlanFigure, ["code"], rows)]
