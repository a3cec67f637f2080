"""A small country with two 시·도 whose exports fall or not, for tests of rounds and decisions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from crisis.enums import AreaLevel, RunKind
from crisis.models import Area, AreaMembership, Observation, Round, Run
from crisis.services import evaluate_shard, finish_run, prepare_run, start_run
from tests.factories.crisis import (
    AreaFactory,
    BatchFactory,
    IndicatorFactory,
    RoundFactory,
    nation_area,
)
from tests.factories.directory import ALWAYS, RegionFactory

KNOWN = datetime(2025, 6, 25, tzinfo=UTC)


@dataclass
class Country:
    nation: Area
    sido: list[Area]
    sigungu: list[Area]
    round: Round


def country(*, falls: tuple[int, ...] = (0, 12, 30, 0), per_sido: int = 2) -> Country:
    """A nation of 시·도 with `per_sido` 시·군·구 each; area k's exports fall by `falls[k]` percent in the last year."""
    nation = nation_area()
    export = IndicatorFactory(code="EXP")
    IndicatorFactory(code="POP", unit="명")
    batch = BatchFactory()
    sido_areas, sigungu_areas = [], []
    rows = []
    for number, fall in enumerate(falls):
        if number % per_sido == 0:
            sido = AreaFactory(sido=True, code=f"S{number // per_sido}")
            AreaMembership.objects.create(area=sido, parent=nation, effective=ALWAYS)
            sido_areas.append(sido)
        area = AreaFactory(code=f"G{number}", region=RegionFactory(sigungu=True, parent=sido_areas[-1].region))
        AreaMembership.objects.create(area=area, parent=sido_areas[-1], effective=ALWAYS)
        sigungu_areas.append(area)
        for months_ago in range(30):
            month = 2025 * 12 + 4 - months_ago
            level = Decimal(1000) * (100 - (fall if months_ago < 12 else 0)) / 100
            rows.append(
                Observation(
                    area=area,
                    indicator=export,
                    period=date(month // 12, month % 12 + 1, 1),
                    value=level,
                    unit=export.unit,
                    known_at=KNOWN,
                    batch=batch,
                )
            )
    Observation.objects.bulk_create(rows)
    return Country(nation, sido_areas, sigungu_areas, RoundFactory())


def evaluate(round: Round, kind: str = RunKind.OFFICIAL) -> Run:
    """The whole road of a run, in this process, as the tasks walk it."""
    run = start_run(round=round, kind=kind)
    for area_id in prepare_run(run_id=run.pk) or []:
        evaluate_shard(run_id=run.pk, area_id=area_id)
    finish_run(run_id=run.pk)
    run.refresh_from_db()
    return run


LEVELS = (AreaLevel.NATION, AreaLevel.SIDO, AreaLevel.SIGUNGU)
