"""Bring the catalogue's shipped facts in. What the ministry has changed since is never overwritten: a row that is there
stays as it is, a row that is missing is added."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import models, transaction

from crisis.models import Indicator
from crisis.sources.models import Feed, FeedSeries, IndicatorSource, KosisSeries, SeriesBreak
from portal.directory.audit import deed
from portal.directory.models import Organization
from portal.kernel.loading import Loaded, day_or_none, read_rows

DATA = Path(__file__).parent / "data"


def _add_missing(model: type[models.Model], key: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Loaded:
    have = {repr(one) for one in model._default_manager.values_list(*key)}  # by repr: a key may hold a mapping
    wanted = {repr(tuple(row[name] for name in key)): row for row in rows}
    fresh = [model(**values) for one, values in wanted.items() if one not in have]
    model._default_manager.bulk_create(fresh)
    return Loaded(str(model._meta.verbose_name), len(fresh), 0, len(wanted) - len(fresh))


@transaction.atomic
def load_sources() -> list[Loaded]:
    """Feeds with their series, sources, breaks and tables of the indicators that are loaded. Twice is harmless."""
    with deed("load_reference", actor=None, reason="crisis/sources/data"):
        return list(_load())


def _load() -> Iterable[Loaded]:
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    bodies = dict(Organization.objects.values_list("code", "pk"))

    def known(name: str) -> Iterable[dict[str, str]]:
        return (row for row in read_rows(DATA / name) if row["indicator"] in indicators)

    yield _add_missing(
        Feed,
        ["code"],
        [
            {
                "code": row["code"],
                "name_ko": row["name_ko"],
                "provider": row["provider"],
                "frequency": row["frequency"],
                "lag_days": int(row["lag_days"]),
                "owner_id": bodies[row["owner"]],
                "importer": row["importer"],
                "first_period": day_or_none(row["first_period"]),
                "active": row["active"] == "1",
                "provisional": row["provisional"] == "1",
                "note": row["note"],
            }
            for row in read_rows(DATA / "feeds.csv")
        ],
    )
    feeds = dict(Feed.objects.values_list("code", "pk"))
    yield _add_missing(
        FeedSeries,
        ["indicator_id"],
        [
            {
                "feed_id": feeds[row["feed"]],
                "indicator_id": indicators[row["indicator"]],
                "last_period": day_or_none(row["last_period"]),
                "note": row["note"],
            }
            for row in known("feed_series.csv")
        ],
    )
    yield _add_missing(
        IndicatorSource,
        ["indicator_id"],
        [
            {
                "indicator_id": indicators[row["indicator"]],
                "publisher": row["publisher"],
                "owner_id": bodies[row["owner"]] if row["owner"] else None,
                "lag_days": int(row["lag_days"]),
                **{name: row[name] for name in ("terms", "address", "method", "caution")},
                "provisional": row["provisional"] == "1",
            }
            for row in known("indicator_sources.csv")
        ],
    )
    yield _add_missing(
        SeriesBreak,
        ["indicator_id", "period"],
        [
            {"indicator_id": indicators[row["indicator"]], "period": day_or_none(row["period"]), "note": row["note"]}
            for row in known("series_breaks.csv")
        ],
    )
    read: dict[str, Callable[[str], Any]] = {"region_level": int, "fixed": json.loads, "provisional": "1".__eq__}
    yield _add_missing(
        KosisSeries,
        ["org_id", "tbl_id", "itm_id", "fixed"],
        [
            {
                **{name: read.get(name, str)(text) for name, text in row.items() if name != "indicator"},
                "indicator_id": indicators[row["indicator"]],
            }
            for row in known("kosis_series.csv")
        ],
    )
