"""A small country whose round is evaluated, with a richer rule set, and the people around it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pgtrigger
import pytest

from crisis.models import Observation, RuleSet
from crisis.rules import ruleset_sha256
from portal.directory.enums import Role
from tests.crisis.panels import country, evaluate
from tests.factories.crisis import BatchFactory, IndicatorFactory, ObservationFactory, RoundFactory
from tests.factories.directory import OrganizationFactory, person

SPREAD = {"caution_p1": "50", "caution_p2": "20", "severe_p2": "50", "weight_indicator": "POP"}
KNOWN = datetime(2025, 6, 25, tzinfo=UTC)


def add_series(areas, code, level):
    """Thirty months of another indicator; `level(number of the area, months ago)` gives the figure."""
    indicator, batch = IndicatorFactory(code=code), BatchFactory()
    Observation.objects.bulk_create(
        Observation(
            area=area,
            indicator=indicator,
            period=date((2025 * 12 + 4 - ago) // 12, (2025 * 12 + 4 - ago) % 12 + 1, 1),
            value=Decimal(level(number, ago)),
            unit=indicator.unit,
            known_at=KNOWN,
            batch=batch,
        )
        for number, area in enumerate(areas)
        for ago in range(30)
    )


@pytest.fixture
def land():
    """Four 시·군·구 in two 시·도: exports fall by 0, 6, 30 and 0 per cent, people by 20, 4, 6 and 0. 2025H1 is done."""
    land = country(falls=(0, 6, 30, 0))
    rule_set = land.round.rule_set
    body = {**rule_set.body, "spread": SPREAD}
    with pgtrigger.ignore("crisis.RuleSet:rule_set_approved_is_immutable"):
        RuleSet.objects.filter(pk=rule_set.pk).update(body=body, sha256=ruleset_sha256(body))
    rule_set.refresh_from_db()
    add_series(land.sigungu, "POP", lambda number, ago: 10_000 - (100 * (20, 4, 6, 0)[number] if ago < 12 else 0))
    land.run = evaluate(land.round)
    return land


@pytest.fixture
def office(land):
    """The office that answers for the second 시·도: areas G2 and G3."""
    return OrganizationFactory(of_region=land.sido[1].region)


@pytest.fixture
def clerk(office):
    return person(organization=office)


@pytest.fixture
def stranger(land):
    """A clerk of the first 시·도."""
    return person(region=land.sido[0].region)


@pytest.fixture
def ministry():
    return person(role=Role.HQ)


def later_round(land, june=500, **facts):
    """The next round, judged a month later, after the first; exports come to `june` in June."""
    batch = BatchFactory()
    export = IndicatorFactory(code="EXP")
    for area in land.sigungu:
        ObservationFactory(
            area=area, indicator=export, period=date(2025, 6, 1), value=june, known_at=land.round.cutoff, batch=batch
        )
    made = RoundFactory(
        code="2025H2",
        reference_month=date(2025, 6, 1),
        cutoff=datetime(2025, 8, 10, tzinfo=UTC),
        rule_set=land.round.rule_set,
        **facts,
    )
    return made, evaluate(made)
