from network.models.council import Council, Seat
from network.models.meeting import AgendaItem, Attendance, Meeting

__all__ = ["AgendaItem", "Attendance", "Council", "Meeting", "Seat"]
