"""The figures behind a chart, folded away under it."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.kernel import display
from portal.kernel.charts.line import Series


def chart_table(
    series: Sequence[Series], *, caption: str, unit: str = "", places: int | None = None, newest_first: bool = True
) -> SafeString:
    """A `<details>` with a table: periods down, series across. Missing values show as such."""
    periods = dict.fromkeys(period for one in series for period, _value in one.points)
    order = sorted(periods, reverse=newest_first) if all(p[:4].isdigit() for p in periods) else list(periods)
    columns = [dict(one.points) for one in series]
    head = format_html_join("", '<th scope="col" class="num">{}</th>', ((one.label,) for one in series))
    rows = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (
                display.period(period),
                format_html_join(
                    "", '<td class="num">{}</td>', ((display.number(column.get(period), places),) for column in columns)
                ),
            )
            for period in order
        ),
    )
    note = format_html('<p class="p-unit">({}{})</p>', _("단위: "), unit) if unit else ""
    return format_html(
        '<details class="p-more"><summary>{}</summary>{}<div class="krds-table-wrap" role="region" aria-label="{}" '
        'tabindex="0"><table class="tbl col data p-compact"><caption>{}</caption><thead><tr><th scope="col">{}</th>{}'
        "</tr></thead><tbody>{}</tbody></table></div></details>",
        _("표로 보기"),
        note,
        caption,
        caption,
        _("시기"),
        head,
        rows,
    )
