"""Which local level an area has: a label beside the legal stage."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from crisis.models import Area
from crisis.validation.models import LocalScheme
from crisis.validation.rules.levels import Level, level_of
from portal.directory.enums import RegionLevel


class LocalLevels:
    """Every table in force on a day, asked once; then any number of areas without a query.

    Give areas with `region` selected.
    """

    def __init__(self, day: date) -> None:
        schemes = LocalScheme.objects.in_force_on(day).prefetch_related("levels")
        self._tables: dict[int, list[Level]] = {
            scheme.region_id: [row.as_level for row in scheme.levels.all()] for scheme in schemes
        }

    def __bool__(self) -> bool:
        """Whether any 시·도 has a table on the day."""
        return bool(self._tables)

    def of(self, area: Area, rci: Decimal | None, stage: str | None) -> Level | None:
        """The label of an area at a legal stage; None where its 시·도 has no table or the area no stage."""
        region = area.region
        home = region.pk if region.level == RegionLevel.SIDO else region.parent_id
        return level_of(self._tables.get(home or 0, ()), stage, rci)


def local_level(area: Area, rci: Decimal | None, stage: str | None, day: date) -> Level | None:
    """The local label of one area on a day. For a list of areas use `local_levels`."""
    return LocalLevels(day).of(area, rci, stage)


def local_levels(rows: Iterable[tuple[Area, Decimal | None, str | None]], day: date) -> list[Level | None]:
    """The local labels of (area, index, stage) rows, in their order: two queries for any number."""
    tables = LocalLevels(day)
    return [tables.of(area, rci, stage) for area, rci, stage in rows]
