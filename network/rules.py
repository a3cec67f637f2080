"""Quorum and majority of a regional support council (decree §11: majority of the enrolled, majority of the present)."""

from dataclasses import dataclass


def majority_of(count: int) -> int:
    """The smallest number that is more than half: floor(n/2) + 1."""
    return count // 2 + 1


def has_quorum(*, enrolled: int, present: int) -> bool:
    return enrolled > 0 and present >= majority_of(enrolled)


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes on one item."""

    votes_for: int
    votes_against: int
    abstentions: int

    @property
    def cast(self) -> int:
        return self.votes_for + self.votes_against + self.abstentions

    def passes(self, *, present: int) -> bool:
        """More than half of those present are for it; abstaining counts as being present."""
        return present > 0 and self.votes_for >= majority_of(present)
