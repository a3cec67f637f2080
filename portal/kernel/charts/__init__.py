"""Charts drawn on the server as SVG: no script, sharp in print, readable aloud, clean under the strict CSP.

Pure functions from figures to `SafeString`; no models, no requests. Every text given in is escaped. Figures may be int,
Decimal, float or None; None is a gap, never a zero. Words follow the active language.

    from portal.kernel import charts
    svg = charts.line_chart([charts.Series("고용 증감률", points)], unit="%", title="…", desc="…")
"""

from portal.kernel.charts.bars import Contribution, contribution_bars, distribution_bar
from portal.kernel.charts.line import Band, Late, Marker, Series, line_chart
from portal.kernel.charts.maps import MapValue, sido_map, sigungu_map
from portal.kernel.charts.small import sparkline, stage_strip
from portal.kernel.charts.table import chart_table

__all__ = [
    "Band",
    "Contribution",
    "Late",
    "MapValue",
    "Marker",
    "Series",
    "chart_table",
    "contribution_bars",
    "distribution_bar",
    "line_chart",
    "sido_map",
    "sigungu_map",
    "sparkline",
    "stage_strip",
]
