"""Small pieces of the dashboards' own templates."""

from typing import Any

from django import template

from portal.dashboards import cells, links

register = template.Library()


@register.simple_tag
def area_url(code: str, round: Any = None) -> str:
    """The page of an area, seen from a round."""
    return links.area(code, round=round.code if round else "")


@register.simple_tag
def board_url(round: Any = None, sido: Any = None, anchor: str = "", **more: str) -> str:
    """The board of a round and 시·도 (an area or its code), with whatever else the query shall say."""
    return links.board(
        round=round.code if round else "", sido=getattr(sido, "code", sido) or "", anchor=anchor, **more
    )


register.filter("area_name", cells.name)
register.filter("designation", cells.designation)
