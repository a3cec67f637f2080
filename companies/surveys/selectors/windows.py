"""When a region may enter: the round's dates or its own, moved off days off, opened again by exceptions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from companies.surveys.enums import ExceptionKind
from companies.surveys.models import LockException, RegionWindow, SurveyRound, Target
from companies.surveys.rules.deadlines import Window
from portal.directory.models import Holiday, Region


@dataclass(frozen=True, slots=True)
class Entry:
    """Whether a target may be written on a day. `reopened_until`: the last day of an exception in force."""

    window: Window
    phase: str
    reopened_until: date | None = None

    @property
    def is_open(self) -> bool:
        return self.phase in {"OPEN", "LATE"} or self.reopened_until is not None


class Calendar:
    """The dates of one or several rounds: three queries, whatever the number of targets."""

    def __init__(self, rounds: Iterable[SurveyRound], day: date) -> None:
        self.rounds = {one.pk: one for one in rounds}
        self.day = day
        self.holidays = Holiday.objects.days()
        self._own = {
            (one.round_id, one.region_id): Window(one.opens_on, one.due_on, one.closes_on)
            for one in RegionWindow.objects.filter(round__in=self.rounds)
        }
        self._exceptions: dict[tuple[str, int, int | None], date] = {}
        for one in LockException.objects.filter(round__in=self.rounds, effective__contains=day):
            place = one.target_id if one.kind == ExceptionKind.TARGET else one.region_id
            key = (one.kind, one.round_id, place)
            last = one.effective.upper - timedelta(days=1)
            self._exceptions[key] = max(last, self._exceptions.get(key, last))

    def window(self, round_id: int, region: Region) -> Window:
        """The dates that apply in a region: its own, its 시·도's, or the round's; deadlines moved to working days."""
        own = self._own.get((round_id, region.pk)) or self._own.get((round_id, region.parent_id or 0))
        return own.moved(self.holidays) if own else self.common(round_id)

    def common(self, round_id: int) -> Window:
        """The dates that apply where no region has its own."""
        one = self.rounds[round_id]
        return Window(one.opens_on, one.due_on, one.closes_on).moved(self.holidays)

    def entry(self, target: Target) -> Entry:
        """Whether this target may be written today. Reads `target.region` (select it along)."""
        return self.entry_of(target.round_id, target.region, target.pk)

    def entry_of(self, round_id: int, region: Region, target_id: int | None = None) -> Entry:
        """Whether a region's targets may be written today, or one of them with exceptions of its own."""
        window = self.window(round_id, region)
        places: list[tuple[str, int | None]] = [
            (ExceptionKind.REGION, region.pk),
            (ExceptionKind.REGION, region.parent_id or 0),
        ]
        if target_id is not None:
            places.append((ExceptionKind.TARGET, target_id))
        reopened = [until for kind, place in places if (until := self._exceptions.get((kind, round_id, place)))]
        return Entry(window, window.phase(self.day), max(reopened, default=None))

    @property
    def excepted(self) -> set[int]:
        """Targets with an exception of their own in force."""
        return {pk for kind, _, pk in self._exceptions if kind == ExceptionKind.TARGET and pk is not None}
