"""Regions, successions, organizations and jurisdictions hold together at every date."""

from collections import Counter, defaultdict
from itertools import combinations

import pytest

from tests.data.tables import DIRECTORY, Row, in_force, jurisdictions, organizations, overlap, regions, table

PLAN, MERGER, TODAY = "2023-04-06", "2026-07-01", "2026-11-22"
LEVELS = ["NATION", "SIDO", "SIGUNGU"]
# A partial succession leaves the predecessor alive; the others end it on the day.
PARTIAL = "SPLIT"


def key(row: Row, prefix: str = "") -> tuple[str, str]:
    return row[f"{prefix}scheme"], row[f"{prefix}code"]


REGIONS = {key(row): row for row in regions()}
SUCCESSIONS = table(DIRECTORY / "region_successions.csv")


def test_region_codes_are_never_reused():
    assert len(REGIONS) == len(regions())


@pytest.mark.parametrize("row", regions(), ids=lambda row: row["code"])
def test_region_is_complete_and_lies_within_a_parent_one_level_up(row):
    assert row["name_ko"]
    assert row["name_en"]
    assert not row["valid_to"] or row["valid_from"] < row["valid_to"]
    if row["level"] == "NATION":
        assert row["parent_code"] == ""
        return
    parent = REGIONS[key(row, "parent_")]
    assert LEVELS.index(parent["level"]) == LEVELS.index(row["level"]) - 1
    assert row["valid_from"] >= parent["valid_from"]
    assert not parent["valid_to"] or (row["valid_to"] and row["valid_to"] <= parent["valid_to"])
    assert row["capital_area"] == ("1" if (row["code"] + row["parent_code"])[:2] in ("11", "28", "41") else "0")


def test_no_two_districts_of_one_province_bear_one_name_at_a_time():
    siblings = defaultdict(list)
    for row in regions():
        siblings[key(row, "parent_"), row["name_ko"]].append(row)
    # 동·남·북구 of 광주 do not meet another 동구 in the merged city: 전남 has no 구.
    for rows in siblings.values():
        assert not [pair for pair in combinations(rows, 2) if overlap(*pair)]


@pytest.mark.parametrize(
    ("day", "provinces", "districts"),
    # 226 basic local governments, 제주시 and 서귀포시, and 세종; before 2012 without 세종 and with the merged ones.
    [("2009-01-01", 16, 232), (PLAN, 17, 229), ("2023-07-01", 17, 229), (MERGER, 16, 229), (TODAY, 16, 229)],
)
def test_regions_in_force_by_date(day, provinces, districts):
    count = Counter(row["level"] for row in regions() if in_force(row, day))
    assert count == {"NATION": 1, "SIDO": provinces, "SIGUNGU": districts}


@pytest.mark.parametrize("row", SUCCESSIONS, ids=lambda r: f"{r['predecessor_code']}-{r['successor_code']}")
def test_predecessor_ends_the_day_its_successor_takes_over(row):
    old, new = REGIONS[key(row, "predecessor_")], REGIONS[key(row, "successor_")]
    assert old["level"] == new["level"]
    if row["kind"] == PARTIAL:
        assert in_force(old, row["on"])
        assert in_force(new, row["on"])
    else:
        assert old["valid_to"] == row["on"]
        assert in_force(new, row["on"])
    if row["kind"] in ("RECODED", "RENAMED", "MOVED"):
        assert new["valid_from"] == row["on"]
    assert (row["provisional"] == "1") == ("1" in (old["provisional"], new["provisional"]))


def test_nothing_ends_without_a_successor_and_nothing_begins_in_the_window_without_a_past():
    ended = {key(row) for row in regions() if row["valid_to"]}
    assert ended == {key(row, "predecessor_") for row in SUCCESSIONS if row["kind"] != PARTIAL}
    begun = {key(row) for row in regions() if row["valid_from"] > "2008-01-01"}
    without_past = begun - {key(row, "successor_") for row in SUCCESSIONS}
    assert without_past == {("MOIS", "36")}  # 세종: no 시·도 became it, districts did


def test_a_region_that_only_changed_name_code_or_parent_has_one_predecessor_and_one_successor():
    same = [row for row in SUCCESSIONS if row["kind"] in ("RECODED", "RENAMED", "MOVED")]
    assert max(Counter(key(row, "successor_") for row in same).values()) == 1
    whole = [row for row in SUCCESSIONS if row["kind"] != PARTIAL]
    assert max(Counter(key(row, "predecessor_") for row in whole).values()) == 1
    renamed = {(row["predecessor_code"], row["successor_code"]) for row in same if row["kind"] == "RENAMED"}
    for row in same:
        old, new = REGIONS[key(row, "predecessor_")], REGIONS[key(row, "successor_")]
        assert (old["name_ko"] != new["name_ko"]) == ((old["code"], new["code"]) in renamed)


