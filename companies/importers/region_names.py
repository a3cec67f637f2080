"""Regions by whatever people call them: a code, `경남 거제시`, `강원도 춘천시`, or the head of an address."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from portal.directory.enums import RegionLevel
from portal.directory.models import Region, RegionName, RegionSuccession
from portal.intake.cells import narrow

_MOST_FOUND = 10_000


def _key(written: str) -> str:
    return "".join(narrow(written).split())


class RegionNames:
    """Every 시·군·구, by its own and its former names. Former places lead to what they are today. Three queries."""

    def __init__(self, today: date | None = None) -> None:
        today = today or timezone.localdate()
        self.regions = {region.pk: region for region in Region.objects.select_related("parent")}
        self._holds = {pk for pk, region in self.regions.items() if today in _Span(region)}
        successors: dict[int, set[int]] = defaultdict(set)
        for old, new in RegionSuccession.objects.values_list("predecessor_id", "successor_id"):
            successors[old].add(new)
        self._today = {pk: self._follow(pk, successors) for pk in self.regions}
        others: dict[int, list[str]] = defaultdict(list)
        for pk, name in RegionName.objects.values_list("region_id", "name"):
            others[pk].append(name)
        self._known: dict[str, set[int]] = defaultdict(set)
        self._codes: dict[str, int] = {}
        self._learn(others)
        self._heads: dict[tuple[str, ...], int | None] = {}
        self._found: dict[str, Region] = {}
        self._full: dict[int, str] = {}

    def _follow(self, pk: int, successors: dict[int, set[int]]) -> int:
        seen = {pk}
        while pk not in self._holds and len(successors.get(pk, ())) == 1:
            (pk,) = successors[pk]
            if pk in seen:
                break
            seen.add(pk)
        return pk

    def _learn(self, others: dict[int, list[str]]) -> None:
        children: dict[int, list[int]] = defaultdict(list)
        for region in self.regions.values():
            if region.level != RegionLevel.SIGUNGU or region.parent_id is None:
                continue
            children[region.parent_id].append(region.pk)
            self._codes[region.code] = region.pk
            parent = self.regions[region.parent_id]
            above = {parent.name_ko, parent.short_name_ko, *others[parent.pk]} - {""}
            own = {region.name_ko, *others[region.pk]}
            for name in own:
                self._known[_key(name)].add(region.pk)
                for sido in above:
                    self._known[_key(sido + name)].add(region.pk)
        for parent_id, below in children.items():
            if len(below) == 1:  # a 시·도 of one piece (세종) is its own 시·군·구
                parent = self.regions[parent_id]
                for name in {parent.name_ko, parent.short_name_ko, *others[parent_id]} - {""}:
                    self._known[_key(name)].add(below[0])

    def today(self, region_id: int) -> int:
        """What a region is today: itself, or the only place it went over into."""
        return self._today[region_id]

    def full_name(self, region: Region) -> str:
        """`Region.full_name`, asked once a region: files name the same few hundred again and again."""
        name = self._full.get(region.pk)
        if name is None:
            name = self._full[region.pk] = region.full_name
        return name

    def find(self, written: str) -> Region:
        """The region meant. ValueError with a Korean sentence if there is none or several."""
        found = self._found.get(written)
        if found is None:
            found = self._find(written)
            if len(self._found) < _MOST_FOUND:
                self._found[written] = found
        return found

    def _find(self, written: str) -> Region:
        key = _key(written)
        if (pk := self._codes.get(key)) is not None:
            return self.regions[self._today[pk]]
        found = self._meant(self._known.get(key, ()))
        if not found:
            raise ValueError(
                f"‘{written[:40]}’은(는) 모르는 시·군·구입니다. "
                "경상남도 거제시처럼 시·도부터 적거나 지역코드를 적어 주세요."
            )
        if len(found) > 1:
            names = ", ".join(sorted(self.regions[pk].full_name for pk in found)[:4])
            raise ValueError(f"‘{written[:40]}’이(가) 여럿입니다({names}). 시·도부터 적어 주세요.")
        return self.regions[found.pop()]

    def _meant(self, found: Iterable[int]) -> set[int]:
        return {self._today[pk] for pk in found}

    def of_address(self, address: str) -> Region | None:
        """The region at the head of an address (`경기 시흥시 군자천로 …`, `서울시마포구 …`); None if not told."""
        words = tuple(narrow(address).split()[:3])
        if words not in self._heads:
            self._heads[words] = self._of_head(words)
        found = self._heads[words]
        return self.regions[found] if found is not None else None

    def _of_head(self, words: tuple[str, ...]) -> int | None:
        for count in (2, 3, 1):
            if len(words) >= count:
                found = self._meant(self._known.get("".join(words[:count]), ()))
                # One word alone must name its 시·도 too: `중구` at the head of an address tells nothing.
                if len(found) == 1:
                    return found.pop()
        return None

    def label(self, region: Region) -> str:
        """How a region is written into a file so that `find` reads it back."""
        key = _key(region.full_name)
        return region.full_name if self._meant(self._known.get(key, ())) == {self._today[region.pk]} else region.code

    def labels(self, region_ids: frozenset[int] | None) -> list[str]:
        """The regions of today that a drop-down offers; None for all."""
        return [
            self.label(region)
            for pk, region in sorted(self.regions.items(), key=lambda item: item[1].code)
            if region.level == RegionLevel.SIGUNGU and pk in self._holds and (region_ids is None or pk in region_ids)
        ]


class _Span:
    """Whether a region exists on a day."""

    def __init__(self, region: Region) -> None:
        self._lower, self._upper = region.effective.lower, region.effective.upper

    def __contains__(self, day: date) -> bool:
        return (self._lower is None or self._lower <= day) and (self._upper is None or day < self._upper)
