"""The charts of an area's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crisis.enums import Stage
from crisis.sources.charts import late_of
from crisis.sources.selectors import Freshness
from portal.dashboards.narrative import Indicator
from portal.kernel import charts, display
from portal.kernel.dates import month_index, month_of, month_text

if TYPE_CHECKING:
    from portal.dashboards.area import AreaStory


@dataclass(frozen=True, slots=True)
class IndicatorCharts:
    """One indicator: its own figures by month (None for areas made of others), and its change round by round."""

    indicator: Indicator
    fresh: Freshness | None
    values: SafeString | None
    values_table: SafeString | None
    changes: SafeString
    changes_table: SafeString


@dataclass(frozen=True, slots=True)
class AreaCharts:
    strip: SafeString
    index: SafeString
    index_table: SafeString
    bars: SafeString | None
    indicators: list[IndicatorCharts]


def draw(story: "AreaStory") -> AreaCharts:
    """All charts of a story; each comes with its table."""
    points = [(row["code"], row["rci"]) for row in story.history]
    series = [charts.Series(_("위기지수(RCI)"), points)]
    title = _("%(area)s 위기지수의 흐름") % {"area": story.area.name}
    return AreaCharts(
        strip=charts.stage_strip([(row["code"], row["shown"]) for row in story.history], _("지난 회차의 모형 단계")),
        index=charts.line_chart(
            series, title=title, bands=_bands(story), markers=_designation_marks(story, half_year), domain=(0, 100)
        ),
        index_table=charts.chart_table(
            [*series, charts.Series(_("절대(CA)"), [(row["code"], row["ca"]) for row in story.history]),
             charts.Series(_("상대(CR)"), [(row["code"], row["cr"]) for row in story.history])],
            caption=title, places=1,
        ),
        bars=_bars(story),
        indicators=[_indicator(story, one) for one in story.indicators.values()] if story.run else [],
    )  # fmt: skip


def _bands(story: "AreaStory") -> Sequence[charts.Band]:
    if story.run is None:
        return ()
    marks = story.marks
    return (
        charts.Band(Stage.GOOD, 0, marks.caution),
        charts.Band(Stage.CAUTION, marks.caution, marks.severe),
        charts.Band(Stage.SEVERE, marks.severe, 100),
    )


def half_year(day: date) -> str:
    """The round in whose half-year a day lies: from December to May the first, from June to November the second."""
    return f"{day.year + (day.month == 12)}H{1 if day.month in {12, 1, 2, 3, 4, 5} else 2}"


def _designation_marks(story: "AreaStory", period: Any) -> list[charts.Marker]:
    return [charts.Marker(period(one.start), _("%(scheme)s 지정") % {"scheme": one.scheme}) for one in story.designated]


def _bars(story: "AreaStory") -> SafeString | None:
    """What the index is made of: bars that add up to it exactly."""
    result = story.result
    if result is None or not result.public["contributions"]:
        return None
    moved = {}
    if story.explained and story.explained["comparable"]:
        moved = {one["indicator"]: Decimal(one["difference"]) for one in story.explained["differences"]}
    public = result.public
    items = [
        charts.Contribution(
            story.indicators[code].name,
            Decimal(text),
            change=moved.get(code),
            note=_("비중 %(weight)s · 점수 %(score)s") % {
                "weight": display.percent(100 * Decimal(public["weights"].get(code, "0")), 0),
                "score": display.number(public["indicators"][code]["sR" if public["view"] == "REL" else "sA"], 1),
            },
            url=f"#indicator-{code}",
        )
        for code, text in public["contributions"].items()
        if code in story.indicators
    ]  # fmt: skip
    items.sort(key=lambda item: -item.value)
    return charts.contribution_bars(
        items,
        caption=_("%(round)s 위기지수를 이루는 지표") % {"round": story.round.title},
        total=result.rci,
        marks=((story.marks.caution, _("주의")), (story.marks.severe, _("심각"))),
    )


def _indicator(story: "AreaStory", indicator: Indicator) -> IndicatorCharts:
    values = values_table = None
    fresh = story.fresh.get(indicator.code)
    if known := story.values.get(indicator.code):
        series = [charts.Series(indicator.name, _every_period(known, indicator))]
        title = _("%(area)s %(name)s") % {"area": story.area.name, "name": indicator.name}
        values = charts.line_chart(
            series,
            title=title,
            unit=indicator.unit,
            markers=_month_marks(story, indicator),
            key=indicator.code,
            late=late_of(fresh, known[-1][0]),
        )
        values_table = charts.chart_table(series, caption=title, unit=indicator.unit)
    lines = _changes(story, indicator)
    unit = "%p" if indicator.is_rate else "%"
    title = _("%(area)s %(name)s의 1년 전 대비 변화(회차별)") % {"area": story.area.name, "name": indicator.name}
    marks = _designation_marks(story, half_year)
    return IndicatorCharts(
        indicator,
        fresh,
        values,
        values_table,
        charts.line_chart(lines, title=title, unit=unit, markers=marks, key=indicator.code),
        charts.chart_table(lines, caption=title, unit=unit, places=1),
    )


def _period(day: date, indicator: Indicator) -> str:
    """The period of a month on the axis of an indicator: `2017-11`, for a quarterly one `2017Q4`."""
    return f"{day.year}Q{(day.month + 2) // 3}" if indicator.quarterly else month_text(day)


def _every_period(known: Sequence[tuple[date, Any]], indicator: Indicator) -> list[tuple[str, Any]]:
    """The series with every period between its ends, None where nothing is known, so that gaps show."""
    values = {_period(day, indicator): value for day, value in known}
    first, last = month_index(known[0][0]), month_index(known[-1][0])
    every = dict.fromkeys(_period(month_of(at), indicator) for at in range(first, last + 1))
    return [(period, values.get(period)) for period in every]


def _month_marks(story: "AreaStory", indicator: Indicator) -> list[charts.Marker]:
    """The months that were judged in the chosen round, and designations in the month they began."""
    entry = story.result.public["indicators"].get(indicator.code, {}) if story.result else {}
    marks = []
    if entry.get("period"):
        last = date.fromisoformat(f"{entry['period']}-01")
        first = month_of(month_index(last) - indicator.window + 1)
        if first != last:
            begins = _("%(round)s 판정 기간 시작") % {"round": story.round.title}
            marks.append(charts.Marker(_period(first, indicator), begins))
        reference = _("%(round)s 판정에 쓴 마지막 값") % {"round": story.round.title}
        marks.append(charts.Marker(_period(last, indicator), reference))
    return marks + _designation_marks(story, lambda day: _period(day, indicator))


def _changes(story: "AreaStory", indicator: Indicator) -> list[charts.Series]:
    """c of every round turned into the change it stands for (down is down), with the nation's beside it."""
    own, nation = [], []
    for row in story.history:
        entry = (row["indicators"] or {}).get(indicator.code) or {}
        used = entry.get("c") if entry.get("status") == "OK" else None  # a suspect figure was not used
        own.append((row["code"], _signed(used, indicator)))
        nation.append((row["code"], _signed(entry.get("nation_c"), indicator)))
    lines = [charts.Series(story.area.name, own)]
    if any(value is not None for _code, value in nation):
        lines.append(charts.Series(_("전국"), nation))
    return lines


def _signed(text: str | None, indicator: Indicator) -> Decimal | None:
    return None if text is None else round(Decimal(text) * indicator.direction, 1)
