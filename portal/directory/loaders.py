"""Load regions, bodies and jurisdictions from the reviewed files in `portal/directory/data`."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from portal.directory.audit import deed
from portal.directory.models import (
    Holiday,
    Jurisdiction,
    Organization,
    Region,
    RegionCode,
    RegionName,
    RegionSuccession,
)
from portal.kernel.dates import period
from portal.kernel.loading import Loaded, day_or_none, parents_first, read_rows, sync

DATA = Path(__file__).parent / "data"
LEVELS = ("NATION", "SIDO", "SIGUNGU")


def region_ids() -> dict[tuple[str, str], int]:
    """Primary keys by (scheme, code)."""
    return {(scheme, code): pk for pk, scheme, code in Region.objects.values_list("pk", "scheme", "code")}


def _regions() -> Iterator[Loaded]:
    rows = list(read_rows(DATA / "regions.csv"))
    for level in LEVELS:  # parents first
        known = region_ids()
        yield sync(
            Region,
            ["scheme", "code"],
            [
                {
                    "scheme": row["scheme"],
                    "code": row["code"],
                    "level": row["level"],
                    "name_ko": row["name_ko"],
                    "name_en": row["name_en"],
                    "short_name_ko": row["short_name_ko"],
                    "parent_id": known[row["parent_scheme"], row["parent_code"]] if row["parent_code"] else None,
                    "effective": period(day_or_none(row["valid_from"]), day_or_none(row["valid_to"])),
                    "capital_area": row["capital_area"] == "1",
                    "provisional": row["provisional"] == "1",
                    "latitude": Decimal(row["lat"]) if row["lat"] else None,
                    "longitude": Decimal(row["lon"]) if row["lon"] else None,
                    "note": row["note"],
                }
                for row in rows
                if row["level"] == level
            ],
        )


def _region_facts() -> Iterator[Loaded]:
    known = region_ids()
    yield sync(
        RegionSuccession,
        ["predecessor_id", "successor_id"],
        [
            {
                "predecessor_id": known[row["predecessor_scheme"], row["predecessor_code"]],
                "successor_id": known[row["successor_scheme"], row["successor_code"]],
                "on": day_or_none(row["on"]),
                "kind": row["kind"],
                "provisional": row["provisional"] == "1",
                "note": row["note"],
            }
            for row in read_rows(DATA / "region_successions.csv")
        ],
    )
    yield sync(
        RegionCode,
        ["region_id", "scheme"],
        [
            {"region_id": known[row["scheme"], row["code"]], "scheme": row["other_scheme"], "code": row["other_code"]}
            for row in read_rows(DATA / "region_codes.csv")
        ],
    )
    yield sync(
        RegionName,
        ["region_id", "name"],
        [
            {"region_id": known[row["scheme"], row["code"]], "name": row["name"]}
            for row in read_rows(DATA / "region_names.csv")
        ],
    )


def _organizations() -> Iterator[Loaded]:
    for rows in parents_first(list(read_rows(DATA / "organizations.csv")), "code", "parent_code"):
        ids = dict(Organization.objects.values_list("code", "pk"))
        yield sync(
            Organization,
            ["code"],
            [
                {
                    "code": row["code"],
                    "kind": row["kind"],
                    "name_ko": row["name_ko"],
                    "name_en": row["name_en"],
                    "short_name_ko": row["short_name_ko"],
                    "parent_id": ids[row["parent_code"]] if row["parent_code"] else None,
                    "effective": period(day_or_none(row["valid_from"]), day_or_none(row["valid_to"])),
                    "provisional": row["provisional"] == "1",
                    "note": row["note"],
                }
                for row in rows
            ],
        )
    known, ids = region_ids(), dict(Organization.objects.values_list("code", "pk"))
    yield sync(
        Jurisdiction,
        ["organization_id", "region_id", "effective"],
        [
            {
                "organization_id": ids[row["organization_code"]],
                "region_id": known[row["region_scheme"], row["region_code"]],
                "effective": period(day_or_none(row["valid_from"]), day_or_none(row["valid_to"])),
                "provisional": row["provisional"] == "1",
                "note": row["note"],
            }
            for row in read_rows(DATA / "jurisdictions.csv")
        ],
    )


def load_holidays() -> Loaded:
    """Bring the public holidays up to the shipped file."""
    rows = [
        {
            "day": day_or_none(row["day"]),
            "name_ko": row["name_ko"],
            "provisional": row["provisional"] == "1",
            "note": row["note"],
        }
        for row in read_rows(DATA / "holidays.csv")
    ]
    return sync(Holiday, ["day"], rows)


@transaction.atomic
def load_directory() -> list[Loaded]:
    """Bring regions, bodies, jurisdictions and holidays up to the shipped files. Running it twice changes nothing."""
    with deed("load_reference", actor=None, reason="portal/directory/data"):
        return [*_regions(), *_region_facts(), *_organizations(), load_holidays()]
