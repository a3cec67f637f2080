"""Small pieces of the dashboards' own templates."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from portal.dashboards import cells, links
from portal.kernel import display

register = template.Library()


@register.simple_tag
def area_url(code: str, round: Any = None) -> str:
    """The page of an area, seen from a round."""
    return links.area(code, round=round.code if round else "")


@register.simple_tag
def board_url(round: Any = None, sido: Any = None, anchor: str = "", **more: str) -> str:
    """The board of a round and 시·도 (an area or its code), with whatever else the query shall say."""
    return links.board(round=round.code if round else "", sido=getattr(sido, "code", sido) or "", anchor=anchor, **more)


register.filter("area_name", cells.name)
register.filter("designation", cells.designation)


@register.filter
def confidence(value: str) -> str:
    """How sure a record is, in words; a text of its own stays as it is."""
    return {"HIGH": _("높음"), "MEDIUM": _("보통"), "LOW": _("낮음"), "": display.MISSING}.get(value, value)
