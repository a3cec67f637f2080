"""The industries a region is built on, whatever the region was called then or is called now."""

from datetime import date

from companies.surveys.models import RegionalIndustry
from portal.directory.enums import SuccessionKind
from portal.directory.models import Region, RegionSuccession

#: Kinds of succession over which a region stays what it was. A district that moved to another 시·도 takes on its
#: industries, so MOVED and SPLIT do not count.
_SAME_PLACE = frozenset({SuccessionKind.RECODED, SuccessionKind.RENAMED, SuccessionKind.MERGED})
_ACROSS = frozenset({SuccessionKind.RECODED, SuccessionKind.RENAMED})


def regional_industries_of(region: Region, day: date) -> list[RegionalIndustry]:
    """Main, future and cooperative industries in force in a region (시·도 or 시·군·구) on a day, by code.

    `industry.codes.all()` are its KSIC codes (with `ksic` at hand; often none is known), `industry.provisional` marks
    what is not confirmed. Five queries.
    """
    places = identities(region)
    return list(
        RegionalIndustry.objects.in_force_on(day)
        .of_regions(places)
        .prefetch_related("codes__ksic", "places__region")
        .order_by("code")
    )


def identities(region: Region) -> frozenset[int]:
    """The region, its 시·도, and what each was before or is now under another code. Two queries."""
    links = RegionSuccession.objects.filter(kind__in=_SAME_PLACE).values_list("predecessor", "successor", "kind")
    before: dict[int, set[int]] = {}
    for old, new, kind in links:
        before.setdefault(new, set()).add(old)
        if kind in _ACROSS:
            before.setdefault(old, set()).add(new)
    places = _reached({region.pk}, before)
    # Over a district's own past to the 시·도 it then belonged to: 광주 동구 does not take on what 전남 was built on.
    districts = Region.objects.filter(pk__in=places, parent__parent__isnull=False)
    parents = {region.parent_id for region in districts if region.parent_id is not None}
    return frozenset(places | parents | _renamed(parents, links))


def _reached(start: set[int], steps: dict[int, set[int]]) -> set[int]:
    found, waiting = set(start), list(start)
    while waiting:
        for step in steps.get(waiting.pop(), ()):
            if step not in found:
                found.add(step)
                waiting.append(step)
    return found


def _renamed(places: set[int], links: object) -> set[int]:
    """The same 시·도 under another code (강원도, 강원특별자치도), not those merged into it."""
    both: dict[int, set[int]] = {}
    for old, new, kind in links:  # type: ignore[attr-defined]
        if kind in _ACROSS:
            both.setdefault(new, set()).add(old)
            both.setdefault(old, set()).add(new)
    return _reached(places, both)
