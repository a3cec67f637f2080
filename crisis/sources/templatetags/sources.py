"""How old figures are, beside the figures: a shape, a word, the period. `{% load sources %}`."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crisis.sources.enums import FeedState
from crisis.sources.selectors import Freshness
from crisis.sources.selectors.feeds import Slot

register = template.Library()


def _marked(kind: str, words: str) -> SafeString:
    return format_html(
        '<span class="p-fresh p-fresh-{}"><span class="p-fresh-mark" aria-hidden="true"></span><span>{}</span></span>',
        kind,
        words,
    )


@register.simple_tag
def fresh_state(state: str) -> SafeString:
    """`● 최신`, `○ 받을 때`, `▲ 지연`, `– 받은 적 없음`, `– 공표 중단`."""
    return _marked(state, str(FeedState(state).label))


@register.simple_tag
def freshness(found: Freshness | None) -> SafeString:
    """`▲ 자료 기준 2025년 9월 · 2개월 지연`; nothing where no calendar says when the figures should come."""
    if found is None:
        return SafeString("")
    words = found.sentence
    came = found.received
    if came.partial and came.newest:
        words += _(" (다음 기간은 %(usual)s곳 가운데 %(have)s곳만 받음)") % {"usual": came.usual, "have": came.have}
    return _marked(found.state, words)


@register.simple_tag
def feed_slot(slot: Slot) -> SafeString:
    """One month of a feed's line: a shape to see, a sentence to hear and to point at."""
    if slot.kind == "empty":
        return SafeString("")
    return format_html(
        '<span class="p-fresh p-fresh-{}" title="{}"><span class="p-fresh-mark" aria-hidden="true"></span>'
        '<span class="sr-only">{}</span></span>',
        slot.kind,
        slot.text,
        slot.text,
    )


@register.inclusion_tag("sources/freshness_list.html")
def freshness_list(found: dict[str, Freshness]) -> dict[str, Any]:
    """Every indicator of a page with its state, the late ones first, and what lateness does to the grade."""
    order = {FeedState.LATE: 0, FeedState.DUE: 1, FeedState.NONE: 2, FeedState.ENDED: 3, FeedState.FRESH: 4}
    rows = sorted(found.values(), key=lambda one: order[FeedState(one.state)])
    return {"rows": rows, "late": [one for one in rows if one.state == FeedState.LATE]}
