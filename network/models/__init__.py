from network.models.ballot import Ballot, Recusal
from network.models.council import Council, Seat
from network.models.meeting import AgendaItem, Attendance, Meeting

__all__ = ["AgendaItem", "Attendance", "Ballot", "Council", "Meeting", "Recusal", "Seat"]
