"""Charts of the catalogue and of a suspect value: the series, its breaks, what is overdue."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crisis.models import Area, Indicator
from crisis.sources.models import SeriesBreak
from crisis.sources.selectors.freshness import Freshness, axis_period
from portal.kernel import charts

MOST_DRAWN = 12
"""Overdue periods drawn at most: the word tells how many there are."""


def late_of(found: Freshness | None, shown: date | None = None) -> charts.Late | None:
    """What a line chart marks as overdue; None where nothing is, or where the chart ends (`shown`) before the figures."""
    if found is None or not found.axis or (shown is not None and found.last is not None and shown < found.last):
        return None
    return charts.Late(found.axis[:MOST_DRAWN], found.behind)


def series_chart(
    indicator: Indicator,
    lines: Sequence[tuple[Area, Sequence[tuple[date, Any]]]],
    *,
    frequency: str,
    breaks: Sequence[SeriesBreak] = (),
    fresh: Freshness | None = None,
    marked: date | None = None,
) -> tuple[SafeString, SafeString] | None:
    """Chart and table of an indicator in some areas; None without any value. `marked`: the period in question."""
    drawn = [
        charts.Series(area.name, [(axis_period(period, frequency), value) for period, value in points])
        for area, points in lines
        if points
    ]
    if not drawn:
        return None
    title = _("%(area)s %(name)s") % {"area": drawn[0].label, "name": indicator.name}
    marks = [charts.Marker(axis_period(one.period, frequency), one.note) for one in breaks]
    if marked is not None:
        marks.append(charts.Marker(axis_period(marked, frequency), _("확인할 값")))
    return (
        charts.line_chart(
            drawn, title=title, unit=indicator.unit, markers=marks, late=late_of(fresh), key=indicator.code
        ),
        charts.chart_table(drawn, caption=title, unit=indicator.unit),
    )
