"""Which places a 시·도 is made of, and which 시·도 a firm belongs to."""

from collections.abc import Iterable

from django.db import connection

from companies.models import Workplace
from portal.directory.enums import RegionLevel
from portal.directory.models import Region

_PLACES = """
WITH RECURSIVE reach(region) AS (
    SELECT %(region)s::bigint
    UNION
    SELECT next.region
      FROM reach
      JOIN LATERAL (
            SELECT id AS region FROM directory_region WHERE parent_id = reach.region
            UNION ALL
            SELECT predecessor_id FROM directory_regionsuccession WHERE successor_id = reach.region
      ) next ON TRUE
)
SELECT region FROM reach
"""


def places_of(region: Region) -> frozenset[int]:
    """A region, those below, and what they were before they were renamed or merged."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, {"region": region.pk})
        return frozenset(row[0] for row in cursor.fetchall())


def home_regions(company_ids: Iterable[int]) -> dict[int, int]:
    """The 시·도 of each firm's lead region, else of its headquarters. Firms without either are left out: one query."""
    found: dict[int, int] = {}
    rows = Workplace.objects.filter(company__in=list(company_ids), is_headquarters=True).values_list(
        "company_id",
        "region_id",
        "region__level",
        "region__parent_id",
        "company__lead_region_id",
        "company__lead_region__level",
        "company__lead_region__parent_id",
    )
    for company, region, level, parent, lead, lead_level, lead_parent in rows:
        if lead is not None:
            home = lead_parent if lead_level == RegionLevel.SIGUNGU else lead
        else:
            home = parent if level == RegionLevel.SIGUNGU else region
        if home is not None:
            found[company] = home
    return found