def test_succession_never_runs_in_a_circle():
    following = defaultdict(set)
    for row in SUCCESSIONS:
        following[key(row, "predecessor_")].add(key(row, "successor_"))
    for start in list(following):
        seen, ahead = set(), set(following[start])
        while ahead:
            seen |= ahead
            ahead = {after for each in ahead for after in following.get(each, ())} - seen
        assert start not in seen


def test_invented_codes_are_marked_provisional():
    assert {key(r) for r in regions() if r["provisional"] == "1"} == {
        key(r) for r in regions() if r["scheme"] == "PORTAL" and r["code"] != "KR"
    }


def test_other_codes_and_spellings_speak_of_known_regions():
    codes, names = table(DIRECTORY / "region_codes.csv"), table(DIRECTORY / "region_names.csv")
    assert {key(row) for row in (*codes, *names)} <= set(REGIONS)
    assert max(Counter((*key(row), row["other_scheme"]) for row in codes).values()) == 1
    assert not [row for row in names if row["name"] == REGIONS[key(row)]["name_ko"]]
    assert {r["other_code"] for r in codes if r["code"] == "26"} == {"21"}  # 부산 is 26 here and 21 there
    assert {r["other_code"] for r in codes if r["code"] == "31"} == {"26"}


ORGANIZATIONS = {row["code"]: row for row in organizations()}


@pytest.mark.parametrize(
    ("kind", "day", "number"),
    [
        ("MINISTRY", PLAN, 1),
        ("REGIONAL_OFFICE", PLAN, 13),
        ("REGIONAL_OFFICE", TODAY, 13),
        ("TECHNOPARK", PLAN, 19),
        ("INNOVATION_CENTRE", PLAN, 19),
        ("CRISIS_CENTRE", PLAN, 12),
        ("RESTRUCTURING_CENTRE", PLAN, 10),
        ("PROVINCE", PLAN, 17),
        ("PROVINCE", MERGER, 16),
        ("MUNICIPALITY", PLAN, 228),
        ("MUNICIPALITY", TODAY, 228),
    ],
)
def test_number_of_bodies_by_kind_and_date(kind, day, number):
    assert len([row for row in organizations() if row["kind"] == kind and in_force(row, day)]) == number


def test_organization_codes_are_unique_and_superiors_exist_without_circles():
    assert len(ORGANIZATIONS) == len(organizations())
    for row in organizations():
        chain = [row["code"]]
        while parent := ORGANIZATIONS[chain[-1]]["parent_code"]:
            assert parent not in chain
            chain.append(parent)
        if len(chain) > 1:
            assert overlap(row, ORGANIZATIONS[chain[1]])


@pytest.mark.parametrize("code", sorted({row["organization_code"] for row in jurisdictions()}))
def test_jurisdictions_keep_within_the_life_of_body_and_region(code):
    rows = [row for row in jurisdictions() if row["organization_code"] == code]
    for row in rows:
        region, body = REGIONS[key(row, "region_")], ORGANIZATIONS[code]
        assert not row["valid_to"] or row["valid_from"] < row["valid_to"]
        assert row["valid_to"] == region["valid_to"]
        assert row["valid_from"] in ("", region["valid_from"])
        assert overlap(row, body)
    for one, other in combinations(rows, 2):
        assert key(one, "region_") != key(other, "region_") or not overlap(one, other)


@pytest.mark.parametrize("day", [PLAN, "2023-06-30", "2023-07-01", "2024-01-18", "2026-06-30", MERGER, TODAY])
def test_every_district_lies_in_exactly_one_regional_office(day):
    offices = {code for code, row in ORGANIZATIONS.items() if row["kind"] == "REGIONAL_OFFICE"}
    held = Counter(
        key(row, "region_") for row in jurisdictions() if row["organization_code"] in offices and in_force(row, day)
    )
    districts = [row for row in regions() if row["level"] == "SIGUNGU" and in_force(row, day)]
    assert len(districts) == 229
    wrong = {row["code"]: n for row in districts if (n := held[key(row)] + held[key(row, "parent_")]) != 1}
    assert wrong == {}


@pytest.mark.parametrize("day", [PLAN, TODAY])
def test_every_district_has_exactly_one_government_of_its_own(day):
    own = Counter(
        key(row, "region_")
        for row in jurisdictions()
        if ORGANIZATIONS[row["organization_code"]]["kind"] == "MUNICIPALITY" and in_force(row, day)
    )
    districts = {key(row) for row in regions() if row["level"] == "SIGUNGU" and in_force(row, day)}
    assert own == dict.fromkeys(districts - {("MOIS", "36110")}, 1)  # 세종 governs itself as a 시·도


def test_jeju_and_the_merged_city_are_marked_provisional():
    rows = {(r["organization_code"], r["region_code"]): r["provisional"] for r in jurisdictions()}
    assert rows["RO-GWANGJU-JEONNAM", "50"] == "1"
    assert rows["RO-GWANGJU-JEONNAM", "PJ"] == "1"
    assert ORGANIZATIONS["GOV-PJ"]["provisional"] == "1"
