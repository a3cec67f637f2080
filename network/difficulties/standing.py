"""Where a reader stands towards a case: what they may do on it now."""

from dataclasses import dataclass

from network.difficulties.models import Case, Handover, Referent
from network.difficulties.services import managed, may_answer
from portal.directory.scope import Scope


@dataclass(frozen=True, slots=True)
class Standing:
    """`bodies`: the reader's bodies that are on the case. `offer`: the hand-over that waits for an answer."""

    case: Case
    bodies: frozenset[int]
    of_lead: bool
    manages: bool
    offer: Handover | None
    answers: bool
    successor: Case | None

    @property
    def works(self) -> bool:
        """On an open case, for one of its bodies."""
        return self.case.is_open and bool(self.bodies)

    @property
    def leads(self) -> bool:
        return self.case.is_open and self.of_lead

    @property
    def led(self) -> bool:
        """The case is closed and the reader's body led it."""
        return not self.case.is_open and self.of_lead and self.successor is None

    @property
    def joins(self) -> bool:
        """Sees an open case nobody of their bodies is on."""
        return self.case.is_open and self.manages and not self.bodies

    @property
    def reopens(self) -> bool:
        return not self.case.is_open and self.manages and self.successor is None


def standing_of(case: Case, scope: Scope, referents: list[Referent] | None = None) -> Standing:
    """Two queries, and one for the referents where they are not given."""
    rows = [row for row in referents if row.is_current] if referents is not None else None
    if rows is None:
        rows = list(Referent.objects.current().filter(case=case))
    mine = managed(scope)
    offer = Handover.objects.offered().filter(case=case).select_related("to_organization", "to_user").first()
    return Standing(
        case=case,
        bodies=frozenset(row.organization_id for row in rows) & mine,
        of_lead=any(row.is_lead and row.organization_id in mine for row in rows),
        manages=bool(mine),
        offer=offer,
        answers=offer is not None and case.is_open and may_answer(offer, scope.user_id),
        successor=None if case.is_open else case.successors.first(),
    )
