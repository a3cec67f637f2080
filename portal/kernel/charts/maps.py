"""Maps of stages: 시도 of the country on a day, and the 시군구 of one 시도."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.kernel import display
from portal.kernel.charts import svg

GEO = Path(__file__).resolve().parent.parent / "geo"
#: Where a name does not fit its area: how far it moves, in map units.
_MOVES = {
    "28": (-52, 6),
    "41": (22, 36),
    "43": (14, 2),
    "44": (-26, 4),
    "36": (-2, -10),
    "30": (10, 14),
    "26": (48, 18),
    "31": (52, 0),
}


@dataclass(frozen=True, slots=True)
class MapValue:
    """What an area shows. `stage` None is 판정보류. `label` replaces its name; `note` is said after the stage."""

    stage: str | None
    label: str = ""
    url: str = ""
    note: str = ""


@cache
def geometry(name: str) -> dict[str, Any]:
    """A map file of `portal/kernel/geo`, read once. Raises KeyError for a 시도 that has none."""
    file = GEO / f"{name}.json"
    if not file.is_file():
        raise KeyError(name)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _standing(region: Mapping[str, Any], on: date) -> bool:
    """Whether an area exists on a day (`from` included, `until` not)."""
    day = on.isoformat()
    return region.get("from", "") <= day < region.get("until", "9999")


def _area(region: Mapping[str, Any], value: MapValue | None, ident: str) -> SafeString:
    """One area: a link when there is somewhere to go; colour, pattern and words of its stage."""
    name = (value.label if value else "") or region["name"]
    stage = display.stage_key(value.stage) if value else "none"
    word = display.stage_word(value.stage) if value else _("자료 없음")
    words = f"{name}: {word}" + (f", {value.note}" if value and value.note else "")
    outline = svg.element("path", class_=f"map-area map-{stage}", d=region["d"], fill=svg.fill(ident, stage))
    if value and value.url:
        return svg.element("a", svg.element("title", words), outline, href=value.url, aria_label=words)
    return svg.element("g", svg.element("title", words), outline, role="img", aria_label=words)


def _name(region: Mapping[str, Any], value: MapValue | None, *, country: bool) -> SafeString:
    """The name with the stage's shape before it; where even a small name would not fit, the shape alone."""
    dx, dy = _MOVES.get(region["code"], (0, 0)) if country else (0, 0)
    x, y = region["x"] + dx, region["y"] + dy
    english = country and not display.korean()
    text = region["en"] if english else region.get("short") or region["name"]
    letters = len(text) * (0.56 if english else 0.95)
    size = 25.0 if (country and not english) or letters * 25 <= region["r"] * 3 else 19.0
    fits = country or letters * size <= region["r"] * 3.2
    drawn = []
    if value is not None:
        gap = letters * size / 2 + size * 0.15 if fits else 0.0
        drawn.append(svg.shape(display.stage_key(value.stage), x - gap, y, size / 17))
    if fits:
        css = "map-name" if size > 20 else "map-name map-name-small"
        shift = size * 0.45 if value is not None else 0
        drawn.append(svg.element("text", text, class_=css, x=float(x + shift), y=float(y + size * 0.36)))
    return svg.element("g", *drawn, aria_hidden="true")


def _legend(ident: str, stages: set[str]) -> SafeString:
    """The key: swatch with pattern, word. Only what the map shows."""
    words = [(name, display.stage_word(name)) for name in ("good", "caution", "severe", "hold")] + [
        ("none", _("자료 없음"))
    ]
    rows = []
    for name, word in words:
        if name in stages:
            box = svg.element("rect", class_=f"map-{name}", fill=svg.fill(ident, name), width=26, height=16)
            swatch = svg.element("svg", box, width=26, height=16, aria_hidden="true", focusable="false")
            rows.append((swatch, word))
    return format_html('<ul class="p-map-key">{}</ul>', format_html_join("", "<li>{}{}</li>", rows))


def _draw(
    data: Mapping[str, Any],
    regions: list[dict[str, Any]],
    values: Mapping[str, MapValue],
    *,
    title: str,
    country: bool,
    key: str,
) -> SafeString:
    shown = sorted((code, value.stage, value.url, value.note) for code, value in values.items() if value)
    ident = svg.chart_id("map", title, [str(row) for row in shown], key)
    x, y, width, height = data["viewBox"]
    drawn = [_area(region, values.get(region["code"]), ident) for region in regions]
    for frame in data.get("insets", ()):
        drawn.append(
            svg.element("rect", class_="map-inset", x=frame["x"], y=frame["y"], width=frame["w"], height=frame["h"])
        )
        low = frame["y"] + frame["h"] + 22
        drawn.append(svg.element("text", frame["label"], class_="map-small", x=frame["x"] + frame["w"] / 2, y=low))
    drawn += [_name(region, values.get(region["code"]), country=country) for region in regions]
    for point in data.get("points", ()):
        value = values.get(point["code"])
        stage = display.stage_key(value.stage) if value else "none"
        drawn.append(svg.element("circle", class_=f"map-dot map-dot-{stage}", cx=point["x"], cy=point["y"], r=5))
        if country:
            drawn.append(svg.element("text", point["name"], class_="map-small", x=point["x"], y=point["y"] + 26))
    found = [values.get(region["code"]) for region in regions]
    stages = {display.stage_key(value.stage) if value else "none" for value in found}
    picture = svg.element(
        "svg",
        svg.patterns(ident),
        *drawn,
        class_=f"ch map map-{'country' if country else 'province'}",
        viewBox=f"{x} {y} {width} {height}",
        role="group",
        aria_label=title,
    )
    return format_html(
        '<figure class="p-map">{}{}<figcaption class="p-map-source">{}</figcaption></figure>',
        _legend(ident, stages),
        picture,
        _("경계: %(source)s") % {"source": data["source"]},
    )


def sido_map(values: Mapping[str, MapValue], on: date, *, title: str = "", key: str = "") -> SafeString:
    """The country by 시도 as it was divided on a day: from 2026-07-01 one area `PJ` where 29 and 46 were.

    `values` by 시도 code (MOIS; `PJ` for the merged one). An area without a value is drawn as 자료 없음.
    """
    data = geometry("sido")
    regions = [region for region in data["regions"] if _standing(region, on)]
    return _draw(data, regions, values, title=title or _("시·도별 단계 지도"), country=True, key=key)


def sigungu_map(sido_code: str, values: Mapping[str, MapValue], *, title: str = "", key: str = "") -> SafeString:
    """One 시도 by 시군구. `values` by 시군구 code; for `PJ` the codes are `PJ29110`, `PJ46110`, …

    Raises KeyError for a 시도 the map data do not hold.
    """
    data = geometry(f"sigungu/{sido_code}")
    return _draw(data, data["regions"], values, title=title or _("시·군·구별 단계 지도"), country=False, key=key)
