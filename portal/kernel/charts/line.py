"""The line chart: series over periods, stage bands behind, marked periods, the last value named."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.kernel import display
from portal.kernel.charts import svg
from portal.kernel.charts.scale import Frame, period_ticks, round_ticks

Value = Decimal | float | int | None
#: Beyond this many points the small circles that name each value on hovering are left out.
HOVER_LIMIT = 150
#: One chart is drawn at three widths and CSS shows the one that fits its place: text stays readable everywhere.
FORMS = (("wide", 1180, 300), ("middle", 700, 300), ("narrow", 380, 270))


@dataclass(frozen=True, slots=True)
class Series:
    """One line. `points`: (period as `2017-11`, `2017Q4`, `2017H1`, or any text; value, None for a gap)."""

    label: str
    points: Sequence[tuple[str, Value]]


@dataclass(frozen=True, slots=True)
class Band:
    """A stage's range of values behind the lines; `lo` or `hi` None is open. `label` replaces the stage's word."""

    stage: str
    lo: Value
    hi: Value
    label: str = ""


@dataclass(frozen=True, slots=True)
class Marker:
    """Something that happened in a period: a designation, a decision."""

    period: str
    label: str


@dataclass(frozen=True, slots=True)
class Late:
    """Periods that should have figures by now and have none, in order; `label` says how late they are.

    They are put behind the last period known, shaded, with a line where the figures end.
    """

    periods: Sequence[str]
    label: str


@dataclass(frozen=True, slots=True)
class _Drawing:
    """All that one drawing needs, whatever its width."""

    labels: list[str]
    rows: list[list[Value]]
    names: list[str]
    bands: Sequence[Band]
    markers: list[tuple[int, str]]
    unit: str
    title: str
    desc: str
    ticks: list[Decimal]
    key: str
    hover: bool = False
    late: Late | None = None


def _periods(series: Sequence[Series]) -> list[str]:
    """Every period once. ISO-like periods sort as text; any other text keeps its first place."""
    seen = dict.fromkeys(period for one in series for period, _value in one.points)
    order = list(seen)
    if all(len(p) >= 4 and p[:4].isdigit() for p in order):
        order.sort()
    return order


def _segments(frame: Frame, row: Sequence[Value]) -> tuple[str, list[int]]:
    """The path with breaks at gaps, and the points that stand alone (a path would not show them)."""
    steps: list[str] = []
    for at, value in enumerate(row):
        if value is not None:
            joined = at > 0 and row[at - 1] is not None
            steps.append(f"{'L' if joined else 'M'}{frame.x(at):.1f} {frame.y(float(value)):.1f}")
    around = [None, *row, None]
    alone = [at for at in range(len(row)) if row[at] is not None and around[at] is None and around[at + 2] is None]
    return "".join(steps), alone


def _behind(drawing: _Drawing, frame: Frame) -> list[SafeString]:
    """Bands with their words at the right edge."""
    drawn = []
    for band in drawing.bands:
        stage = display.stage_key(band.stage)
        upper = frame.y(frame.high if band.hi is None else float(band.hi))
        lower = frame.y(frame.low if band.lo is None else float(band.lo))
        if lower - upper < 1:
            continue
        rect = {"x": frame.left, "y": upper, "width": frame.end - frame.left, "height": lower - upper}
        drawn.append(svg.element("rect", class_=f"band-{stage}", fill=svg.fill(drawing.key, stage), **rect))
        if lower - upper >= 14:
            middle = (upper + lower) / 2
            drawn.append(svg.shape(stage, frame.end + 15, middle, 0.85))
            word = band.label or display.stage_word(band.stage)
            drawn.append(svg.element("text", word, class_="ch-band", x=frame.end + 26, y=middle + 4.5))
    return drawn


def _axes(drawing: _Drawing, frame: Frame) -> list[SafeString]:
    drawn = [svg.element("text", _("단위: ") + drawing.unit, class_="ch-axis", x=4, y=14)] if drawing.unit else []
    for tick in drawing.ticks:
        y = frame.y(float(tick))
        css = "ch-grid ch-zero" if tick == 0 else "ch-grid"
        drawn.append(svg.element("line", class_=css, x1=frame.left, x2=frame.end, y1=y, y2=y))
        text = display.number(tick)
        drawn.append(svg.element("text", text, class_="ch-axis ch-end", x=frame.left - 8, y=y + 4.5))
    room = max(2, int((frame.end - frame.left) / 58))
    for at, words in period_ticks(drawing.labels, room):
        x = frame.x(at)
        drawn.append(svg.element("line", class_="ch-tick", x1=x, x2=x, y1=frame.floor, y2=frame.floor + 5))
        edge = "ch-axis ch-mid" if at else "ch-axis"
        drawn.append(svg.element("text", words, class_=edge, x=x if at else frame.left - 4, y=frame.floor + 20))
    return drawn


def _overdue(drawing: _Drawing, frame: Frame) -> list[SafeString]:
    """The line where the figures end, and the months missing behind it, told by hatching and a word."""
    if drawing.late is None:
        return []
    first = drawing.labels.index(drawing.late.periods[0])
    edge = (frame.x(first - 1) + frame.x(first)) / 2 if first else frame.left
    rect = {"x": edge, "y": frame.top, "width": max(frame.end - edge, 2.0), "height": frame.floor - frame.top}
    return [
        svg.element("defs", svg.slanted(f"{drawing.key}-late", "ch-late-ground")),
        svg.element("rect", class_="ch-late", fill=f"url(#{drawing.key}-late)", **rect),
        svg.element("line", class_="ch-late-edge", x1=edge, x2=edge, y1=frame.top - 4, y2=frame.floor),
        svg.element("text", drawing.late.label, class_="ch-late-text ch-end", x=frame.end, y=14),
    ]


def _marks(drawing: _Drawing, frame: Frame) -> list[SafeString]:
    drawn, last_x, lift = [], -99.0, 0
    for number, (at, label) in enumerate(drawing.markers, 1):
        x = frame.x(at)
        lift = lift + 1 if x - last_x < 20 else 0
        last_x = x
        y = frame.top - 12 + 20 * (lift % 3)
        drawn.append(
            svg.element(
                "g",
                svg.element("title", f"{number}. {display.period(drawing.labels[at])} {label}"),
                svg.element("line", class_="ch-marker", x1=x, x2=x, y1=y, y2=frame.floor),
                svg.element("circle", class_="ch-flag", cx=x, cy=y, r=9),
                svg.element("text", number, class_="ch-flag-text ch-mid", x=x, y=y + 4),
            )
        )
    return drawn


def _last(row: Sequence[Value]) -> int | None:
    return next((at for at in range(len(row) - 1, -1, -1) if row[at] is not None), None)


def _lines(drawing: _Drawing, frame: Frame) -> list[SafeString]:
    drawn = []
    for number, row in enumerate(drawing.rows, 1):
        path, alone = _segments(frame, row)
        colour = (number - 1) % 4 + 1
        if path:
            drawn.append(svg.element("path", class_=f"ch-line ch-line-{colour}", d=path))
        dots = {*alone, at} if (at := _last(row)) is not None else set(alone)
        drawn += [
            svg.element("circle", class_=f"ch-dot-{colour}", cx=frame.x(i), cy=frame.y(float(row[i] or 0)), r=4)
            for i in sorted(dots)
        ]
        if drawing.hover:
            drawn += [
                svg.element(
                    "circle",
                    svg.element("title", f"{display.period(drawing.labels[i])} {_amount(value, drawing.unit)}"),
                    class_=f"ch-hover ch-dot-{colour}",
                    cx=frame.x(i),
                    cy=frame.y(float(value)),
                    r=6,
                )
                for i, value in enumerate(row)
                if value is not None
            ]
    return drawn


def _amount(value: Value, unit: str) -> str:
    return f"{display.number(value)}{unit if len(unit) <= 2 else ' ' + unit}"


def _names(drawing: _Drawing, frame: Frame) -> list[SafeString]:
    """One series: its last value beside the last point, on the side the line does not come from. More: a key on top."""
    drawn: list[SafeString] = []
    if len(drawing.rows) == 1:
        row = drawing.rows[0]
        at = _last(row)
        if at is None:
            return drawn
        value = float(row[at] or 0)
        before = [float(v) for v in row[max(0, at - 8) : at] if v is not None]
        below = bool(before) and sum(before) / len(before) > value
        y = frame.y(value) + (20 if below else -11)
        y = min(max(y, frame.top + 12), frame.floor - 5)
        left = frame.x(at) < frame.left + 80
        x = frame.x(at) + (-4 if left else 4)
        words = f"{display.period(drawing.labels[at])} {_amount(row[at], drawing.unit)}"
        return [svg.element("text", words, class_="ch-last" if left else "ch-last ch-end", x=x, y=y)]
    for number, (name, row) in enumerate(zip(drawing.names, drawing.rows, strict=True), 1):
        at = _last(row)
        colour = (number - 1) % 4 + 1
        y = 16.0 + 20 * number
        words = name if at is None else f"{name} {_amount(row[at], drawing.unit)}"
        drawn.append(
            svg.element(
                "line", class_=f"ch-line ch-line-{colour}", x1=frame.left, x2=frame.left + 26, y1=y - 4, y2=y - 4
            )
        )
        drawn.append(svg.element("text", words, class_="ch-key", x=frame.left + 34, y=y))
    return drawn


def _draw(drawing: _Drawing, width: float, height: float, right: float) -> SafeString:
    extra = (20 * len(drawing.rows) if len(drawing.rows) > 1 else 0) + (22 if drawing.markers else 0)
    longest = max((len(display.number(tick)) for tick in drawing.ticks), default=1)
    frame = Frame(
        width,
        height + extra,
        left=20 + 7.5 * longest,
        right=right,
        top=26 + extra,
        bottom=30,
        low=float(drawing.ticks[0]),
        high=float(drawing.ticks[-1]),
        count=len(drawing.labels),
    )
    return svg.element(
        "svg",
        svg.element("title", drawing.title),
        svg.element("desc", drawing.desc),
        svg.patterns(drawing.key, "band") if drawing.bands else "",
        *_behind(drawing, frame),
        *_overdue(drawing, frame),
        *_axes(drawing, frame),
        *_marks(drawing, frame),
        *_lines(drawing, frame),
        *_names(drawing, frame),
        class_="ch",
        viewBox=f"0 0 {svg.coordinate(width)} {svg.coordinate(height + extra)}",
        role="img",
    )


def _in_words(labels: list[str], series: Sequence[Series], unit: str) -> str:
    """What the chart shows, for those who hear it: per series its last, lowest and highest value."""
    told = []
    for one in series:
        known = [(float(value), period, value) for period, value in one.points if value is not None]
        if not known:
            told.append(_("%(name)s: 값이 없습니다.") % {"name": one.label})
            continue
        low, high, last = min(known), max(known), known[-1]
        told.append(
            _("%(name)s: 마지막 %(last_at)s %(last)s, 최저 %(low_at)s %(low)s, 최고 %(high_at)s %(high)s.")
            % {
                "name": one.label,
                "last_at": display.period(last[1]),
                "last": _amount(last[2], unit),
                "low_at": display.period(low[1]),
                "low": _amount(low[2], unit),
                "high_at": display.period(high[1]),
                "high": _amount(high[2], unit),
            }
        )
    return " ".join(told)


def line_chart(
    series: Sequence[Series],
    *,
    title: str,
    unit: str = "",
    desc: str = "",
    bands: Sequence[Band] = (),
    markers: Sequence[Marker] = (),
    domain: tuple[float, float] | None = None,
    key: str = "",
    late: Late | None = None,
) -> SafeString:
    """Lines over periods, drawn at three widths of which CSS shows one.

    Missing values break the line. `bands` are the stages behind it; `markers` whose period is not on the axis are
    left out. `domain` sets the least range of the value axis. Without `desc` the last, lowest and highest values are
    told. `key` tells apart two charts of the same content on one page. `late` marks what is overdue at the end; it is told
    with the rest. Without any value a sentence says so.
    """
    late = late if late and late.periods else None
    labels = _periods([*series, Series("", [(period, None) for period in late.periods])] if late else series)
    place = {label: at for at, label in enumerate(labels)}
    rows: list[list[Value]] = []
    for one in series:
        row: list[Value] = [None] * len(labels)
        for period, value in one.points:
            row[place[period]] = value
        rows.append(row)
    values = [float(value) for row in rows for value in row if value is not None]
    if not values:
        return format_html('<p class="p-chart-none">{}: {}</p>', title, _("그릴 값이 없습니다."))
    edges = [float(edge) for band in bands for edge in (band.lo, band.hi) if edge is not None]
    ticks = round_ticks(min(*values, *edges, *(domain or values)), max(*values, *edges, *(domain or values)))
    found = sorted((place[mark.period], mark.label) for mark in markers if mark.period in place)
    ident = svg.chart_id("line", title, desc, unit, labels, rows, key)

    told = desc or _in_words(labels, series, unit)
    told = f"{told} {late.label}." if late else told
    names = [one.label for one in series]
    drawn = []
    for form, width, height in FORMS:
        hover = form != "narrow" and len(values) <= HOVER_LIMIT
        drawing = _Drawing(
            labels, rows, names, bands, found, unit, title, told, ticks, f"{ident}{form[0]}", hover, late
        )
        right = (74 if form == "narrow" else 84) if bands else 24
        drawn.append((form, _draw(drawing, width, height, right)))
    notes = format_html_join("", "<li>{} {}</li>", ((display.period(labels[at]), label) for at, label in found))
    return format_html(
        '<div class="p-chart">{}{}</div>',
        format_html_join("", '<div class="p-chart-{}">{}</div>', drawn),
        format_html('<ol class="p-chart-notes">{}</ol>', notes) if found else "",
    )
