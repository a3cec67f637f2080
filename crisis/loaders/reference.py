"""Load areas, indicators, designations and rule sets from the reviewed files in `crisis/data`."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from companies.models import Cluster
from crisis.models import Area, AreaMembership, Designation, Indicator, IndicatorUnit
from portal.directory.audit import deed
from portal.directory.loaders import region_ids
from portal.kernel.dates import period
from portal.kernel.loading import Loaded, day_or_none, read_rows, sync

DATA = Path(__file__).parent.parent / "data"


def _areas() -> Iterator[Loaded]:
    regions, clusters = region_ids(), dict(Cluster.objects.values_list("code", "pk"))
    yield sync(
        Area,
        ["code"],
        [
            {
                "code": row["code"],
                "level": row["level"],
                "name_ko": row["name_ko"],
                "name_en": row["name_en"],
                "region_id": regions[row["region_scheme"], row["region_code"]],
                "cluster_id": clusters[row["cluster_code"]] if row["cluster_code"] else None,
                "effective": period(day_or_none(row["valid_from"]), day_or_none(row["valid_to"])),
                "source_name": row["source_name"],
            }
            for row in read_rows(DATA / "areas.csv")
        ],
    )
    ids = dict(Area.objects.values_list("code", "pk"))
    yield sync(
        AreaMembership,
        ["area_id", "parent_id", "effective"],
        [
            {
                "area_id": ids[row["area"]],
                "parent_id": ids[row["parent"]],
                "effective": period(day_or_none(row["valid_from"]), day_or_none(row["valid_to"])),
            }
            for row in read_rows(DATA / "area_memberships.csv")
        ],
    )
    yield sync(
        Designation,
        ["scheme", "area_id", "site", "start"],
        [
            {
                "scheme": row["scheme"],
                "authority": row["authority"],
                "area_id": ids[row["area"]],
                "site": row["site"],
                "start": day_or_none(row["start"]),
                "end_last_known": day_or_none(row["end_last_known"]),
                "trigger_industry": row["trigger_industry"],
                "confidence": row["confidence"],
                "source_count": int(row["source_count"] or 0),
                "note": row["note"],
            }
            for row in read_rows(DATA / "designations.csv")
            if row["area"]
        ],
    )


def _indicators() -> Iterator[Loaded]:
    yield sync(
        Indicator,
        ["code"],
        [
            {
                "code": row["code"],
                "name_ko": row["name_ko"],
                "name_en": row["name_en"],
                "unit": row["unit"],
                "frequency": row["frequency"],
                "kind": row["kind"],
                "direction": int(row["direction"]),
                "legal_item": row["legal_item"],
                "source": row["source"],
                "pub_lag_months": int(row["pub_lag_months"] or 0),
                "provisional": row["provisional"] == "1",
                "note": row["note"],
            }
            for row in read_rows(DATA / "indicators.csv")
        ],
    )
    ids = dict(Indicator.objects.values_list("code", "pk"))
    yield sync(
        IndicatorUnit,
        ["indicator_id", "unit"],
        [
            {"indicator_id": ids[row["indicator"]], "unit": row["unit"], "factor": Decimal(row["factor"])}
            for row in read_rows(DATA / "indicator_units.csv")
        ],
    )


@transaction.atomic
def load_crisis() -> list[Loaded]:
    """Bring areas, memberships, indicators and designations up to the shipped files."""
    with deed("load_reference", actor=None, reason="crisis/data"):
        return [*_areas(), *_indicators()]
