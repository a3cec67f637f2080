"""Areas, series, indicators, rule sets and designations fit each other and the benchmark they come from."""

import csv
import gzip
import json
from collections import Counter
from itertools import pairwise

import pytest

from tests.data.tables import (
    COMPANIES,
    CRISIS,
    DIGESTS,
    SOURCES,
    areas,
    digest,
    in_force,
    memberships,
    needs_sources,
    overlap,
    panel_rows,
    regions,
    table,
    tree_on,
)

AREAS = {row["code"]: row for row in areas()}
REGIONS = {(row["scheme"], row["code"]): row for row in regions()}
CLUSTERS = {row["code"]: row for row in table(COMPANIES / "clusters.csv")}
INDICATORS = {row["code"]: row for row in table(CRISIS / "indicators.csv")}
LEVELS = ["NATION", "SIDO", "SIGUNGU", "CLUSTER"]
SERIES = ["observations_sigungu.csv.gz", "observations_complex.csv.gz"]


def test_areas_are_unique_and_their_regions_and_clusters_exist_and_are_alive():
    assert len(AREAS) == len(areas())
    for row in areas():
        region = REGIONS[row["region_scheme"], row["region_code"]]
        assert region["level"] == ("SIGUNGU" if row["level"] == "CLUSTER" else row["level"])
        assert not region["valid_to"] or region["valid_to"] == row["valid_to"]
        assert (row["level"] == "CLUSTER") == bool(row["cluster_code"])
        if row["cluster_code"]:
            assert CLUSTERS[row["cluster_code"]]["parent_code"] == ""


def test_every_whole_complex_has_an_area_and_no_part_has_one():
    whole = {code for code, row in CLUSTERS.items() if not row["parent_code"]}
    assert {row["cluster_code"] for row in areas() if row["cluster_code"]} == whole


def test_area_has_one_parent_one_level_up_without_gap_or_overlap():
    by_area: dict[str, list[dict[str, str]]] = {}
    for row in memberships():
        by_area.setdefault(row["area"], []).append(row)
        assert LEVELS.index(AREAS[row["parent"]]["level"]) == LEVELS.index(AREAS[row["area"]]["level"]) - 1
    assert set(by_area) == set(AREAS) - {"KR"}
    for code, rows in by_area.items():
        rows.sort(key=lambda row: row["valid_from"])
        assert rows[0]["valid_from"] == AREAS[code]["valid_from"]
        assert rows[-1]["valid_to"] == AREAS[code]["valid_to"]
        for one, other in pairwise(rows):
            assert one["valid_to"] == other["valid_from"]
            assert not overlap(one, other)


@pytest.mark.parametrize("day", ["2008-01-01", "2012-07-10", "2016-07-10", "2023-04-06", "2025-07-10", "2026-06-30"])
def test_panel_tree_is_the_benchmark_tree_on_every_day_before_the_merger(day):
    assert digest(tree_on(day)) == DIGESTS["tree"]


@needs_sources
def test_panel_tree_equals_the_benchmark_file():
    with (SOURCES / "bench/kr/areas.csv").open(encoding="utf-8", newline="") as file:
        expected = sorted((row["area"], row["parent"], row["level"]) for row in csv.DictReader(file))
    assert tree_on("2026-06-30") == expected
    assert tree_on("2026-07-01") != expected


def test_districts_of_gwangju_and_jeonnam_move_to_the_merged_city():
    parents = {row["area"]: row["parent"] for row in memberships() if in_force(row, "2026-07-01")}
    moved = {code for code, parent in parents.items() if parent == "RPJ"}
    assert len(moved) == 27
    assert {code[:3] for code in moved} == {"R29", "R46"}
    assert not {"R29", "R46"} & (set(parents) | set(parents.values()))


def test_only_three_districts_lie_outside_the_panel():
    outside = {row["code"] for row in areas() if row["level"] == "SIGUNGU" and not row["source_name"]}
    assert outside == {"R27720", "R36110", "R41650"}


def test_clusters_name_living_regions_and_parts_have_a_whole():
    assert len(CLUSTERS) == len(table(COMPANIES / "clusters.csv"))
    for row in CLUSTERS.values():
        region = REGIONS[row["region_scheme"], row["region_code"]]
        assert region["level"] == "SIGUNGU"
        assert region["valid_to"] == ""
        assert row["kind"] in {"NATIONAL", "GENERAL", "URBAN_HIGHTECH", "AGRO"}
        assert row["status"] in {"COMPLETE", "DEVELOPING", "UNDEVELOPED"}
        assert row["parent_code"] == "" or CLUSTERS[row["parent_code"]]["parent_code"] == ""


