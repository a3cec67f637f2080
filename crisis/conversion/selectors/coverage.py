"""Where restructuring centres are, and where none is."""

from dataclasses import dataclass, field
from datetime import date

from crisis.conversion.models import Centre
from portal.directory.enums import RegionLevel
from portal.directory.models import Region


@dataclass(slots=True)
class Coverage:
    """A 시·도 with the centres that serve it or a part of it on a day. `whole`: one of them serves all of it."""

    sido: Region
    centres: list[Centre] = field(default_factory=list)
    whole: bool = False


def coverage(day: date) -> list[Coverage]:
    """Every 시·도 in force on a day: three queries. Reaches as far as is on record, provisional rows included."""
    sidos = Region.objects.in_force_on(day).of_level(RegionLevel.SIDO).order_by("scheme", "code")
    found = {sido.pk: Coverage(sido) for sido in sidos}
    for centre in Centre.objects.in_force_on(day).prefetch_related("regions__region"):
        for served in centre.regions.all():  # type: ignore[attr-defined]
            region = served.region
            line = found.get(region.pk) or found.get(region.parent_id or 0)
            if line is None:
                continue
            if centre not in line.centres:
                line.centres.append(centre)
            line.whole = line.whole or region.pk in found
    return list(found.values())
