"""Entry windows and where a day lies in them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from portal.kernel.deadlines import next_working_day


@dataclass(frozen=True, slots=True)
class Window:
    """Entry from the morning of `opens` to the end of `closes`; after `due` it is late. All three days count."""

    opens: date
    due: date
    closes: date

    def moved(self, holidays: Collection[date]) -> "Window":
        """Deadlines that fall on a day off move on; the opening stays."""
        due = next_working_day(self.due, holidays)
        return Window(self.opens, due, max(due, next_working_day(self.closes, holidays)))

    def phase(self, day: date) -> str:
        """BEFORE, OPEN, LATE (due but not closed) or CLOSED."""
        if day < self.opens:
            return "BEFORE"
        if day <= self.due:
            return "OPEN"
        return "LATE" if day <= self.closes else "CLOSED"
