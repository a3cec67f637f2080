"""The agenda of a meeting as a value: items, their areas, and the evidence the council should see of each."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from crisis.models import Determination
from crisis.workbench import pictures
from crisis.workbench.evidence import Evidence, evidence
from crisis.workbench.selectors import evidence as reads
from crisis.workbench.selectors.desk import Desk, desk_of
from network.enums import Outcome
from network.models import AgendaItem, Meeting
from portal.directory.scope import Scope


@dataclass(frozen=True)
class Matter:
    """One area on the agenda: its draft, and its evidence as the official run of the round has it."""

    draft: Determination
    sheet: Evidence
    bars: SafeString | None


@dataclass
class Item:
    """One item with its areas; `closer` are those of which the council sees more than a row."""

    item: AgendaItem
    desk: Desk | None = None
    matters: list[Matter] = field(default_factory=list)

    @property
    def closer(self) -> list[Matter]:
        return [matter for matter in self.matters if matter.sheet.needs_a_look or matter.draft.departs]

    @property
    def plain(self) -> int:
        """How many areas are told of by their row alone."""
        return len(self.matters) - len(self.closer)


def agenda_of(meeting: Meeting, drafts: QuerySet[Determination], scope: Scope) -> list[Item]:
    """The items of a meeting that stand, each with the areas among `drafts`, the highest index first.

    Evidence is read round by round: as many queries for many areas as for one.
    """
    items = {item.pk: Item(item) for item in meeting.items.exclude(outcome=Outcome.WITHDRAWN).order_by("number")}
    found = list(drafts.filter(agenda_item__in=items).select_related("round", "area", "agenda_item"))
    for code in dict.fromkeys(draft.round.code for draft in found):
        desk = desk_of(scope, code)
        if desk is not None:
            _add(items, desk, [draft for draft in found if draft.round.code == code])
    for item in items.values():
        item.matters.sort(key=lambda matter: (-(matter.sheet.result.rci or 0), matter.draft.area.code))
    return list(items.values())


def _add(items: dict[int, Item], desk: Desk, drafts: Iterable[Determination]) -> None:
    by_area = {draft.area_id: draft for draft in drafts}
    results = reads.results(desk).filter(area__in=by_area).order_by("area__code")
    for sheet in evidence(desk, results, with_tips=True):
        draft = by_area[sheet.result.area_id]
        item = items[draft.agenda_item_id]
        item.desk = desk
        item.matters.append(Matter(draft, sheet, pictures.contribution_bars(sheet, linked=False)))
