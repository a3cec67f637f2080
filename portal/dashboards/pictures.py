"""From results to the charts of the kernel."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crisis.models import Area
from portal.dashboards import links
from portal.dashboards.selectors.board import Tally
from portal.kernel import charts, display
from portal.kernel.charts import svg


def map_code(area_code: str) -> str:
    """The map's code of an area: area codes are `R` and the code the place has on the map."""
    return area_code.removeprefix("R")


def country_map(rows: Iterable[Any], parts: Iterable[Tally], round: Any) -> SafeString:
    """The country by 시·도 as it was divided in the round's reference month; each area leads to its own map."""
    inside = {part.code: part for part in parts}
    values = {}
    for row in rows:
        part = inside.get(row.area.code)
        note = _("지수 %(index)s") % {"index": display.number(row.rci, 1)}
        if part:
            note += _(", 시·군·구 %(total)s곳 가운데 심각 %(severe)s, 주의 %(caution)s") % {
                "total": part.total,
                "severe": part.severe,
                "caution": part.caution,
            }
        url = links.board(round=round.code, sido=row.area.code)
        values[map_code(row.area.code)] = charts.MapValue(row.shown, url=url, note=note)
    title = _("%(round)s 시·도별 모형 단계") % {"round": round.title}
    return charts.sido_map(values, round.reference_month, title=title)


def province_map(rows: Iterable[Any], sido: Area, round: Any) -> SafeString | None:
    """One 시·도 by 시·군·구, or None where there is no map of it."""
    prefix = "PJ" if map_code(sido.code) == "PJ" else ""
    values = {}
    for row in rows:
        note = _("지수 %(index)s") % {"index": display.number(row.rci, 1)}
        if row.sido != sido.code:
            note += _(", 이 회차에는 %(sido)s 소속") % {"sido": row.sido_name}
        url = links.area(row.area.code, round=round.code)
        values[prefix + map_code(row.area.code)] = charts.MapValue(row.shown, url=url, note=note)
    title = _("%(round)s %(sido)s 시·군·구별 모형 단계") % {"round": round.title, "sido": sido.name}
    try:
        return charts.sigungu_map(map_code(sido.code), values, title=title)
    except KeyError:
        return None


def contribution_strip(
    contributions: Mapping[str, str] | None, names: Mapping[str, str], order: Sequence[str], marks: Sequence[Decimal]
) -> SafeString:
    """Small bars of what the index is made of, one a line of the scale 0-100, with the figures as its name."""
    found = [(code, Decimal((contributions or {}).get(code, "0"))) for code in order if code in (contributions or {})]
    if not found:
        return SafeString("")
    words = ", ".join(f"{names.get(code, code)} {display.number(value, 1)}" for code, value in found)
    height = 7 * len(found)
    drawn = [svg.element("title", words), svg.element("rect", class_="bar-ground", width="100%", height="100%")]
    for line, (_code, value) in enumerate(found):
        drawn.append(
            svg.element("rect", class_="bar-value", x=0, y=7 * line + 1, width=f"{float(value):.1f}%", height=5)
        )
    drawn += [
        svg.element("line", class_="bar-mark", x1=f"{mark}%", x2=f"{mark}%", y1=0, y2=height) for mark in marks
    ]
    return svg.element(
        "svg", *drawn, class_="p-bar", width="100%", height=height, role="img", aria_label=words
    )
