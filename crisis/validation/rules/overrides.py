"""Did a council's departure from the proposal turn out? (method §8: publish the override rate and the later hit rate)"""

from __future__ import annotations

from crisis.validation.rules.cases import RANK

BORNE_OUT, NOT_BORNE_OUT, OPEN = "BORNE_OUT", "NOT_BORNE_OUT", "OPEN"


def verdict(proposed: str | None, decided: str, *, crisis: bool, later: str | None, known: bool) -> str:
    """Whether later facts bore a departure out.

    ``crisis``: a designation or closure followed within the year; ``later``: the model stage a year on (None: none);
    ``known``: the year is over. Raised above the proposal: borne out by a crisis or by a later stage at least as bad as
    the decided one. Lowered: borne out when neither a crisis came nor a later stage worse than the decided one. Without
    a proposal anything but 양호 counts as raised.
    """
    if not known:
        return OPEN
    later_rank = -1 if later is None else RANK[later]
    if RANK[decided] > RANK[proposed or "GOOD"]:
        return BORNE_OUT if crisis or later_rank >= RANK[decided] else NOT_BORNE_OUT
    return NOT_BORNE_OUT if crisis or later_rank > RANK[decided] else BORNE_OUT
