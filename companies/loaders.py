"""Load clusters and industry codes from the reviewed files in `companies/data`."""

from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from companies.models import Cluster, Industry
from portal.directory.audit import deed
from portal.directory.loaders import region_ids
from portal.kernel.dates import period
from portal.kernel.loading import Loaded, day_or_none, parents_first, read_rows, sync

DATA = Path(__file__).parent / "data"
KSIC_REVISION = 11


def _clusters() -> Iterator[Loaded]:
    regions = region_ids()
    for rows in parents_first(list(read_rows(DATA / "clusters.csv")), "code", "parent_code"):
        ids = dict(Cluster.objects.values_list("code", "pk"))
        yield sync(
            Cluster,
            ["code"],
            [
                {
                    "code": row["code"],
                    "kind": row["kind"],
                    "name_ko": row["name_ko"],
                    "name_en": row["name_en"],
                    "region_id": regions[row["region_scheme"], row["region_code"]],
                    "parent_id": ids[row["parent_code"]] if row["parent_code"] else None,
                    "legal_item": row["legal_item"],
                    "status": row["status"],
                    "effective": period(day_or_none(row["valid_from"]), day_or_none(row["valid_to"])),
                    "source": row["source"],
                    "note": row["note"],
                }
                for row in rows
            ],
        )


def _industries() -> Iterator[Loaded]:
    for rows in parents_first(list(read_rows(DATA / "ksic11.csv")), "code", "parent_code"):
        ids = dict(Industry.objects.filter(revision=KSIC_REVISION).values_list("code", "pk"))
        yield sync(
            Industry,
            ["revision", "code"],
            [
                {
                    "revision": KSIC_REVISION,
                    "code": row["code"],
                    "depth": int(row["level"]),
                    "name_ko": row["name_ko"],
                    "parent_id": ids[row["parent_code"]] if row["parent_code"] else None,
                }
                for row in rows
            ],
        )


@transaction.atomic
def load_companies() -> list[Loaded]:
    """Bring clusters and industry codes up to the shipped files."""
    with deed("load_reference", actor=None, reason="companies/data"):
        return [*_clusters(), *_industries()]
