"""Areas, figures, rule sets and rounds."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from companies.enums import ClusterKind
from companies.models import Cluster
from crisis.enums import AreaLevel, BatchKind, Frequency, IndicatorKind, RuleSetState
from crisis.models import (
    Area,
    AreaMembership,
    Designation,
    Indicator,
    Observation,
    ObservationBatch,
    Round,
    RuleSet,
)
from crisis.rules import ruleset_sha256
from tests.factories.directory import ALWAYS, SINCE_2020, RegionFactory, UserFactory, nation


class ClusterFactory(DjangoModelFactory):
    class Meta:
        model = Cluster

    code = factory.Sequence(lambda n: f"C9{n:03d}")
    kind = ClusterKind.GENERAL
    name_ko = factory.Sequence(lambda n: f"시험{n}일반산업단지")
    region = factory.SubFactory(RegionFactory, sigungu=True)
    effective = ALWAYS


class AreaFactory(DjangoModelFactory):
    """A 시·군·구 area of a region of its own; `cluster_area=True` a cluster, `sido=True` a 시·도."""

    class Meta:
        model = Area

    class Params:
        sido = factory.Trait(level=AreaLevel.SIDO, region=factory.SubFactory(RegionFactory))
        cluster_area = factory.Trait(
            level=AreaLevel.CLUSTER,
            cluster=factory.SubFactory(ClusterFactory),
            region=factory.SelfAttribute("cluster.region"),
        )

    code = factory.Sequence(lambda n: f"A{n}")
    level = AreaLevel.SIGUNGU
    region = factory.SubFactory(RegionFactory, sigungu=True)
    name_ko = factory.LazyAttribute(lambda area: area.region.full_name)
    effective = ALWAYS


def nation_area() -> Area:
    return Area.objects.get_or_create(
        code="KR",
        defaults={"level": AreaLevel.NATION, "name_ko": "전국", "region": nation(), "effective": ALWAYS},
    )[0]


class AreaMembershipFactory(DjangoModelFactory):
    class Meta:
        model = AreaMembership

    area = factory.SubFactory(AreaFactory)
    parent = factory.SubFactory(AreaFactory, sido=True)
    effective = ALWAYS


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator
        django_get_or_create = ("code",)

    code = "EXP"
    name_ko = factory.LazyAttribute(lambda indicator: f"지표 {indicator.code}")
    unit = "천달러"
    frequency = Frequency.MONTHLY
    kind = IndicatorKind.LEVEL
    direction = -1


class BatchFactory(DjangoModelFactory):
    class Meta:
        model = ObservationBatch

    kind = BatchKind.FORM
    title = "시험 입력"
    actor = factory.SubFactory(UserFactory)


class ObservationFactory(DjangoModelFactory):
    class Meta:
        model = Observation

    area = factory.SubFactory(AreaFactory)
    indicator = factory.SubFactory(IndicatorFactory)
    period = date(2025, 5, 1)
    value = Decimal(100)
    unit = factory.LazyAttribute(lambda row: row.indicator.unit)
    known_at = datetime(2025, 6, 25, tzinfo=UTC)
    batch = factory.SubFactory(BatchFactory)


RULES = {
    "version": "TEST-1",
    "order": ["EXP", "POP"],
    "dimensions": {"SALES": "60", "OTHER": "40"},
    "indicators": {
        code: {
            "dimension": dimension,
            "freq": "M",
            "kind": "LEVEL",
            "direction": -1,
            "weight": "1",
            "window_months": 3,
            "pub_lag_months": 1,
            "max_stale_months": 4,
            "credibility_k": "0",
            "core": core,
            "anchors_abs": ["0", "5", "10"],
            "anchors_rel": ["0", "5", "10"],
            "suspect_abs_change": "95",
        }
        for code, dimension, core in [("EXP", "SALES", True), ("POP", "OTHER", False)]
    },
    "window_months": 3,
    "momentum": "0.5",
    "T1": "40",
    "T2": "70",
    "hysteresis": "10",
    "suspect_abs_change": "50",
    "min_n": "0",
    "rel_min_share": "0.5",
    "reference_area": "KR",
    "exposure_indicator": "SHIP",
    "sensitivity_draws": 4,
    "grades": {"A": ["0.8", "0.5"], "B": ["0.6", "0.25"], "min_coverage": "0.4"},
}


class RuleSetFactory(DjangoModelFactory):
    """An approved rule set in force since 2020."""

    class Meta:
        model = RuleSet

    version = factory.Sequence(lambda n: f"TEST-{n}")
    title = "시험 기준"
    body = factory.LazyAttribute(lambda rules: {**RULES, "version": rules.version})
    sha256 = factory.LazyAttribute(lambda rules: ruleset_sha256(rules.body))
    levels = [AreaLevel.NATION, AreaLevel.SIDO, AreaLevel.SIGUNGU]
    state = RuleSetState.APPROVED
    effective = SINCE_2020
    approved_at = factory.LazyFunction(timezone.now)
    approved_by = factory.SubFactory(UserFactory)
    document = "시험 문서"


class RoundFactory(DjangoModelFactory):
    class Meta:
        model = Round

    code = "2025H1"
    reference_month = date(2025, 5, 1)
    cutoff = datetime(2025, 7, 10, 14, 59, 59, tzinfo=UTC)
    rule_set = factory.SubFactory(RuleSetFactory)


class DesignationFactory(DjangoModelFactory):
    class Meta:
        model = Designation

    scheme = "고용위기지역"
    authority = "고용노동부"
    area = factory.SubFactory(AreaFactory)
    start = date(2018, 4, 5)
