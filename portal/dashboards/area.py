"""The page of one area as a value: its stage, why, and how it came there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from crisis.models import Area, Designation, Determination, Result
from crisis.rules.explain import explain_change
from crisis.sources.selectors import Freshness, of_area
from crisis.validation.selectors import local_level
from portal.dashboards import area_charts, narrative
from portal.dashboards.narrative import Indicator, Thresholds
from portal.dashboards.selectors import area as reads
from portal.dashboards.selectors import board as board_reads
from portal.dashboards.selectors import designations
from portal.dashboards.selectors.rounds import Calendar, day_of, run_of
from portal.directory.scope import Scope
from portal.kernel.dates import month_index, month_of

MONTHS_SHOWN = 60
ALWAYS = date.min, date.max


@dataclass(frozen=True)
class AreaStory:
    """Everything the page says. `result` is None where the chosen round has none of this area."""

    area: Area
    parent: Area | None
    round: Any
    run: Any
    result: Any | None
    before: Result | None
    nation: board_reads.Nation | None
    history: list[Any]
    values: Mapping[str, Sequence[tuple[date, Any]]]
    decided: list[Determination]
    designated: list[Designation]
    members: list[Result]
    whole: bool
    day: date

    @property
    def official(self) -> bool:
        return bool(self.round and self.round.official_run)

    @cached_property
    def marks(self) -> Thresholds:
        run = self.run
        return Thresholds(Decimal(run.t1), Decimal(run.t2), Decimal(run.step))

    @cached_property
    def local_level(self) -> str:
        """What the 시·도 calls this part of the stage; empty where it has no words of its own."""
        if self.result is None:
            return ""
        shown: str | None = self.result.shown
        found = local_level(self.area, self.result.rci, shown, self.day)
        return found.name if found else ""

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The rule set's indicators in its order, as sentences and charts need them."""
        english = get_language() == "en"
        catalogue = {entry["code"]: entry for entry in self.run.catalogue}
        found = {}
        for code in self.run.order:
            rules, entry = self.run.rules[code], catalogue.get(code, {})
            quarterly = rules.get("freq") == "Q"
            window = int(rules.get("window_months") or (1 if quarterly else self.run.window))
            name = (english and entry.get("name_en")) or entry.get("name_ko") or code
            found[code] = Indicator(
                code, name, rules["kind"] == "RATE", int(rules["direction"]), window, quarterly, entry.get("unit", "")
            )
        return found

    @cached_property
    def paragraphs(self) -> list[narrative.Paragraph]:
        return narrative.story(self.result.public, self.indicators, self.marks) if self.result else []

    @cached_property
    def explained(self) -> dict[str, Any] | None:
        """The change since the round before; None for a first round."""
        return explain_change(self.before.public, self.result.public) if self.before and self.result else None

    @cached_property
    def change_sentences(self) -> list[str]:
        return narrative.changes(self.explained, self.indicators) if self.explained else []

    @cached_property
    def in_force(self) -> Determination | None:
        """The decided stage that holds today."""
        return reads.in_force(self.decided, timezone.localdate())

    @cached_property
    def of_round(self) -> Determination | None:
        """The standing determination of the chosen round, if a council has or had it before it."""
        standing = (one for one in self.decided if one.round_id == self.round.pk)
        return next((one for one in standing if one.state in {"DRAFT", "CONFIRMED"}), None)

    @cached_property
    def fresh(self) -> dict[str, Freshness]:
        """Indicator code → how far its figures have come here by today."""
        return of_area(self.area, self.run.order) if self.run else {}

    @cached_property
    def charts(self) -> area_charts.AreaCharts:
        return area_charts.draw(self)


def area_story(*, scope: Scope, area: Area, dates: Calendar, round: Any, whole: bool) -> AreaStory:
    """One area seen from a round. `whole` takes every month of its series, otherwise sixty."""
    run = run_of(round, with_rules=True) if round else None
    result, before = reads.result_and_before(area, run) if run else (None, None)
    codes = run.order if run else []
    span = ALWAYS if whole or round is None else window(round.reference_month, timezone.localdate())
    return AreaStory(
        area=area,
        parent=reads.parent_of(area, round.reference_month if round else timezone.localdate()),
        round=round,
        run=run,
        result=result,
        before=before,
        nation=board_reads.nation(run, area.level) if run else None,
        history=reads.through_the_rounds(area),
        values=reads.series(area, codes, *span) if codes else {},
        decided=reads.decisions(area),
        designated=designations.of_area(area),
        members=reads.members(area, run, scope) if run else [],
        whole=whole,
        day=day_of(round, dates),
    )


def window(reference_month: date, today: date) -> tuple[date, date]:
    """The first and last of the sixty months shown: up to a year after the round, so that what followed is in view."""
    end = min(today, reference_month.replace(year=reference_month.year + 1))
    return month_of(month_index(end) - MONTHS_SHOWN + 1), end
