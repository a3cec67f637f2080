from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SeatPosition(TextChoices):
    CHAIR = "CHAIR", _("의장")
    MEMBER = "MEMBER", _("위원")
    SECRETARY = "SECRETARY", _("간사")


class MeetingState(TextChoices):
    PLANNED = "PLANNED", _("예정")
    OPEN = "OPEN", _("개의")
    CLOSED = "CLOSED", _("폐회")
    CANCELLED = "CANCELLED", _("취소")


MEETING_NEXT_STATES: dict[str, frozenset[str]] = {
    MeetingState.PLANNED: frozenset({MeetingState.OPEN, MeetingState.CANCELLED}),
    MeetingState.OPEN: frozenset({MeetingState.CLOSED}),
    MeetingState.CLOSED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}


class Outcome(TextChoices):
    PENDING = "PENDING", _("심의 전")
    PASSED = "PASSED", _("가결")
    REJECTED = "REJECTED", _("부결")
    WITHDRAWN = "WITHDRAWN", _("철회")


class BallotChoice(TextChoices):
    FOR = "FOR", _("찬성")
    AGAINST = "AGAINST", _("반대")
    ABSTAIN = "ABSTAIN", _("기권")


class RecusalKind(TextChoices):
    """Why a member takes no part in one matter."""

    EXCLUDED = "EXCLUDED", _("제척")
    CHALLENGED = "CHALLENGED", _("기피")
    WITHDREW = "WITHDREW", _("회피")
