"""The portal's page pieces as template tags and filters: `{% load ui %}`. `docs/ui.md` shows each in use."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel import display

register = template.Library()

_FILTERS: dict[str, Callable[..., str]] = {
    "number": display.number,
    "signed": display.number,
    "won": display.won,
    "money": display.money,
    "money_bare": display.money_bare,
    "percent": display.percent,
    "points": display.points,
    "month": display.period,
    "kdate": display.day,
    "kdatetime": display.moment,
    "stage_word": display.stage_word,
}
for _name, _function in _FILTERS.items():
    register.filter(_name, _function)


# --- marks ------------------------------------------------------------------------------------------------------------
@register.simple_tag
def stage(value: object, size: str = "") -> SafeString:
    """A stage as pill: shape, word and colour. None and the empty text are 판정보류. `size="large"` for headings."""
    return format_html(
        '<span class="p-stage p-stage-{}{}">{}</span>',
        display.stage_key(value),
        " p-stage-large" if size == "large" else "",
        display.stage_word(value),
    )


@register.simple_tag
def stage_change(before: object, after: object) -> SafeString:
    """From one stage to the next, said in words to those who listen."""
    return format_html(
        '<span class="p-stage-change">{}<span aria-hidden="true">→</span><span class="sr-only">{}</span>{}</span>',
        stage(before),
        _("에서"),
        stage(after),
    )


@register.simple_tag
def stage_legend(hold: bool = True) -> SafeString:
    """The key to the stages, for charts and maps."""
    keys = ["GOOD", "CAUTION", "SEVERE", *([None] if hold else [])]
    return format_html('<p class="p-badges">{}</p>', format_html_join("", "{}", ((stage(k),) for k in keys)))


@register.simple_tag
def badge(text: object, kind: str = "", title: str = "") -> SafeString:
    """A small mark. `kind`: empty, info, ok, warn, danger or mark (dashed)."""
    css = f" p-badge-{kind}" if kind else ""
    if title:
        return format_html('<span class="p-badge{}" title="{}">{}</span>', css, title, text)
    return format_html('<span class="p-badge{}">{}</span>', css, text)


GRADES = {
    "A": ("ok", gettext_lazy("A등급 · 자료 충분")),
    "B": ("", gettext_lazy("B등급 · 자료 보통")),
    "C": ("warn", gettext_lazy("C등급 · 자료 제한")),
    "D": ("mark", gettext_lazy("D등급 · 자료 부족")),
}
ROBUSTNESS = {
    "ROBUST": ("ok", gettext_lazy("견고")),
    "MODERATE": ("", gettext_lazy("보통")),
    "SENSITIVE": ("warn", gettext_lazy("민감")),
}


@register.simple_tag
def grade(value: object) -> SafeString:
    """How well the data carry the result: A, B, C, D (too thin to judge)."""
    kind, words = GRADES.get(str(getattr(value, "value", value)), ("mark", gettext_lazy("자료 등급 없음")))
    return badge(words, kind)


@register.simple_tag
def robustness(value: object) -> SafeString:
    """Whether the stage stands when weights and cut-offs are shaken: ROBUST, MODERATE, SENSITIVE."""
    kind, word = ROBUSTNESS.get(str(getattr(value, "value", value)), ("mark", gettext_lazy("견고성 미산출")))
    return badge(word, kind, title=_("가중치와 기준을 흔들었을 때 단계가 그대로인 정도"))


@register.simple_tag
def provisional(on: object = True) -> SafeString:
    """잠정: a figure or rule not yet final. Nothing when `on` is false."""
    return badge(_("잠정"), "mark") if on else SafeString("")


@register.simple_tag
def example(on: object = True) -> SafeString:
    """예시: made-up data. Nothing when `on` is false."""
    return badge(_("예시"), "warn") if on else SafeString("")


# --- blocks -----------------------------------------------------------------------------------------------------------
@register.simple_block_tag
def table_wrap(content: str, label: str, css: str = "") -> SafeString:
    """A table that may be wider than the screen: a named region the keyboard can scroll.

    `css="p-tall"` keeps a long table within the window, its head in view.
    """
    name = f"krds-table-wrap {css}".rstrip()
    return format_html('<div class="{}" role="region" aria-label="{}" tabindex="0">{}</div>', name, label, content)


@register.simple_block_tag
def card(content: str, title: str = "", css: str = "") -> SafeString:
    """A framed piece; `title` becomes its h3."""
    head = format_html("<h3>{}</h3>", title) if title else ""
    return format_html('<div class="p-card {}">{}{}</div>', css, head, content)


@register.simple_block_tag
def alert(content: str, kind: str = "info", title: str = "") -> SafeString:
    """A standing notice on the page. `kind`: info, success, warning or danger (read out at once)."""
    head = format_html('<p class="p-alert-title">{}</p>', title) if title else ""
    role = SafeString(' role="alert"') if kind == "danger" else ""
    body = format_html('<div class="p-alert-body">{}{}</div>', head, content)
    return format_html('<div class="p-alert p-alert-{}"{}>{}</div>', kind, role, body)


@register.simple_tag
def kpi(label: str, value: Any, unit: str = "", note: str = "", url: str = "") -> SafeString:
    """One key figure. Numbers get commas; a `url` makes the whole tile a link."""
    text = value if isinstance(value, str) else display.number(value)
    name = format_html('<a class="p-kpi-link" href="{}">{}</a>', url, label) if url else label
    return format_html(
        '<div class="p-card p-kpi"><p class="p-kpi-label">{}</p><p class="p-kpi-value">{}{}</p>{}</div>',
        name,
        text,
        format_html('<span class="p-kpi-unit">{}</span>', unit) if unit else "",
        format_html('<p class="p-kpi-note">{}</p>', note) if note else "",
    )


# --- moving about -----------------------------------------------------------------------------------------------------
@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*parts: Any) -> dict[str, Any]:
    """`{% breadcrumb "위기대응" url "판정 회차" url2 "2026년 상반기" %}`: label and address in turn, the page last."""
    return {"pairs": list(zip(parts[0::2], parts[1::2], strict=False)), "here": parts[-1] if len(parts) % 2 else None}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], label: str) -> dict[str, Any]:
    """Views of one thing as links. Items: `label`, `url`, `current`, and `count` if wanted."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/steps.html")
