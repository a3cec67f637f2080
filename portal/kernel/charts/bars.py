"""Bars: what an index is made of, and how many areas stand at each stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.kernel import display
from portal.kernel.charts import svg


@dataclass(frozen=True, slots=True)
class Contribution:
    """One indicator's share of the index, in its points. `change`: against last round. `note`: said under the name."""

    label: str
    value: Decimal
    change: Decimal | None = None
    note: str = ""
    url: str = ""


def _bar(start: Decimal, length: Decimal, top: Decimal, marks: Sequence[tuple[Decimal | int, str]]) -> SafeString:
    """A bar of a waterfall in percent of the scale, with the thresholds as thin lines."""

    def share(value: Decimal | int) -> str:
        return f"{float(100 * Decimal(value) / top):.2f}%"

    drawn = [svg.element("rect", class_="bar-ground", width="100%", height="100%")]
    drawn.append(svg.element("rect", class_="bar-value", x=share(start), y=3, width=share(length), height=14))
    drawn += [
        svg.element("line", class_="bar-mark", x1=share(at), x2=share(at), y1=0, y2=20)
        for at, _word in marks
        if at <= top
    ]
    return svg.element("svg", *drawn, class_="p-bar", width="100%", height=20, aria_hidden="true", focusable="false")


def contribution_bars(
    items: Sequence[Contribution],
    *,
    caption: str,
    total: Decimal,
    total_label: str = "",
    marks: Sequence[tuple[Decimal | int, str]] = ((40, "주의"), (70, "심각")),
    top: int = 100,
    places: int = 2,
) -> SafeString:
    """A table whose rows step up to the index: each bar starts where the one before ended.

    `items` in the order to be shown, adding up to `total`; `marks` are the thresholds (value, stage word); `top` is the
    end of the scale. The table is its own data twin.
    """
    scale, at, rows = Decimal(top), Decimal(0), []
    changed = any(item.change is not None for item in items)
    for item in items:
        length = min(max(item.value, Decimal(0)), scale - at)
        name = format_html('<a href="{}">{}</a>', item.url, item.label) if item.url else item.label
        note = format_html('<span class="p-bar-note">{}</span>', item.note) if item.note else ""
        change = format_html('<td class="num">{}</td>', display.number(item.change, places)) if changed else ""
        rows.append((name, note, _bar(at, length, scale, marks), display.number(item.value, places), change))
        at += length
    body = format_html_join(
        "",
        '<tr><th scope="row">{}{}</th><td class="p-bar-cell">{}</td><td class="num">{}</td>{}</tr>',
        rows,
    )
    sums = [item.change for item in items if item.change is not None]
    foot = format_html(
        '<tr class="is-total"><th scope="row">{}</th><td class="p-bar-cell">{}</td><td class="num">{}</td>{}</tr>',
        total_label or _("위기지수"),
        _bar(Decimal(0), min(max(total, Decimal(0)), scale), scale, marks),
        display.number(total, 1),
        format_html('<td class="num">{}</td>', display.number(sum(sums, Decimal(0)), places)) if changed else "",
    )
    key = " · ".join(f"{word} {value}" for value, word in marks)
    head = format_html(
        '<th scope="col">{}</th><th scope="col" class="p-bar-cell">{}<span class="p-bar-key">0–{}{}</span></th>'
        '<th scope="col" class="num">{}</th>{}',
        _("지표"),
        _("쌓인 점수"),
        top,
        f" · │ {key}" if key else "",
        _("기여"),
        format_html('<th scope="col" class="num">{}</th>', _("변동")) if changed else "",
    )
    return format_html(
        '<div class="krds-table-wrap" role="region" aria-label="{}" tabindex="0"><table class="tbl col data p-compact '
        'p-bars"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}{}</tbody></table></div>',
        caption,
        caption,
        head,
        body,
        foot,
    )


def distribution_bar(counts: Mapping[str | None, int], *, label: str, key: str = "") -> SafeString:
    """How many stand at each stage: one patterned bar, the counts in words below. Keys: stages, None for hold."""
    found = dict.fromkeys(("good", "caution", "severe", "hold"), 0)
    for stage, count in counts.items():
        found[display.stage_key(stage)] += count
    total = sum(found.values())
    if not total:
        return format_html('<p class="p-chart-none">{}: {}</p>', label, _("셀 지역이 없습니다."))
    ident = svg.chart_id("distribution", label, found, key)
    drawn, at, words = [svg.patterns(ident)], 0.0, []
    for name, count in found.items():
        share = 100 * count / total
        if count:
            drawn.append(
                svg.element(
                    "rect",
                    svg.element("title", f"{display.stage_word(name)} {count:,}"),
                    class_=f"map-{name} dist-part",
                    fill=svg.fill(ident, name),
                    x=f"{at:.3f}%",
                    width=f"{share:.3f}%",
                    height="100%",
                )
            )
        at += share
        words.append((name, display.stage_word(name), display.number(count), display.percent(share)))
    items = format_html_join(
        "",
        '<li><span class="p-stage p-stage-{}">{}</span> <strong>{}</strong> <span class="p-note">{}</span></li>',
        words,
    )
    picture = svg.element(
        "svg", *drawn, class_="p-dist", width="100%", height=24, aria_hidden="true", focusable="false"
    )
    return format_html(
        '<div class="p-distribution">{}<ul class="p-dist-key" aria-label="{}">{}</ul></div>', picture, label, items
    )
