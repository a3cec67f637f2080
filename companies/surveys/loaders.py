"""Load forms and regional industries from the reviewed files in `companies/surveys/data`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from companies.models import Industry
from companies.surveys.models import (
    RegionalIndustry,
    RegionalIndustryCode,
    RegionalIndustryRegion,
    SurveyForm,
)
from companies.surveys.shipped import shipped_forms
from portal.directory.audit import deed
from portal.directory.loaders import region_ids
from portal.kernel.dates import period
from portal.kernel.loading import Loaded, day_or_none, read_rows, sync

DATA = Path(__file__).parent / "data"


def _forms() -> Iterator[Loaded]:
    """A shipped version replaces nothing: a form whose questions change ships under a new version."""
    rows: list[dict[str, Any]] = []
    for raw in shipped_forms():
        body = {"fields": raw["fields"], "rules": raw["rules"]}
        standing = SurveyForm.objects.filter(code=raw["code"], version=raw["version"], rounds__isnull=False).first()
        if standing is not None and json.dumps(standing.body, sort_keys=True) != json.dumps(body, sort_keys=True):
            raise ValueError(f"form {standing} is in use and its shipped file has changed: give it a new version")
        names = ("code", "version", "title", "legal_basis", "provisional", "note")
        rows.append({name: raw[name] for name in names} | {"body": body})
    yield sync(SurveyForm, ["code", "version"], rows)


def _industries() -> Iterator[Loaded]:
    """The shipped industries, but for those the ministry has stated by file since."""
    stated = set(RegionalIndustry.objects.exclude(upload=None).values_list("code", flat=True))

    def shipped(name: str, key: str) -> Iterator[dict[str, str]]:
        return (row for row in read_rows(DATA / name) if row[key] not in stated)

    yield sync(
        RegionalIndustry,
        ["code"],
        [
            {
                "code": row["code"],
                "kind": row["kind"],
                "name_ko": row["name_ko"],
                "effective": period(day_or_none(row["valid_from"]), day_or_none(row["valid_to"])),
                "provisional": row["provisional"] == "1",
                "source": row["source"],
                "note": row["note"],
            }
            for row in shipped("regional_industries.csv", "code")
        ],
    )
    ids = dict(RegionalIndustry.objects.values_list("code", "pk"))
    regions = region_ids()
    yield sync(
        RegionalIndustryRegion,
        ["industry_id", "region_id"],
        [
            {
                "industry_id": ids[row["industry_code"]],
                "region_id": regions[row["region_scheme"], row["region_code"]],
            }
            for row in shipped("regional_industry_regions.csv", "industry_code")
        ],
    )
    codes = {(revision, code): pk for pk, revision, code in Industry.objects.values_list("pk", "revision", "code")}
    yield sync(
        RegionalIndustryCode,
        ["industry_id", "ksic_id"],
        [
            {
                "industry_id": ids[row["industry_code"]],
                "ksic_id": codes[int(row["ksic_revision"]), row["ksic_code"]],
                "provisional": row["provisional"] == "1",
                "source": row["source"],
            }
            for row in shipped("regional_industry_codes.csv", "industry_code")
        ],
    )


@transaction.atomic
def load_surveys() -> list[Loaded]:
    """Bring forms and regional industries up to the shipped files. Needs the regions and KSIC codes."""
    with deed("load_reference", actor=None, reason="companies/surveys/data"):
        return [*_forms(), *_industries()]
