"""A 시·도 with three clusters of firms, its crisis centre and a campaign at any stage."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from companies.models import Cluster, Company, Workplace, WorkplaceCluster
from crisis.fieldwork import services
from crisis.fieldwork.loaders import load_fieldwork
from crisis.fieldwork.models import Campaign, FieldForm, Unit, UnitRevision
from crisis.models import Area, Indicator
from portal.directory.enums import OrganizationKind, Role
from portal.directory.models import Organization, Region, User
from tests.factories.companies import CompanyFactory, WorkplaceFactory
from tests.factories.crisis import AreaFactory, ClusterFactory, IndicatorFactory
from tests.factories.directory import SINCE_2020, OrganizationFactory, RegionFactory, UserFactory, person

TODAY = "2026-09-07 10:00:00+09:00"
GOOD = {
    "economy_now": "SAME", "economy_next": "BETTER", "sales_now": "SAME", "sales_next": "SAME", "profit_now": "WORSE",
    "profit_next": "SAME", "funding_now": "SAME", "funding_next": "SAME", "employment_now": "SAME",
    "employment_next": "SAME", "causes": ["DEMAND", "COST"], "wanted": ["LOAN"],
}  # fmt: skip
BAD = GOOD | {"economy_next": "WORSE", "causes": ["ANCHOR"]}
PLAN: dict[str, Any] = {
    "title": "2026년 3분기 위기지역 경기동향 조사", "kind": "QUARTER", "quarter": date(2026, 9, 1), "purpose": "위기징후 파악",
    "people": "밀집지역 입주 중소기업", "content": "경기 실적과 전망, 위기 원인, 지원 요청", "opens_on": date(2026, 9, 7),
    "closes_on": date(2026, 9, 19),
}  # fmt: skip


@dataclass
class Land:
    sido: Region
    body: Organization
    big: Cluster
    middle: Cluster
    small: Cluster
    centre: User
    colleague: User
    stranger: User
    official: User
    ministry: User
    nobody: User
    form: FieldForm
    indicator: Indicator
    areas: dict[str, Area]


@pytest.fixture(autouse=True)
def _clock(time_machine: Any, settings: Any, tmp_path: Any) -> None:
    time_machine.move_to(TODAY, tick=False)
    settings.MEDIA_ROOT = tmp_path


def centre_of(sido: Region) -> Organization:
    return OrganizationFactory(kind=OrganizationKind.CRISIS_CENTRE, of_region=sido)


def settle(cluster: Cluster, sizes: str, state: str = "OPERATING") -> list[Workplace]:
    """A tenant of the cluster for each letter: S small, M medium."""
    classes = {"S": "SMALL", "M": "MEDIUM"}
    firms = Company.objects.bulk_create(CompanyFactory.build(size=classes[letter], state=state) for letter in sizes)
    sites = Workplace.objects.bulk_create(WorkplaceFactory.build(company=firm, region=cluster.region) for firm in firms)
    WorkplaceCluster.objects.bulk_create(
        WorkplaceCluster(workplace=site, cluster=cluster, effective=SINCE_2020) for site in sites
    )
    return sites


@pytest.fixture
def land(db: None) -> Land:
    load_fieldwork()
    sido, other = RegionFactory(), RegionFactory()
    city = RegionFactory(sigungu=True, parent=sido)
    names = ("큰산단", "중간산단", "작은산단")
    big, middle, small = (ClusterFactory(region=city, name_ko=name) for name in names)
    for cluster, sizes in ((big, "SSSSSSMMM"), (middle, "SSSSMM"), (small, "SS")):
        settle(cluster, sizes)
    body = centre_of(sido)
    return Land(
        sido, body, big, middle, small, person(role=Role.CRISIS_CENTRE, organization=body),
        person(role=Role.CRISIS_CENTRE, organization=body), person(role=Role.CRISIS_CENTRE, organization=centre_of(other)),
        person(role=Role.SIDO, organization=OrganizationFactory(kind=OrganizationKind.PROVINCE, of_region=sido)),
        person(role=Role.HQ), UserFactory(), FieldForm.objects.get(),
        IndicatorFactory(code="BSI", frequency="Q", kind="RATE", unit="p"),
        {one.code: AreaFactory(cluster_area=True, cluster=one) for one in (big, middle, small)},
    )  # fmt: skip


def planned(land: Land, **facts: Any) -> Campaign:
    return services.plan_campaign(
        sido=land.sido, body=land.body, facts=PLAN | {"form": land.form} | facts, actor=land.centre
    )


def sampled(land: Land, **facts: Any) -> Campaign:
    campaign = planned(land, **facts)
    clusters = [land.big, land.middle, land.small]
    campaign = services.set_clusters(campaign=campaign, clusters=clusters, seen=campaign.version, actor=land.centre)
    return services.draw_sample(
        campaign=campaign, size=None, percent=100, seed="씨앗", seen=campaign.version, actor=land.centre
    )


def opened(land: Land, **facts: Any) -> Campaign:
    campaign = sampled(land, **facts)
    return services.open_campaign(campaign=campaign, seen=campaign.version, actor=land.centre)


def answer(campaign: Campaign, cluster: Cluster, land: Land, *sheets: dict[str, Any]) -> None:
    """The first workplaces of a cluster have handed these sheets in (written at once; how, `save_sheet` is tested for)."""
    units = list(Unit.objects.filter(campaign=campaign, place__cluster=cluster, state="PENDING").order_by("number"))
    now = timezone.now()
    for unit, sheet in zip(units[: len(sheets)], sheets, strict=True):
        unit.answers, unit.state, unit.version = sheet, "SUBMITTED", 1
        unit.submitted_at, unit.submitted_by = now, land.centre
    Unit.objects.bulk_update(units, ["answers", "state", "version", "submitted_at", "submitted_by"])
    UnitRevision.objects.bulk_create(
        UnitRevision(unit=unit, version=1, state="SUBMITTED", answers=unit.answers, actor=land.centre)
        for unit in units[: len(sheets)]
    )


def answered(land: Land, **facts: Any) -> Campaign:
    """Big: 7 good and 2 bad; middle: 5 bad and 1 good; small: 2 good."""
    campaign = opened(land, **facts)
    answer(campaign, land.big, land, *[GOOD] * 7, *[BAD] * 2)
    answer(campaign, land.middle, land, *[BAD] * 5, GOOD)
    answer(campaign, land.small, land, GOOD, GOOD)
    return campaign


def closed(land: Land, **facts: Any) -> Campaign:
    return services.close_campaign(campaign=answered(land, **facts), actor=land.centre, reason="회수가 끝남")
