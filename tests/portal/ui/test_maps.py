"""The map data are whole, and each area says its stage."""

import csv
import json
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from portal.kernel import charts
from portal.kernel.charts.maps import GEO, geometry
from tests.portal.ui.conftest import Page

REGIONS = Path(GEO).parent.parent / "directory" / "data" / "regions.csv"
SIDO = ["11", "26", "27", "28", "30", "31", "36", "41", "43", "44", "47", "48", "50", "51", "52"]


def areas(on):
    values = {
        region["code"]: charts.MapValue("GOOD", url=f"/{region['code']}") for region in geometry("sido")["regions"]
    }
    return {link["href"] for link in Page(charts.sido_map(values, on)).all("a")}


def test_seventeen_provinces_until_the_merger_and_sixteen_after():
    before, after = areas(date(2026, 6, 30)), areas(date(2026, 7, 1))
    assert len(before) == 17
    assert len(after) == 16
    assert before - after == {"/29", "/46"}
    assert after - before == {"/PJ"}


def test_every_sigungu_is_one_the_portal_knows_and_none_is_missing():
    with REGIONS.open(encoding="utf-8") as file:
        known = {row["code"]: row for row in csv.DictReader(file) if row["level"] == "SIGUNGU"}
    drawn = {}
    for file in (GEO / "sigungu").glob("*.json"):
        drawn |= {region["code"]: region["name"] for region in json.loads(file.read_text(encoding="utf-8"))["regions"]}
    assert {code: known[code]["name_ko"] for code in drawn if code in known} == drawn
    standing = {code for code, row in known.items() if not row["valid_to"]}
    assert standing <= set(drawn)
    assert len([code for code in drawn if not code.startswith("PJ")]) == 229


@pytest.mark.parametrize("code", [*SIDO, "29", "46", "PJ"])
def test_every_province_has_a_map_inside_its_view_box(code):
    html = charts.sigungu_map(code, {})
    ElementTree.fromstring(f"<div>{html}</div>")
    data = geometry(f"sigungu/{code}")
    left, top, width, height = data["viewBox"]
    for region in data["regions"]:
        assert left <= region["x"] <= left + width, region["name"]
        assert top <= region["y"] <= top + height, region["name"]
        assert re.match(r"M-?\d+ -?\d+l", region["d"]), region["name"]


def test_a_province_without_a_map_is_an_error():
    with pytest.raises(KeyError):
        charts.sigungu_map("99", {})


def test_gunwi_is_in_daegu_and_changwon_is_one_city():
    assert "27720" in {region["code"] for region in geometry("sigungu/27")["regions"]}
    south = {region["code"]: region["name"] for region in geometry("sigungu/48")["regions"]}
    assert south["48120"] == "창원시"
    assert not any(code.startswith("4812") for code in south if code != "48120")


def test_dokdo_is_on_the_maps_that_hold_it():
    for name in ("sido", "sigungu/47"):
        assert [point["name"] for point in geometry(name)["points"]] == ["독도"]
    assert "독도" in charts.sido_map({}, date(2026, 7, 1))


def test_an_area_tells_name_stage_and_note_and_cannot_be_broken_out_of():
    values = {"48": charts.MapValue("SEVERE", url="/?a=1&b=2", note='<i>"3곳"</i>')}
    html = charts.sido_map(values, date(2026, 7, 1))
    ElementTree.fromstring(f"<div>{html}</div>")
    (link,) = Page(html).all("a")
    assert link["aria-label"] == '경상남도: 심각, <i>"3곳"</i>'
    assert link["href"] == "/?a=1&b=2"
    assert "<i>" not in html
    assert "style=" not in html


def test_caution_and_severe_differ_in_pattern_and_shape_not_in_colour_alone():
    values = {"11": charts.MapValue("CAUTION"), "48": charts.MapValue("SEVERE"), "50": charts.MapValue("GOOD")}
    html = charts.sido_map(values, date(2026, 7, 1))
    fills = {
        (p["class"], (p.get("fill") or "")[-9:]) for p in Page(html).all("path") if "map-area" in (p["class"] or "")
    }
    assert {css for css, _fill in fills} == {f"map-area map-{s}" for s in ("caution", "severe", "good", "none")}
    for stage in ("caution", "severe", "good"):
        assert f"ch-shape-{stage}" in html
    assert re.search(r'map-severe" d="[^"]+" fill="url\(#c\w+-severe\)"', html)


def test_two_maps_on_a_page_share_no_id():
    first, second = charts.sigungu_map("48", {}), charts.sido_map({}, date(2026, 7, 1))
    ids = Page(first + second).ids
    assert len(ids) == len(set(ids))


def test_the_map_data_stay_small():
    assert sum(file.stat().st_size for file in GEO.rglob("*.json")) < 500_000
    assert (GEO / "sido.json").stat().st_size < 30_000
