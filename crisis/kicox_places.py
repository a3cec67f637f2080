"""Which complex of the portal a row of the book means: by place, type and every name it bears or bore."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from companies.kicox import names
from companies.models import Cluster
from crisis.models import Area
from portal.directory.enums import RegionLevel
from portal.directory.models import Region, RegionSuccession
from portal.directory.scope import Scope
from portal.intake.registry import Problem, Row

#: Words of the book → what the registry of clusters calls them.
TYPES = {"국가": "NATIONAL", "일반": "GENERAL", "도시첨단": "URBAN_HIGHTECH", "농공": "AGRO"}
STAGES = {"완료": "COMPLETE", "조성중": "DEVELOPING", "미개발": "UNDEVELOPED"}


class Provinces:
    """Which 시·도 of the book, by its short name, the reader may write for."""

    def __init__(self, scope: Scope) -> None:
        regions = Region.objects.of_level(RegionLevel.SIDO).values_list("pk", "name_ko", "short_name_ko")
        self._others = scope.nationwide
        self._known: dict[str, bool] = {}
        for pk, name, short in regions:
            for word in (name, short):
                self._known[word] = self._known.get(word, False) or scope.nationwide or pk in scope.region_ids

    def holds(self, written: str | None) -> bool:
        """Rows without a 시·도, and for the ministry those of an unknown one, stay and are told."""
        return not written or self._known.get(written, self._others)


class Complexes:
    """Complexes with an area the reader may write to, by 시·도, 시·군·구, type and every name they bear."""

    def __init__(self, scope: Scope) -> None:
        areas = Area.objects.writable_by(scope).exclude(cluster=None)
        self._areas = {area.cluster_id: area for area in areas}
        self._found: dict[tuple[str, str, str], set[int]] = defaultdict(set)
        self._exact: dict[tuple[str, str, str], set[int]] = defaultdict(set)
        merged: dict[int, list[str]] = defaultdict(list)
        links = RegionSuccession.objects.filter(predecessor__level=RegionLevel.SIDO)
        for successor, name, short in links.values_list(
            "successor", "predecessor__name_ko", "predecessor__short_name_ko"
        ):
            merged[successor] += [name, short]  # books before the merger still say 광주 and 전남
        clusters = Cluster.objects.filter(pk__in=self._areas, parent=None).select_related("region__parent")
        for cluster in clusters:
            province = cluster.region.parent or cluster.region
            for place in {province.short_name_ko, province.name_ko, *merged[province.pk]}:
                self._exact[place, cluster.kind, names.key(cluster.name_ko)].add(cluster.pk)
                for name in names.keys(cluster.name_ko, cluster.note):
                    self._found[place, cluster.kind, name].add(cluster.pk)
        self._district = {c.pk: c.region.name_ko for c in clusters}
        self._stage = {c.pk: c.status for c in clusters}

    def find(self, row: Row) -> Area | None:
        """The area meant. Several or none are told on the row."""
        values = row.values
        kind = TYPES.get(values.get("type") or "")
        if kind is None:
            if values.get("type"):
                text = f"‘{values['type'][:20]}’은(는) 단지 유형이 아닙니다. 쓸 수 있는 말: {', '.join(TYPES)}"
                row.problems.append(Problem("type_unknown", text, "type"))
            return None
        if not (values.get("sido") and values.get("sigungu") and values.get("name")):
            return None
        name, district = values["name"], values["sigungu"].split(" ")[0]
        place, near = values["sido"], set[int]()
        # The name it bears now goes before one it bore, that before one without its ending.
        for known, key in (
            (self._exact, names.key(name)),
            (self._found, names.key(name)),
            (self._found, names.bare_key(name)),
        ):
            found = known.get((place, kind, key), set())
            near = {pk for pk in found if self._district[pk] == district} or (found if len(found) == 1 else set())
            if len(near) == 1:
                return self._areas[next(iter(near))]
            if near:
                break
        if near:
            codes = ", ".join(sorted(self._areas[pk].code for pk in near))
            text = f"이 이름의 밀집지역이 여럿입니다({codes}). 어느 것인지 정해지지 않아 반영하지 않습니다."
            row.problems.append(Problem("cluster_ambiguous", text, "name", warning=True))
        else:
            text = (
                f"등록되지 않은 단지입니다: {values['sido']} {values['sigungu']} {name}({values['type']}). "
                "반영하지 않습니다. 새 단지면 밀집지역에 먼저 등록하고, 이름이 바뀌었으면 비고의 ‘이전 이름’에 적어 주세요."
            )
            row.problems.append(Problem("cluster_unknown", text, "name", warning=True))
        return None

    def told_apart(self, meant: Mapping[int, list[Row]]) -> Iterator[tuple[int, Row]]:
        """Each area with the one row that means it; `meant` is area → rows whose name led there.

        The book may give two complexes of one place one name (충남 서산 대산3 of 2023). How far each is built tells them
        apart if it does so for every one of them; otherwise none counts, and each row says so.
        """
        for pk, rows in meant.items():
            if len(rows) == 1:
                yield pk, rows[0]
                continue
            places = [self._at_stage(row) for row in rows]
            taken = {one for place in places for one in place} & (meant.keys() - {pk})
            if all(len(place) == 1 for place in places) and len(set().union(*places)) == len(rows) and not taken:
                for place, row in zip(places, rows, strict=True):
                    yield next(iter(place)), row
            else:
                _tell_doubles(rows)

    def _at_stage(self, row: Row) -> set[int]:
        """Areas in the row's 시·군·구 that bear or bore its name and are built as far as it says."""
        values = row.values
        kind, stage = TYPES[values["type"]], STAGES.get(values.get("status") or "")
        district = values["sigungu"].split(" ")[0]
        found = self._found.get((values["sido"], kind, names.key(values["name"])), set())
        return {
            self._areas[pk].pk for pk in found if self._district[pk] == district and stage and self._stage[pk] == stage
        }


def _tell_doubles(rows: list[Row]) -> None:
    numbers = ", ".join(f"{row.number}행" for row in rows)
    text = (
        f"{numbers}이 같은 이름이고 조성상태로도 가를 수 없어 어느 단지인지 정해지지 않았습니다. 반영하지 않습니다. "
        "필요하면 이름을 고쳐 올려 주세요."
    )
    for row in rows:
        row.problems.append(Problem("doubled", text, "name", warning=True))
