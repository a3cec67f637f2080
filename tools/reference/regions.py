"""Regions of 2008–2026: nation, 시·도 and 시·군·구 under every code they had, with successions and other codes.

The code history knows nothing of 51, 52 and 27720 (it stops before them) nor of the merger of 2026; those changes
are stated here, with their dates, and marked provisional where no official code was found.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

from reference import english
from reference.table import Row, read, write

COLUMNS = (
    "scheme code level name_ko name_en short_name_ko parent_scheme parent_code valid_from valid_to "
    "capital_area provisional lat lon note"
)
SUCCESSION_COLUMNS = "predecessor_scheme predecessor_code successor_scheme successor_code on kind provisional note"

EARLIEST = "2008-01-01"  # the demo series begin here: what was abolished before is left out
MERGER = "2026-07-01"
CAPITAL = {"11", "28", "41"}
GANGWON, JEONBUK = "2023-06-11", "2024-01-18"
GUNWI = "2023-07-01"

SIDO_SHORT = {
    "11": "서울", "26": "부산", "27": "대구", "28": "인천", "29": "광주", "30": "대전", "31": "울산", "36": "세종",
    "41": "경기", "42": "강원", "43": "충북", "44": "충남", "45": "전북", "46": "전남", "47": "경북", "48": "경남",
    "50": "제주", "51": "강원", "52": "전북",
}  # fmt: skip
KOSTAT = {
    "11": "11", "26": "21", "27": "22", "28": "23", "29": "24", "30": "25", "31": "26", "36": "29", "41": "31",
    "42": "32", "43": "33", "44": "34", "45": "35", "46": "36", "47": "37", "48": "38", "50": "39", "51": "32",
    "52": "35",
}  # fmt: skip
# Spellings met in the source files, besides the name and the short name.
SPELLINGS = {
    "11": ["서울시"], "26": ["부산시"], "27": ["대구시"], "28": ["인천시"], "29": ["광주시"], "30": ["대전시"],
    "31": ["울산시"], "36": ["세종시"], "41": ["경기"], "42": ["강원특별자치도"], "51": ["강원도"],
    "45": ["전북특별자치도"], "52": ["전라북도"], "50": ["제주도", "제주특별시자치도"],
    "36110": ["세종", "세종특별자치시"], "41650": ["포천군"], "41670": ["여주군"], "44270": ["당진군"],
    "28177": ["남구"],
}  # fmt: skip
# Successions of whole or partial districts that the code history shows (date of abolition = date of birth).
DISTRICT_CHANGES = [
    ("48110", "48120", "2010-07-01", "MERGED", "창원·마산·진해 통합"),
    ("48160", "48120", "2010-07-01", "MERGED", "창원·마산·진해 통합"),
    ("48190", "48120", "2010-07-01", "MERGED", "창원·마산·진해 통합"),
    ("44830", "44270", "2012-01-01", "RENAMED", "군에서 시로 승격"),
    ("44730", "36110", "2012-07-01", "MERGED", "세종특별자치시 출범"),
    ("43710", "36110", "2012-07-01", "SPLIT", "부용면 편입(청원군은 존속)"),
    ("44150", "36110", "2012-07-01", "SPLIT", "장기면·의당면·반포면 일부 편입(공주시는 존속)"),
    ("41730", "41670", "2013-09-23", "RENAMED", "군에서 시로 승격"),
    ("43710", "43110", "2014-07-01", "MERGED", "청주시와 통합(청주시 코드 유지)"),
    ("28170", "28177", "2018-07-01", "RENAMED", "남구에서 미추홀구로 명칭 변경"),
]
# Old cities whose place is known from the districts (일반구) that continue them.
OLD_CITY_DISTRICTS = {"48110": ["48121", "48123"], "48160": ["48125", "48127"], "48190": ["48129"]}


@dataclass(frozen=True, order=True)
class Region:
    """One code of one region for the time it was in force; ``valid_to`` is exclusive, blank means open."""

    scheme: str
    code: str
    level: str = field(compare=False)
    name: str = field(compare=False)
    parent: tuple[str, str] | None = field(compare=False)
    valid_from: str = field(default="", compare=False)
    valid_to: str = field(default="", compare=False)
    provisional: bool = field(default=False, compare=False)
    note: str = field(default="", compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """Identity of the row: scheme and code."""
        return self.scheme, self.code


@dataclass(frozen=True)
class Atlas:
    """All regions by key, the changes between them, and the districts (일반구) folded into their city."""

    regions: dict[tuple[str, str], Region]
    successions: list[Row]
    folded: dict[str, list[tuple[str, str]]]  # city code → [(district code, district name)]
    centroids: dict[str, list[tuple[float, float, int]]]  # region code → [(lat, lon, number of 법정동)]

    def latest(self, code: str) -> tuple[str, str]:
        """The key a MOIS code is known by today: 42110 → MOIS 51110, 29110 → PORTAL PJ29110."""
        key = ("MOIS", code)
        following = {
            (row["predecessor_scheme"], row["predecessor_code"]): (row["successor_scheme"], row["successor_code"])
            for row in self.successions
            if row["kind"] in ("RECODED", "RENAMED", "MOVED")
        }
        while key in following:
            key = following[key]
        return key

    def find(self, sido: str, sigungu: str) -> str:
        """Code of a present 시·군·구 from names as the sources write them (일반구 and short 시·도 allowed).

        ``KeyError`` when nothing of that name exists. Codes of 광주 and 전남 come back as they were before the merger.
        """
        for code, short in SIDO_SHORT.items():
            if sido not in (short, self.regions["MOIS", code].name) or code in ("42", "45"):
                continue
            if code == "36":
                return "36110"
            names = {r.name: r.code for r in self.regions.values() if r.parent == ("MOIS", code) and not _gone(r)}
            return names[sigungu.partition(" ")[0]]
        raise KeyError(sido, sigungu)


def _gone(region: Region) -> bool:
    """Was it given up before the merger of 2026?"""
    return bool(region.valid_to) and region.valid_to < MERGER


def _iso(compact: str) -> str:
    return f"{compact[:4]}-{compact[4:6]}-{compact[6:8]}" if compact else ""


def build(shared: Path) -> Atlas:
    """Put the atlas together from the code history (시·군·구 to 2022) and the list of November 2025."""
    history = [
        row for row in read(shared / "data/codes/bjd_code_with_history_2025.csv.gz") if row["법정동코드"][5:] == "00000"
    ]
    present = read(shared / "data/codes/sigungu_codes_centroids_202511.csv")
    names = {row["시군구코드"]: row["시군구명"] for row in history if row["시군구코드"][2:] != "000"}
    names |= {row["sgg_code5"]: row["sigungu"] for row in present}

    regions: dict[tuple[str, str], Region] = {}
    folded: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def add(region: Region) -> None:
        assert region.key not in regions, region.key
        regions[region.key] = region

    add(Region("PORTAL", "KR", "NATION", "대한민국", None))
    for row in history:
        code, end = row["시군구코드"], _iso(row["말소일자"])
        if end and end <= EARLIEST:
            continue
        start = _iso(row["생성일자"])
        if code.endswith("000"):
            add(Region("MOIS", code[:2], "SIDO", row["시도명"], ("PORTAL", "KR"), start, end))
        elif code == "36110":
            note = "시·군·구를 두지 않는 단층제"
            add(Region("MOIS", code, "SIGUNGU", "세종시", ("MOIS", "36"), start, end, note=note))
        elif city := _city_of(code, names):
            folded[city].append((code, names[code].removeprefix(names[city]).strip()))
        elif "출장" not in row["시도명"] + row["시군구명"]:
            note = "행정시" if code[:2] == "50" else ""
            add(Region("MOIS", code, "SIGUNGU", row["시군구명"], ("MOIS", code[:2]), start, end, note=note))

    atlas = Atlas(regions, [], folded, _centroids(present, names, regions))
    _changes_of_2010_to_2018(atlas)
    _recode_province(atlas, "42", "51", "강원특별자치도", GANGWON)
    _recode_province(atlas, "45", "52", "전북특별자치도", JEONBUK)
    _move_gunwi(atlas)
    _merge_gwangju_and_jeonnam(atlas)
    return atlas


def _city_of(code: str, names: dict[str, str]) -> str | None:
    """The city a 일반구 belongs to: 48121 → 48120. ``None`` for whatever is a basic local government itself."""
    city = code[:4] + "0"
    if city == code or not names.get(city, "").endswith("시") or "출장" in names[code]:
        return None
    return city if names[code].startswith(names[city]) and names[code] != names[city] else None


def _centroids(
    present: list[Row], names: dict[str, str], regions: dict[tuple[str, str], Region]
) -> dict[str, list[tuple[float, float, int]]]:
    """Places of the districts of November 2025, gathered under the codes that contain them."""
    places: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    old_of = {"51": "42", "52": "45"}
    for row in present:
        code = row["sgg_code5"]
        place = (float(row["lat"]), float(row["lon"]), int(row["n_bjd"]))
        city = code if code.startswith("36") else code[:4] + "0" if " " in row["sigungu"] else code
        if row["sigungu"] == "청주시흥덕구":
            city = "43110"
        codes = {city, city[:2]}
        if city[:2] in old_of:
            codes |= {old_of[city[:2]] + city[2:], old_of[city[:2]]}
        if code == "27720":
            codes.add("47720")
        if code == "28177":
            codes.add("28170")
        codes |= {old for old, parts in OLD_CITY_DISTRICTS.items() if code in parts}
        codes |= {old for old, new in (("44830", "44270"), ("41730", "41670")) if code == new}
        for each in codes:
            places[each].append(place)
    return places


def _succeed(atlas: Atlas, old: tuple[str, str], new: tuple[str, str], on: str, kind: str, note: str = "") -> None:
    atlas.successions.append({
        "predecessor_scheme": old[0], "predecessor_code": old[1], "successor_scheme": new[0], "successor_code": new[1],
        "on": on, "kind": kind, "note": note,
        "provisional": "1" if atlas.regions[old].provisional or atlas.regions[new].provisional else "0",
    })  # fmt: skip


def _changes_of_2010_to_2018(atlas: Atlas) -> None:
    for old, new, on, kind, note in DISTRICT_CHANGES:
        _succeed(atlas, ("MOIS", old), ("MOIS", new), on, kind, note)


def _recode_province(atlas: Atlas, old: str, new: str, name: str, on: str) -> None:
    """A province gets a new name and two new first digits; its districts keep the last three."""
    regions = atlas.regions
    regions["MOIS", new] = replace(regions["MOIS", old], code=new, name=name, valid_from=on)
    regions["MOIS", old] = replace(regions["MOIS", old], valid_to=on)
    _succeed(atlas, ("MOIS", old), ("MOIS", new), on, "RENAMED", "특별자치도 출범")
    for child in [r for r in regions.values() if r.parent == ("MOIS", old) and not r.valid_to]:
        code = new + child.code[2:]
        regions["MOIS", code] = replace(child, code=code, parent=("MOIS", new), valid_from=on)
        regions[child.key] = replace(child, valid_to=on)
        _succeed(atlas, child.key, ("MOIS", code), on, "RECODED")
    for city in [city for city in atlas.folded if city.startswith(old)]:
        atlas.folded[new + city[2:]] = [(new + code[2:], name) for code, name in atlas.folded[city]]


def _move_gunwi(atlas: Atlas) -> None:
    old = atlas.regions["MOIS", "47720"]
    atlas.regions[old.key] = replace(old, valid_to=GUNWI)
    atlas.regions["MOIS", "27720"] = replace(old, code="27720", parent=("MOIS", "27"), valid_from=GUNWI)
    _succeed(atlas, old.key, ("MOIS", "27720"), GUNWI, "MOVED", "경상북도에서 대구광역시로 편입")


def _merge_gwangju_and_jeonnam(atlas: Atlas) -> None:
    """29 and 46 end; the merged city and its 27 districts get codes of our own until the official ones are known."""
    regions, note = atlas.regions, "공식 코드 미확인: 포털 임시 코드"
    merged = Region("PORTAL", "PJ", "SIDO", "전남광주통합특별시", ("PORTAL", "KR"), MERGER, "", True, note)
    regions[merged.key] = merged
    for code in ("29", "46"):
        regions["MOIS", code] = replace(regions["MOIS", code], valid_to=MERGER)
        _succeed(atlas, ("MOIS", code), merged.key, MERGER, "MERGED", "전남광주통합특별시 출범")
        for child in [r for r in regions.values() if r.parent == ("MOIS", code) and not r.valid_to]:
            new = replace(child, scheme="PORTAL", code=f"PJ{child.code}", parent=merged.key, valid_from=MERGER,
                          provisional=True, note=note)  # fmt: skip
            regions[new.key] = new
            regions[child.key] = replace(child, valid_to=MERGER)
            _succeed(atlas, child.key, new.key, MERGER, "RECODED", "전남광주통합특별시 소속으로 변경")
            atlas.centroids[new.code] = atlas.centroids[child.code]
        atlas.centroids[merged.code] = atlas.centroids.get(merged.code, []) + atlas.centroids[code]


def _row(region: Region, atlas: Atlas) -> Row:
    lat = lon = ""
    if places := atlas.centroids.get(region.code):
        weight = sum(n for _, _, n in places)
        lat = f"{sum(lat * n for lat, _, n in places) / weight:.5f}"
        lon = f"{sum(lon * n for _, lon, n in places) / weight:.5f}"
    if region.level == "SIDO":
        short = SIDO_SHORT.get(region.code, "광주특별시")
        name_en = english.SIDO[region.name]
    elif region.level == "SIGUNGU":
        short = region.name[:-1] if region.name[-1] in "시군" else region.name
        name_en = english.sigungu(region.name)
    else:
        short, name_en = "전국", "Republic of Korea"
    sido = region.code if region.level == "SIDO" else region.parent[1] if region.parent else ""
    return {
        "scheme": region.scheme, "code": region.code, "level": region.level, "name_ko": region.name,
        "name_en": name_en, "short_name_ko": short,
        "parent_scheme": region.parent[0] if region.parent else "",
        "parent_code": region.parent[1] if region.parent else "",
        "valid_from": region.valid_from, "valid_to": region.valid_to,
        "capital_area": "1" if sido in CAPITAL else "0", "provisional": "1" if region.provisional else "0",
        "lat": lat, "lon": lon, "note": region.note,
    }  # fmt: skip


def write_all(atlas: Atlas, target: Path) -> None:
    """Write regions.csv, region_successions.csv, region_codes.csv and region_names.csv."""
    order = {"NATION": 0, "SIDO": 1, "SIGUNGU": 2}
    regions = sorted(atlas.regions.values(), key=lambda r: (order[r.level], r.scheme, r.code))
    write(target / "regions.csv", COLUMNS, [_row(r, atlas) for r in regions])
    write(
        target / "region_successions.csv",
        SUCCESSION_COLUMNS,
        sorted(atlas.successions, key=lambda s: (s["on"], s["predecessor_code"], s["successor_code"])),
    )
    codes = {("MOIS", code, "KOSTAT", other) for code, other in KOSTAT.items()}
    names: set[tuple[str, str, str]] = set()
    for city, districts in atlas.folded.items():
        city_name = atlas.regions["MOIS", city].name
        for _code, name in districts:
            names |= {("MOIS", city, f"{city_name} {name}"), ("MOIS", city, f"{city_name}{name}")}
    for region in regions:
        spellings = list(SPELLINGS.get(region.code, []))
        if region.level == "SIDO":
            spellings.append(_row(region, atlas)["short_name_ko"])
        names |= {(region.scheme, region.code, s) for s in spellings if s != region.name}
    write(
        target / "region_codes.csv",
        "scheme code other_scheme other_code",
        [dict(zip(("scheme", "code", "other_scheme", "other_code"), row, strict=True)) for row in sorted(codes)],
    )
    write(
        target / "region_names.csv",
        "scheme code name",
        [dict(zip(("scheme", "code", "name"), row, strict=True)) for row in sorted(names)],
    )
