"""The situation board as a value: what the page says around its list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from crisis.models import Area
from portal.dashboards import pictures
from portal.dashboards.board_list import BoardList, level_label
from portal.dashboards.selectors import board as reads
from portal.dashboards.selectors.designations import cutoff_day, horizon
from portal.kernel import charts


@dataclass(frozen=True)
class Board:
    """Everything the page says about one round beside the list itself.

    `provinces` pairs each 시·도's counts with its own result (None outside the scope), `members` are the areas on the
    map of one 시·도.
    """

    round: Any
    run: Any
    official: bool
    counted: str
    counted_label: str
    level_label: str
    sido: Area | None
    nation: reads.Nation | None
    total: reads.Tally
    places: list[reads.Tally]
    provinces: list[tuple[reads.Tally, Any | None]]
    members: list[Any]
    map: SafeString | None
    distribution: SafeString
    hindsight: reads.Hindsight
    horizon: date
    horizon_passed: bool

    @property
    def t1(self) -> Decimal:
        return Decimal(self.run.t1)

    @property
    def t2(self) -> Decimal:
        return Decimal(self.run.t2)


def crisis_board(found: BoardList) -> Board | None:
    """The board of the round a list shows; None while that round has no finished run."""
    run, round, scope = found.run, found.round, found.scope
    if run is None or round is None:
        return None
    sido = reads.sido_area(found.sido, round.reference_month) if found.sido else None
    on_map = reads.map_rows(run, scope, sido)
    parts = [part for part in found.parts if part.code]
    total = reads.whole([part for part in found.parts if sido is None or part.code == sido.code])
    until = horizon(cutoff_day(round))
    own: Mapping[str, Any] = {} if sido else {row.area.code: row for row in on_map}
    return Board(
        round=round,
        run=run,
        official=found.official,
        counted=found.counted,
        counted_label=level_label(found.counted),
        level_label=level_label(found.level),
        sido=sido,
        nation=found.nation,
        total=total,
        places=parts,
        provinces=[(part, own.get(part.code)) for part in parts],
        members=[row for row in on_map if sido and row.sido == sido.code],
        map=pictures.province_map(on_map, sido, round) if sido else pictures.country_map(on_map, parts, round),
        distribution=charts.distribution_bar(total.counts, label=level_label(found.counted)),
        hindsight=reads.hindsight(run, scope, found.counted, sido.code if sido else None),
        horizon=until,
        horizon_passed=until < timezone.localdate(),
    )
