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


def contributions_in_words(contributions: Mapping[str, str] | None, names: Mapping[str, str]) -> str:
    """`수출액 30.0, 인구 20.0`: the parts of an index in the order of the rule set."""
    found = contributions or {}
    return ", ".join(f"{name} {display.number(found[code], 1)}" for code, name in names.items() if code in found)


def contribution_strip(
    contributions: Mapping[str, str] | None, names: Mapping[str, str], marks: Sequence[Decimal]
) -> Any:
    """What an index is made of, as small steps: each indicator's bar begins where the one above ended, so that the
    last one ends at the index. `marks` are the thresholds, as dashed lines."""
    found = contributions or {}
    steps = [Decimal(found[code]) for code in names if code in found]
    if not steps:
        return display.MISSING
    words = contributions_in_words(found, names)
    height = 7 * len(steps)
    drawn = [svg.element("title", words), svg.element("rect", class_="bar-ground", width="100%", height="100%")]
    at = Decimal(0)
    for line, step in enumerate(steps):
        place = {"x": f"{at:.2f}%", "y": 7 * line + 1, "width": f"{step:.2f}%", "height": 5}
        drawn.append(svg.element("rect", class_="bar-value", **place))
        at += step
    drawn += [svg.element("line", class_="bar-mark", x1=f"{mark}%", x2=f"{mark}%", y1=0, y2=height) for mark in marks]
    return svg.element("svg", *drawn, class_="p-bar", width="100%", height=height, role="img", aria_label=words)
