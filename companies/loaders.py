"""Load clusters, industry codes and ceilings of size from the reviewed files in `companies/data`."""

from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from companies.models import Cluster, Industry, OlderIndustry, SizeCeiling
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


def _older_industries() -> Loaded:
    ids = dict(Industry.objects.filter(revision=KSIC_REVISION).values_list("code", "pk"))
    return sync(
        OlderIndustry,
        ["revision", "code", "industry_id"],
        [
            {
                "revision": int(row["revision"]),
                "code": row["old_code"],
                "name_ko": row["name_ko"],
                "industry_id": ids[row["code"]] if row["code"] else None,
                "basis": row["basis"],
            }
            for row in read_rows(DATA / "ksic_older.csv")
        ],
    )


def _size_ceilings() -> Loaded:
    return sync(
        SizeCeiling,
        ["kind", "industry_code", "effective"],
        [
            {
                "kind": row["kind"],
                "industry_code": row["industry_code"],
                "effective": period(day_or_none(row["valid_from"]), day_or_none(row["valid_to"])),
                "sales": int(row["sales"]),
                "provisional": row["provisional"] == "1",
                "source": row["source"],
            }
            for row in read_rows(DATA / "size_ceilings.csv")
        ],
    )


@transaction.atomic
def load_companies() -> list[Loaded]:
    """Bring clusters, industry codes and ceilings of size up to the shipped files."""
    with deed("load_reference", actor=None, reason="companies/data"):
        return [*_clusters(), *_industries(), _older_industries(), _size_ceilings()]
