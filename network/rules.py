"""Quorum and majority of a regional support council (decree §11: majority of the enrolled, majority of the present)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


def majority_of(count: int) -> int:
    """The smallest number that is more than half: floor(n/2) + 1."""
    return count // 2 + 1


def has_quorum(*, enrolled: int, present: int) -> bool:
    return enrolled > 0 and present >= majority_of(enrolled)


@dataclass(frozen=True, slots=True)
class Vote:
    """How the holder of a seat voted on one item, and the opinion they want kept."""

    seat_id: int
    choice: str  # FOR, AGAINST or ABSTAIN
    dissent: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes on one item."""

    votes_for: int
    votes_against: int
    abstentions: int

    @classmethod
    def of(cls, votes: Iterable[Vote]) -> "Tally":
        """Count votes given by name."""
        choices = Counter(vote.choice for vote in votes)
        return cls(choices["FOR"], choices["AGAINST"], choices["ABSTAIN"])

    @property
    def cast(self) -> int:
        return self.votes_for + self.votes_against + self.abstentions

    def passes(self, *, present: int) -> bool:
        """More than half of those present are for it; abstaining counts as being present, a recused member does not."""
        return present > 0 and self.votes_for >= majority_of(present)
