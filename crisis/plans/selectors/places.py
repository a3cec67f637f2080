"""Which 시·도 owes the plan of an area."""

from datetime import date

from crisis.enums import AreaLevel
from crisis.models import Area, AreaMembership
from portal.directory.enums import RegionLevel
from portal.directory.models import Region


def province_of(area: Area, day: date) -> Region:
    """The 시·도 above an area on a day: by its memberships, which know of mergers, else by its region."""
    here = area
    for _step in range(3):
        if here.level == AreaLevel.SIDO:
            return here.region
        above = AreaMembership.objects.in_force_on(day).filter(area=here).select_related("parent__region").first()
        if above is None or above.parent.level == AreaLevel.NATION:
            break
        here = above.parent
    if here.level == AreaLevel.SIDO:
        return here.region
    region = Region.objects.select_related("parent").get(pk=area.region_id)
    return region.parent if region.level == RegionLevel.SIGUNGU and region.parent else region
