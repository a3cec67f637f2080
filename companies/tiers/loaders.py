"""Load published criteria and targets from the reviewed files in `companies/tiers/data`."""

import json
from datetime import date
from pathlib import Path

from django.db import transaction

from companies.tiers import rules
from companies.tiers.models import CohortTarget, CriteriaSet
from companies.tiers.services import move_due_days
from portal.directory.audit import deed
from portal.directory.loaders import region_ids
from portal.kernel.dates import period
from portal.kernel.loading import Loaded, read_rows, sync

DATA = Path(__file__).parent / "data"
SCHEME = "MOIS"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _criteria() -> Loaded:
    regions = region_ids()
    rows = []
    for row in json.loads((DATA / "criteria.json").read_text(encoding="utf-8")):
        rules.parse(row["body"])  # a published file that does not hold stops the load
        rows.append(
            {
                "code": row["code"],
                "title": row["title"],
                "programme": row["programme"],
                "tier": row["tier"],
                "region_id": regions[SCHEME, row["region"]] if row["region"] else None,
                "effective": period(_day(row["valid_from"]), _day(row["valid_to"])),
                "body": row["body"],
                "sha256": rules.digest(row["body"]),
                "term_years": row.get("term_years"),
                "needs_resolution": row.get("needs_resolution", False),
                "is_published": True,
                "provisional": True,
                "source": row["source"],
                "note": row["note"],
            }
        )
    return sync(CriteriaSet, ["code"], rows)


def _targets() -> Loaded:
    regions = region_ids()
    rows = [
        {
            "year": int(row["year"]),
            "tier": row["tier"],
            "region_id": regions[SCHEME, row["region_code"]] if row["region_code"] else None,
            "measure": row["measure"],
            "count": int(row["count"]),
            "source": row["source"],
            "provisional": row["provisional"] == "1",
            "note": row["note"],
        }
        for row in read_rows(DATA / "targets.csv")
    ]
    return sync(CohortTarget, ["year", "tier", "region_id"], rows)


@transaction.atomic
def load_tiers() -> list[Loaded]:
    """Bring published criteria and targets up to the shipped files. Regions must be loaded.

    Due days of reports follow the holidays, which are loaded before this.
    """
    with deed("load_reference", actor=None, reason="companies/tiers/data"):
        loaded = [_criteria(), _targets()]
        move_due_days()
        return loaded