def steps(*names: str, current: int = 1) -> dict[str, Any]:
    """How far a procedure has come; `current` counts from 1, one past the end means all done."""
    rows = [{"name": name, "done": at < current, "current": at == current} for at, name in enumerate(names, 1)]
    here = names[current - 1] if 1 <= current <= len(names) else ""
    return {"rows": rows, "total": len(names), "at": min(current, len(names)), "here": here}


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if request is not None else QueryDict(mutable=True)


@register.simple_tag(takes_context=True)
def sort_th(
    context: Context, key: str, label: str, *, css: str = "", default: str = "", param: str = "sort"
) -> SafeString:
    """A column head that sorts: up, then down. Keeps the rest of the query, goes back to the first page.

    `default` is the order that holds while the query names none (`-name` for down).
    """
    query = _query(context)
    now = query.get(param) or default
    query.pop("page", None)
    query[param] = f"-{key}" if now == key else key
    state = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    sort = format_html(' aria-sort="{}"', state) if state else ""
    mark = {"ascending": "▲", "descending": "▼"}.get(state, "↕")
    link = format_html(
        '<a class="p-sort" href="?{}">{}<span class="p-sort-mark" aria-hidden="true">{}</span></a>',
        query.urlencode(),
        label,
        mark,
    )
    return format_html('<th scope="col" class="{}"{}>{}</th>', css, sort, link)


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], param: str = "page") -> dict[str, Any]:
    """Links to the pages of a list, with the count. Keeps the rest of the query. Call it also for a single page."""
    query = _query(context)
    query.pop(param, None)
    head = f"?{query.urlencode()}&{param}=" if query else f"?{param}="
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {"page": page, "numbers": list(numbers), "head": head, "dots": page.paginator.ELLIPSIS}


@register.inclusion_tag("components/filters.html", takes_context=True)
def filters(context: Context, form: BaseForm, label: str = "", keep: str = "sort") -> dict[str, Any]:
    """A list's filter form as a bar above it (GET). `keep` names a query value to carry along."""
    query = _query(context)
    used = {name for name in query if name in form.fields and query.get(name)}
    return {"form": form, "label": label or _("목록 거르기"), "keep": keep, "kept": query.get(keep, ""), "used": used}


# --- states -----------------------------------------------------------------------------------------------------------
@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", url: str = "", label: str = "") -> dict[str, str]:
    """Nothing here: say so, and what to do."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.inclusion_tag("components/progress.html")
def progress(
    label: str, value: int = 0, total: int = 0, *, url: str = "", done: bool = False, note: str = ""
) -> dict[str, Any]:
    """How far a task has come. With `url` the part asks for itself every two seconds until `done`.

    `url` must answer with this tag's HTML (the whole part). `total` 0 draws a bar without an end.
    """
    share = round(100 * value / total) if total else 0
    return {"label": label, "value": value, "total": total, "url": url, "done": done, "note": note, "share": share}


@register.inclusion_tag("krds/summary.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """The list of a form's faults with links to the fields; nothing when there is none."""
    return {"form": form}


@register.simple_tag
def time_tag(value: date | datetime | None) -> SafeString:
    """A day or moment as `<time datetime=…>`."""
    if not value:
        return SafeString(display.MISSING)
    text = display.moment(value) if isinstance(value, datetime) else display.day(value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)
