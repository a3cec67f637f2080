"""Places through their renamings: a listing of 2021 holds for what the 시·군·구 is called today."""

from collections import defaultdict
from datetime import date

from django.utils import timezone

from portal.directory.enums import RegionLevel, SuccessionKind
from portal.directory.models import Region, RegionSuccession

#: The place itself goes on under another code, name or 시·도. A merger or a split makes another place: nothing follows.
SAME_PLACE = (SuccessionKind.RECODED, SuccessionKind.RENAMED, SuccessionKind.MOVED)


class Lineage:
    """What each 시·군·구 is on a day, and what it was before. Two queries."""

    def __init__(self, day: date | None = None) -> None:
        self.day = day or timezone.localdate()
        self.regions = {
            region.pk: region for region in Region.objects.of_level(RegionLevel.SIGUNGU).select_related("parent")
        }
        after: dict[int, int] = dict(
            RegionSuccession.objects.filter(kind__in=SAME_PLACE, on__lte=self.day)
            .order_by("on", "pk")
            .values_list("predecessor_id", "successor_id")
        )
        self._now = {pk: self._follow(pk, after) for pk in self.regions}
        self._before: dict[int, list[int]] = defaultdict(list)
        for pk, now in self._now.items():
            self._before[now].append(pk)

    def _follow(self, pk: int, after: dict[int, int]) -> int:
        seen = {pk}
        while (found := after.get(pk)) is not None and found not in seen:
            pk = found
            seen.add(pk)
        return pk

    def now(self, pk: int) -> int:
        """The region a place is on the day; itself when nothing became of it."""
        return self._now.get(pk, pk)

    def all_of(self, pk: int) -> list[int]:
        """Every code the place of a region has had, its present one included."""
        return self._before.get(self.now(pk), [pk])

    def region(self, pk: int) -> Region:
        """The region of a primary key as it is on the day."""
        return self.regions[self.now(pk)]
