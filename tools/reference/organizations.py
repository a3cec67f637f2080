"""Organizations and the regions each one answers for, at every date since the plan of 2023-04-06."""

from pathlib import Path

from reference import english
from reference import organization_list as listed
from reference.regions import MERGER, Atlas
from reference.table import Row, write

COLUMNS = "code kind name_ko name_en short_name_ko parent_code valid_from valid_to provisional note"
JURISDICTION_COLUMNS = "organization_code region_scheme region_code valid_from valid_to provisional note"
PLAN_ERA = "2023-04-06"  # governments abolished before the plan are left out
DISTRICTS_AFTER_MERGER = "통합 이후 관할은 종전 지역을 잠정 유지"


class Register:
    """Collects organizations and their jurisdictions; an organization is entered before its territory."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.organizations: dict[str, Row] = {}
        self.jurisdictions: list[Row] = []

    def body(self, code: str, kind: str, name: str, name_en: str, short: str, **other: str) -> None:
        """Enter an organization; ``other`` are the remaining columns."""
        assert code not in self.organizations, code
        row = {"code": code, "kind": kind, "name_ko": name, "name_en": name_en, "short_name_ko": short}
        self.organizations[code] = row | {"provisional": "0"} | other

    def territory(self, organization: str, key: tuple[str, str], provisional: str = "0", note: str = "") -> None:
        """One region for the time the region has its code; the first code of a chain has no known beginning."""
        region = self.atlas.regions[key]
        born_in_window = any(
            (s["successor_scheme"], s["successor_code"], s["on"]) == (*key, region.valid_from)
            for s in self.atlas.successions
        )
        self.jurisdictions.append({
            "organization_code": organization, "region_scheme": key[0], "region_code": key[1],
            "valid_from": region.valid_from if born_in_window or key[1] in ("36", "36110") else "",
            "valid_to": region.valid_to, "note": note,
            "provisional": "1" if provisional == "1" or region.provisional else "0",
        })  # fmt: skip

    def history(self, organization: str, code: str, provisional: str = "0", note: str = "") -> None:
        """A region under its present MOIS code and under the codes it had since the plan (42 → 51, 47720 → 27720).

        A 시·도 merged in 2026 is followed by its own districts, so that the territory stays what it was.
        """
        self.territory(organization, ("MOIS", code), provisional, note)
        for s in self.atlas.successions:
            same = s["kind"] in ("RECODED", "RENAMED", "MOVED") and s["on"] >= PLAN_ERA
            if same and s["successor_code"] == code:
                self.territory(organization, ("MOIS", s["predecessor_code"]), provisional, note)
            if same and s["predecessor_code"] == code:
                self.territory(organization, ("PORTAL", s["successor_code"]), provisional, note)
        if code in ("29", "46"):
            for region in self.atlas.regions.values():
                if region.scheme == "PORTAL" and region.code.startswith(f"PJ{code}"):
                    self.territory(organization, region.key, "1", DISTRICTS_AFTER_MERGER)


def build(atlas: Atlas) -> Register:
    """Enter every body of the list and every government."""
    register = Register(atlas)
    for code, kind, name, name_en, short, start, end, provisional, note in listed.NATIONAL:
        register.body(
            code, kind, name, name_en, short, valid_from=start, valid_to=end, provisional=provisional, note=note
        )
    register.territory("MSS", ("PORTAL", "KR"))
    _offices(register)
    _centres(register)
    _governments(register)
    return register


def _offices(register: Register) -> None:
    for code, stem, name_en, provinces in listed.OFFICES:
        full = f"{name_en} Regional Office of SMEs and Startups"
        register.body(code, "REGIONAL_OFFICE", f"{stem}지방중소벤처기업청", full, f"{stem}중기청", parent_code="MSS")
        for province in provinces:
            for key in _codes_of_province(register.atlas, province):
                register.territory(code, key)
    register.territory("RO-GWANGJU-JEONNAM", ("PORTAL", "PJ"))
    note = "제주는 지방청이 없어 광주·전남청을 기본값으로 둠(설정으로 변경)"
    register.territory(listed.JEJU_OFFICE, ("MOIS", "50"), "1", note)
    for code, stem, name_en, parent, districts in listed.SUBOFFICES:
        register.body(
            code, "REGIONAL_SUBOFFICE", f"{stem}사무소", f"{name_en} Sub-office", f"{stem}사무소", parent_code=parent,
            provisional="1", note="2014·2017년 보도 기준" + ("" if districts else ", 관할 시·군 미확인"),
        )  # fmt: skip
        for district in districts:
            register.history(code, district, "1", "2014·2017년 보도 기준")


def _codes_of_province(atlas: Atlas, code: str) -> list[tuple[str, str]]:
    old = {"51": ["42"], "52": ["45"]}.get(code, [])
    return [("MOIS", each) for each in [*old, code] if ("MOIS", each) in atlas.regions]


def _centres(register: Register) -> None:
    for part, (province, stem) in listed.PROVINCES.items():
        roman = listed.ROMAN[part]
        both = "1" if part == "GYEONGGI" else "0"
        _place(register, f"TP-{part}", "TECHNOPARK", f"{stem}테크노파크", f"{roman} Technopark", f"{stem}TP",
               province, both, "경기·경기대진 두 곳의 관할 구분 미확인" if both == "1" else "")  # fmt: skip
        _place(register, f"IC-{part}", "INNOVATION_CENTRE", f"{stem}창조경제혁신센터",
               f"{roman} Center for Creative Economy and Innovation", f"{stem}창경센터", province)  # fmt: skip
        _place(register, f"CGF-{part}", "FUND", f"{stem}신용보증재단", f"{roman} Credit Guarantee Foundation",
               f"{stem}신보재단", province, "1", own="1")  # fmt: skip
        if part in listed.CRISIS_CENTRES:
            _place(register, f"CC-{part}", "CRISIS_CENTRE", f"{stem} 지역중소기업 위기지원센터",
                   f"{roman} Regional SME Crisis Support Centre", f"{stem} 위기지원센터", province,
                   parent=f"TP-{part}")  # fmt: skip
            register.organizations[f"CC-{part}"]["note"] = f"{listed.CRISIS_CENTRES[part]}년 개소"
    for code, stem, name_en, region in listed.EXTRA_TECHNOPARKS:
        both = "1" if region == "41" else "0"
        _place(register, code, "TECHNOPARK", f"{stem}테크노파크", f"{name_en} Technopark", f"{stem}TP", region, both,
               "경기·경기대진 두 곳의 관할 구분 미확인" if both == "1" else "")  # fmt: skip
    for code, year in listed.TECHNOPARK_YEARS.items():
        register.organizations[code]["note"] = f"{year}년 설립"
    for code, stem, name_en, region, own in listed.EXTRA_INNOVATION_CENTRES:
        _place(register, code, "INNOVATION_CENTRE", f"{stem}창조경제혁신센터",
               f"{name_en} Center for Creative Economy and Innovation", f"{stem}창경센터", region, own,
               "민간 자율형", own)  # fmt: skip
    for code, stem, name_en, region in listed.RESTRUCTURING_CENTRES:
        _place(register, code, "RESTRUCTURING_CENTRE", f"{stem} 구조혁신지원센터",
               f"{name_en} Restructuring Support Centre", f"{stem} 구조혁신센터", region, "1",
               "소재지 기준, 관할 범위 미확인", parent="KOSME")  # fmt: skip
        register.organizations[code]["note"] = "2022년 개소, 운영기관(중진공)은 확인 필요"


def _place(register: Register, code: str, kind: str, name: str, name_en: str, short: str, region: str,
           provisional: str = "0", note: str = "", own: str = "0", parent: str = "") -> None:  # fmt: skip
    """A body with one region; ``provisional`` speaks of its territory, ``own`` of the body itself."""
    register.body(code, kind, name, name_en, short, parent_code=parent, provisional=own)
    register.history(code, region, provisional, note)


def _governments(register: Register) -> None:
    """A renamed or recoded government is one body with a past; one merged away ends."""
    atlas = register.atlas
    for region in sorted(atlas.regions.values()):
        lived_on = region.scheme == "MOIS" and (not region.valid_to or region.valid_to == MERGER)
        if not (lived_on or region.code == "PJ") or region.code == "36110":
            continue
        code = f"GOV-{region.code}"
        merged = region.parent == ("MOIS", "29") or region.parent == ("MOIS", "46")
        if region.level == "SIDO":
            short = listed_short(region.code)
            register.body(
                code, "PROVINCE", region.name, english.SIDO[region.name], short,
                valid_from=MERGER if region.code == "PJ" else "", valid_to=region.valid_to,
                provisional="1" if region.provisional else "0", note=region.note,
            )  # fmt: skip
            if region.code in ("29", "46", "PJ"):
                register.territory(code, region.key)  # ends or begins with the merger: the districts change hands
            else:
                register.history(code, region.code)
        else:
            assert region.parent
            register.body(
                code, "MUNICIPALITY", region.name, english.sigungu(region.name), region.name,
                parent_code="GOV-PJ" if merged else f"GOV-{region.parent[1]}", note=region.note,
            )  # fmt: skip
            register.history(code, region.code)


def listed_short(code: str) -> str:
    """Short name of a 시·도 government."""
    for province, stem in listed.PROVINCES.values():
        if province == code:
            return stem
    return "광주특별시"


def write_all(register: Register, target: Path) -> None:
    """Write organizations.csv and jurisdictions.csv."""
    rows = sorted(register.organizations.values(), key=lambda row: row["code"])
    write(target / "organizations.csv", COLUMNS, rows)
    key = JURISDICTION_COLUMNS.split()[:4]
    write(
        target / "jurisdictions.csv",
        JURISDICTION_COLUMNS,
        sorted(register.jurisdictions, key=lambda row: [row[k] for k in key]),
    )
