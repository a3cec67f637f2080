"""Small pictures for rows and heads: a spark line, and the strip of past stages."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.kernel import display
from portal.kernel.charts import svg
from portal.kernel.charts.scale import Frame

WIDTH, HEIGHT = 112, 28


def sparkline(values: Sequence[Decimal | float | int | None], label: str, unit: str = "") -> SafeString:
    """The course of a figure without axes, its last value as a dot. `label` names it; gaps break the line.

    Fewer than two values: the missing sign.
    """
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return SafeString(display.MISSING)
    low, high = min(known), max(known)
    frame = Frame(WIDTH, HEIGHT, 4, 6, 5, 5, low, high if high > low else low + 1, len(values))
    steps, last = "", 0
    for at, value in enumerate(values):
        if value is None:
            continue
        pen = "L" if at and values[at - 1] is not None else "M"
        steps += f"{pen}{frame.x(at):.1f} {frame.y(float(value)):.1f}"
        last = at
    words = f"{label}: {display.number(values[last])}{unit}"
    return svg.element(
        "svg",
        svg.element("title", words),
        svg.element("path", class_="ch-line ch-line-1 ch-thin", d=steps),
        svg.element("circle", class_="ch-dot-1", cx=frame.x(last), cy=frame.y(float(values[last] or 0)), r=3),
        class_="ch-spark",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=WIDTH,
        height=HEIGHT,
        role="img",
    )


def stage_strip(points: Sequence[tuple[str, str | None]], label: str) -> SafeString:
    """Past stages in a row, oldest first: (period, stage or None). A list: each cell says its period and word.

    The year stands under the first cell of each year.
    """
    cells, year = [], ""
    for at, (period, stage) in enumerate(points):
        starts = period[:4] != year and period[:4].isdigit()
        year = period[:4]
        words = f"{display.period(period)} {display.stage_word(stage)}"
        css = "p-strip-cell p-stage-" + display.stage_key(stage) + (" is-last" if at == len(points) - 1 else "")
        tick = format_html('<span class="p-strip-year" aria-hidden="true">{}</span>', year) if starts else ""
        cells.append((css, words, words, tick))
    items = format_html_join(
        "", '<li class="{}" title="{}"><span class="sr-only">{}</span><i class="p-strip-mark"></i>{}</li>', cells
    )
    return format_html('<ol class="p-strip" aria-label="{}">{}</ol>', label, items)