@pytest.mark.parametrize("name", SERIES)
def test_every_observation_speaks_of_a_known_area_indicator_and_unit(name):
    units = {code: {row["unit"]} for code, row in INDICATORS.items()}
    for row in table(CRISIS / "indicator_units.csv"):
        assert row["unit"] not in units[row["indicator"]]
        assert float(row["factor"]) > 0
        units[row["indicator"]].add(row["unit"])
    rows = table(CRISIS / "demo" / name)
    seen = set()
    for row in rows:
        assert row["area"] in AREAS
        assert row["unit"] in units[row["indicator"]]
        assert row["known_at"][:7] > row["period"]
        assert row["status"] == "FINAL"
        assert float(row["value"]) >= 0
        seen.add((row["area"], row["indicator"], row["period"]))
    assert len(seen) == len(rows)


def test_complex_series_are_of_complexes_and_quarters():
    rows = table(CRISIS / "demo/observations_complex.csv.gz")
    assert {AREAS[row["area"]]["level"] for row in rows} == {"CLUSTER"}
    assert {row["period"][5:] for row in rows} == {"03", "06", "09", "12"}
    quarters = Counter(row["period"] for row in rows if row["indicator"] == "OPERATING")
    assert quarters == {"2023-12": 1310, "2025-09": 1353, "2025-12": 1363}


def test_suppressed_figures_are_absent_not_zero():
    rows = table(CRISIS / "demo/observations_complex.csv.gz")
    known = {row["area"] for row in rows if (row["indicator"], row["period"]) == ("CX_EMP", "2023-12")}
    listed = {row["area"] for row in rows if (row["indicator"], row["period"]) == ("TENANTS", "2023-12")}
    assert len(listed - known) == 150


def test_sigungu_series_have_the_benchmark_digest():
    assert digest(panel_rows()) == DIGESTS["observations"]


@needs_sources
def test_sigungu_series_equal_the_benchmark_value_by_value():
    raw = gzip.decompress((SOURCES / "bench/kr/observations.csv.gz").read_bytes()).decode("utf-8")
    expected = sorted(
        (r["area"], r["indicator"], r["period"], r["value"], r["known_at"], r["status"])
        for r in csv.DictReader(raw.splitlines())
    )
    assert panel_rows() == expected


def test_compressed_series_are_small_and_carry_no_time():
    for name in SERIES:
        raw = (CRISIS / "demo" / name).read_bytes()
        assert len(raw) <= 1_300_000
        assert raw[4:8] == b"\0\0\0\0"


def test_catalogue_covers_both_rule_sets():
    for name in ("kr_sigungu_demo_1", "kr_rci_2027_1_draft"):
        rule_set = json.loads((CRISIS / f"rulesets/{name}.json").read_text(encoding="utf-8"))
        assert set(rule_set["order"]) == set(rule_set["indicators"])
        for code, spec in rule_set["indicators"].items():
            row = INDICATORS[code]
            assert (row["frequency"], row["kind"]) == (spec["freq"], spec["kind"])
            assert int(row["direction"]) == spec["direction"]
            assert int(row["pub_lag_months"]) == spec["pub_lag_months"]
        assert rule_set["exposure_indicator"] in INDICATORS


@needs_sources
@pytest.mark.parametrize(
    ("shipped", "source"),
    [
        ("rulesets/kr_sigungu_demo_1.json", "bench/kr/ruleset.json"),
        ("rulesets/kr_rci_2027_1_draft.json", "golden/ruleset_kr_draft.json"),
    ],
)
def test_rule_sets_are_byte_equal_to_their_source(shipped, source):
    assert (CRISIS / shipped).read_bytes() == (SOURCES / source).read_bytes()


@needs_sources
def test_rounds_equal_the_benchmark():
    assert table(CRISIS / "demo/rounds.csv") == table(SOURCES / "bench/kr/rounds.csv")


def test_rounds_are_half_years_in_order_with_a_cutoff_after_their_month():
    rounds = table(CRISIS / "demo/rounds.csv")
    assert len(rounds) == 27
    assert [row["round"] for row in rounds] == sorted(row["round"] for row in rounds)
    assert all(row["cutoff"][:7] > row["reference_month"] for row in rounds)


def test_designations_name_areas_dates_and_a_confidence_and_no_address():
    rows = table(CRISIS / "designations.csv")
    assert len(rows) == 43
    assert len({(r["scheme"], r["area"], r["site"], r["start"]) for r in rows}) == len(rows)
    for row in rows:
        assert row["area"] in AREAS
        assert len(row["start"]) == 10
        assert not row["end_last_known"] or row["start"] < row["end_last_known"]
        assert row["confidence"] in {"HIGH", "MEDIUM", "LOW"}
        assert int(row["source_count"]) >= 1
        assert not any("http" in value or "www" in value for value in row.values())
        if row["confidence"] == "HIGH":
            assert "만 확인" not in row["note"]


def test_industries_form_one_tree_of_five_levels():
    rows = {row["code"]: row for row in table(COMPANIES / "ksic11.csv")}
    assert Counter(row["level"] for row in rows.values()) == {"1": 21, "2": 77, "3": 234, "4": 501, "5": 1205}
    for row in rows.values():
        if row["level"] == "1":
            assert row["parent_code"] == ""
        else:
            assert int(rows[row["parent_code"]]["level"]) == int(row["level"]) - 1
            assert row["level"] == "2" or row["code"].startswith(row["parent_code"])
