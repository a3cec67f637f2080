"""Small pieces of the dashboards' own templates."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from portal.dashboards import links, pictures
from portal.kernel import display

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


@register.simple_tag
def contribution_strip(row: Any, names: dict[str, str], board: Any) -> SafeString:
    """What the index of a row is made of, as small bars."""
    return pictures.contribution_strip(row.contributions, names, board.run.order, _marks(board))


def _marks(board: Any) -> list[Decimal]:
    return [board.t1, board.t2]


@register.filter
def iso_day(text: str) -> str:
    """A day that came as `2018-04-05` out of JSON, in house style."""
    return display.day(date.fromisoformat(text))


@register.filter
def area_name(row: Any) -> str:
    """`울산 동구`: the name of a row's area with the short name of its 시·도, where it has one."""
    sido = getattr(row, "sido_name", "")
    return f"{sido} {row.area.name}" if sido and sido != row.area.name else row.area.name
