"""Results as a reader may see them: by place the index of each item, the change since the last campaign, the shares."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crisis.fieldwork.enums import ENDED, CampaignKind, CellKind
from crisis.fieldwork.models import Campaign, ResultCell
from portal.directory.scope import Scope

ALL = ""
"""The code under which all clusters together are found."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of one place. `value` None with `hidden`: not to be shown; `change`: against the last campaign.

    `secret`: hidden from others; `spread`: better, same, worse, for those who may read the sheets.
    """

    label: str
    value: Decimal | None
    base: int | None
    hidden: bool
    count: int | None = None
    change: Decimal | None = None
    secret: bool = False
    spread: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """`places`: (code, name) in order, all together first. `answered`: by place; `items`, `shares`: by place and question."""

    places: list[tuple[str, str]]
    answered: dict[str, Line]
    items: dict[str, dict[str, Line]]
    shares: dict[str, dict[str, list[Line]]]


def previous_of(campaign: Campaign, scope: Scope) -> Campaign | None:
    """The last ended campaign of the same 시·도, body and form for an earlier quarter."""
    if campaign.kind != CampaignKind.QUARTER:
        return None
    ended = Campaign.objects.visible_to(scope).filter(
        sido=campaign.sido_id, form__code=campaign.form.code, state__in=ENDED, quarter__lt=campaign.quarter
    )
    return ended.select_related("form").order_by("-quarter", "code").first()


def _cells(campaign: Campaign, scope: Scope, **narrowed: Any) -> Any:
    rows = ResultCell.objects.visible_to(scope).shown_to(scope).filter(campaign=campaign, **narrowed)
    return rows.select_related("place__cluster").order_by("position")


def results_of(campaign: Campaign, scope: Scope, all_label: str, *, firms: bool) -> Results:
    """Everything of a campaign that the reader may see; two or three queries. `firms`: with the spread of answers."""
    before: dict[tuple[str, str], Decimal] = {}
    if (last := previous_of(campaign, scope)) is not None:
        for cell in _cells(last, scope, kind=CellKind.INDEX):
            if cell.shown_value is not None:
                before[_code(cell), cell.question] = cell.shown_value
    names: dict[str, str] = {}
    answered: dict[str, Line] = {}
    items: dict[str, dict[str, Line]] = defaultdict(dict)
    shares: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for cell in _cells(campaign, scope):
        code = _code(cell)
        names.setdefault(code, cell.place.cluster.name if cell.place else all_label)
        line = _line(cell, before.get((code, cell.question)) if cell.kind == CellKind.INDEX else None, firms=firms)
        if cell.kind == CellKind.ANSWERED:
            answered[code] = line
        elif cell.kind == CellKind.INDEX:
            items[code][cell.question] = line
        else:
            shares[code][cell.question].append(line)
    places = sorted(names.items(), key=lambda pair: pair[0])
    return Results(places, answered, dict(items), {code: dict(of) for code, of in shares.items()})


def _code(cell: ResultCell) -> str:
    return cell.place.cluster.code if cell.place else ALL


def _line(cell: Any, before: Decimal | None, *, firms: bool) -> Line:
    value = cell.shown_value
    return Line(
        cell.label, value, cell.shown_base, cell.hidden, cell.shown_count,
        value - before if value is not None and before is not None else None,
        cell.secret and not cell.hidden, tuple(cell.spread) if firms and not cell.hidden and cell.spread else None,
    )  # fmt: skip


def history_of(campaign: Campaign, scope: Scope, items: list[str], place: str = ALL) -> list[tuple[str, list[Any]]]:
    """For a chart: by item the index of this place in the last campaigns of the same form, oldest first."""
    if campaign.quarter is None:
        return []
    ended = Campaign.objects.visible_to(scope).filter(
        sido=campaign.sido_id, form__code=campaign.form.code, state__in=ENDED, quarter__lte=campaign.quarter
    )
    rows = ResultCell.objects.visible_to(scope).shown_to(scope)
    rows = rows.filter(campaign__in=ended, kind=CellKind.INDEX, question__in=items)
    rows = rows.filter(place__cluster__code=place) if place else rows.filter(place=None)
    found: dict[str, dict[str, Any]] = {item: {} for item in items}
    labels: dict[str, str] = {}
    rows = rows.order_by("campaign__quarter", "campaign__code")
    for item, label, quarter, value in rows.values_list("question", "label", "campaign__quarter", "shown_value"):
        found[item][f"{quarter.year}Q{quarter.month // 3}"] = value
        labels[item] = label
    return [(labels[item], list(points.items())) for item, points in found.items() if points]
