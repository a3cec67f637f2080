"""Areas by whatever people call them: the portal's code, the region's code, a full name, the name of a statistic."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from crisis.enums import AreaLevel
from crisis.models import Area
from portal.directory.models import RegionName
from portal.directory.scope import Scope
from portal.intake.cells import clean, narrow

UNKNOWN = "관할 밖이거나 없는 지역입니다. 지역코드를 확인해 주세요."


def _key(written: object) -> str:
    return "".join(narrow(written).split()).upper()


@dataclass(slots=True)
class AreaNames:
    """The areas a scope may write to, by code and name. Others do not exist here, so their names cannot leak."""

    areas: dict[int, Area] = field(default_factory=dict)
    _codes: dict[str, int] = field(default_factory=dict)
    _names: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def writable_by(cls, scope: Scope) -> "AreaNames":
        """Two queries, whatever the number of areas."""
        found = cls()
        rows = Area.objects.writable_by(scope).select_related("region", "region__parent").order_by("code")
        others: dict[int, list[str]] = defaultdict(list)
        for region_id, name in RegionName.objects.values_list("region_id", "name"):
            others[region_id].append(name)
        for area in rows:
            found.areas[area.pk] = area
            found._codes[_key(area.code)] = area.pk
            names = [area.name_ko, area.source_name]
            if area.level != AreaLevel.CLUSTER:
                region = area.region
                names += [region.code, region.full_name, region.name_ko]
                names += others[area.region_id]
                if region.parent_id and region.level == AreaLevel.SIGUNGU:
                    names += [f"{sido}{region.name_ko}" for sido in others[region.parent_id]]
            for name in filter(None, map(_key, names)):
                found._names[name].add(area.pk)
        return found

    def find(self, written: object, on: date | None = None) -> Area:
        """The area meant; of several that bore the name in turn, the one of the day. ValueError if none or several."""
        text = clean(written)
        for attempt in (text, text.split(" ")[0]):
            if (pk := self._codes.get(_key(attempt))) is not None:
                return self.areas[pk]
        found = self._names.get(_key(text), set())
        if len(found) > 1 and on is not None:
            found = {pk for pk in found if _holds(self.areas[pk], on)} or found
        if len(found) > 1:
            codes = ", ".join(sorted(self.areas[pk].code for pk in found)[:5])
            raise ValueError(f"‘{text[:40]}’(이)라는 지역이 여럿입니다. 지역코드로 적어 주세요: {codes}")
        if not found:
            raise ValueError(UNKNOWN)
        return self.areas[next(iter(found))]

    def answers_to(self, area: Area, written: object) -> bool:
        """Whether this name is one of the area's."""
        return area.pk in self._names.get(_key(written), set())

    def labels(self) -> list[str]:
        """`R48310 경상남도 거제시` for each area, as drop-downs offer them; `find` reads them back."""
        return [f"{area.code} {area.name_ko}" for area in self.areas.values()]


def _holds(area: Area, day: date) -> bool:
    lower, upper = area.effective.lower, area.effective.upper
    return (lower is None or lower <= day) and (upper is None or day < upper)
