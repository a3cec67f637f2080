"""Statistical areas: what series and stages exist for, with the tree they are summed up in.

An area is not a region. The area of 동구 in 광주 (R29110) keeps its code when the region is recoded, so that its
series goes on unbroken; only the tree changes on 2026-07-01. Its region is the one it is known by today, because the
region decides who may see it now.
"""

from pathlib import Path

from reference import english
from reference.clusters import Cluster, region_of
from reference.regions import GUNWI, MERGER, Atlas
from reference.table import Row, read, write

COLUMNS = "code level name_ko name_en region_scheme region_code cluster_code valid_from valid_to source_name"
MEMBERSHIP_COLUMNS = "area parent valid_from valid_to"
# The panel names 여주 as it was called before 2013, for the whole series.
PANEL_NAME = {"41670": "경기도 여주군"}
SEJONG = "2012-07-01"


def build(shared: Path, atlas: Atlas, clusters: list[Cluster]) -> tuple[list[Row], list[Row]]:
    """Rows of areas.csv and area_memberships.csv."""
    panel = {row["area"] for row in read(shared / "bench/kr/areas.csv")}
    areas: list[Row] = []
    memberships: list[Row] = []
    last_mois = [r for r in atlas.regions.values() if r.scheme == "MOIS" and (not r.valid_to or r.valid_to == MERGER)]

    def area(code: str, level: str, name: str, name_en: str, region: tuple[str, str], **other: str) -> None:
        areas.append({
            "code": code, "level": level, "name_ko": name, "name_en": name_en,
            "region_scheme": region[0], "region_code": region[1], **other,
        })  # fmt: skip

    def member(code: str, parent: str, start: str = "", end: str = "") -> None:
        memberships.append({"area": code, "parent": parent, "valid_from": start, "valid_to": end})

    nation = atlas.regions["PORTAL", "KR"]
    area("KR", "NATION", nation.name, "Republic of Korea", nation.key, source_name="KR")
    area("RPJ", "SIDO", "전남광주통합특별시", english.SIDO["전남광주통합특별시"], ("PORTAL", "PJ"), valid_from=MERGER)
    member("RPJ", "KR", MERGER)
    for region in last_mois:
        code = f"R{region.code}"
        if region.level == "SIDO":
            start, end = (SEJONG if region.code == "36" else ""), region.valid_to
            area(code, "SIDO", region.name, english.SIDO[region.name], region.key, valid_from=start, valid_to=end,
                 source_name=region.name if region.name in panel else "")  # fmt: skip
            member(code, "KR", start, end)
            continue
        assert region.parent
        sido = region.parent[1]
        start = SEJONG if sido == "36" else ""
        name = PANEL_NAME.get(region.code, f"{atlas.regions[region.parent].name} {region.name}")
        area(code, "SIGUNGU", region.name, english.sigungu(region.name), atlas.latest(region.code), valid_from=start,
             source_name=name if name in panel else "")  # fmt: skip
        if sido in ("29", "46"):
            member(code, f"R{sido}", "", MERGER)
            member(code, "RPJ", MERGER)
        elif region.code == "27720":
            member(code, "R47", "", GUNWI)
            member(code, "R27", GUNWI)
        else:
            member(code, f"R{sido}", start)
    named = {row.get("source_name", "") for row in areas} - {""}
    assert named == panel, named ^ panel

    for cluster in clusters:
        if cluster.parent:
            continue  # a part of a complex: counted in the whole
        code = region_of(cluster, atlas)
        area(cluster.code, "CLUSTER", cluster.last["name"], "", atlas.latest(code), cluster_code=cluster.code)
        member(cluster.code, f"R{code}")
    order = {"NATION": 0, "SIDO": 1, "SIGUNGU": 2, "CLUSTER": 3}
    areas.sort(key=lambda row: (order[row["level"]], row["code"]))
    memberships.sort(key=lambda row: (row["area"], row["valid_from"]))
    return areas, memberships


def write_all(areas: list[Row], memberships: list[Row], target: Path) -> None:
    """Write areas.csv and area_memberships.csv."""
    write(target / "areas.csv", COLUMNS, areas)
    write(target / "area_memberships.csv", MEMBERSHIP_COLUMNS, memberships)
